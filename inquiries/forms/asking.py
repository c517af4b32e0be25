"""The three steps of a question."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.addresses import AddressField
from accounts.forms import EMAIL_ERRORS, LimitedForm
from accounts.models import Function
from accounts.names import validate_name
from inquiries.drafts import LONGEST_KEPT, has_unseen
from inquiries.models import LONGEST_TEXT, QuestionTheme
from inquiries.models.inquiry import LONGEST_SUBJECT
from territories.forms import CollectivityField
from typography import french

from .uploads import WithUploads

ELSEWHERE = "autre"
UNSEEN = (
    "Ce texte contient des caractères invisibles, venus d’un copier-coller. Tapez-le, ou collez-le sans mise en forme."
)
SOFT_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


class Who(models.TextChoices):
    ELECTED = "elu", "Maire, adjointe ou adjoint, conseillère ou conseiller"
    AGENT = "agent", "Secrétaire général de mairie, agente ou agent"
    OTHER = "autre", "Une autre personne, au nom de la collectivité"


FUNCTIONS = {
    Who.ELECTED: [
        Function.MAYOR,
        Function.DEPUTY_MAYOR,
        Function.DELEGATED_MAYOR,
        Function.COUNCILLOR,
        Function.PRESIDENT,
        Function.VICE_PRESIDENT,
        Function.COMMUNITY_COUNCILLOR,
    ],
    Who.AGENT: [Function.TOWN_SECRETARY, Function.DGS, Function.PROJECT_OFFICER, Function.AGENT],
    Who.OTHER: [Function.OTHER],
}


class Written(forms.CharField):
    """A text that may be pasted from anywhere; one that is too long is told so, where a browser would cut it."""

    def __init__(self, *, longest, has_lines=False, too_long, **kwargs):
        super().__init__(**kwargs)
        self.longest, self.has_lines, self.too_long = longest, has_lines, too_long

    def to_python(self, value):
        text = SOFT_BREAKS.sub("\n", super().to_python(value) or "")
        return text if self.has_lines else re.sub(r"[ \t\n]+", " ", text)

    def validate(self, value):
        super().validate(value)
        if len(value) > self.longest:
            raise ValidationError(f"{french.number(len(value))} caractères\u00a0: {self.too_long}")
        if has_unseen(value):
            raise ValidationError(UNSEEN)


class PlaceForm(LimitedForm):
    """Step 1: for which collectivity. Whoever has one in their account chooses it, or another."""

    collectivity = CollectivityField(
        label="Commune, intercommunalité ou territoire de projet",
        help_text="Tapez le début du nom ou le code postal.",
    )
    who = forms.ChoiceField(
        label="Vous êtes",
        choices=Who.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites si vous êtes élu, agent ou une autre personne.",
            "invalid_choice": "Choisissez l’une des trois réponses.",
        },
    )
    experience = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    origin = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        memberships = person.memberships.present().for_list() if person.is_authenticated else []
        self.memberships = {membership.collectivity.key: membership for membership in memberships}
        if self.memberships:
            self._offer_memberships()

    def _offer_memberships(self):
        choices = [(key, str(membership)) for key, membership in self.memberships.items()]
        field = forms.ChoiceField(
            label="Au nom de",
            choices=[*choices, (ELSEWHERE, "Une autre collectivité")],
            widget=forms.RadioSelect,
            error_messages={"required": "Choisissez une collectivité.", "invalid_choice": "Choisissez une réponse."},
        )
        self.fields = {"membership": field, **self.fields}
        chosen = self.initial.get("chosen_key") or next(iter(self.memberships))
        self.initial["membership"] = chosen if chosen in self.memberships else ELSEWHERE
        if self.data.get("membership") in self.memberships:
            self.fields["collectivity"].required = self.fields["who"].required = False

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if membership := self.memberships.get(data.get("membership")):
            for name in ("collectivity", "who"):  # what was left there is not asked
                self.errors.pop(name, None)
            data |= {"collectivity": membership.collectivity, "function": membership.function, "who": ""}
        return data


class QuestionForm(forms.Form):
    """Step 2: what is asked."""

    subject = Written(
        label="En une phrase",
        help_text="Comme vous la poseriez au téléphone.",
        longest=LONGEST_SUBJECT,
        too_long=f"gardez-en {LONGEST_SUBJECT} au plus ici, et mettez le reste dans le contexte.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez votre question en une phrase."},
    )
    text = Written(
        label="Le contexte utile",
        help_text="Dates, montants, délibérations déjà prises."
        " N’indiquez pas de données personnelles sur vos administrés.",
        required=False,
        has_lines=True,
        longest=LONGEST_TEXT,
        too_long=f"{french.number(LONGEST_TEXT)} au plus. Gardez-en une copie, puis raccourcissez"
        f"\u00a0: au-delà de {french.number(LONGEST_KEPT)}, le brouillon ne garde que le début.",
        widget=forms.Textarea(attrs={"rows": 7, "data-longest": LONGEST_TEXT}),
    )
    theme = forms.ModelChoiceField(
        QuestionTheme.objects.offered(),
        label="Thème",
        required=False,
        to_field_name="key",
        empty_label="Je ne sais pas",
        error_messages={"invalid_choice": "Ce thème n’est plus proposé\u00a0: choisissez-en un autre, ou aucun."},
    )
    wanted_on = forms.DateField(
        label="Avez-vous une échéance\u202f?",
        help_text="Par exemple la date du conseil. Elle nous aide à prioriser.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input--date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez une date qui existe, telle que 17/12/2026."},
    )
    has_consent = forms.BooleanField(
        label="J’accepte que la réponse soit publiée pour aider d’autres collectivités.",
        help_text="Sans nom, sans lieu, sans détail qui permettrait de vous reconnaître."
        " Vous pourrez changer d’avis à tout moment.",
        required=False,
    )

    def clean_wanted_on(self):
        day = self.cleaned_data["wanted_on"]
        if day and day < timezone.localdate():
            raise ValidationError("Cette date est passée\u00a0: indiquez-en une à venir, ou laissez vide.")
        return day


class QuestionPageForm(WithUploads, QuestionForm):
    """The same with its files, which belong to the draft whatever the other fields say."""

    field_order = ["subject", "text", "theme", "wanted_on", "documents", "has_consent"]


class IdentityForm(LimitedForm):
    """Step 3: who asks; what the account knows is not asked again."""

    first_name = forms.CharField(
        label="Prénom",
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Indiquez votre prénom."},
    )
    last_name = forms.CharField(
        label="Nom",
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    function = forms.ChoiceField(
        label="Votre fonction",
        error_messages={"required": "Choisissez votre fonction.", "invalid_choice": "Choisissez une fonction."},
    )
    email = AddressField(
        label="Adresse électronique",
        max_length=254,
        help_text="De préférence celle de votre mairie. La réponse vous y attendra, et personne d’autre ne la voit.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS,
    )
    phone = forms.RegexField(
        r"^(?=.{6,20}$)\+?[0-9 .()/-]+$",
        label="Téléphone",
        required=False,
        help_text="Si un échange de vive voix est plus simple.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": "Écrivez un numéro de téléphone, tel que 04 71 00 00 00."},
    )
    website = forms.CharField(
        label="Ne remplissez pas cette case",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    """A trap for machines, that nobody sees."""

    def __init__(self, *args, person, who, known_function, **kwargs):
        super().__init__(*args, **kwargs)
        offered = FUNCTIONS.get(who) or [*Function]
        if known_function or len(offered) == 1:
            del self.fields["function"]
        else:
            chosen = [("", "Choisir"), *((function.value, function.label) for function in offered)]
            self.fields["function"].choices = chosen  # type: ignore[attr-defined]
        self.known = {"function": known_function or offered[0]}
        if person.is_authenticated:
            self._skip_account(person)

    def _skip_account(self, person):
        del self.fields["email"]
        self.known["email"] = person.email
        if person.is_introduced:
            del self.fields["first_name"], self.fields["last_name"]
            self.known |= {"first_name": person.first_name, "last_name": person.last_name}

    @property
    def asked(self):
        """The fields that somebody sees."""
        return [field for field in self if field.name != "website"]

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError("Laissez cette case vide, puis envoyez de nouveau.")
        return ""

    def identity(self):
        given = {name: value for name, value in self.cleaned_data.items() if name != "website"}
        return {**self.known, **given}


class LaterForm(LimitedForm):
    email = AddressField(
        label="Votre adresse électronique",
        max_length=254,
        help_text="Elle sert à cet envoi seulement\u00a0: nous l’oublions dès que le courriel est parti.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS,
    )


class NewAddressForm(LimitedForm):
    email = AddressField(
        label="Votre adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS,
    )

"""What advisers type: messages, ways to end a question, and calls."""

import re
import uuid

from django import forms

from accounts.addresses import AddressField
from accounts.models import Function
from accounts.names import validate_name
from inquiries.filters import advisers, full_number
from inquiries.forms.asking import Written
from inquiries.models import LONGEST_TEXT, Channel, EventKind, Inquiry, QuestionTheme
from inquiries.models.inquiry import LONGEST_SUBJECT
from inquiries.writing import LONGEST
from territories.eligibility import Verdict, verdict
from territories.forms import CollectivityField
from typography import french

LONGEST_LINE = 300
PHONE = re.compile(r"\+?[0-9\s.()/-]{6,20}")
MARKDOWN = "Une ligne vide sépare deux paragraphes. **gras**, *italique*, - liste, [texte](https://adresse)."


def new_key():
    return str(uuid.uuid4())


def message_field(*, rows, **kwargs):
    """What an adviser writes for somebody, in Markdown."""
    too_long = f"{french.number(LONGEST)} au plus. Raccourcissez ce texte."
    widget = forms.Textarea(attrs={"rows": rows})
    return Written(longest=LONGEST, has_lines=True, too_long=too_long, widget=widget, **kwargs)


def line_field(*, longest=LONGEST_LINE, **kwargs):
    return Written(longest=longest, too_long=f"{longest} au plus. Raccourcissez ce texte.", **kwargs)


class WriteForm(forms.Form):
    """A message of the desk. `seen` is the last one that its writer has read, `sent_key` is of this form alone."""

    text = message_field(
        label="Votre message",
        help_text=MARKDOWN,
        rows=11,
        error_messages={"required": "Écrivez votre message."},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        advisers(), label="Suivie par", required=False, empty_label="Personne, remettre dans la file"
    )
    seen_adviser = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ThemeForm(forms.Form):
    theme = forms.ModelChoiceField(
        QuestionTheme.objects.all(), label="Thème", required=False, to_field_name="key", empty_label="Sans thème"
    )


class OverrideForm(forms.Form):
    reason = line_field(
        label="Pourquoi répondre quand même\u202f?",
        error_messages={"required": "Dites pourquoi\u00a0: la raison reste avec la question."},
    )


class EndForm(forms.Form):
    kind = forms.ChoiceField(
        label="Comment se termine cette question\u202f?",
        choices=[
            (EventKind.CLOSED, "Close\u00a0: la collectivité a ce qu’il lui faut"),
            (EventKind.REFERRED, "Orientée ailleurs\u00a0: un autre service répond mieux"),
            (EventKind.REFUSED, "Hors périmètre\u00a0: le service n’y répond pas"),
            (EventKind.DUPLICATED, "Doublon\u00a0: la même question a un autre numéro"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment se termine la question."},
    )
    referred_to = line_field(label="Vers qui\u202f?", help_text="Si elle est orientée ailleurs.", required=False)
    duplicate_of = forms.CharField(
        label="Numéro de l’autre question", help_text="Si c’est un doublon.", max_length=30, required=False
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, inquiry, **kwargs):
        super().__init__(*args, **kwargs)
        self.inquiry = inquiry

    def clean(self):
        kind = self.cleaned_data.get("kind")
        if kind != EventKind.REFERRED:
            self.cleaned_data["referred_to"] = ""
        elif not self.cleaned_data.get("referred_to") and "referred_to" not in self.errors:
            self.add_error("referred_to", "Dites vers quel service vous l’orientez.")
        typed = self.cleaned_data.get("duplicate_of", "")
        self.cleaned_data["duplicate_of"] = None
        if kind == EventKind.DUPLICATED and "duplicate_of" not in self.errors:
            self.cleaned_data["duplicate_of"] = self._other(typed)

    def _other(self, typed):
        other = Inquiry.objects.filter(number=full_number(typed)).first() if typed else None
        if not typed:
            self.add_error("duplicate_of", "Indiquez le numéro de l’autre question.")
        elif other is None:
            self.add_error("duplicate_of", f"Aucune question ne porte le numéro {full_number(typed)}.")
        elif other == self.inquiry:
            self.add_error("duplicate_of", "C’est le numéro de cette question-ci.")
        elif other.duplicate_of_id:
            self.add_error("duplicate_of", f"{other.number} est elle-même un doublon\u00a0: donnez l’autre numéro.")
        return other


class CallForm(forms.Form):
    """A call noted while it goes on: what one hears first comes first."""

    channel = forms.ChoiceField(
        label="Reçue par",
        choices=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
        initial=Channel.PHONE,
        widget=forms.RadioSelect(attrs={"class": "cluster"}),
        error_messages={"required": "Dites comment la question est arrivée."},
    )
    collectivity = CollectivityField(label="Collectivité", help_text="Le nom, le code postal ou le code Insee.")
    override_reason = line_field(
        label="Pourquoi répondre si elle n’est pas éligible\u202f?",
        help_text="À remplir seulement dans ce cas.",
        required=False,
    )
    first_name = forms.CharField(label="Prénom", max_length=150, required=False, validators=[validate_name])
    last_name = forms.CharField(
        label="Nom",
        max_length=150,
        validators=[validate_name],
        error_messages={"required": "Indiquez le nom de la personne."},
    )
    function = forms.ChoiceField(label="Fonction", choices=[("", "Non précisée"), *Function.choices], required=False)
    phone = forms.RegexField(
        PHONE,
        label="Téléphone",
        max_length=20,
        required=False,
        error_messages={"invalid": "Indiquez un numéro tel que 05 65 00 00 00."},
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = AddressField(
        label="Adresse électronique",
        help_text="Pour que la personne retrouve sa question sur le portail.",
        max_length=254,
        required=False,
        error_messages={"invalid": "Indiquez une adresse électronique complète, telle que mairie@exemple.fr."},
    )
    theme = forms.ModelChoiceField(
        QuestionTheme.objects.offered(), label="Thème", required=False, to_field_name="key", empty_label="Sans thème"
    )
    subject = line_field(
        label="La question, en une phrase",
        longest=LONGEST_SUBJECT,
        error_messages={"required": "Écrivez la question en une phrase."},
    )
    text = Written(
        label="Détails",
        longest=LONGEST_TEXT,
        has_lines=True,
        too_long=f"{french.number(LONGEST_TEXT)} au plus. Raccourcissez ce texte.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    answer = message_field(
        label="Réponse donnée",
        help_text=f"Vide, la question reste à traiter. {MARKDOWN}",
        rows=8,
        required=False,
    )
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)

    verdict: Verdict | None = None

    def clean(self):
        place = self.cleaned_data.get("collectivity")
        self.verdict = verdict(place) if place else None
        if self.verdict and self.verdict.eligible:
            self.cleaned_data["override_reason"] = ""
        elif self.verdict and not self.cleaned_data.get("override_reason"):
            self.add_error("override_reason", f"{self.verdict.reason} Dites pourquoi vous répondez quand même.")

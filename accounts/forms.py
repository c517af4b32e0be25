from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password

from accounts import codes
from accounts.addresses import AddressField
from accounts.codes import Outcome
from accounts.models import CODE_DIGITS, Function, Membership, User
from territories.forms import CollectivityField

EMAIL_ERRORS = {
    "required": "Indiquez votre adresse électronique.",
    "invalid": "Indiquez une adresse électronique complète, telle que mairie@exemple.fr.",
}
REFUSALS = {
    Outcome.WRONG: "Ce code n’est pas le bon. Si vous en avez demandé plusieurs, seul le dernier vaut.",
    Outcome.EXPIRED: "Ce code a plus de quinze minutes\u00a0: il ne vaut plus. Demandez-en un autre.",
    Outcome.USED: "Ce code a déjà servi. Demandez-en un autre.",
    Outcome.EXHAUSTED: "Dix codes faux\u00a0: par sécurité, celui-ci ne vaut plus. Demandez-en un autre.",
}


class LimitedForm(forms.Form):
    """A form that may be refused for having been sent too often."""

    too_many = False

    def refuse(self, field, sentence):
        self.too_many = True
        self.add_error(field, sentence)


class EmailForm(LimitedForm):
    email = AddressField(
        label="Adresse électronique",
        max_length=254,
        help_text="De préférence celle de votre mairie ou de votre intercommunalité.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS,
    )


class CodeForm(forms.Form):
    digits = forms.CharField(
        label="Code reçu par courriel",
        max_length=40,
        help_text="Huit chiffres, avec ou sans espace.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": "Indiquez le code reçu par courriel."},
    )

    def __init__(self, *args, code, **kwargs):
        super().__init__(*args, **kwargs)
        self.code = code

    def clean_digits(self):
        """Refuse what cannot be the code without counting it as a try, then use the code."""
        digits = "".join(str(int(sign)) for sign in self.cleaned_data["digits"] if sign.isdecimal())
        if len(digits) != CODE_DIGITS:
            raise forms.ValidationError("Le code compte huit chiffres. Recopiez-le depuis le courriel.")
        outcome = codes.redeem(self.code, digits)
        if outcome is not Outcome.RIGHT:
            raise forms.ValidationError(REFUSALS[outcome])
        return digits


class PasswordSignInForm(LimitedForm):
    email = AddressField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS,
    )
    password = forms.CharField(
        label="Mot de passe",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Indiquez votre mot de passe, ou recevez un code par courriel."},
    )

    def sign_in(self, request):
        """Return the person if the password is theirs; an unknown address costs the same time."""
        person = authenticate(request, username=self.cleaned_data["email"], password=self.cleaned_data["password"])
        if person is None:
            self.add_error("password", "Cette adresse et ce mot de passe ne vont pas ensemble.")
        return person


class ProfileForm(forms.ModelForm):
    first_name = forms.CharField(
        label="Prénom",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Indiquez votre prénom."},
    )
    last_name = forms.CharField(
        label="Nom",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Indiquez votre nom."},
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name"]


class NewEmailForm(EmailForm):
    email = AddressField(
        label="Nouvelle adresse électronique",
        max_length=254,
        help_text="Nous y enverrons un code, pour vérifier qu’elle est à vous.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS,
    )


class NewPasswordForm(LimitedForm):
    password = forms.CharField(
        label="Nouveau mot de passe",
        max_length=1000,
        strip=False,
        help_text="Douze caractères au moins\u202f; quelques mots à la suite font un bon mot de passe.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Indiquez un mot de passe."},
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.person)
        return self.cleaned_data["password"]


class MembershipForm(forms.ModelForm):
    collectivity = CollectivityField(
        label="Votre collectivité",
        help_text="Le nom, le code postal ou le code Insee.",
    )
    function = forms.ChoiceField(
        label="Votre fonction",
        choices=[("", "Choisir"), *Function.choices],
        error_messages={"required": "Choisissez votre fonction.", "invalid_choice": "Choisissez une fonction."},
    )

    class Meta:
        model = Membership
        fields = ["collectivity", "function"]

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.person = person

    def clean_collectivity(self):
        collectivity = self.cleaned_data["collectivity"]
        if self.instance.person.memberships.present().filter(collectivity=collectivity).exists():
            raise forms.ValidationError("Vous avez déjà déclaré cette collectivité.")
        return collectivity

from django import forms

from accounts.addresses import AddressField
from accounts.forms import EMAIL_ERRORS, LimitedForm

from .comparison import name_of


class SendLinkForm(LimitedForm):
    email = AddressField(
        label="Votre adresse électronique",
        max_length=254,
        help_text="Elle sert à cet envoi seulement\u00a0: nous l’oublions dès que le courriel est parti.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS,
    )


class SaveResultForm(forms.Form):
    name = forms.CharField(
        label="Nom de ce résultat",
        max_length=80,
        required=False,
        help_text="Pour le reconnaître\u00a0: «\u00a0Conseil du 3 mars\u00a0», par exemple.",
        error_messages={"max_length": "Choisissez un nom de 80 caractères au plus."},
    )


class ResultField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return name_of(obj)


class CompareForm(forms.Form):
    """Two results of the same person, or one of them and the present one: `names` are the fields and their labels."""

    def __init__(self, *args, results, names, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in names.items():
            self.fields[name] = ResultField(
                results,
                label=label,
                empty_label="Choisir",
                error_messages={
                    "required": f"Choisissez {label[0].lower()}{label[1:]}.",
                    "invalid_choice": "Ce résultat n’est pas dans votre compte. Choisissez-en un autre.",
                },
            )

    def clean(self):
        chosen = [value for value in self.cleaned_data.values() if value]
        if len(chosen) != len(set(chosen)):
            self.add_error("apres", "C’est deux fois le même résultat\u00a0: choisissez-en un autre.")

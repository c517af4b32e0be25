"""What the asker sends from the page of a question."""

import hashlib
import unicodedata
import uuid

from django import forms

from ..emails import RATINGS

LONGEST_REPLY = 5_000
UNREADABLE = (
    "Ce texte contient un caractère invisible que nous ne savons pas garder. Retapez le passage d’où il vient,"
    " ou collez le texte sans sa mise en forme."
)


class LongTextField(forms.CharField):
    """Lines end as browsers count them, so that the length they announce is the one that is checked."""

    widget = forms.Textarea

    def to_python(self, value):
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            raise forms.ValidationError(UNREADABLE)
        return text


class ReplyForm(forms.Form):
    text = LongTextField(
        label="Votre message",
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": "Ce message est trop long\u00a0: 5\u202f000 signes au plus. Envoyez-le en deux fois.",
        },
    )
    sent_key = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"sent_key": uuid.uuid4().hex}, **kwargs)

    @property
    def message_key(self):
        """Of this form and what it says: a double click is one message, a text changed since then is another."""
        text = hashlib.sha256(self.cleaned_data["text"].encode()).hexdigest()[:16]
        return f"{self.cleaned_data['sent_key']}-{text}"


class RateForm(forms.Form):
    rating = forms.TypedChoiceField(
        label="La réponse vous a-t-elle servi\u202f?",
        choices=[(rating, f"{rating} – {label}") for rating, label in RATINGS.items()],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une note, de 1 à 5.",
            "invalid_choice": "Choisissez une note, de 1 à 5.",
        },
    )
    comment = LongTextField(
        label="Un mot pour l’équipe",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lu par l’équipe seule, jamais publié.",
        error_messages={"max_length": "Ce mot est trop long\u00a0: 1\u202f000 signes au plus."},
    )


class ChoiceForm(forms.Form):
    """One button that says yes or no."""

    choice = forms.TypedChoiceField(choices=[("oui", "oui"), ("non", "non")], coerce=lambda word: word == "oui")

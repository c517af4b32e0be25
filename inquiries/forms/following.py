"""What the asker sends from the page of a question."""

import hashlib
import uuid

from django import forms

from typography import french

from ..emails import RATINGS
from .asking import Written
from .uploads import WithUploads

LONGEST_REPLY = 5_000
LONGEST_COMMENT = 1_000


class ReplyForm(WithUploads):
    text = Written(
        label="Votre message",
        has_lines=True,
        longest=LONGEST_REPLY,
        too_long=f"{french.number(LONGEST_REPLY)} au plus. Envoyez la suite dans un second message.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez votre message, ou joignez un document."},
    )
    sent_key = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    field_order = ["text", "documents"]

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, initial={"sent_key": uuid.uuid4().hex}, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].required = not (self.kept or self.files)  # a document may say all

    def clean(self):
        if not self.errors and not self.cleaned_data["text"] and not self.kept:
            self.add_error("text", self.fields["text"].error_messages["required"])

    @property
    def message_key(self):
        """Of this form and what it says: a double click is one message, what was changed since then is another."""
        files = [f"{upload.name} {upload.size}" for upload in self.cleaned_data["documents"]]
        said = "\n".join([self.cleaned_data["text"], *files])
        return f"{self.cleaned_data['sent_key']}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


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
    comment = Written(
        label="Un mot pour l’équipe",
        required=False,
        has_lines=True,
        longest=LONGEST_COMMENT,
        too_long=f"{french.number(LONGEST_COMMENT)} au plus.",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lu par l’équipe seule, jamais publié.",
    )


class ChoiceForm(forms.Form):
    """One button that says yes or no."""

    choice = forms.TypedChoiceField(choices=[("oui", "oui"), ("non", "non")], coerce=lambda word: word == "oui")

"""Two persons who change the same thing: the second is told, and keeps what was typed."""

from typing import cast

from django import forms
from django.http import QueryDict

CHANGED = (
    "Quelqu’un a modifié {thing} depuis que vous l’avez ouverte. Votre texte est là, rien n’est enregistré\u00a0:"
    " comparez dans un autre onglet, puis enregistrez de nouveau si le vôtre convient."
)


class SeenForm(forms.ModelForm):
    """A form that remembers which version was read, so that nobody undoes a colleague unknowingly."""

    thing = "cette page"
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.version

    @property
    def version(self) -> str:
        """What differs as soon as somebody changed the record or its parts."""
        raise NotImplementedError

    def clean(self):
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen")
        if self.instance.pk and seen and seen != self.version:
            # What is sent next time is sent knowingly.
            knowingly = cast(QueryDict, self.data).copy()
            knowingly["seen"] = self.version
            self.data = knowingly
            raise forms.ValidationError(CHANGED.format(thing=self.thing))
        return cleaned

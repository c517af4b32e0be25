from typing import cast

from django import forms
from django.http import QueryDict

from experiences import actions


class SheetForm(forms.ModelForm):
    """The sheet in the admin; it remembers which version was read, so that nobody undoes a colleague unknowingly."""

    reason_error = ""
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.version

    def check_reason(self):
        """The reason of a move is typed on the same page: without it nothing is saved, nothing typed is lost."""
        move = actions.MOVES.get(self.data.get("_move", ""))
        if move and move.reason and not self.data.get("_reason", "").strip():
            self.reason_error = actions.NO_REASON
            self.add_error(None, self.reason_error)

    @property
    def version(self):
        return self.instance.updated_at.isoformat()

    def clean(self):
        cleaned = super().clean()
        self.check_reason()
        seen = self.cleaned_data.get("seen")
        if self.instance.pk and seen and seen != self.version:
            # What is sent next time is sent knowingly.
            knowingly = cast(QueryDict, self.data).copy()
            knowingly["seen"] = self.version
            self.data = knowingly
            raise forms.ValidationError(
                "Quelqu’un a modifié cette fiche depuis que vous l’avez ouverte. Votre texte est là, rien n’est"
                " enregistré\u00a0: comparez avec la fiche dans un autre onglet, puis enregistrez de nouveau si le"
                " vôtre convient."
            )
        return cleaned

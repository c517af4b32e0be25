from django import forms

from design.meanwhile import SeenForm
from experiences import actions
from territories.forms import AnyCollectivityField


class SheetForm(SeenForm):
    """The sheet in the admin."""

    thing = "cette fiche"
    reason_error = ""

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
        self.check_reason()
        return super().clean()


class LikenessForm(forms.Form):
    """The collectivity that experiences should resemble."""

    collectivite = AnyCollectivityField(
        label="Collectivité", help_text="Commune, intercommunalité, département…\u00a0: son nom, ou son code postal."
    )

"""A field that names a place: proposals while typing with a script, radio buttons on the next page without."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.urls import reverse_lazy

from .eligibility import verdict
from .models import Collectivity, EligibilityRuleSet
from .search import find, fold

CANDIDATES = 10


@dataclass(frozen=True)
class Typed:
    """What a form posts: the text, the key that was chosen, and the text for which it was offered."""

    text: str = ""
    key: str = ""
    offered_for: str = ""

    @property
    def chosen_key(self):
        """The key, unless the text was changed since: the reader then looks for something else."""
        return self.key if self.text == self.offered_for else ""


class Combobox(forms.TextInput):
    template_name = "territories/combobox.html"
    candidates: Sequence = ()
    search_url = reverse_lazy("territories:search")

    class Media:
        js = [Script("js/combobox.js", defer=True)]

    def value_from_datadict(self, data, files, name):
        return Typed(*(data.get(f"{name}{part}", "").strip() for part in ("", "_cle", "_propose")))

    def value_omitted_from_data(self, data, files, name):
        return name not in data

    def format_value(self, value):
        return as_typed(value).text

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, {"maxlength": 100, "autocomplete": "off", **(attrs or {})})
        context["widget"].update(
            typed=as_typed(value), candidates=self.candidates, search_url=self.search_url, required=False
        )
        return context


class PlaceSearch(Combobox):
    """Where choosing a place opens its page: it posts nothing but its text."""

    template_name = "territories/place_search.html"


class PlaceSearchForm(forms.Form):
    q = forms.CharField(
        label="Commune, intercommunalité, département…",
        help_text="Le nom, le code postal ou le code Insee.",
        widget=PlaceSearch(),
    )


def as_typed(value):
    if isinstance(value, Collectivity):
        return Typed(value.label, value.key, value.label)
    return value if isinstance(value, Typed) else Typed(value or "")


class CollectivityField(forms.Field):
    """Gives a Collectivity that exists today; an ambiguous text comes back with the places that it may name."""

    widget = Combobox
    default_error_messages = {
        "required": "Indiquez le nom de la collectivité, ou son code postal.",
        "unknown": "Nous ne trouvons aucune collectivité de ce nom. Vérifiez l’orthographe, ou tapez le code postal.",
        "ambiguous": "Plusieurs collectivités sont possibles\u00a0: choisissez la bonne ci-dessous.",
        "to_confirm": "Confirmez la collectivité ci-dessous.",
    }

    def clean(self, value):
        typed = as_typed(value)
        if not typed.text:
            return super().clean(None)
        if chosen := self.chosen(typed):
            return chosen
        candidates = list(find(typed.text, CANDIDATES))
        if not candidates:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        named = [place for place in candidates if is_named_by(place, typed.text)]
        # 46100 is the code of Faycelles, and the postal code of Figeac.
        others = [place for place in candidates if place not in named and bare(typed.text) in place.postal_codes]
        if len(named) == 1 and not others:
            return named[0]
        rules = EligibilityRuleSet.objects.active()
        self.widget.candidates = [(place, verdict(place, rules)) for place in candidates]
        code = "ambiguous" if len(candidates) > 1 else "to_confirm"
        raise ValidationError(self.error_messages[code], code=code)

    def chosen(self, typed):
        if not typed.chosen_key:
            return None
        places = Collectivity.objects.current().select_related("departement", "intercommunality", "parent__departement")
        return places.filter(key=typed.chosen_key[:30]).first()

    def has_changed(self, initial, data):
        return as_typed(initial) != as_typed(data)


def is_named_by(place, text):
    """By its whole label or by a code of its own: nothing is left to guess."""
    return fold(place.label) == fold(text) or bare(text) in {place.code, place.siren} - {""}


def bare(code):
    return code.upper().replace(" ", "")

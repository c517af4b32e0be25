"""A field that names a place: proposals while typing with a script, radio buttons on the next page without."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.urls import reverse_lazy

from .eligibility import verdict
from .models import Collectivity, EligibilityRuleSet
from .search import EXACT, PREFIX, WORD, find, fold

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
    """Places, each with its verdict where it is told."""
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


class PlainCombobox(Combobox):
    """Whose proposals do not tell whether the desk is open to them."""

    search_url = reverse_lazy("territories:search", query={"service": "non"})


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
    tells_eligibility = True
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
        candidates = self.candidates(typed.text)
        if not candidates:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        named = [place for place in candidates if is_named_by(place, typed.text)]
        # 46100 is the code of Faycelles, and the postal code of Figeac.
        others = [place for place in candidates if place not in named and bare(typed.text) in place.postal_codes]
        if len(named) == 1 and not others:
            return named[0]
        if len(candidates) == 1 and fold(candidates[0].name) == fold(typed.text):
            return candidates[0]
        self.widget.candidates = self.judged(candidates)
        code = "ambiguous" if len(candidates) > 1 else "to_confirm"
        raise ValidationError(self.error_messages[code], code=code)

    def candidates(self, text):
        """The places that the text may name; where one has this very name, those that are merely alike are left out."""
        found = list(find(text, CANDIDATES))
        if any(tier(place) == EXACT for place in found):
            found = [place for place in found if tier(place) in (EXACT, PREFIX, WORD)]
        return found

    def judged(self, candidates):
        if not self.tells_eligibility:
            return [(place, None) for place in candidates]
        rules = EligibilityRuleSet.objects.active()
        return [(place, verdict(place, rules)) for place in candidates]

    def chosen(self, typed):
        if not typed.chosen_key:
            return None
        places = Collectivity.objects.current().select_related("departement", "intercommunality", "parent__departement")
        return places.filter(key=typed.chosen_key[:30]).first()

    def has_changed(self, initial, data):
        return as_typed(initial) != as_typed(data)


class AnyCollectivityField(CollectivityField):
    """Where whether the desk is open to the place does not count, nor which of the parts of a commune it is."""

    widget = PlainCombobox
    tells_eligibility = False

    def candidates(self, text):
        """A former commune that gave its name to the one that holds it is that one."""
        found = super().candidates(text)
        names = {(place.pk, place.name) for place in found}
        return [place for place in found if (place.parent_id, place.name) not in names]


def tier(place):
    return getattr(place, "tier", EXACT)  # a mere code names exactly


def is_named_by(place, text):
    """By its whole label, by its name and a code, or by a code of its own: nothing is left to guess."""
    wider = [place.departement.code] if place.departement else []
    names = {fold(place.label), *(fold(f"{place.name} {code}") for code in (place.code, *wider, *place.postal_codes))}
    return fold(text) in names or bare(text) in {place.code, place.siren} - {""}


def bare(code):
    return code.upper().replace(" ", "")

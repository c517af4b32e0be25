"""What an address asks of the list of experiences."""

from dataclasses import dataclass

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Exists, F, OuterRef
from django_filters.fields import ModelChoiceField

from roles.models import PostureKey, RoleKey
from territories.models import Collectivity
from typography import french

from . import search_text
from .models import Experience, Location, RoleHeld, Theme

QUERY_LENGTH = 200  # a longer query is cut: nobody types it, and it costs

SORTS = {
    "recentes": ("Plus récentes", [F("started_year").desc(nulls_last=True), "slug"]),
    "anciennes": ("Plus longues dans le temps", [F("started_year").asc(nulls_last=True), "slug"]),
}


class DepartementField(ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{french.typo(obj.name)} ({obj.code})"


class DepartementFilter(django_filters.ModelChoiceFilter):
    field_class = DepartementField


def asked(parameters):
    """What of these parameters of an address the list understands, words cut to a length that people type."""
    known = parameters.copy()
    for name in known.keys() - ExperienceFilter.base_filters.keys():
        del known[name]
    if "q" in known:
        known["q"] = known["q"][:QUERY_LENGTH]
    return known


class ExperienceFilter(django_filters.FilterSet):
    """Words, theme, role, posture and département; a value that does not exist is ignored, and an error of the form."""

    q = django_filters.CharFilter(method="filter_words")
    theme = django_filters.ModelMultipleChoiceFilter(
        field_name="themes", label="Thème", queryset=Theme.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    role = django_filters.MultipleChoiceFilter(
        label="Rôle de la collectivité", choices=RoleKey, widget=forms.CheckboxSelectMultiple, method="filter_role"
    )
    posture = django_filters.MultipleChoiceFilter(
        label="Posture", choices=PostureKey, widget=forms.CheckboxSelectMultiple
    )
    departement = DepartementFilter(
        label="Département",
        queryset=Collectivity.objects.departements().in_order(),
        to_field_name="code",
        empty_label="Toute la France",
        method="filter_departement",
    )
    tri = django_filters.ChoiceFilter(
        label="Trier par",
        choices=[(key, label) for key, (label, _order) in SORTS.items()],
        empty_label="À découvrir",
        widget=forms.Select(attrs={"class": "input--s"}),
        method="sort",
    )

    class Meta:
        model = Experience
        fields = ["q", "theme", "role", "posture", "departement", "tri"]

    def filter_words(self, queryset, name, value):
        """All the words in the sheet or in the names of its places, whatever the accents and plurals; best first."""
        words = SearchQuery(value, config=search_text.CONFIGURATION)
        return queryset.filter(search_vector=words).order_by(SearchRank("search_vector", words).desc(), "slug")

    def filter_role(self, queryset, name, value):
        held = RoleHeld.objects.shown().filter(experience=OuterRef("pk"), role__in=value)
        return queryset.filter(Exists(held)) if value else queryset

    def filter_departement(self, queryset, name, value):
        here = Location.objects.with_departement().filter(experience=OuterRef("pk"), departement_code=value.code)
        return queryset.filter(Exists(here))

    def sort(self, queryset, name, value):
        return queryset.order_by(*SORTS[value][1])

    def elsewhere(self):
        """What the other filters keep, whatever the département."""
        data = self.data.copy()
        data.pop("departement", None)
        return ExperienceFilter(data, queryset=self.queryset).qs


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    address: str


def chips(filters):
    """The filters in force, one chip for each value; words and sort have their own fields."""
    return [
        Chip(f"{filters.form.fields[name].label} : {label}", _address_without(filters.data, name, value))
        for name in ("theme", "role", "posture", "departement")
        for value, label in _chosen(filters.form, name)
    ]


def _chosen(form, name):
    value = form.cleaned_data.get(name)
    if not value:
        return []
    if name == "departement":
        return [(value.code, value.name)]
    if name == "theme":
        return [(theme.key, theme.label) for theme in value]
    labels = dict(form.fields[name].choices)
    return [(key, labels[key]) for key in value]


def _address_without(data, name, value):
    rest = data.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    return f"?{rest.urlencode()}"

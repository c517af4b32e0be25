"""The matrix of experiences and roles: what an address asks of it, and the rows of one of its pages."""

from dataclasses import dataclass

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from experiences import finding
from experiences.models import Experience
from roles.models import Phase, PostureKey, RoleKey

PER_PAGE = 20

BY_POSTURE = "posture"
SORTS = [(role.value, f"{role.label} d’abord") for role in RoleKey] + [(BY_POSTURE, "Posture d’ensemble")]


def choice(label, empty, choices):
    return forms.ChoiceField(
        label=label,
        choices=[("", empty), *choices],
        required=False,
        widget=forms.Select(attrs={"class": "input--s"}),
    )


class MatrixForm(forms.Form):
    role = choice("Rôle tenu", "Tous les rôles", RoleKey.choices)
    posture = choice("Posture d’ensemble", "Toutes les postures", PostureKey.choices)
    phase = choice("Phase", "Toutes les phases", Phase.choices)
    tri = choice("Trier par", "À découvrir", SORTS)


@dataclass(frozen=True)
class Matrix:
    form: MatrixForm
    query: QueryDict
    page: Page
    address: str

    @property
    def is_filtered(self):
        return bool(self.query.keys() - {"tri"})


def read(base, parameters):
    """The page of the matrix that an address asks for; a value that does not exist is ignored, an error of the form."""
    form = MatrixForm(parameters)
    form.is_valid()
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in form.cleaned_data.items() if value})
    criteria = {name: query.getlist(name) for name in query if name != "tri"}
    found = base.having(criteria)
    page = Paginator(range(found.bit_count()), PER_PAGE).get_page(parameters.get("page"))
    page.object_list = rows(keys_at(base, in_groups(base, found, query.get("tri")), page.object_list))
    return Matrix(form, query, page, finding.address(**criteria))


def in_groups(base, found, sort):
    """Those where the role was held, then the others; or posture by posture, then those that have none."""
    firsts = [{"posture": [posture]} for posture in PostureKey.values] if sort == BY_POSTURE else [{"role": [sort]}]
    groups = []
    for criteria in firsts if sort else []:
        group = found & base.having(criteria)
        groups.append(group)
        found &= ~group
    return [*groups, found]


def keys_at(base, groups, places):
    """The keys of the experiences at these places of the groups put one after the other."""
    keys: list[str] = []
    offset = places.start
    for group in groups:
        keys += base.sets.page(group, offset, len(places) - len(keys))
        offset = max(0, offset - group.bit_count())
    return [int(key) for key in keys]


def rows(keys):
    experiences = Experience.objects.listed().filter(pk__in=keys).for_list().select_related("posture").in_bulk()
    return [experiences[key] for key in keys if key in experiences]

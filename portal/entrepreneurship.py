"""Entrepreneurship of a place: what it is, the conditions that the experiences name, what a collectivity can do."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experiences import finding
from experiences.models import LISTED_STATES, Condition, ConditionKind, Experience
from roles.models import Phase, Role

from . import practice

FIRST = 5
PER_PAGE = 40


@login_not_required
@require_safe
def index(request):
    counts = dict(told().order_by().values_list("kind").annotate(Count("pk")))
    roles = list(Role.objects.all())
    base = finding.current()
    by_phase = {phase: practice.split(base, roles, "role", phase=[phase.value]) for phase in Phase}
    return render(
        request,
        "portal/entrepreneurship.html",
        {
            "moments": [(kind, counts[kind], one_of_each_sheet(kind)) for kind in ConditionKind if kind in counts],
            "sheets": with_a_first_step()[:FIRST],
            "phases": Phase,
            "roles": [
                (role, [(phase, parts[number]) for phase, parts in by_phase.items()])
                for number, role in enumerate(roles)
            ],
        },
    )


def with_a_first_step():
    return Experience.objects.listed().exclude(first_steps=[]).only("slug", "organisations", "first_steps")


@login_not_required
@require_safe
def conditions(request, moment):
    """All the conditions of a moment, each with the experience that names it."""
    if moment not in ConditionKind:
        raise Http404
    page = Paginator(of_moment(moment), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "portal/conditions.html", {"moment": ConditionKind(moment), "moments": ConditionKind, "page": page}
    )


def told():
    """The conditions that the sheets name; one that a sheet calls pointless at its scale is none."""
    return Condition.objects.filter(experience__state__in=LISTED_STATES).exclude(text__startswith="sans objet")


def of_moment(moment):
    rows = told().filter(kind=moment).select_related("experience").order_by("experience", "position", "pk")
    return rows.only("text", "experience__slug", "experience__title", "experience__organisations")


def one_of_each_sheet(moment):
    """The first conditions, no two of the same sheet."""
    before = told().filter(kind=moment, experience=OuterRef("experience"), position__lt=OuterRef("position"))
    return of_moment(moment).filter(~Exists(before))[:FIRST]

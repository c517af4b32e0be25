"""Roles, postures and the reasons to take part: explained, then shown at work in the experiences."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from experiences import finding
from experiences.models import LISTED_STATES, Experience, Illustration
from roles.models import Argument, Audience, Posture, Role, RoleKey

from . import matrix, practice

ILLUSTRATIONS = 4
SHEETS = 6


@login_not_required
@require_safe
def index(request):
    """The five roles, the three postures, and who held which."""
    base = finding.current()
    return render(
        request,
        "portal/roles.html",
        {
            "roles": practice.split(base, Role.objects.all(), "role"),
            "postures": practice.split(base, Posture.objects.all(), "posture"),
            "matrix": matrix.read(base, request.GET),
            "role_keys": RoleKey,
        },
    )


@login_not_required
@require_safe
def role(request, role):
    shown = get_object_or_404(Role.objects.prefetch_related("demands", "examples", "arguments"), key=role)
    demands, examples = list(shown.demands.all()), list(shown.examples.all())
    sheets = sheets_named([*(row.experience_slug for row in demands), *(row.experience_slug for row in examples)])
    return render(
        request,
        "portal/role.html",
        {
            "role": shown,
            "practice": practice.RoleInPractice(shown),
            "demands": [
                (audience.label, proven) for audience in Audience if (proven := with_proof(demands, sheets, audience))
            ],
            "examples": [(example, sheets.get(example.experience_slug)) for example in examples],
        },
    )


def sheets_named(slugs):
    """The sheets that everybody may read among these, by their slug."""
    public = Experience.objects.public().filter(slug__in={slug for slug in slugs if slug})
    return {sheet.slug: sheet for sheet in public.only("slug", "title")}


def with_proof(demands, sheets, audience):
    """What a role asks of these people; what rested on a sheet that is gone is gone too."""
    return [
        (demand, sheets.get(demand.experience_slug))
        for demand in demands
        if demand.audience == audience and (not demand.experience_slug or demand.experience_slug in sheets)
    ]


@login_not_required
@require_safe
def postures(request):
    """They have no page of their own: an address cut short leads where they are explained."""
    return redirect(f"{reverse('roles:list')}#postures")


@login_not_required
@require_safe
def posture(request, posture):
    shown = get_object_or_404(Posture.objects.prefetch_related("examples"), key=posture)
    base = finding.current()
    found = practice.find(base, shown, SHEETS, posture=[shown.key])
    held = practice.roles_held(found.firsts)
    sheets = Experience.objects.listed().in_bulk(found.firsts)
    return render(
        request,
        "portal/posture.html",
        {
            "posture": shown,
            "found": found,
            "sheets": [
                (sheets[key], [row for row in held[key] if row.posture_id == shown.key])
                for key in found.firsts
                if key in sheets
            ],
            "roles": practice.split(base, RoleKey, "role", posture=[shown.key]),
            "others": Posture.objects.exclude(key=shown.key),
        },
    )


@login_not_required
@require_safe
def reasons(request):
    """Why it concerns local authorities: the founding document's arguments, and the experiences that show them."""
    listed = Illustration.objects.filter(experience__state__in=LISTED_STATES)
    rank = Window(
        RowNumber(), partition_by="argument", order_by=[F("is_founding_example").desc(), "position", "experience"]
    )
    firsts = list(listed.annotate(rank=rank).filter(rank__lte=ILLUSTRATIONS).order_by("rank"))
    sheets = Experience.objects.filter(pk__in={row.experience_id for row in firsts}).for_list().in_bulk()
    return render(
        request,
        "portal/reasons.html",
        {
            "arguments": [
                (argument, *founding_first(argument, firsts, sheets))
                for argument in Argument.objects.prefetch_related("roles")
            ]
        },
    )


def founding_first(argument, illustrations, sheets):
    """The experience that the founding document gives for an argument, and the others that show it."""
    mine = [row for row in illustrations if row.argument_id == argument.key]
    founding = next((sheets[row.experience_id] for row in mine if row.is_founding_example), None)
    return founding, [sheets[row.experience_id] for row in mine if not row.is_founding_example]

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import citations, frise, previews
from .filters import QUERY_LENGTH, ExperienceFilter, asked, chips
from .maps import draw_map
from .models import PUBLIC_STATES, Experience

PER_PAGE = 12


@login_not_required
@require_safe
def experience_list(request):
    listed = Experience.objects.listed()
    filters = ExperienceFilter(asked(request.GET), queryset=listed)
    page = Paginator(filters.qs.for_list(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "experiences/list.html",
        {
            "filter": filters,
            "is_cut": len(request.GET.get("q", "")) > QUERY_LENGTH,
            "chips": chips(filters),
            "page": page,
            "map": draw_map(filters),
        },
    )


@login_not_required
@require_safe
def detail(request, slug):
    experience = get_object_or_404(Experience.objects.visible_to(request.user).for_sheet(), slug=slug)
    return sheet(request, experience)


@login_not_required
@never_cache
@require_safe
def preview(request, token):
    """A sheet as it will be, for whoever holds the link; once public, its own page."""
    experience = get_object_or_404(Experience.objects.for_sheet(), pk=previews.read(token))
    if experience.state in PUBLIC_STATES:
        return redirect(experience)
    response = sheet(request, experience, is_preview=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def sheet(request, experience, *, is_preview=False):
    return render(
        request,
        "experiences/detail.html",
        {
            "experience": experience,
            "is_preview": is_preview,
            "frises": frise.draw(experience.roles_held.all(), experience.steps.all()),
            "cited": citations.mark_first(experience),
        },
    )

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import previews, rendering
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
    page = rendering.page(slug)
    if page is None:
        raise Http404
    return render(request, "experiences/detail.html", {"page": page})


@login_not_required
@never_cache
@require_safe
def preview(request, token):
    """A sheet as it will be, for whoever holds the link; once public, its own page."""
    experience = get_object_or_404(Experience.objects.for_sheet(), pk=previews.read(token))
    if experience.state in PUBLIC_STATES:
        return redirect(experience)
    page = rendering.lay_out(experience) | {"related": ""}
    response = render(request, "experiences/detail.html", {"page": page, "preview_of": experience})
    response["X-Robots-Tag"] = "noindex"
    return response

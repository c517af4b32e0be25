from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from . import filters, finding, panel, previews, rendering
from .filters import SORTS
from .listing import Listing, page_address, page_links
from .maps import draw_map
from .models import PUBLIC_STATES, Experience


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def experience_list(request):
    base = finding.current()
    criteria = filters.parse(request.GET, base.labels)
    listing = Listing(base, criteria)
    is_part = request.htmx and not request.htmx.history_restore_request
    page = listing.number
    return render(
        request,
        "experiences/_part.html" if is_part else "experiences/list.html",
        {
            "listing": listing,
            "criteria": criteria,
            "address": page_address(criteria, page),
            "cleared": criteria.address(**dict.fromkeys(criteria.chosen, "")),
            "mended": criteria.address(q=listing.found.mended) if listing.found else "",
            "chips": criteria.chips(base.labels),
            "facets": panel.html(listing),
            "themes": panel.themes(base) if not listing.count else [],
            "sorts": SORTS.items(),
            "total": base.sets.all.bit_count(),
            "page_links": page_links(listing),
            "previous_page": page_address(criteria, page - 1) if page > 1 else "",
            "next_page": page_address(criteria, page + 1) if page < listing.pages else "",
            "map": draw_map(listing),
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

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import Membership
from limits.addresses import client_address
from search import misses
from territories.codes import shortest

from . import filters, finding, likeness, maps, panel, previews, rendering, timeline
from .filters import VIEWS
from .forms import LikenessForm
from .listing import Listing, page_links
from .models import PUBLIC_STATES, Experience

LONGEST_TITLE = 60  # characters of what was typed
CONTEXTS = {"": maps.beside, "carte": maps.page, "frise": timeline.page}
"""What each view of the same experiences shows besides."""


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def experience_list(request):
    base = finding.current()
    asked = filters.parse(request.GET, base.labels)
    alike = likeness.to(asked.comme) if asked.comme else None
    criteria = filters.settle(asked, alike.address if alike else "")
    listing = Listing(base, criteria, alike)
    is_part = request.htmx and not request.htmx.history_restore_request
    page = listing.number
    chips = criteria.chips(base.labels, alike.place if alike else None)
    if listing.found and page == 1 and request.method == "GET" and "X-Typing" not in request.headers:
        misses.note(listing.found, client_address(request))
    return render(
        request,
        "experiences/_part.html" if is_part else "experiences/list.html",
        {
            "listing": listing,
            "criteria": criteria,
            "address": criteria.page_address(page),
            "cleared": criteria.unlike(**dict.fromkeys(criteria.chosen, "")),
            "like_mine_address": criteria.like_mine_address,
            "whole_address": filters.address({}),
            "collectivities": own_collectivities(request.user, criteria),
            "mended": criteria.address(q=listing.found.mended) if listing.found else "",
            "title": title_of(criteria, chips, page),
            "chips": chips,
            "facets": panel.html(listing),
            "themes": panel.themes(base) if not listing.count else [],
            "sorts": panel.sorts(criteria.tri),
            "total": base.sets.all.bit_count(),
            "page_links": page_links(listing),
            "previous_page": criteria.page_address(page - 1) if page > 1 else "",
            "next_page": criteria.page_address(page + 1) if page < listing.pages else "",
            "views": [(criteria.address(vue=vue), label, vue == criteria.vue) for vue, label in VIEWS.items()],
            **CONTEXTS[criteria.vue](listing),
        },
    )


def title_of(criteria, chips, page):
    """What tells a page of the list from the others, in the tabs and the history of a browser."""
    said = [f"«\u00a0{Truncator(criteria.q).chars(LONGEST_TITLE)}\u00a0»"] if criteria.q else []
    titles = [*said, *(chip.label for chip in chips), "Expériences territoriales"]
    return " – ".join(titles) + (f", page {page}" if page > 1 else "")


@login_not_required
@require_safe
def like_mine(request):
    """Choose the collectivity to resemble; leads to the list, with the filters of the address kept."""
    criteria = filters.parse(request.GET.copy(), finding.current().labels)
    form = LikenessForm(request.GET if "collectivite" in request.GET else None)
    if form.is_valid():
        return redirect(criteria.address(comme=shortest(form.cleaned_data["collectivite"]), tri="comme"))
    return render(
        request,
        "experiences/like_mine.html",
        {
            "form": form,
            "kept": criteria.fields(),
            "list_address": criteria.unlike(),
            "collectivities": own_collectivities(request.user, criteria),
        },
    )


def own_collectivities(user, criteria):
    """Those where this person is confirmed, each with the address of the list in its order."""
    if not user.is_authenticated:
        return []
    mine = Membership.objects.confirmed().filter(person=user).select_related("collectivity__departement")
    places = [membership.collectivity for membership in mine]
    return [(place, criteria.address(comme=shortest(place), tri="comme")) for place in places]


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

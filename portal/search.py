"""Search over every kind of content, and what is proposed while somebody types."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from experiences.models import Theme
from limits.addresses import client_address
from limits.models import within
from search import engine, highlights, misses
from search.registry import KINDS
from search.words import LONGEST
from territories.search import find

PER_PAGE = 12
SUGGESTIONS = 4  # of each kind
MOST_SUGGESTIONS = 3000  # an hour and an address, which may be that of a whole town hall


@login_not_required
@require_safe
def search(request):
    found = engine.find(None, request.GET.get("q", ""))
    page = Paginator(found.ranking, PER_PAGE).get_page(request.GET.get("page"))
    if page.number == 1 and request.method == "GET":
        misses.note(found, client_address(request))
    shown = highlights.show(list(page.object_list), found)
    before = max(0, page.start_index() - 1)
    ahead = max(0, len(found.ahead) - before)
    strict = max(0, len(found.ahead + found.strict) - before)
    return render(
        request,
        "portal/search.html",
        {
            "found": found,
            "page": page,
            "asked": QueryDict(urlencode({"q": found.text})),
            "ahead": shown[:ahead],
            "strict": shown[ahead:strict],
            "others": shown[strict:],
            "themes": [] if shown or found.is_place_alone else Theme.objects.with_listed_count(),
        },
    )


@login_not_required
@require_safe
def suggestions(request):
    """Options for the combobox: items by kind, then places."""
    typed = request.GET.get("q", "")[:LONGEST]
    groups: dict[str, list] = {}
    is_within = within("search.suggestions", client_address(request), most=MOST_SUGGESTIONS, per=timedelta(hours=1))
    if is_within:
        for suggestion in engine.suggest(typed, each=SUGGESTIONS):
            groups.setdefault(KINDS[suggestion.kind].label_plural, []).append(suggestion)
        places = find(typed, SUGGESTIONS) if len(typed.strip()) >= engine.LEAST_TYPED else []
    else:
        places = []
    response = render(request, "portal/_suggestions.html", {"groups": groups, "places": places, "typed": typed})
    if is_within:
        patch_cache_control(response, private=True, max_age=60)
    else:
        patch_cache_control(response, no_store=True)
    return response

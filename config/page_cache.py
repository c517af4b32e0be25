"""Public pages kept in memory for those who have no session, until the base changes.

Closed by default: a page is kept only if it is in this table, and if nothing in its answer is for one visitor alone. An
entry counts for the versions of the base read before the page was made, so that what a publication commits is seen by
the very next request. Each process has its own entries: a new release, or other settings, begin with none.
"""

import hashlib
import threading
from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags

from experiences.filters import ExperienceFilter
from portal.matrix import MatrixForm
from search import versions

from .compression import encoding_for

LONGEST_QUERY = 1000
HTMX = {
    "HTTP_HX_REQUEST": {"", "true"},
    "HTTP_HX_BOOSTED": {"", "true"},
    "HTTP_HX_TARGET": {"", "liste"},
    "HTTP_HX_HISTORY_RESTORE_REQUEST": {"", "true"},
    "HTTP_X_TYPING": {"", "true"},
}
"""What our own pages send: whatever else is in these headers would make as many entries as somebody wants."""
DISTINGUISHED = {"cookie", "accept-encoding", "hx-request", "hx-boosted", "hx-target", "hx-history-restore-request"}
"""What answers may vary by: these are told apart."""
OVERHEAD = 2000  # bytes that an entry takes besides its content and its key


KEPT: dict[str, set[str]] = {
    "portal:home": set(),
    "experiences:list": {*ExperienceFilter.base_filters, "page"},
    "experiences:detail": set(),
    "roles:conditions": {"page"},
    "roles:entrepreneurship": set(),
    "roles:list": {*MatrixForm.base_fields, "page"},
    "roles:posture": set(),
    "roles:reasons": set(),
    "roles:role": set(),
    "territories:place": set(),
    "territories:place_of_kind": set(),
}
"""The pages that are the same for all who have no session, by the name of their address, and the parameters they read.

A page that says itself how it may be kept (`never_cache`), that comes with a cookie or holds a form's token, is left
alone all the same. So is an address that says more than the page reads: any words after « ? » would fill the memory.
"""


def is_open(request):
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and all(request.META.get(name, "") in usual for name, usual in HTMX.items())
        and is_ours(request)
    )


def is_ours(request):
    """Whether it comes to a name of ours; pages are then the same under any of them, and at any port."""
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False


def names(query):
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)} if len(query) <= LONGEST_QUERY else None


def seal(read):
    """What an answer is true for: these versions of the base, and this day, as pages tell what is late or recent."""
    return read, timezone.localdate()


@dataclass(frozen=True)
class Page:
    seal: tuple
    content: bytes
    headers: dict[str, str]

    def response(self):
        return HttpResponse(self.content, headers=self.headers)


class Shelf:
    """As many pages as fit in so many bytes, those asked for lately."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.pages = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def get(self, key):
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
            return self.pages.get(key)

    def put(self, key, page):
        with self.lock:
            self._remove(key)
            if weight(key, page) > self.capacity // 10:
                return
            self.pages[key] = page
            self.size += weight(key, page)
            while self.size > self.capacity:
                self._remove(next(iter(self.pages)))

    def clear(self):
        with self.lock:
            self.pages.clear()
            self.size = 0

    def _remove(self, key):
        if page := self.pages.pop(key, None):
            self.size -= weight(key, page)


def weight(key, page):
    return len(page.content) + sum(len(part) for part in key) + OVERHEAD


CAPACITY = 0 if settings.DEBUG else settings.PAGE_CACHE_MEGABYTES * 1_000_000
# Apart, so that whoever goes through filters and words by the thousand does not drive the sheets out.
PLAIN, ASKED = Shelf(CAPACITY // 2), Shelf(CAPACITY // 2)


def clear():
    PLAIN.clear()
    ASKED.clear()


class PageCache:
    """Answers from what is kept; above compression, whose work is kept too, and below the headers of security."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_open(request):
            return self.get_response(request)
        shelf = ASKED if request.META.get("QUERY_STRING") else PLAIN
        key = key_of(request)
        page = shelf.get(key)
        if page and page.seal == seal(versions.current()):
            return unless_known(request, page.response())
        with ExitStack() as request.while_made:
            response = self.get_response(request)
        if not (hasattr(request, "seal") and is_for_all(response)):
            return response
        response.headers["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
        response.headers["Cache-Control"] = "private, no-cache"  # a browser keeps it, and asks whether it still holds
        if request.method == "GET" and request.is_all_read:
            shelf.put(key, Page(request.seal, response.content, dict(response.headers)))
        return unless_known(request, response)

    def process_view(self, request, view, args, kwargs):
        """Read the versions before the page reads anything else, and let it take them as current until it is made."""
        parameters = KEPT.get(request.resolver_match.view_name)
        if parameters is not None and is_open(request):
            request.seal = seal(request.while_made.enter_context(versions.held()))
            given = names(request.META.get("QUERY_STRING", ""))
            request.is_all_read = given is not None and given <= parameters


def key_of(request):
    meta = request.META
    return (
        request.scheme,
        request.path_info,
        meta.get("QUERY_STRING", ""),
        encoding_for(meta.get("HTTP_ACCEPT_ENCODING", "")),
        *(meta.get(name, "") for name in HTMX),
    )


def is_for_all(response):
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response.headers
        and not any(name.startswith("_csp") for name in vars(response))  # a policy of its own, told further up
        and {name.strip().lower() for name in response.get("Vary", "").split(",")} - {""} <= DISTINGUISHED
    )


def unless_known(request, response):
    """The answer without the page, for a browser that has it."""
    given = request.META.get("HTTP_IF_NONE_MATCH")
    if not given:
        return response
    etag = response.headers["ETag"]
    known = [tag.removeprefix("W/") for tag in parse_etags(given)]
    if etag not in known and known != ["*"]:
        return response
    headers = {name: response.headers[name] for name in ("ETag", "Cache-Control", "Vary") if name in response.headers}
    return HttpResponseNotModified(headers=headers)

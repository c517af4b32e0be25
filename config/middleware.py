import codecs
import logging
import re
import time
import uuid
from contextlib import suppress
from functools import cache
from inspect import getclosurevars, unwrap
from urllib.parse import unquote_to_bytes

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods
from whitenoise.middleware import WhiteNoiseMiddleware

from config import errors
from config.logs import request_id

log = logging.getLogger("portal.request")

SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLog:
    """Number the request and write its line: what was asked, how it ended, never by whom nor with which words."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        start = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        number = given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = number
            log.log(
                logging.ERROR if response.status_code >= 500 else logging.INFO,
                "request",
                extra={
                    "fields": {
                        "method": request.method,
                        "path": path_without_secrets(request)[:200],
                        "status": response.status_code,
                        "ms": round((time.perf_counter() - start) * 1000, 1),
                        "bytes": None if response.streaming else len(response.content),
                    }
                    | ({"cause": response.cause} if hasattr(response, "cause") else {})
                },
            )
        finally:
            request_id.reset(token)
        return response


# What such an argument holds opens a page to whoever has it, or tells what a visitor answered.
SECRET_ARGUMENTS = {"state", "link", "token", "draft_key"}
# What comes before such an argument, wherever and however somebody wrote it.
BEFORE_SECRETS = re.compile(r"/(?:positionnement|experiences/+apercu|questions/+poser)/+", re.IGNORECASE)

# What looks like one where no address of ours is.
LIKE_A_SECRET = re.compile(r"[A-Za-z0-9_-]{32,}")


def path_without_secrets(request):
    """The path for the journal: « /positionnement/<state>/resultat/ ».

    A request may be answered before its address is resolved, or lead nowhere for a slash: what it holds is as secret.
    """
    path = request.path
    match = request.resolver_match or resolved(request.path_info)
    if match is None:
        before = BEFORE_SECRETS.search(path)
        return f"{path[: before.end()]}<masked>" if before else LIKE_A_SECRET.sub("<masked>", path)
    for name in SECRET_ARGUMENTS & match.kwargs.keys():
        path = path.replace(f"/{match.kwargs[name]}/", f"/<{name}>/")
    return path


def resolved(path):
    try:
        return resolve(path)
    except Resolver404:
        return None


class HeadWithoutBody:
    """HEAD is answered with the headers of the page alone; gunicorn complains of whoever leaves it to drop the rest."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = ()
            else:
                response.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response


class PermissionsPolicy:
    """No page needs these: whatever may one day run in one cannot ask for them either."""

    FEATURES = (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "usb", "xr-spatial-tracking",
    )  # fmt: skip
    VALUE = ", ".join(f"{feature}=()" for feature in FEATURES)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Permissions-Policy"] = self.VALUE
        return response


class ContentSecurityPolicy(CSPMiddleware):
    """The header of the settings, written once for all the pages that ask for nothing else."""

    def __init__(self, get_response):
        super().__init__(get_response)
        self.policy = build_policy()

    def process_response(self, request, response):
        if (
            settings.DEBUG
            or getattr(request, "_csp_nonce", None)
            or any(name.startswith("_csp") for name in vars(response))
        ):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response


class StaticFiles(WhiteNoiseMiddleware):
    """The list of the files, which Django keeps beside them, is not one of them."""

    def add_file_to_dictionary(self, url, path, stat_cache=None):
        if url != f"{self.static_prefix}staticfiles.json":
            super().add_file_to_dictionary(url, path, stat_cache)


class ErrorPages:
    """A view may answer with a bare status, `HttpResponse(status=410)`: the reader gets the page that explains it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # The 405 of static files is an empty stream.
        bare = response.status_code == 405 if response.streaming else not response.content
        if response.status_code not in errors.PAGES or not bare:
            return response
        page = errors.page(request, response.status_code)
        for name in response.headers.keys() - {"Content-Type", "Content-Length"}:
            page[name] = response[name]
        page.cookies = response.cookies
        return page


class BoundedRequest:
    """Refuse what is heavier than the files of a form; what was being sent is read first, or no answer would be."""

    MOST = 56 * 1024 * 1024  # five files of ten megabytes, the text, and what separates them
    MOST_READ = 4 * MOST
    CHUNK = 64 * 1024

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or int(length) <= self.MOST:
            return None
        left = min(int(length), self.MOST_READ)
        with suppress(UnreadablePostError):  # its sender is gone
            while left > 0 and (read := len(request.read(min(left, self.CHUNK)))):
                left -= read
        return HttpResponse(status=413)


class ReadableRequest:
    """Refuse what no form and no link of ours can send, and that would fail further on: not UTF-8, or a null byte."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        self.check(request)
        return self.get_response(request)

    def check(self, request):
        charset = (request.content_params or {}).get("charset", "utf-8")
        try:
            unquote_to_bytes(request.path_info).decode()  # Django leaves percent-encoded what is not UTF-8
            query = unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1")).decode()
            is_utf8 = codecs.lookup(charset).name == "utf-8"
        except (UnicodeError, LookupError, ValueError):
            raise BadRequest("not UTF-8") from None
        cookies = [*request.COOKIES, *request.COOKIES.values()]
        headers = [value for name, value in request.META.items() if name.startswith("HTTP_")]
        if not is_utf8 or any("\0" in text for text in [request.path_info, query, *cookies, *headers]):
            raise BadRequest("null byte or foreign charset")
        len(request.GET)  # too many parameters: refused here, by Django, rather than in the middle of a page


class ReadableForm:
    """The same for the fields of a form, once it is known to come from us."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST":
            for name, values in request.POST.lists():
                if any("\0" in text for text in [name, *values]):
                    raise BadRequest("null byte")


@cache
def allowed_methods(view):
    """Return the methods a view was declared with, by `require_safe` and the like; None if it declares nothing."""
    declared = unwrap(view, stop=declares_methods)
    return getclosurevars(declared).nonlocals["request_method_list"] if declares_methods(declared) else None


def declares_methods(view):
    return getattr(view, "__code__", None) is DECLARING


DECLARING = require_http_methods([])(lambda request: None).__code__


class AllowedMethod:
    """Answer 405 before the check of forms: a page that takes no form has no token to be missing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        methods = allowed_methods(view)
        if methods is not None and request.method not in methods:
            return HttpResponseNotAllowed(methods)
        return None

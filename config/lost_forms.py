"""Forms that were refused before any view read them: their sender is given back what was typed, to copy it.

There is no button to send it again: the page would vouch for a form that may come from another site.
"""

import re

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http.request import RawPostDataException
from django.urls import reverse

from config import errors
from config.middleware import allowed_methods

MOST_TEXTS = 20
SECRET = re.compile(r"passw|passe|token|jeton|code|digits|secret|otp", re.IGNORECASE)
# Nobody types these: buttons, where to go next, what messages, the admin and the choice of a place add for themselves.
NOT_TYPED = re.compile(
    r"(decision|membership|next|act|choice|seen|seen_adviser|sent_key|_.*|action|index|initial-.*|.*_(propose|cle)|.*_FORMS)",
    re.DOTALL,
)


def csrf_failure(request, reason=""):
    return page(request, "errors/csrf.html")


class LoginRequired(LoginRequiredMiddleware):
    """Leads to signing in; a form sent after the end of the session would lose its text on the way."""

    def handle_no_permission(self, request, view_func):
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        address = form_address(request)
        sign_in = reverse(settings.LOGIN_URL, query={self.redirect_field_name: address} if address else None)
        return page(request, "errors/session_ended.html", sign_in=sign_in)


def page(request, template, **context):
    context |= {"typed": typed_texts(request), "form_address": form_address(request)}
    return errors.page(request, 403, template, context)


def form_address(request):
    """Where the form can be read again; nothing when its address only receives."""
    methods = allowed_methods(request.resolver_match.func)
    return request.get_full_path() if methods is None or "GET" in methods else ""


def typed_texts(request):
    """Return the texts of a form in their order, the longest if they are many; neither secrets nor files."""
    try:
        fields = request.POST.lists()
    except (OSError, RawPostDataException):  # the connection was cut before the end of the form
        return []
    texts = [
        text
        for name, values in fields
        if not SECRET.search(name) and not NOT_TYPED.fullmatch(name)
        for text in values
        if text.strip()
    ]
    longest = sorted(range(len(texts)), key=lambda place: -len(texts[place]))[:MOST_TEXTS]
    return [texts[place] for place in sorted(longest)]

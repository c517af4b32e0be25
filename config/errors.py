"""The pages that say what went wrong and where to go from there."""

import logging
import sys

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import Error, OperationalError, connection
from django.http import HttpResponse
from django.template import loader

from config.context import about_site

log = logging.getLogger("portal.errors")

PAGES = (400, 403, 404, 405, 410, 413, 429, 500, 503)
# Nothing that the request carries, no person and no database: what failed once would fail again.
WITHOUT_REQUEST = {400, 413, 500, 503}

LAST_RESORT = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Erreur</title>'
    "<h1>Cette page ne s’affiche pas</h1><p>Une erreur est survenue de notre côté. Réessayez dans quelques minutes.</p>"
    '<p><a href="/">Revenir à l’accueil</a></p></html>'
)


def page(request, status, template=None, context=None):
    """Return the page of a status; a simpler one when it cannot be shown, and bare text at worst."""
    name = template or f"errors/{status}.html"
    context = context or {}
    content = None
    if status not in WITHOUT_REQUEST:
        content = attempt(name, context, request)
    if content is None:
        content = attempt(name, {"site": about_site(), "is_adviser": False, **context}, None)
    return HttpResponse(LAST_RESORT if content is None else content, status=status)


def attempt(name, context, request):
    try:
        return loader.render_to_string(name, context, request)
    except Exception:
        log.exception("The page %s could not be shown", name)
        return None


def bad_request(request, exception):
    # Django takes a session that could not be written for one that somebody closed, whatever kept it from being.
    unwritten = exception.__context__ if isinstance(exception, SessionInterrupted) else None
    if unwritten and isinstance(unwritten.__context__, OperationalError):
        return unavailable(request, unwritten.__context__)
    too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    response = page(request, 413 if too_big else 400)
    response.cause = type(exception).__name__
    return response


def forbidden(request, exception):
    return page(request, 403)


def not_found(request, exception):
    return page(request, 404)


def server_error(request):
    error = sys.exception()
    return unavailable(request, error) if lost_database(error) else page(request, 500)


def lost_database(error):
    """Whether the server is gone, or does not answer yet: a query that it refuses leaves the connection open."""
    return isinstance(error, Error) and (connection.connection is None or bool(connection.connection.closed))


def unavailable(request, error):
    response = page(request, 503)
    response["Retry-After"] = "30"
    response.cause = type(error).__name__
    response._has_been_logged = True  # by the line of the request: our code did not fail, its lines would say nothing
    return response

"""The portal, and views that end in each of the ways a view can end."""

from contextlib import closing

import psycopg2
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.urls import include, path
from django.views.decorators.http import require_http_methods

from config.urls import handler400, handler403, handler404, handler500
from tests.database import database_url

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@login_not_required
def raises(request, name):
    raise {
        "400": SuspiciousOperation("Paul"),
        "403": PermissionDenied("Paul"),
        "404": Http404("Paul"),
        "500": ValueError("Paul"),
    }[name]


@login_not_required
def answers(request, status):
    response = HttpResponseNotAllowed(["GET"]) if status == 405 else HttpResponse(status=status)
    response["Retry-After"] = "60"
    return response


@login_not_required
def explains(request):
    return HttpResponse("Une autre raison", status=410)


@login_not_required
@require_http_methods(["GET", "POST"])
def form(request):
    return HttpResponse(f"reçu : {request.POST.get('texte')}")


@login_not_required
def loses_the_database(request):
    query("SELECT pg_terminate_backend(pg_backend_pid())")


@login_not_required
def loses_the_database_before_the_session(request):
    request.session["vu"] = "oui"
    with closing(psycopg2.connect(database_url())) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    return HttpResponse("fait")


@login_not_required
def asks_too_much(request):
    query("SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)")


def query(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def private(request):
    return HttpResponse("réservé")


urlpatterns = [
    path("", include("config.urls")),
    path("leve/<str:name>/", raises),
    path("repond/<int:status>/", answers),
    path("explique/", explains),
    path("formulaire/", form),
    path("prive/", private),
    path("coupe/", loses_the_database),
    path("coupe-ensuite/", loses_the_database_before_the_session),
    path("trop-long/", asks_too_much),
]

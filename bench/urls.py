"""The addresses of the portal, and a view that does nothing, to which its pages are compared."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

from bench.load import BARE


@login_not_required
@require_safe
def bare(request):
    return HttpResponse("<!doctype html><title>Vide</title>")


urlpatterns = [*urlpatterns, path(BARE.removeprefix("/"), bare)]

"""The addresses of places, under the name of their app although their pages gather several."""

from django.urls import path, register_converter

from territories.models import ADDRESSES
from territories.views import search

from . import places


class Word:
    regex = "|".join(sorted(set(ADDRESSES.values())))
    to_python = to_url = str


class Code:
    regex = "[0-9A-Za-z]{2,9}"
    to_python = to_url = str


register_converter(Word, "word")
register_converter(Code, "code")

app_name = "territories"
urlpatterns = [
    path("", places.index, name="list"),
    path("recherche/", search, name="search"),
    path("<code:code>/", places.place, name="place"),
    path("<word:word>/<code:code>/", places.place_of_kind, name="place_of_kind"),
]

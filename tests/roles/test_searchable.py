"""Roles, postures and arguments are found by their names, their definitions and what one does in them."""

import pytest
from django.contrib.postgres.search import SearchQuery
from django.urls import reverse

from roles import opening
from roles.models import Argument, Posture, Role
from roles.searchable import NAME
from search import indexing
from search.models import Document

pytestmark = pytest.mark.django_db


def address(key):
    return Document.objects.get(kind=NAME, key=key).address


def test_each_is_found_at_its_own_address(client):
    opening.load()
    indexing.complete()
    documents = Document.objects.filter(kind=NAME)
    assert documents.count() == Role.objects.count() + Posture.objects.count() + Argument.objects.count() == 13
    assert address("role:acteur") == "/roles/acteur/"
    assert address("posture:dominante") == "/postures/dominante/"
    assert address("argument:temps-long") == "/pourquoi/#temps-long"
    assert {client.get(document.address.split("#")[0]).status_code for document in documents} == {200}


@pytest.mark.parametrize(
    ("words", "key"),
    [("ingénierie", "role:financeur"), ("débouché", "role:acteur"), ("mandat", "argument:temps-long")],
)
def test_definitions_ways_to_intervene_and_implications_are_words_too(words, key):
    opening.load()
    indexing.complete()
    query = SearchQuery(words, config="search_french")
    assert Document.objects.filter(kind=NAME, key=key, words=query).exists()


def test_what_curators_change_is_found_at_once(client, curator):
    opening.load()
    indexing.complete()
    client.force_login(curator)
    page = client.get(reverse("admin:roles_argument_change", args=["temps-long"]))
    form = page.context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data |= {"title": "Gardienne du temps", "implications": "tenir\nattendre", "roles": ["acteur"]}
    assert client.post(page.request["PATH_INFO"], data).status_code == 302
    assert Document.objects.get(kind=NAME, key="argument:temps-long").title == "Gardienne du temps"
    Argument.objects.filter(key="temps-long").delete()
    indexing.refresh(NAME, ["argument:temps-long"])
    assert not Document.objects.filter(kind=NAME, key="argument:temps-long").exists()

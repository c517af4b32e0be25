"""GET /territoires/recherche/: what the combobox and programs get."""

import pytest
from django.urls import reverse

from territories.templatetags.territories import marked

pytestmark = pytest.mark.usefixtures("reference")

URL = reverse("territories:search")


def search(client, text):
    return client.get(URL, {"q": text}, headers={"accept": "application/json"})


def test_a_program_gets_a_list_of_objects(client):
    response = search(client, "figeac")
    assert response["Content-Type"] == "application/json"
    assert response.json()[0] == {
        "cle": "commune:46102",
        "code": "46102",
        "nom": "Figeac",
        "type": "commune",
        "departement": {"code": "46", "nom": "Lot"},
        "population": 9_793,
        "eligible": True,
        "motif": "Figeac compte 9\u202f793\u00a0habitants\u00a0: le service est ouvert aux communes de moins de "
        "10\u202f000\u00a0habitants.",
    }
    assert "Saint-Étienne" in search(client, "saint etienne").content.decode()


def test_the_page_gets_options_that_say_where_and_whether_the_desk_is_open(client):
    response = client.get(URL, {"q": "saint-julien"})
    html = response.content.decode()
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert html.count('role="option"') == 8
    assert "<mark>Saint-Julien</mark>" in html
    assert "Côte-d’Or (21)" in html
    assert "Service ouvert" in html
    assert "<html" not in html


def test_the_options_say_nothing_of_the_desk_where_it_does_not_matter(client):
    html = client.get(URL, {"q": "saint-julien", "service": "non"}).content.decode()
    assert html.count('role="option"') == 8
    assert "Service" not in html


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("Œuilly", "oeu", "Œuilly"),  # one letter for two: no place to put the mark
        ("L’Haÿ-les-Roses", "l'hay", "L’<mark>Haÿ</mark>-les-Roses"),
        ("Éguilles", "EGUI", "<mark>Égui</mark>lles"),
        ("Val-d'Oise", "oise", "Val-d’<mark>Oise</mark>"),
    ],
)
def test_what_was_typed_is_marked(name, typed, shown):
    assert marked(name, typed) == shown


@pytest.mark.parametrize("text", ["", " ", "%", "<>", "🌳", "';--", "x" * 3_000, "zzzzzz"])
@pytest.mark.parametrize(("accept", "nothing"), [("application/json", "[]"), ("text/html", "")])
def test_what_names_nothing_gives_an_empty_list(client, text, accept, nothing):
    response = client.get(URL, {"q": text}, headers={"accept": accept})
    assert response.status_code == 200
    assert response.content.decode().strip() == nothing


def test_without_query(client):
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_it_may_be_kept_a_few_minutes(client, accept):
    response = client.get(URL, {"q": "figeac"}, headers={"accept": accept})
    assert "Accept" in response["Vary"].split(", ")
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies


def test_three_queries_whatever_is_found(client, django_assert_num_queries):
    """The rules, their rows, the places."""
    for text in ("figeac", "saint"):
        with django_assert_num_queries(3):
            search(client, text)

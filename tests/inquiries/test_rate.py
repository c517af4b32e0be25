"""Rating an answer: the mail chooses, the button gives."""

import pytest
from django.test import Client
from django.urls import reverse

from inquiries import actions

from .factories import answered, make_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(elected):
    client = Client()
    client.force_login(elected)
    return client


@pytest.fixture
def inquiry(elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    return inquiry


def address(inquiry):
    return reverse("inquiries:rate", args=[inquiry.number])


def test_the_link_of_the_mail_opens_the_page_with_its_mark(client, inquiry):
    page = client.get(address(inquiry), {"note": "4"}).content.decode()
    chosen = [line for line in page.split("<input") if "checked" in line]
    assert len(chosen) == 1
    assert 'value="4"' in chosen[0]


@pytest.mark.parametrize("mark", ["", "0", "6", "quatre", "4'--"])
def test_a_mark_that_is_none_chooses_nothing(client, inquiry, mark):
    page = client.get(address(inquiry), {"note": mark})
    assert page.status_code == 200
    assert "checked" not in page.content.decode()


def test_a_mark_and_a_word_are_kept_and_may_change(client, inquiry):
    assert client.post(address(inquiry), {"rating": "2", "comment": "Trop long."}).status_code == 302
    client.post(address(inquiry), {"rating": "4", "comment": "Relu, c’est clair."})
    inquiry.refresh_from_db()
    assert (inquiry.rating, inquiry.rating_comment) == (4, "Relu, c’est clair.")
    page = client.get(inquiry.get_absolute_url()).content.decode()
    assert "Vous avez noté la réponse\u00a0: 2 sur 5." in page
    assert "Vous avez noté la réponse\u00a0: 4 sur 5." in page


@pytest.mark.parametrize("rating", ["", "0", "6", "abc"])
def test_no_mark_is_said_and_the_word_is_kept(client, inquiry, rating):
    page = client.post(address(inquiry), {"rating": rating, "comment": "Mon avis"}).content.decode()
    assert "Choisissez une note, de 1 à 5." in page
    assert "Mon avis" in page
    inquiry.refresh_from_db()
    assert inquiry.rating is None


def test_a_word_too_long_is_said_and_kept(client, inquiry):
    page = client.post(address(inquiry), {"rating": "4", "comment": "a" * 1001}).content.decode()
    assert "1\u202f000 au plus" in page
    assert "a" * 1001 in page


def test_what_has_no_answer_is_not_rated(client, elected):
    inquiry = make_inquiry(elected)
    assert "pas encore de réponse" in client.get(address(inquiry)).content.decode()
    client.post(address(inquiry), {"rating": "4"})
    inquiry.refresh_from_db()
    assert inquiry.rating is None


def test_a_question_that_was_closed_is_still_rated(client, inquiry, elected):
    actions.solve(inquiry, by=elected)
    client.post(address(inquiry), {"rating": "5"})
    inquiry.refresh_from_db()
    assert inquiry.rating == 5

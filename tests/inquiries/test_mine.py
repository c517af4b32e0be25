"""The list of what somebody asked, and of what their colleagues share."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import MembershipState
from inquiries import actions
from inquiries.models import Draft, Inquiry, Message, MessageKind
from tests.accounts.factories import make_membership, make_user

from .factories import answered, detail_asked, make_inquiry

MINE = reverse("inquiries:mine")

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(elected):
    client = Client()
    client.force_login(elected)
    return client


def text(response):
    return response.content.decode()


def test_a_question_tells_where_it_stands(client, elected, adviser):
    inquiry = make_inquiry(elected, subject="Peut-on prêter la salle ?")
    actions.claim(inquiry, by=adviser)
    page = text(client.get(MINE))
    assert "Peut-on prêter la salle ?" in page
    assert inquiry.number in page
    assert "En cours" in page
    assert "suivie par Aline Conseil" in page
    assert "réponse prévue au plus tard le" in page
    assert "1 question en cours, 0 close" in page


def test_what_we_wait_for_comes_first_on_every_tab(client, elected, adviser):
    inquiry = make_inquiry(elected)
    detail_asked(inquiry, adviser)
    for tab in ("", "closes", "brouillons", "collectivite"):
        page = text(client.get(MINE, {"etat": tab}))
        assert "On attend une précision de votre part" in page
        assert "Aline Conseil vous a écrit le" in page
        assert inquiry.get_absolute_url() in page


def test_late_is_said_kindly(client, elected):
    inquiry = make_inquiry(elected)
    Inquiry.objects.filter(pk=inquiry.pk).update(due_on=timezone.localdate())
    assert "nous avons du retard" not in text(client.get(MINE))
    Inquiry.objects.filter(pk=inquiry.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "nous avons du retard, elle n’est pas oubliée" in text(client.get(MINE))


def test_each_tab_has_its_own(client, elected, adviser):
    present, over = make_inquiry(elected, subject="Présente"), make_inquiry(elected, subject="Passée")
    actions.withdraw(over, by=elected)
    waiting = make_inquiry(elected, subject="Répondue")
    answered(waiting, adviser)
    Draft.objects.create(owner=elected, typed={"subject": "Commencée"})
    tabs = {tab: text(client.get(MINE, {"etat": tab})) for tab in ("", "closes", "brouillons", "nimporte")}
    assert present.get_absolute_url() in tabs[""]
    assert waiting.get_absolute_url() in tabs[""]
    assert "Récemment closes" in tabs[""]
    assert over.get_absolute_url() in tabs["closes"]
    assert present.get_absolute_url() not in tabs["closes"]
    assert "Commencée" in tabs["brouillons"]
    assert present.get_absolute_url() in tabs["nimporte"]


@pytest.mark.parametrize(
    ("tab", "sentence"),
    [
        ("", "Vous n’avez encore posé aucune question"),
        ("closes", "Aucune question close"),
        ("brouillons", "Vous n’avez rien commencé"),
        ("collectivite", "Aucune question de vos collègues"),
    ],
)
def test_an_empty_tab_says_what_will_be_there(client, tab, sentence):
    assert sentence in text(client.get(MINE, {"etat": tab}))


def test_colleagues_share_once_both_are_known(client, elected):
    place = elected.memberships.get().collectivity
    colleague = make_user("collegue@mairie.exemple", first_name="Paul", last_name="Collègue")
    make_membership(colleague, place)
    inquiry = make_inquiry(colleague, place, subject="La question du collègue")
    assert "La question du collègue" not in text(client.get(MINE, {"etat": "collectivite"}))
    actions.share(inquiry, True, by=colleague)
    page = text(client.get(MINE, {"etat": "collectivite"}))
    assert "La question du collègue" in page
    assert "par Hélène Rouvière" in page


def test_whoever_only_says_to_be_of_a_collectivity_sees_nothing_of_it(stranger, elected):
    place = elected.memberships.get().collectivity
    make_membership(stranger, place, state=MembershipState.DECLARED)
    actions.share(make_inquiry(elected, place, subject="Une question partagée"), True, by=elected)
    client = Client()
    client.force_login(stranger)
    page = text(client.get(MINE, {"etat": "collectivite"}))
    assert "Une question partagée" not in page
    assert f"Votre rattachement à {place.name} attend d’être confirmé" in page


def test_what_was_asked_before_signing_in_is_there(client, elected):
    inquiry = make_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(email=elected.email)
    assert inquiry.get_absolute_url() in text(client.get(MINE))


def test_as_many_statements_for_thirty_rows_as_for_one(client, elected, adviser, django_assert_max_num_queries):
    place = elected.memberships.get().collectivity
    actions.claim(make_inquiry(elected, place), by=adviser)
    actions.withdraw(make_inquiry(elected, place), by=elected)
    client.get(MINE)
    with django_assert_max_num_queries(12) as few:
        client.get(MINE)
    for _ in range(30):
        actions.claim(make_inquiry(elected, place), by=adviser)
    for _ in range(4):
        actions.withdraw(make_inquiry(elected, place), by=elected)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = text(client.get(MINE))
    assert page.count('class="qrow card"') == 20 + 3
    assert "Suivante" in page


def test_the_export_holds_what_the_person_wrote_and_read_and_nothing_of_the_desk(client, elected, adviser):
    inquiry = make_inquiry(elected, subject="À emporter")
    actions.note(inquiry, "Note entre nous.", by=adviser, key="note")
    answered(inquiry, adviser, "Oui, **par convention**.")
    before = inquiry.asked_at - timedelta(hours=1)
    Message.objects.create(inquiry=inquiry, kind=MessageKind.ASKER, text="Écrit avant.", sent_at=before)
    make_inquiry(subject="D’une autre personne")
    response = client.get(reverse("inquiries:export"))
    assert "attachment" in response["Content-Disposition"]
    [question] = json.loads(response.content)["questions"]
    assert question["question"] == "À emporter"
    said = [message["texte"] for message in question["messages"]]
    assert said == ["Écrit avant.", "Pour un salon.", "Oui, **par convention**."]
    assert "entre nous" not in text(response)
    assert "Note interne" not in text(response)


def test_a_visitor_is_led_to_sign_in():
    response = Client().get(MINE)
    assert response.status_code == 302
    assert reverse("accounts:sign_in") in response["Location"]

"""A call noted while it goes on: one page, one question however often it is sent."""

import pytest
from django.test import Client
from django.urls import reverse

from inquiries.models import Channel, EventKind, Inquiry, MessageKind, QuestionTheme, State
from jobs.models import Mail
from tests.accounts.factories import make_place, make_user
from tests.accounts.test_at_once import both_at_once, browser_of, twin

CALL = reverse("inquiries:log_call")
KEY = "0b2ee7e2-3f4c-4c0e-9d64-8c5d8d0b7a11"


@pytest.fixture
def desk(client, adviser):
    client.force_login(adviser)
    return client


@pytest.fixture
def figeac(db):
    return make_place("Figeac", population=9834)


def call(place, **fields):
    data = {"collectivity": place.code, "channel": "telephone", "last_name": "Rouvière", "sent_key": KEY}
    return {**data, "subject": "Peut-on prêter la salle des fêtes ?", **fields}


def content(response):
    assert response.status_code == 200
    return response.content.decode()


def test_only_advisers_log_calls(figeac, stranger, elected, curator, manager):
    assert Client().get(CALL)["Location"] == f"/connexion/?next={CALL}"
    for person in (stranger, elected, curator, manager):
        client = Client()
        client.force_login(person)
        assert client.get(CALL).status_code == client.post(CALL, call(figeac)).status_code == 403
    assert not Inquiry.objects.exists()


def test_a_call_in_four_fields(desk, adviser, figeac):
    response = desk.post(CALL, call(figeac))
    inquiry = Inquiry.objects.get()
    assert response.url == reverse("inquiries:call_logged", args=[inquiry.number])
    assert (inquiry.state, inquiry.adviser, inquiry.channel) == (State.IN_PROGRESS, adviser, Channel.PHONE)
    assert inquiry.eligibility["reason"]
    assert not inquiry.is_unconfirmed
    page = content(desk.get(response.url))
    for said in (inquiry.number, "Autre appel", "dans vos dossiers", "Donnez ce numéro"):
        assert said in page


def test_invisible_signs_are_refused_in_each_line(desk, figeac):
    turned = {"subject": "Prêter\u202eune salle", "override_reason": "Par\x07ce que"}
    page = content(desk.post(CALL, call(figeac, **turned)))
    assert page.count("caractères invisibles") >= len(turned)
    assert "201 caractères" in content(desk.post(CALL, call(figeac, subject="a" * 201)))
    assert not Inquiry.objects.exists()


def test_a_call_answered_at_once(desk, figeac):
    theme = QuestionTheme.objects.create(key="regies", label="Régies", position=1)
    more = {"answer": "Oui, **par convention**.", "text": "Pour un salon.", "theme": theme.key, "channel": "reunion"}
    identity = {"first_name": "Hélène", "function": "adjoint", "phone": "05 65 00 00 00", "email": "Mairie@Figeac.fr"}
    response = desk.post(CALL, call(figeac, **more, **identity), follow=True)
    inquiry = Inquiry.objects.get()
    assert (inquiry.state, inquiry.due_on, inquiry.theme) == (State.ANSWERED, None, theme)
    assert (inquiry.asker_name, inquiry.email, inquiry.phone) == (
        "Hélène Rouvière",
        "mairie@figeac.fr",
        "05 65 00 00 00",
    )
    assert [message.kind for message in inquiry.messages.all()] == [MessageKind.ASKER, MessageKind.ANSWER]
    assert Mail.objects.get().to == "mairie@figeac.fr"
    assert "La réponse est gardée" in content(response)


def test_a_call_sent_again_is_one_question(desk, figeac):
    for _ in range(2):
        response = desk.post(CALL, call(figeac), follow=True)
    assert "était déjà noté" in content(response)
    assert Inquiry.objects.get().number in content(response)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_logs_one_call():
    client = browser_of(make_user(duties=["conseil"]))
    data = call(make_place("Figeac"), override_reason="Aucune règle n’est en vigueur.")
    first, second = both_at_once("inquiries_yearly", *[lambda c=c: c.post(CALL, data) for c in (client, twin(client))])
    assert first.url == second.url
    assert Inquiry.objects.count() == 1


def test_somebody_not_eligible_is_answered_for_a_reason(desk):
    toulouse = make_place("Toulouse", population=500_000)
    page = content(desk.post(CALL, call(toulouse)))
    assert "Dites pourquoi vous répondez quand même." in page
    assert "Peut-on prêter la salle des fêtes ?" in page
    assert not Inquiry.objects.exists()
    desk.post(CALL, call(toulouse, override_reason="Pour ses communes associées."))
    inquiry = Inquiry.objects.get()
    assert inquiry.override_reason == "Pour ses communes associées."
    assert not inquiry.eligibility["eligible"]
    assert inquiry.events.filter(kind=EventKind.ELIGIBILITY).count() == 1


def test_no_reason_is_kept_for_somebody_eligible(desk, figeac):
    desk.post(CALL, call(figeac, override_reason="Au cas où."))
    inquiry = Inquiry.objects.get()
    assert inquiry.override_reason == ""
    assert not inquiry.events.filter(kind=EventKind.ELIGIBILITY).exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"collectivity": ""}, "Indiquez le nom de la collectivité"),
        ({"collectivity": "zzqxv"}, "Nous ne trouvons aucune collectivité"),
        ({"last_name": " "}, "Indiquez le nom de la personne."),
        ({"subject": ""}, "Écrivez la question en une phrase."),
        ({"subject": "a" * 201}, "200 au plus"),
        ({"text": "a" * 2001}, "2\u202f000 au plus"),
        ({"text": "Un texte\x07 collé"}, "caractères invisibles"),
        ({"answer": "a" * 20_001}, "20\u202f000 au plus"),
        ({"phone": "appelez-moi"}, "Indiquez un numéro tel que"),
        ({"email": "mairie"}, "adresse électronique complète"),
        ({"channel": "web"}, "Sélectionnez un choix valide"),
        ({"theme": "inconnu"}, "Sélectionnez un choix valide"),
        ({"function": "reine"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_is_kept(desk, figeac, fields, said):
    page = content(desk.post(CALL, call(figeac, **{"text": "Ce que j’ai entendu.", **fields})))
    assert said in page
    assert "Ce que j’ai entendu." in page or "text" in fields
    assert f'value="{KEY}"' in page
    assert not Inquiry.objects.exists()


def test_a_form_whose_key_was_lost_is_not_sent(desk, figeac):
    assert desk.post(CALL, call(figeac, sent_key="x")).status_code == 200
    assert not Inquiry.objects.exists()


def test_the_verdict_is_told_as_soon_as_a_place_is_chosen(desk, figeac):
    toulouse = make_place("Toulouse", population=500_000)
    path = reverse("inquiries:call_verdict")
    assert "Service ouvert" in content(desk.get(path, {"cle": figeac.key}))
    assert "dites pourquoi ci-dessous" in content(desk.get(path, {"cle": toulouse.key}))
    assert content(desk.get(path, {"cle": "rien"})).strip() == ""

"""The list of the desk: who opens it, what it shows in which order, at what cost."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries import actions
from inquiries.models import ClosingDays, Inquiry, QuestionTheme
from tests.accounts.factories import make_place, make_user

from .factories import answered, detail_asked, make_inquiry

pytestmark = pytest.mark.django_db
DESK = reverse("inquiries:desk")


def numbers(response):
    return [inquiry.number for inquiry in response.context["page"]]


def read(client, **filters):
    response = client.get(DESK, filters)
    assert response.status_code == 200
    return response


def due(inquiry, day):
    Inquiry.objects.filter(pk=inquiry.pk).update(due_on=day)


@pytest.fixture
def desk(client, adviser):
    client.force_login(adviser)
    return client


def test_only_advisers_come_in(stranger, elected, curator, manager, adviser):
    assert Client().get(DESK)["Location"] == f"/connexion/?next={DESK}"
    for person, status in ((stranger, 403), (elected, 403), (curator, 403), (manager, 403), (adviser, 200)):
        client = Client()
        client.force_login(person)
        assert client.get(DESK).status_code == status


def test_nothing_of_the_desk_stays_in_a_browser(desk):
    assert "no-store" in desk.get(DESK)["Cache-Control"]


def test_by_due_date_then_those_whose_clock_is_stopped(desk, adviser):
    today = timezone.localdate()
    stopped, later, late, over = (make_inquiry() for _ in range(4))
    detail_asked(stopped, adviser)
    due(later, today + timedelta(days=3))
    due(late, today - timedelta(days=3))
    answered(over, adviser)
    assert numbers(read(desk)) == [late.number, later.number, stopped.number]
    assert numbers(read(desk, retard="1")) == [late.number]
    assert numbers(read(desk, etat="a-completer")) == [stopped.number]
    assert numbers(read(desk, etat="repondue")) == [over.number]
    assert numbers(read(desk, etat="toutes")) == [q.number for q in (over, late, later, stopped)]


def test_by_theme_and_by_adviser(desk, adviser):
    theme = QuestionTheme.objects.create(key="etat-civil", label="État civil", position=1)
    other = make_user("karim@portail.exemple", first_name="Karim", last_name="Haddad", duties=["conseil"])
    mine, theirs, free = make_inquiry(more={"theme": theme}), make_inquiry(), make_inquiry()
    actions.claim(mine, by=adviser)
    actions.claim(theirs, by=other)
    assert numbers(read(desk, theme="etat-civil")) == [mine.number]
    assert numbers(read(desk, conseiller="moi")) == [mine.number]
    assert numbers(read(desk, conseiller="personne")) == [free.number]
    assert numbers(read(desk, conseiller=other.pk)) == [theirs.number]
    assert numbers(read(desk, conseiller="moi", theme="etat-civil", etat="recue")) == []
    assert "Mes dossiers (1)" in read(desk).content.decode()


def test_a_colleague_who_left_is_still_found(desk):
    gone = make_user("partie@portail.exemple", last_name="Partie", duties=["conseil"])
    inquiry = make_inquiry()
    actions.claim(inquiry, by=gone)
    gone.is_active = False
    gone.save()
    assert numbers(read(desk, conseiller=gone.pk)) == [inquiry.number]


@pytest.mark.parametrize("name", ["etat", "theme", "conseiller", "collectivite"])
@pytest.mark.parametrize("value", ["inconnu", "9" * 40, "%00"])
def test_a_filter_that_does_not_exist_is_told_and_left_out(desk, name, value):
    inquiry = make_inquiry()
    response = read(desk, **{name: value})
    assert numbers(response) == [inquiry.number]
    if name != "collectivite":
        assert "Ce filtre n’existe pas, ou plus." in response.content.decode()


@pytest.mark.parametrize("typed", ["Q-{year}-{rank:04}", "{year}-{rank}", "{rank}", "q {year} {rank}", " {rank:04} "])
def test_a_number_opens_its_question(desk, typed):
    inquiry = make_inquiry()
    _, year, rank = inquiry.number.split("-")
    response = desk.get(DESK, {"numero": typed.format(year=year, rank=int(rank))})
    assert response.url == reverse("inquiries:desk_question", args=[inquiry.number])


@pytest.mark.parametrize("typed", ["Q-1999-0001", "épicerie", "0", "9" * 25])
def test_a_number_that_does_not_exist_is_said_and_kept(desk, typed):
    page = read(desk, numero=typed).content.decode()
    assert "Aucune question ne porte le numéro" in page
    assert f'value="{typed}"' in page


def test_what_a_row_says(desk, adviser):
    lot = make_place("Lot", kind="departement", code="98")
    unconfirmed = make_inquiry(place=make_place("Figeac", departement=lot, population=9834))
    page = read(desk).content.decode()
    for said in (
        unconfirmed.number, "Figeac (98), 9\u202f834\u00a0habitants", "sans thème", "adresse à confirmer", "Reçue",
        "Prendre<span", "Reste 5 jours", "Délai consommé\u00a0: 0 jour sur 5",
    ):  # fmt: skip
        assert said in page


def test_how_delays_are_told(desk, adviser, monkeypatch):
    """On Tuesday 26 May 2026, after Whit Monday; the service was closed on Friday 22."""
    ClosingDays.objects.create(first=date(2026, 5, 22), last=date(2026, 5, 22))
    questions = {name: make_inquiry() for name in ("today", "one", "two", "left", "stopped", "answered")}
    monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: date(2026, 5, 26))
    due(questions["today"], date(2026, 5, 26))
    due(questions["one"], date(2026, 5, 21))
    due(questions["two"], date(2026, 5, 20))
    due(questions["left"], date(2026, 5, 28))
    told = {inquiry.number: inquiry.delay for inquiry in read(desk).context["page"]}
    texts = {name: told[questions[name].number].text for name in ("today", "one", "two", "left")}
    assert texts == {
        "today": "Aujourd’hui",
        "one": "En retard d’un jour",
        "two": "En retard de 2 jours",
        "left": "Reste 2 jours",
    }
    assert told[questions["two"].number].used_text == "Délai consommé\u00a0: 7 jours sur 5"


def test_how_long_answers_took(desk, adviser):
    stopped, fast = make_inquiry(), make_inquiry()
    detail_asked(stopped, adviser)
    answered(fast, adviser)
    assert "Délai suspendu" in read(desk).content.decode()
    assert "Le jour même" in read(desk, etat="repondue").content.decode()


def test_the_same_statements_for_one_question_and_for_many(desk, adviser, django_assert_num_queries):
    def states():
        answered(make_inquiry(), adviser)
        detail_asked(make_inquiry(), adviser)
        actions.claim(make_inquiry(), by=adviser)

    states()
    read(desk, etat="toutes")
    with django_assert_num_queries(10) as first:
        read(desk, etat="toutes")
    for _ in range(10):
        states()
    with django_assert_num_queries(len(first)):
        assert len(numbers(read(desk, etat="toutes"))) == 25


def test_far_pages_stop_somewhere(desk, monkeypatch):
    monkeypatch.setattr("inquiries.filters.SHOWN_MOST", 26)
    for _ in range(28):
        make_inquiry()
    response = read(desk, page="999")
    assert response.context["page"].number == 2
    assert "filtrez pour retrouver les plus anciennes" in response.content.decode()
    for page in ("0", "-1", "x", "9" * 30):
        read(desk, page=page)


def test_the_header_leads_advisers_to_the_desk_and_nobody_else(client, adviser, elected, manager):
    link = f'href="{DESK}"'
    assert link not in client.get("/").content.decode()
    for person, is_led in ((elected, False), (adviser, True), (manager, False), (adviser, True)):
        client.force_login(person)
        assert (link in client.get("/").content.decode()) == is_led

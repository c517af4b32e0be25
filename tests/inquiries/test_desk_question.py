"""A question seen by an adviser, and what they do with it."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries import actions
from inquiries.models import Event, EventKind, Inquiry, MessageKind, NoticeKind, QuestionTheme, State
from jobs.models import Mail
from tests.accounts.factories import make_place, make_user
from tests.accounts.test_at_once import both_at_once, browser_of
from tests.typography.test_pages import reproaches

from .factories import answered, detail_asked, last, make_identity, make_inquiry, make_question, replied

ACTS = ["claim", "hand_over", "write", "end", "set_theme", "override"]


@pytest.fixture
def desk(client, adviser):
    client.force_login(adviser)
    return client


@pytest.fixture
def karim(db):
    return make_user("karim@portail.exemple", first_name="Karim", last_name="Haddad", duties=["conseil"])


def address(inquiry, name="desk_question", **query):
    return reverse(f"inquiries:{name}", args=[inquiry.number], query=query)


def written(
    inquiry, text="Oui, **par convention**.", act="reponse", key="0b2ee7e2-3f4c-4c0e-9d64-8c5d8d0b7a11", **more
):
    return {"text": text, "act": act, "sent_key": key, "seen": last(inquiry), **more}


def fresh(inquiry):
    return Inquiry.objects.get(pk=inquiry.pk)


def content(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["desk_question", *ACTS])
def test_nobody_else_reads_nor_acts(name, stranger, elected, curator, manager):
    inquiry = make_inquiry(elected)
    events = Event.objects.count()
    assert Client().get(address(inquiry))["Location"] == f"/connexion/?next={address(inquiry)}"
    assert Client().post(address(inquiry, name), written(inquiry)).status_code in {403, 405}
    for person in (stranger, elected, curator, manager):
        client = Client()
        client.force_login(person)
        assert client.get(address(inquiry, name)).status_code in {403, 405}
        assert client.post(address(inquiry, name), written(inquiry)).status_code in {403, 405}
    assert Event.objects.count() == events


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["desk_question", *ACTS])
@pytest.mark.parametrize("number", ["Q-1999-0001", "4", "é" * 300])
def test_an_unknown_number_is_not_found(desk, name, number):
    path = reverse(f"inquiries:{name}", args=[number])
    assert {desk.get(path).status_code, desk.post(path, {"text": "Oui."}).status_code} <= {404, 405}


@pytest.mark.django_db
def test_what_the_page_tells(desk, adviser):
    place = make_place("Figeac", population=9834)
    make_inquiry(place=place)
    theme = QuestionTheme.objects.create(key="regies", label="Régies", position=1)
    identity = make_identity(phone="05 65.00.00-00", email="mairie@figeac.exemple")
    inquiry, _ = actions.log_call(
        make_question(place, text="Une ligne.\n<b>Une autre</b>.", more={"theme": theme}),
        identity, channel="telephone", answer="", by=adviser, key="appel",
    )  # fmt: skip
    mail = Mail.objects.create(to=inquiry.email, subject="Votre question", thread=inquiry.thread_name)
    mail.mark_refused("Adresse inconnue")
    actions.note(inquiry, "À *vérifier*.", by=adviser, key="note")
    page = content(desk.get(address(inquiry)))
    for said in (
        "Figeac (", "9\u202f834\u00a0habitants", "2 questions depuis", 'href="tel:0565000000"', "mairie@figeac.exemple",
        "Hélène Rouvière", "adjointe ou adjoint au maire", "&lt;b&gt;Une autre&lt;/b&gt;", "<em>vérifier</em>",
        "Note interne, Aline Conseil", "Régies", "Téléphone", "n’est pas arrivé",
        "Prise en charge, par Aline Conseil", "Reste 5 jours",
    ):  # fmt: skip
        assert said in page, said


@pytest.mark.django_db
def test_an_unconfirmed_address_and_a_refused_eligibility_are_said(desk):
    inquiry = make_inquiry(place=make_place("Toulouse", population=500_000))
    page = content(desk.get(address(inquiry)))
    assert "Adresse à confirmer" in page
    assert "non éligible" in page
    refused = content(desk.post(address(inquiry, "override"), {"reason": " "}))
    assert "Dites pourquoi" in refused
    desk.post(address(inquiry, "override"), {"reason": "Elle représente ses communes associées."})
    assert fresh(inquiry).override_reason == "Elle représente ses communes associées."
    assert inquiry.events.last().kind == EventKind.ELIGIBILITY
    assert "Elle représente" in content(desk.get(address(inquiry)))


@pytest.mark.django_db
def test_claimed_then_handed_over_then_given_back(desk, adviser, karim):
    inquiry = make_inquiry()
    said = content(desk.post(address(inquiry, "claim"), follow=True))
    assert "Vous suivez cette question." in said
    assert (fresh(inquiry).adviser, fresh(inquiry).state) == (adviser, State.IN_PROGRESS)
    seen = {"seen_adviser": adviser.pk}
    assert "Question confiée à Karim Haddad." in content(
        desk.post(address(inquiry, "hand_over"), {"to": karim.pk, **seen}, follow=True)
    )
    stale = content(desk.post(address(inquiry, "hand_over"), {"to": "", **seen}, follow=True))
    assert "Karim Haddad a été plus rapide" in stale
    assert fresh(inquiry).adviser == karim
    desk.post(address(inquiry, "hand_over"), {"to": "", "seen_adviser": karim.pk})
    assert (fresh(inquiry).adviser, fresh(inquiry).state) == (None, State.RECEIVED)


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["elected", "999999999999999999999", "moi"])
def test_a_question_is_not_handed_to_somebody_outside_of_the_team(request, desk, elected, to):
    inquiry = make_inquiry(elected)
    chosen = elected.pk if to == "elected" else to
    said = content(desk.post(address(inquiry, "hand_over"), {"to": chosen}, follow=True))
    assert "n’est pas, ou plus, de l’équipe" in said
    assert fresh(inquiry).adviser is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_the_second_is_told_who_was_faster():
    team = [make_user(first_name=name, last_name="Conseil", duties=["conseil"]) for name in ("Aline", "Karim")]
    inquiry = make_inquiry()
    browsers = [browser_of(person) for person in team]
    path = address(inquiry, "claim")
    pages = both_at_once(
        "inquiries_inquiry", *[lambda browser=browser: browser.post(path, follow=True) for browser in browsers]
    )
    told = [page.content.decode() for page in pages]
    winner = fresh(inquiry).adviser
    assert sorted("Vous suivez cette question." in page for page in told) == [False, True]
    loser = next(page for page in told if "Vous suivez cette question." not in page)
    assert f"{winner} a été plus rapide" in loser
    assert inquiry.events.filter(kind=EventKind.CLAIMED).count() == 1
    connection.close()


@pytest.mark.django_db
def test_a_question_answered_once_however_often_the_form_is_sent(desk, adviser):
    inquiry = make_inquiry()
    form = written(inquiry)
    assert "Votre réponse est envoyée" in content(desk.post(address(inquiry, "write"), form, follow=True))
    desk.post(address(inquiry, "write"), form)
    message = inquiry.messages.get(kind=MessageKind.ANSWER)
    assert message.html == "<p>Oui, <strong>par convention</strong>.</p>\n"
    assert (fresh(inquiry).state, fresh(inquiry).adviser) == (State.ANSWERED, adviser)
    assert inquiry.notices.get().kind == NoticeKind.ANSWERED


@pytest.mark.django_db
def test_a_detail_is_asked_and_the_clock_stops(desk):
    inquiry = make_inquiry()
    said = content(desk.post(address(inquiry, "write"), written(inquiry, act="precision"), follow=True))
    assert "Le délai est suspendu" in said
    assert (fresh(inquiry).state, fresh(inquiry).due_on) == (State.TO_COMPLETE, None)


@pytest.mark.django_db
def test_a_note_is_for_the_team_alone(desk, elected):
    inquiry = make_inquiry(elected)
    said = content(desk.post(address(inquiry, "write"), written(inquiry, act="note"), follow=True))
    assert "Seule l’équipe la lit" in said
    assert [message.kind for message in inquiry.messages.for_asker()] == [MessageKind.ASKER]
    assert not inquiry.notices.exists()
    assert fresh(inquiry).state == State.RECEIVED


@pytest.mark.django_db
def test_an_answer_written_meanwhile_is_kept_and_the_new_message_shown(desk, elected):
    inquiry = make_inquiry(elected)
    form = written(inquiry, "Ma longue réponse.")
    replied(inquiry, elected, "J’oubliais : il y a un bail.")
    page = content(desk.post(address(inquiry, "write"), form))
    assert "Un message est arrivé pendant que vous écriviez" in page
    assert "Ma longue réponse.</textarea>" in page
    assert "J’oubliais : il y a un bail." in page
    assert page.count('<span class="tag">Nouveau</span>') == 1
    assert not inquiry.messages.filter(kind=MessageKind.ANSWER).exists()
    again = {**form, "seen": last(inquiry)}
    assert f'name="seen" value="{again["seen"]}"' in page
    assert f'name="sent_key" value="{form["sent_key"]}"' in page
    desk.post(address(inquiry, "write"), again)
    assert inquiry.messages.filter(kind=MessageKind.ANSWER).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "0", "x", "9" * 30])
def test_a_form_that_does_not_say_what_was_read_sends_nothing(desk, seen):
    inquiry = make_inquiry()
    page = content(desk.post(address(inquiry, "write"), written(inquiry, "Ma réponse.", seen=seen)))
    assert "Ma réponse.</textarea>" in page
    assert not inquiry.messages.filter(kind=MessageKind.ANSWER).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Écrivez votre message."), ("   ", "Écrivez votre message."), ("a" * 20_001, "20\u202f000 au plus")],
)
def test_a_message_that_cannot_be_sent_is_told_and_kept(desk, text, said):
    inquiry = make_inquiry()
    for act in ("reponse", "note", "apercu"):
        page = content(desk.post(address(inquiry, "write"), written(inquiry, text, act=act)))
        assert said in page
        assert not text.strip() or f"{text}</textarea>" in page
    assert inquiry.messages.count() == 1


@pytest.mark.django_db
def test_the_end_of_a_line_counts_for_one_character(desk):
    inquiry = make_inquiry()
    desk.post(address(inquiry, "write"), written(inquiry, "a\r\n" * 9_999 + "b"))
    assert fresh(inquiry).state == State.ANSWERED


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["page", "partial"])
def test_the_preview_shows_markdown_and_lets_no_script_in(desk, way):
    inquiry = make_inquiry()
    text = "**gras** <script>alert(1)</script> [lien](javascript:alert(2)) <img src=x onerror=alert(3)>\n\n# Titre"
    if way == "page":
        page = content(desk.post(address(inquiry, "write"), written(inquiry, text, act="apercu")))
    else:
        page = content(desk.post(reverse("inquiries:preview"), written(inquiry, text)))
    assert "<strong>gras</strong>" in page
    assert "<h3>Titre</h3>" in page
    assert "rien n’est envoyé" in page
    for bad in ("<script>alert", 'href="javascript', "<img src"):
        assert bad not in page
    assert inquiry.messages.count() == 1


@pytest.mark.django_db
def test_a_preview_of_too_much_says_so(desk):
    page = content(desk.post(reverse("inquiries:preview"), {"text": "a" * 20_001, "sent_key": "x"}))
    assert "20\u202f000 au plus" in page


@pytest.mark.django_db
def test_what_was_being_written_survives_the_end_of_the_session(elected):
    inquiry = make_inquiry(elected)
    path = address(inquiry, "write", conseiller="moi")
    response = Client().post(path, written(inquiry, "Ma longue réponse."))
    page = response.content.decode()
    assert response.status_code == 403
    assert "Ma longue réponse.</textarea>" in page
    assert page.count("<textarea") == 1
    assert quote(path, safe="") in page
    client = Client()
    client.force_login(make_user(duties=["conseil"]))
    assert client.get(path)["Location"] == address(inquiry, conseiller="moi")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "more", "state"),
    [
        ("close", {}, State.CLOSED),
        ("orientee", {"referred_to": "L’ADIL du Lot"}, State.REFERRED),
        ("hors-perimetre", {}, State.OUT_OF_SCOPE),
        ("doublon", {}, State.DUPLICATE),
    ],
)
def test_a_question_is_ended_and_the_person_told(desk, kind, more, state):
    inquiry, other = make_inquiry(), make_inquiry()
    page = content(desk.get(address(inquiry, "end")))
    assert "La personne reçoit un courriel" in page
    data = {"kind": kind, "seen": inquiry.events.latest("pk").pk, "duplicate_of": other.number, **more}
    said = content(desk.post(address(inquiry, "end"), data, follow=True))
    assert f"{inquiry.number} est classée" in said
    inquiry = fresh(inquiry)
    assert (inquiry.state, inquiry.due_on) == (state, None)
    assert inquiry.duplicate_of == (other if kind == "doublon" else None)
    assert inquiry.referred_to == more.get("referred_to", "")
    assert inquiry.notices.get().kind == NoticeKind.CLOSED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choisissez comment se termine la question."),
        ({"kind": "retiree"}, "Sélectionnez un choix valide"),
        ({"kind": "orientee"}, "Dites vers quel service"),
        ({"kind": "doublon"}, "Indiquez le numéro de l’autre question."),
        ({"kind": "doublon", "duplicate_of": "épicerie"}, "Aucune question ne porte le numéro épicerie."),
        ({"kind": "doublon", "duplicate_of": "Q-1999-0001"}, "Aucune question ne porte le numéro Q-1999-0001."),
    ],
)
def test_an_end_that_lacks_something_is_told(desk, data, said):
    inquiry = make_inquiry()
    assert said in content(desk.post(address(inquiry, "end"), {"seen": last(inquiry), **data}))
    assert fresh(inquiry).state == State.RECEIVED


@pytest.mark.django_db
def test_a_duplicate_leads_to_a_question_that_is_none(desk):
    inquiry, other, first = make_inquiry(), make_inquiry(), make_inquiry()
    data = {"kind": "doublon", "seen": last(inquiry)}
    itself = content(desk.post(address(inquiry, "end"), {**data, "duplicate_of": inquiry.number}))
    assert "C’est le numéro de cette question-ci." in itself
    actions.end(other, EventKind.DUPLICATED, by=None, duplicate_of=first)
    assert "elle-même un doublon" in content(desk.post(address(inquiry, "end"), {**data, "duplicate_of": other.number}))


@pytest.mark.django_db
def test_nothing_is_ended_over_a_message_that_was_not_read(desk, elected):
    inquiry = make_inquiry(elected)
    data = {"kind": "close", "seen": last(inquiry)}
    replied(inquiry, elected)
    said = content(desk.post(address(inquiry, "end"), data, follow=True))
    assert "relisez le fil" in said
    assert fresh(inquiry).is_open


@pytest.mark.django_db
def test_the_theme_changes_the_due_date(desk):
    slow = QuestionTheme.objects.create(key="lent", label="Lent", position=1, answer_days=20)
    inquiry = make_inquiry()
    desk.post(address(inquiry, "set_theme"), {"theme": slow.key})
    assert fresh(inquiry).theme == slow
    assert fresh(inquiry).due_on > inquiry.due_on
    said = content(desk.post(address(inquiry, "set_theme"), {"theme": "inconnu"}, follow=True))
    assert "Ce thème n’existe pas" in said
    desk.post(address(inquiry, "set_theme"), {"theme": ""})
    assert fresh(inquiry).theme is None
    assert fresh(inquiry).due_on == inquiry.due_on


@pytest.mark.django_db
def test_from_one_question_to_the_next_in_the_order_of_the_list(desk, adviser):
    first, second, third, stopped = (make_inquiry() for _ in range(4))
    day = timezone.localdate()
    for inquiry, due_on in ((second, day), (first, day), (third, day + timedelta(days=1))):
        Inquiry.objects.filter(pk=inquiry.pk).update(due_on=due_on)
    detail_asked(stopped, adviser)
    order = [first, second, third, stopped]

    def around(inquiry, **query):
        context = desk.get(address(inquiry, **query)).context
        return context["before"], context["after"]

    for place, inquiry in enumerate(order):
        before = order[place - 1].number if place else None
        after = order[place + 1].number if place < 3 else None
        assert around(inquiry) == (before, after)
        newest = sorted(order, key=lambda row: -row.pk)
        rank = newest.index(inquiry)
        before = newest[rank - 1].number if rank else None
        after = newest[rank + 1].number if rank < 3 else None
        assert around(inquiry, etat="toutes") == (before, after)
    actions.claim(third, by=adviser)
    actions.claim(first, by=adviser)
    assert around(first, conseiller="moi") == (None, third.number)
    answered(fresh(first), adviser)
    assert around(first) == (None, second.number)


@pytest.mark.django_db
def test_the_same_statements_for_a_short_and_for_a_long_thread(desk, elected, adviser, django_assert_num_queries):
    inquiry = make_inquiry(elected)
    actions.claim(inquiry, by=adviser)
    desk.get(address(inquiry))
    with django_assert_num_queries(14) as first:
        desk.get(address(inquiry))
    for _ in range(10):
        detail_asked(inquiry, make_user(duties=["conseil"]))
        replied(inquiry, elected)
    with django_assert_num_queries(len(first)):
        desk.get(address(inquiry))


@pytest.mark.django_db
def test_the_whole_loop_from_asked_to_reopened(desk, adviser, elected):
    inquiry = make_inquiry(elected)
    assert inquiry.number in content(desk.get(reverse("inquiries:desk")))
    desk.post(address(inquiry, "claim"))
    desk.post(address(inquiry, "write"), written(inquiry))
    assert inquiry.number not in content(desk.get(reverse("inquiries:desk")))
    actions.rate(fresh(inquiry), 4, "Clair.", by=elected)
    page = content(desk.get(address(inquiry)))
    assert "Notée 4 sur 5" in page
    replied(fresh(inquiry), elected, "Et hors de la commune ?")
    page = content(desk.get(reverse("inquiries:desk"), {"conseiller": "moi"}))
    assert inquiry.number in page
    assert "Reste 5 jours" in page
    kinds = [EventKind.ASKED, EventKind.CLAIMED, EventKind.ANSWERED, EventKind.RATED, EventKind.REOPENED]
    assert [event.kind for event in inquiry.events.all()] == kinds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "typed"),
    [("end", {"kind": "orientee", "referred_to": "ADIL\u202e43"}), ("override", {"reason": "Oui\x07"})],
)
def test_invisible_signs_are_refused_in_what_ends_a_question(desk, name, typed):
    inquiry = make_inquiry(place=make_place("Toulouse", population=500_000))
    assert "caractères invisibles" in content(desk.post(address(inquiry, name), typed))
    assert (fresh(inquiry).referred_to, fresh(inquiry).override_reason) == ("", "")


@pytest.mark.django_db
def test_the_pages_follow_french_typography(desk, adviser):
    inquiry = make_inquiry(place=make_place("Toulouse", population=500_000), subject="Prêter une salle")
    over = answered(make_inquiry(subject="Louer une salle"), adviser)
    actions.rate(over, 4, "Clair.", by=adviser)
    paths = [
        reverse("inquiries:desk", query={"etat": "toutes"}), reverse("inquiries:desk", query={"numero": "4"}),
        address(inquiry), address(over), address(inquiry, "end"), reverse("inquiries:log_call"),
        reverse("inquiries:call_logged", args=[inquiry.number]),
    ]  # fmt: skip
    for path in paths:
        assert reproaches(content(desk.get(path))) == []
    for path in (address(inquiry, "end"), address(inquiry, "override"), reverse("inquiries:log_call")):
        assert reproaches(content(desk.post(path))) == []

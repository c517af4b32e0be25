"""The life of a question: who may do what when, what is written, who is told."""

import pytest
from django.db import DatabaseError, transaction

from inquiries import actions
from inquiries.models import Draft, Event, EventKind, Inquiry, Message, MessageKind, Notice, NoticeKind, State
from jobs.models import Mail
from tests.accounts.factories import make_membership, make_user

from .factories import answered, detail_asked, last, make_identity, make_inquiry, make_question, replied

pytestmark = pytest.mark.django_db


def kinds(inquiry):
    return [event.kind for event in inquiry.events.all()]


def told(inquiry):
    return [notice.kind for notice in inquiry.notices.order_by("pk")]


def test_asking_gives_a_number_a_due_date_and_a_receipt(elected):
    inquiry = make_inquiry(elected)
    again = make_inquiry(elected)
    assert inquiry.number[:7] == f"Q-{inquiry.asked_at.year}-"
    assert int(again.number[7:]) == int(inquiry.number[7:]) + 1
    assert inquiry.due_on > inquiry.asked_at.date()
    assert Mail.objects.filter(to=elected.email, thread=inquiry.thread_name).count() == 1


def test_a_draft_sent_twice_is_one_question(elected):
    draft = Draft.objects.create(owner=elected)
    assert make_inquiry(elected, draft=draft) == make_inquiry(elected, draft=draft)
    assert Inquiry.objects.count() == Message.objects.count() == 1


def test_without_a_proved_address_the_question_waits_and_is_then_theirs():
    inquiry = make_inquiry()
    assert inquiry.is_unconfirmed
    assert not Mail.objects.exists()
    person = make_user(inquiry.email, first_name="", last_name="")
    actions.confirm(inquiry, make_user("autre@exemple.fr"))
    inquiry.refresh_from_db()
    assert inquiry.asker is None
    actions.confirm(inquiry, person)
    inquiry.refresh_from_db()
    assert inquiry.asker == person
    assert person.get_full_name() == "Hélène Rouvière"
    assert person.memberships.declared().get().collectivity == inquiry.collectivity


def test_from_asked_to_rated_and_open_again(elected, adviser):
    inquiry = make_inquiry(elected)
    assert actions.claim(inquiry, by=adviser)
    detail_asked(inquiry, adviser)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.due_on) == (State.TO_COMPLETE, None)
    replied(inquiry, elected)
    inquiry.refresh_from_db()
    assert inquiry.state == State.IN_PROGRESS
    assert inquiry.due_on
    answered(inquiry, adviser)
    actions.rate(inquiry, 4, "Clair.", by=elected)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.rating, inquiry.due_on) == (State.ANSWERED, 4, None)
    replied(inquiry, elected, "Et si l’association est hors de la commune ?")
    inquiry.refresh_from_db()
    assert inquiry.state == State.IN_PROGRESS
    assert kinds(inquiry) == [
        EventKind.ASKED,
        EventKind.CLAIMED,
        EventKind.DETAIL_ASKED,
        EventKind.REPLIED,
        EventKind.ANSWERED,
        EventKind.RATED,
        EventKind.REOPENED,
    ]
    assert told(inquiry) == [NoticeKind.CLAIMED, NoticeKind.DETAIL_ASKED, NoticeKind.ANSWERED]


def test_the_second_to_claim_is_told(elected, adviser):
    inquiry = make_inquiry(elected)
    assert actions.claim(inquiry, by=adviser)
    assert not actions.claim(inquiry, by=make_user("autre@portail.exemple"))
    inquiry.refresh_from_db()
    assert inquiry.adviser == adviser


def test_an_answer_is_not_sent_over_a_message_that_its_writer_has_not_read(elected, adviser):
    inquiry = make_inquiry(elected)
    seen = last(inquiry)
    replied(inquiry, elected, "J’oubliais : c’est urgent.")
    with pytest.raises(actions.Refused, match="Un message est arrivé"):
        actions.answer(inquiry, "Oui.", by=adviser, key="a", seen=seen)
    actions.answer(inquiry, "Oui.", by=adviser, key="a", seen=last(inquiry))
    actions.answer(inquiry, "Oui.", by=adviser, key="a", seen=last(inquiry))  # a double click
    assert inquiry.messages.filter(kind=MessageKind.ANSWER).count() == 1


def test_what_is_over_takes_no_more_message(elected):
    inquiry = actions.withdraw(make_inquiry(elected), by=elected)
    with pytest.raises(actions.Refused):
        replied(inquiry, elected)
    with pytest.raises(actions.Refused):
        actions.withdraw(inquiry, by=elected)


def test_a_call_is_logged_once_and_answered_at_once(adviser):
    for is_new in (True, False):
        inquiry, new = actions.log_call(
            make_question(), make_identity(email=""), channel="telephone", answer="Oui.", by=adviser, key="appel"
        )
        assert new == is_new
    assert Inquiry.objects.get() == inquiry
    assert inquiry.state == State.ANSWERED
    assert not Notice.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.parametrize("model", [Event, Message])
def test_the_database_keeps_what_was_said_and_what_happened(elected, model):
    make_inquiry(elected)
    for change in (lambda: model.objects.update(inquiry=1), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


def test_visible_to_the_asker_the_advisers_and_the_colleagues_it_is_shared_with(elected, adviser, stranger, curator):
    place = elected.memberships.get().collectivity
    inquiry = make_inquiry(elected, place)
    colleague = make_user("collegue@mairie.exemple")
    make_membership(colleague, place)
    seen = [Inquiry.objects.visible_to(person).exists() for person in (elected, adviser, colleague, stranger, curator)]
    assert seen == [True, True, False, False, False]
    actions.share(inquiry, True, by=elected)
    assert Inquiry.objects.visible_to(colleague).exists()
    assert not Inquiry.objects.visible_to(stranger).exists()


def test_what_a_stranger_says_from_somebody_s_address_is_not_said_by_that_person():
    inquiry = make_inquiry()
    person = make_user(inquiry.email, first_name="", last_name="")
    actions.adopt(make_user("autre@exemple.fr"))
    actions.adopt(person)
    inquiry.refresh_from_db()
    assert inquiry.asker == person
    assert inquiry.events.get(kind=EventKind.CONFIRMED).by is None
    assert not person.get_full_name()
    assert not person.memberships.exists()


def test_a_form_changed_after_it_was_sent_is_another_message(elected, adviser):
    inquiry = make_inquiry(elected)
    seen = last(inquiry)
    actions.note(inquiry, "À vérifier.", by=adviser, key="formulaire")
    with pytest.raises(actions.Refused, match="Un message est arrivé"):
        actions.answer(inquiry, "Oui.", by=adviser, key="formulaire", seen=seen)
    actions.answer(inquiry, "Oui.", by=adviser, key="formulaire", seen=last(inquiry))
    assert inquiry.messages.get(kind=MessageKind.ANSWER).text == "Oui."


def test_the_same_words_on_two_questions_are_two_messages(elected):
    for inquiry in (make_inquiry(elected), make_inquiry(elected)):
        actions.reply(inquiry, "Merci", by=elected, key="", uploads=[])
        assert inquiry.messages.filter(text="Merci").count() == 1


def test_nothing_ends_over_what_happened_since(elected, adviser):
    inquiry = make_inquiry(elected)
    answered(inquiry, adviser)
    seen = inquiry.events.latest("pk").pk
    actions.reopen(inquiry, by=elected)
    with pytest.raises(actions.Refused):
        actions.end(inquiry, EventKind.CLOSED, by=adviser, seen=seen)
    inquiry.refresh_from_db()
    assert inquiry.is_open


def test_what_was_never_answered_is_not_rated(elected):
    inquiry = actions.solve(make_inquiry(elected), by=elected)
    with pytest.raises(actions.Refused):
        actions.rate(inquiry, 5, "", by=elected)

"""Answers are counted once, and nothing says who gave them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jobs import queue
from jobs.registry import PERIODS
from roles import answers
from roles.models import DONT_KNOW, AnswerCount, CountedAnswer, Questionnaire, VersionState
from tests.roles.factories import make_questionnaire

pytestmark = pytest.mark.django_db

TWO = [[{"dominante": 1}, {"coproduction": 1}], [{"acteur": 1}, {"financeur": 1}]]


@pytest.fixture
def version():
    return make_questionnaire(TWO, state=VersionState.PUBLISHED, published_at=timezone.now() - timedelta(days=200))


def whole(version):
    return Questionnaire.objects.whole().get(pk=version.pk)


def count(version, given, journey="un-hasard", began_on=None):
    answers.count_once(whole(version), given, journey=journey, began_on=began_on or timezone.localdate())


def counted(version):
    rows = AnswerCount.objects.filter(question__questionnaire=version).order_by("question", "option")
    return {(row.question.key, row.option.key if row.option else DONT_KNOW): row.count for row in rows}


def test_a_result_shown_again_counts_once(version):
    for _ in range(3):
        count(version, {"q1": "a", "q2": DONT_KNOW})
    assert counted(version) == {("q1", "a"): 1, ("q2", DONT_KNOW): 1}
    assert AnswerCount.objects.filter(option=None).get().month == timezone.localdate().replace(day=1)


def test_the_second_result_counts_only_what_the_first_did_not(version):
    count(version, {"q1": "a"})
    count(version, {"q1": "b", "q2": "a"})
    assert counted(version) == {("q1", "a"): 1, ("q2", "a"): 1}


def test_two_journeys_count_twice(version):
    count(version, {"q1": "a"}, journey="un")
    count(version, {"q1": "a", "q2": DONT_KNOW}, journey="deux")
    count(version, {"q2": DONT_KNOW}, journey="trois")
    assert counted(version) == {("q1", "a"): 2, ("q2", DONT_KNOW): 2}


def test_a_draft_is_not_counted():
    draft = make_questionnaire(TWO)
    count(draft, {"q1": "a"})
    assert not AnswerCount.objects.exists()


def test_a_journey_older_than_its_marks_is_not_counted_again(version):
    today = timezone.localdate()
    count(version, {"q1": "a"}, began_on=today - answers.REMEMBERED_FOR)
    count(version, {"q1": "a"}, began_on=today + timedelta(days=1))
    assert not AnswerCount.objects.exists()


def test_marks_are_forgotten_no_sooner_than_their_journey(version):
    today = timezone.localdate()
    count(version, {"q1": "a"}, began_on=today - answers.REMEMBERED_FOR + timedelta(days=1))
    assert CountedAnswer.objects.get().forget_on > today
    CountedAnswer.objects.create(digest="ancienne", forget_on=today - timedelta(days=1))
    assert PERIODS["roles.forget_counted_answers"].daily_at
    queue.put("roles.forget_counted_answers")
    queue.do_ready()
    assert not CountedAnswer.objects.filter(digest="ancienne").exists()
    assert CountedAnswer.objects.count() == 1


def test_a_mark_says_neither_whose_nor_which(version):
    count(version, {"q1": "a", "q2": "b"}, journey="un-hasard")
    count(version, {"q1": "b"}, journey="autre")
    marks = CountedAnswer.objects.values_list("digest", flat=True)
    assert len(set(marks)) == 3
    assert all(len(mark) == 64 and "hasard" not in mark for mark in marks)
    assert {field.name for field in CountedAnswer._meta.fields} == {"digest", "forget_on"}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_count_once(version):
    def show():
        try:
            count(version, {"q1": "a", "q2": "b"})
        finally:
            connection.close()

    tabs = [threading.Thread(target=show) for _ in range(6)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert counted(version) == {("q1", "a"): 1, ("q2", "b"): 1}


def night():
    assert PERIODS["roles.settle_answers"].daily_at
    queue.put("roles.settle_answers")
    queue.do_ready()


def told(spread):
    return spread and [(share.option and share.option.key, share.count, share.about) for share in spread.shares]


def test_shares_are_shown_from_ten_answers_up(version, django_assert_num_queries):
    question = whole(version).questions.all()[0]
    for number in range(9):
        count(version, {"q1": "a"}, journey=f"hasard-{number}")
    night()
    assert answers.public_spread(question) is answers.spreads([question])[question.pk] is None
    count(version, {"q1": DONT_KNOW}, journey="dixième")
    night()
    with django_assert_num_queries(1):
        spread = answers.public_spread(question)
    assert spread
    assert spread.total == 10
    assert told(spread) == [("a", 9, 90), ("b", 0, 0), (None, 1, 10)]


def test_no_answer_shows_by_itself_in_what_visitors_read(version):
    """Neither at once, nor the night after: only with nine others."""
    first, second = whole(version).questions.all()
    for number in range(10):
        count(version, {"q1": "a", "q2": "a"}, journey=f"hasard-{number}")
    assert answers.public_spread(first) is None
    night()
    before = told(answers.public_spread(first))
    for number in range(9):
        count(version, {"q1": "b"}, journey=f"suite-{number}")
        night()
        assert told(answers.public_spread(first)) == before == [("a", 10, 100), ("b", 0, 0), (None, 0, 0)]
    count(version, {"q1": DONT_KNOW}, journey="vingtième")
    assert told(answers.public_spread(first)) == before
    night()
    assert told(answers.public_spread(first)) == [("a", 10, 50), ("b", 9, 45), (None, 1, 5)]
    assert told(answers.public_spread(second)) == before


def test_shares_are_rounded_for_visitors_and_exact_for_curators(version):
    question = whole(version).questions.all()[0]
    for number, given in enumerate("a" * 8 + "b" * 3):
        count(version, {"q1": given}, journey=f"hasard-{number}")
    night()
    spread = answers.public_spread(question)
    assert spread
    assert [share.about for share in spread.shares] == [75, 25, 0]
    exact = answers.spreads([question])[question.pk]
    assert exact
    assert [(share.count, share.percent) for share in exact.shares] == [(8, 73), (3, 27), (0, 0)]


def test_months_are_settled_together(version):
    question = whole(version).questions.all()[0]
    option = question.options.all()[0]
    for month, number in (("2026-09-01", 7), ("2026-10-01", 5)):
        AnswerCount.objects.create(question=question, option=option, month=month, count=number)
    night()
    assert told(answers.public_spread(question)) == [("a", 12, 100), ("b", 0, 0), (None, 0, 0)]


def test_counting_takes_one_statement(version, django_assert_num_queries):
    ready = whole(version)
    with django_assert_num_queries(1):
        answers.count_once(ready, {"q1": "a", "q2": "b"}, journey="un", began_on=timezone.localdate())

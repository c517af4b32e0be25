from datetime import timedelta

import pytest
from django.utils import timezone

from experiences.actions import MOVES, MoveRefused, move, moves_from
from experiences.models import Experience, State
from tests.accounts.factories import make_user
from tests.experiences.factories import complete, make_experience

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return complete(make_experience(state=State.WRITING, first_published_on=None))


def is_public(experience):
    return Experience.objects.public().filter(pk=experience.pk).exists()


def test_a_sheet_goes_from_draft_to_archive_by_two_persons(draft, curator):
    other = make_user()
    path = []
    for name, by, reason in [
        ("submit", curator, ""),
        ("reread", other, ""),
        ("publish", other, ""),
        ("revise", other, "Un lecteur signale une erreur."),
        ("check", curator, ""),
        ("archive", curator, ""),
    ]:
        draft = move(draft, name, by=by, reason=reason)
        path.append((draft.state, is_public(draft)))
    assert path == [
        (State.TO_REREAD, False),
        (State.TO_VALIDATE, False),
        (State.PUBLISHED, True),
        (State.TO_REVISE, True),
        (State.PUBLISHED, True),
        (State.ARCHIVED, True),
    ]
    today = timezone.localdate()
    assert (draft.first_published_on, draft.last_checked_on, draft.last_checked_by) == (today, today, curator)
    assert draft.next_check_on == today + timedelta(days=365)
    assert draft.revision_reason == ""


def test_whoever_gave_it_to_be_read_again_does_not_validate_it(draft, curator):
    move(draft, "submit", by=curator)
    with pytest.raises(MoveRefused, match="Une autre personne"):
        move(draft, "reread", by=curator)
    move(draft, "reread", by=make_user())
    with pytest.raises(MoveRefused, match="Une autre personne"):
        move(draft, "publish", by=curator)
    assert not is_public(draft)


def test_a_sheet_that_nobody_submitted_is_not_published(curator):
    unknown = complete(make_experience(state=State.TO_VALIDATE, first_published_on=None))
    with pytest.raises(MoveRefused, match="Une autre personne"):
        move(unknown, "publish", by=curator)


@pytest.mark.parametrize(("name", "state"), [("submit", State.WRITING), ("publish", State.TO_VALIDATE)])
def test_a_sheet_without_place_theme_or_source_is_refused_with_what_is_missing(name, state, curator):
    bare = make_experience(state=state, first_published_on=None, submitted_by=make_user(), pitch=" ")
    with pytest.raises(MoveRefused, match=r": un résumé, un territoire, un thème et une source\.$"):
        move(bare, name, by=curator)
    complete(bare).sources.all().delete()
    Experience.objects.update(pitch="Ce qui a été tenté.")
    with pytest.raises(MoveRefused, match=r": une source\.$"):
        move(bare, name, by=curator)
    bare.refresh_from_db(fields=["state"])
    assert bare.state == state


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_only_the_moves_of_a_state_are_possible(state, name, curator):
    author = make_user()
    sheet = complete(make_experience(state=state, submitted_by=author, refusal_reason="Hors sujet."))
    if name in moves_from(state):
        assert move(sheet, name, by=curator, reason="Parce que.").state == MOVES[name].target
    else:
        with pytest.raises(MoveRefused, match="déjà dans l’état"):
            move(sheet, name, by=curator, reason="Parce que.")


@pytest.mark.parametrize(("name", "state"), [("refuse", State.PROPOSED), ("revise", State.PUBLISHED)])
def test_a_reason_is_given_and_kept(name, state, curator):
    sheet = make_experience(state=state)
    with pytest.raises(MoveRefused, match="raison"):
        move(sheet, name, by=curator, reason="  ")
    assert getattr(move(sheet, name, by=curator, reason=" Source morte. "), MOVES[name].reason) == "Source morte."


def test_each_move_is_in_the_history_with_its_author(draft, curator):
    move(draft, "submit", by=curator)
    version = draft.history.latest()
    assert (version.state, version.history_user, version.history_change_reason) == (
        State.TO_REREAD,
        curator,
        "Donner à relire",
    )

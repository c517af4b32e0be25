"""What the desk does."""

from django.db import transaction

from accounts.models import User

from .. import notices
from ..models import (
    EventKind,
    Inquiry,
    MessageKind,
    NoticeKind,
    State,
)
from .life import ANSWERABLE, ENDINGS, happen, is_sent, key_of, locked, refuse_unless, refuse_unread, say


@transaction.atomic
def claim(inquiry: Inquiry, *, by: User) -> bool:
    """Take a question in charge; False if a colleague was faster, or if it is over."""
    if not Inquiry.objects.unclaimed().open().filter(pk=inquiry.pk).update(adviser=by):
        return False
    inquiry = locked(inquiry)
    state = State.IN_PROGRESS if inquiry.state == State.RECEIVED else inquiry.state
    happen(inquiry, EventKind.CLAIMED, state=state, by=by)
    notices.note(inquiry, NoticeKind.CLAIMED)
    return True


@transaction.atomic
def hand_over(inquiry: Inquiry, to: User | None, *, seen: User | None, by: User) -> bool:
    """Give a question to a colleague, or back to the queue; False if it is no longer in the hands that were seen."""
    if not Inquiry.objects.filter(pk=inquiry.pk, adviser=seen).update(adviser=to):
        return False
    inquiry = locked(inquiry)
    if to is None:
        state = State.RECEIVED if inquiry.state == State.IN_PROGRESS else inquiry.state
        happen(inquiry, EventKind.RELEASED, state=state, by=by)
    else:
        state = State.IN_PROGRESS if inquiry.state == State.RECEIVED else inquiry.state
        happen(inquiry, EventKind.CLAIMED, key=str(to.pk), state=state, by=by)
    return True


@transaction.atomic
def note(inquiry: Inquiry, text: str, *, by: User, key: str) -> Inquiry:
    inquiry = locked(inquiry)
    key = key_of(inquiry, MessageKind.NOTE, text, key)
    if not is_sent(key):
        say(inquiry, MessageKind.NOTE, text, by=by, key=key)
        happen(inquiry, EventKind.NOTED, by=by)
    return inquiry


@transaction.atomic
def answer(inquiry: Inquiry, text: str, *, by: User, key: str, seen: int | None) -> Inquiry:
    """Send an answer. `seen` is the last message that its writer had read: a later one is read before."""
    inquiry = locked(inquiry)
    key = key_of(inquiry, MessageKind.ANSWER, text, key)
    if not is_sent(key):
        refuse_unread(inquiry, seen)
        refuse_unless(inquiry.state in [*ANSWERABLE, State.CLOSED])
        say(inquiry, MessageKind.ANSWER, text, by=by, key=key)
        inquiry.adviser = inquiry.adviser or by
        happen(inquiry, EventKind.ANSWERED, state=State.ANSWERED, by=by)
        notices.note(inquiry, NoticeKind.ANSWERED)
    return inquiry


@transaction.atomic
def ask_detail(inquiry: Inquiry, text: str, *, by: User, key: str, seen: int | None) -> Inquiry:
    """Ask the asker for something: the clock stops until they reply."""
    inquiry = locked(inquiry)
    key = key_of(inquiry, MessageKind.DETAIL, text, key)
    if not is_sent(key):
        refuse_unread(inquiry, seen)
        refuse_unless(inquiry.is_open)
        say(inquiry, MessageKind.DETAIL, text, by=by, key=key)
        inquiry.adviser = inquiry.adviser or by
        happen(inquiry, EventKind.DETAIL_ASKED, state=State.TO_COMPLETE, by=by)
        notices.note(inquiry, NoticeKind.DETAIL_ASKED)
    return inquiry


@transaction.atomic
def end(
    inquiry: Inquiry,
    kind: EventKind,
    *,
    by: User | None,
    seen: int | None = None,
    referred_to: str = "",
    duplicate_of: Inquiry | None = None,
) -> Inquiry:
    """End a question in one of the ways of `ENDINGS`; without a person, the time did it.

    `seen` is the last event that the person had read, if any: nothing ends over what happened since.
    """
    inquiry = locked(inquiry)
    refuse_unless(inquiry.state in ANSWERABLE and seen in {None, inquiry.last_event})
    inquiry.referred_to = referred_to or inquiry.referred_to
    inquiry.duplicate_of = duplicate_of or inquiry.duplicate_of
    key = duplicate_of.number if duplicate_of else ""
    happen(inquiry, kind, state=ENDINGS[kind], key=key, by=by)
    notices.note(inquiry, NoticeKind.CLOSED)
    return inquiry


@transaction.atomic
def set_theme(inquiry: Inquiry, theme, *, by: User) -> None:
    inquiry = locked(inquiry)
    if inquiry.theme != theme:
        inquiry.theme = theme
        happen(inquiry, EventKind.THEME, key=theme.key if theme else "", by=by)


@transaction.atomic
def override(inquiry: Inquiry, reason: str, *, by: User) -> None:
    """Take the question of somebody who is not eligible, and say why."""
    inquiry = locked(inquiry)
    if inquiry.override_reason != reason:
        inquiry.override_reason = reason
        happen(inquiry, EventKind.ELIGIBILITY, by=by)

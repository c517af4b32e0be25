"""A question comes in, and finds whose it is."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Membership, User
from jobs import outbox
from territories.models import Collectivity

from .. import emails
from ..models import (
    Channel,
    Draft,
    EventKind,
    Inquiry,
    Message,
    MessageKind,
    State,
    Yearly,
)
from .life import (
    happen,
    locked,
    say,
)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who asks, as they say it."""

    first_name: str
    last_name: str
    function: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """All that a form gives of a question."""

    collectivity: Collectivity
    eligibility: dict[str, Any]
    subject: str
    text: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    """Other fields of `Inquiry`: theme, wanted_on, on_behalf_of, experience, origin, has_consent, override_reason."""


def ask(draft: Draft, question: Question, identity: Identity, *, person: User | None) -> Inquiry:
    """Store the question of a draft; sent again, the same draft gives the same question.

    Without a person whose address is proved, the question waits for that, and advisers see it as such.
    """
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.inquiry:
            return held.inquiry
        inquiry = _store(question, identity, channel=Channel.WEB, asker=person, by=person)
        message = say(inquiry, MessageKind.ASKER, question.text, by=person, key=f"brouillon-{held.key}")
        held.uploads.update(message=message, draft=None)
        held.inquiry, held.typed = inquiry, {}
        held.save(update_fields=["inquiry", "typed"])
        if person:
            outbox.put(emails.acknowledged(inquiry))
            _declare_membership(inquiry, person)
        return inquiry


def log_call(
    question: Question, identity: Identity, *, channel: str, answer: str, by: User, key: str
) -> tuple[Inquiry, bool]:
    """Store what was asked by phone, by mail or in a meeting, and answered at once if there is an answer.

    `key` is that of the form: sent again, it gives the same question, and False.
    """
    try:
        with transaction.atomic():
            inquiry = _store(question, identity, channel=channel, asker=None, by=by)
            if inquiry.override_reason:
                happen(inquiry, EventKind.ELIGIBILITY, by=by)
            say(inquiry, MessageKind.ASKER, question.text, by=None, key=f"appel-{key}")
            inquiry.adviser = by
            happen(inquiry, EventKind.CLAIMED, state=State.IN_PROGRESS, by=by)
            if answer:
                say(inquiry, MessageKind.ANSWER, answer, by=by)
                happen(inquiry, EventKind.ANSWERED, state=State.ANSWERED, by=by)
            if inquiry.email:
                outbox.put(emails.acknowledged(inquiry))
            return inquiry, True
    except IntegrityError:
        sent = Message.objects.select_related("inquiry").filter(sent_key=f"appel-{key}").first()
        if sent is None:
            raise
        return sent.inquiry, False


def _store(question, identity, *, channel, asker, by):
    now = timezone.now()
    inquiry = Inquiry(
        number=Yearly.take(timezone.localdate(now).year),
        channel=channel,
        asker=asker,
        confirmed_at=now if asker else None,
        collectivity=question.collectivity,
        eligibility=question.eligibility,
        subject=question.subject,
        asked_at=now,
        **vars(identity),
        **question.more,
    )
    inquiry.save()
    happen(inquiry, EventKind.ASKED, by=by)
    return inquiry


@transaction.atomic
def confirm(inquiry: Inquiry, person: User) -> None:
    """The person typed the code of this very question: what it says of them is what they say of themselves."""
    if _hand_to(inquiry, person, by=person):
        if not person.is_introduced:
            person.first_name = person.first_name or inquiry.first_name
            person.last_name = person.last_name or inquiry.last_name
            person.save(update_fields=["first_name", "last_name"])
        _declare_membership(inquiry, person)


@transaction.atomic
def _hand_to(inquiry, person, *, by):
    """Give a question to whoever proved that its address is theirs; say whether it waited for that."""
    inquiry = locked(inquiry)
    if inquiry.asker_id or inquiry.email != person.email:
        return False
    inquiry.asker, inquiry.confirmed_at = person, timezone.now()
    happen(inquiry, EventKind.CONFIRMED, by=by)
    if inquiry.channel == Channel.WEB:  # the others were acknowledged when they were logged
        outbox.put(emails.acknowledged(inquiry))
    return True


@transaction.atomic
def correct_email(inquiry: Inquiry, email: str) -> Inquiry:
    """The asker mistyped their address, which nobody proved yet."""
    inquiry = locked(inquiry)
    if inquiry.is_unconfirmed:
        inquiry.email = email
        inquiry.save(update_fields=["email"])
    return inquiry


def adopt(person: User) -> None:
    """Give a person what was asked from their address, by phone too.

    Somebody else may have typed that address: what the question says of its asker is not taken as said by the person.
    """
    for inquiry in Inquiry.objects.filter(asker=None, email=person.email, erased_at=None):
        _hand_to(inquiry, person, by=None)


def _declare_membership(inquiry, person):
    place = inquiry.on_behalf_of or inquiry.collectivity
    if inquiry.function and not person.memberships.present().filter(collectivity=place).exists():
        accounts.declare_membership(Membership(person=person, collectivity=place, function=inquiry.function))

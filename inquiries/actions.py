"""What happens to a question, from its asking to its end; nothing else changes one.

Each act takes the question for itself, looks whether it may still be done, and writes its event along with its effects:
of two people who act at once, the second is told.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Membership, User
from jobs import outbox
from jobs.models import FORGOTTEN, Mail
from territories.models import Collectivity

from . import clock, emails, notices, writing
from .models import (
    Channel,
    Draft,
    Event,
    EventKind,
    Inquiry,
    Message,
    MessageKind,
    NoticeKind,
    State,
    Upload,
    Yearly,
)
from .models.inquiry import OPEN_STATES

REOPENABLE = [State.ANSWERED, State.CLOSED]
ANSWERABLE = [*OPEN_STATES, State.ANSWERED]
ENDINGS = {
    EventKind.CLOSED: State.CLOSED,
    EventKind.REFERRED: State.REFERRED,
    EventKind.REFUSED: State.OUT_OF_SCOPE,
    EventKind.DUPLICATED: State.DUPLICATE,
    EventKind.WITHDRAWN: State.WITHDRAWN,
}


class Refused(Exception):
    """Said to the person as it is."""


CHANGED = "Il s’est passé quelque chose depuis que vous avez ouvert cette page\u00a0: relisez le fil, puis recommencez."
NEWER = (
    "Un message est arrivé pendant que vous écriviez. Votre texte est là, rien n’est envoyé\u00a0:"
    " lisez le nouveau message, puis envoyez le vôtre s’il convient encore."
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


# Asking


def ask(draft: Draft, question: Question, identity: Identity, *, person: User | None) -> Inquiry:
    """Store the question of a draft; sent again, the same draft gives the same question.

    Without a person whose address is proved, the question waits for that, and advisers see it as such.
    """
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.inquiry:
            return held.inquiry
        inquiry = _store(question, identity, channel=Channel.WEB, asker=person, by=person)
        message = _say(inquiry, MessageKind.ASKER, question.text, by=person, key=f"brouillon-{held.key}")
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
                _happen(inquiry, EventKind.ELIGIBILITY, by=by)
            _say(inquiry, MessageKind.ASKER, question.text, by=None, key=f"appel-{key}")
            inquiry.adviser = by
            _happen(inquiry, EventKind.CLAIMED, state=State.IN_PROGRESS, by=by)
            if answer:
                _say(inquiry, MessageKind.ANSWER, answer, by=by)
                _happen(inquiry, EventKind.ANSWERED, state=State.ANSWERED, by=by)
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
    _happen(inquiry, EventKind.ASKED, by=by)
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
    inquiry = _locked(inquiry)
    if inquiry.asker_id or inquiry.email != person.email:
        return False
    inquiry.asker, inquiry.confirmed_at = person, timezone.now()
    _happen(inquiry, EventKind.CONFIRMED, by=by)
    if inquiry.channel == Channel.WEB:  # the others were acknowledged when they were logged
        outbox.put(emails.acknowledged(inquiry))
    return True


@transaction.atomic
def correct_email(inquiry: Inquiry, email: str) -> Inquiry:
    """The asker mistyped their address, which nobody proved yet."""
    inquiry = _locked(inquiry)
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


# What the asker does


@transaction.atomic
def reply(inquiry: Inquiry, text: str, *, by: User, key: str, uploads: list[Upload]) -> Inquiry:
    """Add what the asker says; the clock goes on, and an answered or closed question is open again."""
    inquiry = _locked(inquiry)
    key = _key_of(inquiry, MessageKind.ASKER, text, key)
    if _is_sent(key):
        return inquiry
    if inquiry.state not in [*OPEN_STATES, *REOPENABLE]:
        raise Refused("Cette question est terminée\u00a0: posez-en une autre, en rappelant son numéro.")
    message = _say(inquiry, MessageKind.ASKER, text, by=by, key=key)
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads], message=None).update(message=message)
    kind = EventKind.REOPENED if inquiry.state in REOPENABLE else EventKind.REPLIED
    _happen(inquiry, kind, state=_at_work(inquiry), by=by)
    return inquiry


@transaction.atomic
def reopen(inquiry: Inquiry, *, by: User) -> Inquiry:
    inquiry = _locked(inquiry)
    _refuse_unless(inquiry.state in REOPENABLE)
    _happen(inquiry, EventKind.REOPENED, state=_at_work(inquiry), by=by)
    return inquiry


@transaction.atomic
def solve(inquiry: Inquiry, *, by: User) -> Inquiry:
    """The asker says that they have what they need."""
    inquiry = _locked(inquiry)
    _refuse_unless(inquiry.state in ANSWERABLE)
    _happen(inquiry, EventKind.CLOSED, state=State.CLOSED, by=by)
    return inquiry


@transaction.atomic
def withdraw(inquiry: Inquiry, *, by: User) -> Inquiry:
    inquiry = _locked(inquiry)
    _refuse_unless(inquiry.is_open)
    _happen(inquiry, EventKind.WITHDRAWN, state=State.WITHDRAWN, by=by)
    return inquiry


@transaction.atomic
def set_consent(inquiry: Inquiry, given: bool, *, by: User) -> None:
    inquiry = _locked(inquiry)
    if inquiry.has_consent != given:
        inquiry.has_consent = given
        _happen(inquiry, EventKind.CONSENT, key="donne" if given else "retire", by=by)


@transaction.atomic
def share(inquiry: Inquiry, shared: bool, *, by: User) -> None:
    inquiry = _locked(inquiry)
    if inquiry.is_shared != shared:
        inquiry.is_shared = shared
        _happen(inquiry, EventKind.SHARED, key="oui" if shared else "non", by=by)


@transaction.atomic
def rate(inquiry: Inquiry, rating: int, comment: str, *, by: User) -> None:
    """From 1 to 5, once there is an answer; rated again, the last one counts and each has its event."""
    inquiry = _locked(inquiry)
    _refuse_unless(inquiry.may_be_rated)
    inquiry.rating, inquiry.rating_comment = rating, comment
    _happen(inquiry, EventKind.RATED, key=str(rating), by=by)


# What the desk does


@transaction.atomic
def claim(inquiry: Inquiry, *, by: User) -> bool:
    """Take a question in charge; False if a colleague was faster, or if it is over."""
    if not Inquiry.objects.unclaimed().open().filter(pk=inquiry.pk).update(adviser=by):
        return False
    inquiry = _locked(inquiry)
    state = State.IN_PROGRESS if inquiry.state == State.RECEIVED else inquiry.state
    _happen(inquiry, EventKind.CLAIMED, state=state, by=by)
    notices.note(inquiry, NoticeKind.CLAIMED)
    return True


@transaction.atomic
def hand_over(inquiry: Inquiry, to: User | None, *, seen: User | None, by: User) -> bool:
    """Give a question to a colleague, or back to the queue; False if it is no longer in the hands that were seen."""
    if not Inquiry.objects.filter(pk=inquiry.pk, adviser=seen).update(adviser=to):
        return False
    inquiry = _locked(inquiry)
    if to is None:
        state = State.RECEIVED if inquiry.state == State.IN_PROGRESS else inquiry.state
        _happen(inquiry, EventKind.RELEASED, state=state, by=by)
    else:
        state = State.IN_PROGRESS if inquiry.state == State.RECEIVED else inquiry.state
        _happen(inquiry, EventKind.CLAIMED, key=str(to.pk), state=state, by=by)
    return True


@transaction.atomic
def note(inquiry: Inquiry, text: str, *, by: User, key: str) -> Inquiry:
    inquiry = _locked(inquiry)
    key = _key_of(inquiry, MessageKind.NOTE, text, key)
    if not _is_sent(key):
        _say(inquiry, MessageKind.NOTE, text, by=by, key=key)
        _happen(inquiry, EventKind.NOTED, by=by)
    return inquiry


@transaction.atomic
def answer(inquiry: Inquiry, text: str, *, by: User, key: str, seen: int | None) -> Inquiry:
    """Send an answer. `seen` is the last message that its writer had read: a later one is read before."""
    inquiry = _locked(inquiry)
    key = _key_of(inquiry, MessageKind.ANSWER, text, key)
    if not _is_sent(key):
        _refuse_unread(inquiry, seen)
        _refuse_unless(inquiry.state in [*ANSWERABLE, State.CLOSED])
        _say(inquiry, MessageKind.ANSWER, text, by=by, key=key)
        inquiry.adviser = inquiry.adviser or by
        _happen(inquiry, EventKind.ANSWERED, state=State.ANSWERED, by=by)
        notices.note(inquiry, NoticeKind.ANSWERED)
    return inquiry


@transaction.atomic
def ask_detail(inquiry: Inquiry, text: str, *, by: User, key: str, seen: int | None) -> Inquiry:
    """Ask the asker for something: the clock stops until they reply."""
    inquiry = _locked(inquiry)
    key = _key_of(inquiry, MessageKind.DETAIL, text, key)
    if not _is_sent(key):
        _refuse_unread(inquiry, seen)
        _refuse_unless(inquiry.is_open)
        _say(inquiry, MessageKind.DETAIL, text, by=by, key=key)
        inquiry.adviser = inquiry.adviser or by
        _happen(inquiry, EventKind.DETAIL_ASKED, state=State.TO_COMPLETE, by=by)
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
    inquiry = _locked(inquiry)
    _refuse_unless(inquiry.state in ANSWERABLE and seen in {None, inquiry.last_event})
    inquiry.referred_to = referred_to or inquiry.referred_to
    inquiry.duplicate_of = duplicate_of or inquiry.duplicate_of
    key = duplicate_of.number if duplicate_of else ""
    _happen(inquiry, kind, state=ENDINGS[kind], key=key, by=by)
    notices.note(inquiry, NoticeKind.CLOSED)
    return inquiry


@transaction.atomic
def set_theme(inquiry: Inquiry, theme, *, by: User) -> None:
    inquiry = _locked(inquiry)
    if inquiry.theme != theme:
        inquiry.theme = theme
        _happen(inquiry, EventKind.THEME, key=theme.key if theme else "", by=by)


@transaction.atomic
def override(inquiry: Inquiry, reason: str, *, by: User) -> None:
    """Take the question of somebody who is not eligible, and say why."""
    inquiry = _locked(inquiry)
    if inquiry.override_reason != reason:
        inquiry.override_reason = reason
        _happen(inquiry, EventKind.ELIGIBILITY, by=by)


# What time does


@transaction.atomic
def remind(inquiry: Inquiry, key: str, kind: NoticeKind) -> None:
    """Tell the asker that the next word is theirs; the event, with its key, keeps it from being said twice."""
    inquiry = _locked(inquiry)
    _happen(inquiry, EventKind.REMINDED, key=key)
    notices.note(inquiry, kind)


@transaction.atomic
def erase(inquiry: Inquiry) -> None:
    """Forget who asked, wherever it is written; what was asked and answered, and when, stays for the desk."""
    inquiry = _locked(inquiry)
    if inquiry.erased_at:
        return
    asker = inquiry.asker
    inquiry.first_name = inquiry.last_name = inquiry.email = inquiry.phone = ""
    inquiry.asker, inquiry.is_shared, inquiry.erased_at = None, False, timezone.now()
    _happen(inquiry, EventKind.ERASED)
    if asker:
        inquiry.messages.filter(author=asker).update(author=None)
        inquiry.events.filter(by=asker).update(by=None)
    Draft.objects.filter(inquiry=inquiry).delete()
    Upload.objects.filter(message__inquiry=inquiry).delete()
    Mail.objects.settled().filter(thread=inquiry.thread_name).update(to=FORGOTTEN, body="", refusal="")


# What they have in common


def set_due(inquiry: Inquiry, closings=None) -> None:
    """Compute the last day for answering from the events."""
    days = clock.WorkingDays.of(inquiry.collectivity, closings)
    inquiry.due_on = clock.due_on(inquiry.events.order_by("at", "pk"), days, clock.answer_days(inquiry))


@transaction.atomic
def due_again(*, after: int, most: int) -> int | None:
    """Compute again the last days of open questions, past a first one; return the last done while others remain."""
    closings = clock.closing_days()
    waiting = Inquiry.objects.open().filter(pk__gt=after).select_related("collectivity__departement", "theme")
    batch = list(waiting.select_for_update(of=["self"]).order_by("pk")[:most])
    for inquiry in batch:
        set_due(inquiry, closings)
    Inquiry.objects.bulk_update(batch, ["due_on"])
    return batch[-1].pk if len(batch) == most else None


def _locked(inquiry):
    return (
        Inquiry.objects.select_related("collectivity__departement", "theme")
        .select_for_update(of=["self"])
        .get(pk=inquiry.pk)
    )


def _happen(inquiry, kind, *, by=None, state=None, key=""):
    """Write the event, and what follows from it."""
    inquiry.state = state or inquiry.state
    inquiry.changed_at = timezone.now()
    inquiry.closed_at = (inquiry.closed_at or inquiry.changed_at) if inquiry.is_over else None
    Event.objects.create(inquiry=inquiry, kind=kind, state=inquiry.state, key=key, by=by, at=inquiry.changed_at)
    set_due(inquiry)
    inquiry.save()


def _say(inquiry, kind, text, *, by, key=None):
    html = "" if kind == MessageKind.ASKER else writing.to_html(text)
    return Message.objects.create(inquiry=inquiry, kind=kind, text=text, html=html, author=by, sent_key=key)


def _key_of(inquiry, kind, text, key):
    """Of one form, for one act and one text: sent again they are one message, changed in between they are another."""
    return hashlib.sha256("\0".join((str(inquiry.pk), kind, key, text)).encode()).hexdigest()


def _is_sent(key):
    return Message.objects.filter(sent_key=key).exists()


def _refuse_unread(inquiry, seen):
    """Nobody answers over a message that they have not read."""
    if inquiry.last_message != seen:
        raise Refused(NEWER)


def _at_work(inquiry):
    return State.IN_PROGRESS if inquiry.adviser_id else State.RECEIVED


def _refuse_unless(allowed):
    if not allowed:
        raise Refused(CHANGED)

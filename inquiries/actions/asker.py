"""What the asker does."""

from django.db import transaction

from accounts.models import User

from ..models import (
    EventKind,
    Inquiry,
    MessageKind,
    State,
    Upload,
)
from ..models.inquiry import OPEN_STATES
from .life import ANSWERABLE, REOPENABLE, Refused, at_work, happen, is_sent, key_of, locked, refuse_unless, say


@transaction.atomic
def reply(inquiry: Inquiry, text: str, *, by: User, key: str, uploads: list[Upload]) -> Inquiry:
    """Add what the asker says; the clock goes on, and an answered or closed question is open again."""
    inquiry = locked(inquiry)
    key = key_of(inquiry, MessageKind.ASKER, text, key)
    if is_sent(key):
        return inquiry
    if inquiry.state not in [*OPEN_STATES, *REOPENABLE]:
        raise Refused("Cette question est terminée\u00a0: posez-en une autre, en rappelant son numéro.")
    message = say(inquiry, MessageKind.ASKER, text, by=by, key=key)
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads], message=None).update(message=message)
    kind = EventKind.REOPENED if inquiry.state in REOPENABLE else EventKind.REPLIED
    happen(inquiry, kind, state=at_work(inquiry), by=by)
    return inquiry


@transaction.atomic
def reopen(inquiry: Inquiry, *, by: User) -> Inquiry:
    inquiry = locked(inquiry)
    refuse_unless(inquiry.state in REOPENABLE)
    happen(inquiry, EventKind.REOPENED, state=at_work(inquiry), by=by)
    return inquiry


@transaction.atomic
def solve(inquiry: Inquiry, *, by: User) -> Inquiry:
    """The asker says that they have what they need."""
    inquiry = locked(inquiry)
    refuse_unless(inquiry.state in ANSWERABLE)
    happen(inquiry, EventKind.CLOSED, state=State.CLOSED, by=by)
    return inquiry


@transaction.atomic
def withdraw(inquiry: Inquiry, *, by: User) -> Inquiry:
    inquiry = locked(inquiry)
    refuse_unless(inquiry.is_open)
    happen(inquiry, EventKind.WITHDRAWN, state=State.WITHDRAWN, by=by)
    return inquiry


@transaction.atomic
def set_consent(inquiry: Inquiry, given: bool, *, by: User) -> None:
    inquiry = locked(inquiry)
    if inquiry.has_consent != given:
        inquiry.has_consent = given
        happen(inquiry, EventKind.CONSENT, key="donne" if given else "retire", by=by)


@transaction.atomic
def share(inquiry: Inquiry, shared: bool, *, by: User) -> None:
    inquiry = locked(inquiry)
    if inquiry.is_shared != shared:
        inquiry.is_shared = shared
        happen(inquiry, EventKind.SHARED, key="oui" if shared else "non", by=by)


@transaction.atomic
def rate(inquiry: Inquiry, rating: int, comment: str, *, by: User) -> None:
    """From 1 to 5, once there is an answer; rated again, the last one counts and each has its event."""
    inquiry = locked(inquiry)
    refuse_unless(inquiry.may_be_rated)
    inquiry.rating, inquiry.rating_comment = rating, comment
    happen(inquiry, EventKind.RATED, key=str(rating), by=by)

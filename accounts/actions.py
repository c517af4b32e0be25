"""What happens to an account, with its effects elsewhere: mails, sessions, history."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import codes, emails, erasure
from accounts.models import Code, Event, EventKind, Membership, MembershipState, Purpose, User
from accounts.permissions import Duty
from jobs import outbox
from jobs.models import Mail

CODE_MAILS = {
    Purpose.SIGN_IN: emails.sign_in_code,
    Purpose.PROVE: emails.prove_code,
    Purpose.CHANGE_EMAIL: emails.change_email_code,
}


@transaction.atomic
def send_code(purpose, email, write=None):
    """Mail a new code to an address, known or not: nothing here looks whether it is.

    `write` makes another mail of the address and the digits than the one that carries them alone.
    """
    code, digits = codes.create(purpose, email)
    code.mail = outbox.put((write or CODE_MAILS[purpose])(email, digits))
    code.save(update_fields=["mail"])
    return code


def person_at(email):
    """Return the person whose address was just proved, and create their account if they had none."""
    known = User.objects.filter(email=email)
    if person := known.first():
        return person
    try:
        with transaction.atomic():
            return User.objects.create_user(email)
    except IntegrityError:  # made at the same moment, by a code asked for in another browser
        return known.get()


def sign_in(request, person, *, method, next_url):
    """Take the person through the steps of signing in; a newcomer is asked their name before anything else."""
    record_authentication(request, person, method=method, email=person.email)
    if not person.is_introduced:
        next_url = reverse("accounts:profile", query={"next": next_url} if next_url else None)
    return perform_login(request, person, redirect_url=next_url, email=person.email)


def declare_membership(membership):
    """Store what the person says of themselves, which somebody else will confirm; return False if it was already."""
    try:
        with transaction.atomic():
            membership.save()
            _tell_membership(membership, MembershipState.DECLARED, by=membership.person)
    except IntegrityError:
        if not membership.person.memberships.present().filter(collectivity=membership.collectivity).exists():
            raise
        return False
    return True


@transaction.atomic
def decide_membership(membership, *, confirm, by):
    """Confirm or refuse, and tell the person; return False if somebody decided before."""
    state = MembershipState.CONFIRMED if confirm else MembershipState.REFUSED
    decision = {"confirmed_at": timezone.now(), "confirmed_by": by} if confirm else {}
    if not Membership.objects.declared().filter(pk=membership.pk).update(state=state, **decision):
        return False
    _tell_membership(membership, state, by=by)
    outbox.put(emails.membership_decided(membership, confirmed=confirm))
    return True


@transaction.atomic
def end_membership(membership, *, by):
    if Membership.objects.present().filter(pk=membership.pk).update(state=MembershipState.ENDED):
        _tell_membership(membership, MembershipState.ENDED, by=by)


def _tell_membership(membership, state, *, by):
    key = f"{membership.collectivity.key}/{membership.function}"
    Event.objects.create(person=membership.person, kind=EventKind.MEMBERSHIP, key=key, state=state, by=by)


class LastManager(Exception):
    """Nobody would be left to give rights."""


@transaction.atomic
def set_duties(person, duties, *, by):
    """Give and withdraw duties, each with its trace."""
    keep_a_manager(person, stays=person.is_active and Duty.MANAGER in duties)
    person = User.objects.select_for_update().get(pk=person.pk)
    before, after = set(person.duties), set(duties)
    person.duties = [duty for duty in Duty if duty in after]
    person.save(update_fields=["duties"])
    changes = [(duty, "donnée") for duty in after - before] + [(duty, "retirée") for duty in before - after]
    for duty, state in sorted(changes):
        Event.objects.create(person=person, kind=EventKind.DUTY, key=duty, state=state, by=by)


def keep_a_manager(person, *, stays):
    """Refuse that the only manager at work leaves, before anything is written.

    Locks the managers, so that two who leave at once do not both count on the other, and before any other person: two
    that wait for each other would end in an error page.
    """
    managers = User.objects.select_for_update().filter(is_active=True, duties__contains=[Duty.MANAGER]).order_by("pk")
    if [manager.pk for manager in managers] == [person.pk] and not stays:
        raise LastManager


@transaction.atomic
def tell_activity(person, *, by):
    """An account was closed or opened again by somebody of the team; closed, nobody stays in."""
    Event.objects.create(person=person, kind=EventKind.ACCOUNT, state="rouvert" if person.is_active else "fermé", by=by)
    if not person.is_active:
        close_sessions(person)


def change_email(request, email):
    """Take the address that a code just proved, and put out whoever else is in; False if another account has it."""
    person = request.user
    old, person.email = person.email, email
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
            Event.objects.create(person=person, kind=EventKind.EMAIL, state="changée", by=person)
            outbox.put(emails.email_changed(old, email))
            close_sessions(person, but=request.session.session_key)
    except IntegrityError:
        person.email = old
        if not User.objects.filter(email=email).exclude(pk=person.pk).exists():
            raise
        return False
    return True


@transaction.atomic
def set_password(request, password):
    """Whoever else is in, with the former password or without, is put out."""
    person = request.user
    person.set_password(password)
    person.save(update_fields=["password"])
    close_sessions(person, but=request.session.session_key)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)


@transaction.atomic
def delete_account(person):
    """Erase who the person is; what they did stays, done by nobody that can be named."""
    keep_a_manager(person, stays=False)
    for membership in person.memberships.present().select_related("collectivity"):
        end_membership(membership, by=person)
    set_duties(person, [], by=person)
    outbox.put(emails.account_deleted(person.email))
    erased = f"compte-{person.pk}@efface.invalid"
    for erase in erasure.ERASERS:
        erase(person)
    Code.objects.filter(email=person.email).delete()
    Mail.objects.settled().filter(to=person.email).update(to=erased, body="")
    person.email = erased
    person.first_name = person.last_name = ""
    person.duties, person.is_active, person.is_staff, person.is_superuser = [], False, False, False
    person.set_unusable_password()
    person.save()
    close_sessions(person)
    Event.objects.create(person=person, kind=EventKind.ACCOUNT, state="supprimé", by=person)


def close_sessions(person, *, but=None):
    """Close every open session of a person, but the one they use if it is given."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=but):
        session.end()

"""What happens to an account, with its effects elsewhere: mails, sessions, history."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.db import transaction
from django.urls import reverse

from accounts import codes, emails
from accounts.models import Purpose, User
from jobs import outbox

CODE_MAILS = {
    Purpose.SIGN_IN: emails.sign_in_code,
    Purpose.PROVE: emails.prove_code,
    Purpose.CHANGE_EMAIL: emails.change_email_code,
}


@transaction.atomic
def send_code(purpose, email):
    """Mail a new code to an address, known or not: nothing here looks whether it is."""
    code, digits = codes.create(purpose, email)
    code.mail = outbox.put(CODE_MAILS[purpose](email, digits))
    code.save(update_fields=["mail"])
    return code


def person_at(email):
    """Return the person whose address was just proved, and create their account if they had none."""
    with transaction.atomic():
        person = User.objects.filter(email__iexact=email).first()
        return person or User.objects.create_user(email)


def sign_in(request, person, *, method, next_url):
    """Take the person through the steps of signing in; a newcomer is asked their name before anything else."""
    record_authentication(request, person, method=method, email=person.email)
    if not person.is_introduced:
        next_url = reverse("accounts:profile", query={"next": next_url} if next_url else None)
    return perform_login(request, person, redirect_url=next_url, email=person.email)

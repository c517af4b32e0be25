"""Ways to come by people and by the codes they receive."""

import re
from itertools import count, cycle

from django.urls import reverse
from django.utils import timezone

from accounts.models import Function, Membership, MembershipState, User
from accounts.permissions import Duty
from jobs.models import Mail
from territories.models import Collectivity, Kind

_numbers = count(1)
_codes = cycle(range(200, 1000))  # those below are left to the tests that name one


def make_user(email=None, *, first_name="Camille", last_name="Fabre", **fields):
    return User.objects.create_user(
        email or f"personne{next(_numbers)}@exemple.fr", first_name=first_name, last_name=last_name, **fields
    )


def last_mail():
    return Mail.objects.latest("pk")


def mailed_digits(mail=None):
    """The code in the last mail, as a person would copy it."""
    found = re.findall(r"^ +(\d{4} \d{4})$", (mail or last_mail()).body, re.MULTILINE)
    assert len(found) == 1
    return found[0]


def sign_in(client, email, **data):
    """Ask for a code and copy it, as a browser does."""
    asked = client.post(reverse("accounts:sign_in"), {"email": email, **data})
    return client.post(asked.url, {"digits": mailed_digits()})


def make_place(name="Figeac", *, code=None, **fields):
    fields.setdefault("kind", Kind.COMMUNE)
    return Collectivity.objects.create(name=name, code=code or f"99{next(_codes)}", **fields)


def make_membership(person, collectivity=None, *, by=None, **fields):
    """A confirmed membership; declared only, when told so by its state."""
    if fields.get("state", MembershipState.CONFIRMED) == MembershipState.CONFIRMED:
        fields |= {
            "state": MembershipState.CONFIRMED,
            "confirmed_at": timezone.now(),
            "confirmed_by": by or make_user(duties=[Duty.ADVISER]),
        }
    fields.setdefault("function", Function.MAYOR)
    return Membership.objects.create(person=person, collectivity=collectivity or make_place(), **fields)

"""Ways to come by people and by the codes they receive."""

import re
from itertools import count

from django.urls import reverse

from accounts.models import User
from jobs.models import Mail

_numbers = count(1)


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
    client.post(reverse("accounts:sign_in"), {"email": email, **data})
    return client.post(reverse("accounts:sign_in_code"), {"digits": mailed_digits()})

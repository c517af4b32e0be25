"""The same form sent twice at the same moment, by a double click or by two persons: no error page, one effect."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Duty
from tests.accounts.factories import mailed_digits, make_place, make_user

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def both_at_once(table, *requests, mode="SHARE"):
    """Answer the requests together: the table is kept closed until each has read it and is about to write in it."""

    def answer(request):
        try:
            return request()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
            answers = [pool.submit(answer, request) for request in requests]
            deadline = time.monotonic() + 60
            waiting = 0
            while waiting < len(requests):
                assert time.monotonic() < deadline
                cursor.execute(WAITING)
                waiting = cursor.fetchone()[0]
        return [done.result(60) for done in answers]


def browser_of(person):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return client


def twin(client):
    """The same browser, in another thread."""
    other = Client(raise_request_exception=False)
    other.cookies.update(client.cookies)
    return other


def test_a_collectivity_declared_twice_is_declared_once():
    person, place = make_user(), make_place("Figeac")
    client = browser_of(person)
    address = reverse("accounts:declare_membership")
    data = {"collectivity": place.code, "function": "maire"}
    first, second = both_at_once(
        "accounts_membership", *[lambda c=c: c.post(address, data) for c in (client, twin(client))]
    )
    assert first.url == second.url == reverse("accounts:account")
    assert Membership.objects.get().person == person
    assert person.events.count() == 1
    assert "déclaré" in client.get(first.url).content.decode()


def test_two_codes_of_a_new_address_open_one_account():
    browsers = []
    for _ in range(2):
        client = Client(raise_request_exception=False)
        client.post(reverse("accounts:sign_in"), {"email": "nouvelle@mairie.exemple"})
        browsers.append((client, mailed_digits()))
    address = reverse("accounts:sign_in_code")
    answers = both_at_once("accounts_user", *[lambda c=c, d=d: c.post(address, {"digits": d}) for c, d in browsers])
    assert [response.url for response in answers] == [reverse("accounts:profile")] * 2
    assert User.objects.get().email == "nouvelle@mairie.exemple"
    assert [client.get(reverse("accounts:account")).status_code for client, _ in browsers] == [200, 200]


def test_an_address_taken_by_two_persons_goes_to_one():
    browsers = []
    for person in (make_user(), make_user()):
        client = browser_of(person)
        client.post(reverse("accounts:change_email"), {"email": "commune@mairie.exemple"})
        browsers.append((client, mailed_digits()))
    address = reverse("accounts:change_email_code")
    answers = both_at_once("accounts_user", *[lambda c=c, d=d: c.post(address, {"digits": d}) for c, d in browsers])
    assert [response.url for response in answers] == [reverse("accounts:account")] * 2
    assert User.objects.filter(email="commune@mairie.exemple").count() == 1
    said = sorted(
        "celle d’un autre compte" in client.get(reverse("accounts:account")).content.decode() for client, _ in browsers
    )
    assert said == [False, True]


@pytest.mark.parametrize(
    ("name", "data", "table"),
    [
        ("profile", {"first_name": "Zoé", "last_name": "Rey"}, "accounts_user"),
        ("change_email", {"email": "commune@mairie.exemple"}, "accounts_code"),
        ("prove", {}, "accounts_code"),
        ("close_sessions", {}, "django_session"),
    ],
)
def test_other_forms_of_the_account_may_be_sent_twice(name, data, table):
    client = browser_of(make_user())
    address = reverse(f"accounts:{name}")
    answers = both_at_once(table, *[lambda c=c: c.post(address, data) for c in (client, twin(client))])
    assert [response.status_code for response in answers] == [302, 302]


def test_of_two_managers_who_close_each_other_one_stays():
    managers = [make_user(duties=[Duty.MANAGER]) for _ in range(2)]
    browsers = [browser_of(manager) for manager in managers]
    data = {"first_name": "A", "last_name": "B", "duties": [Duty.MANAGER]}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    addresses = [reverse("admin:accounts_user_change", args=[manager.pk]) for manager in reversed(managers)]
    requests = [lambda c=c, a=a: c.post(a, data) for c, a in zip(browsers, addresses, strict=True)]
    answers = both_at_once("accounts_user", *requests, mode="EXCLUSIVE")
    assert [response.status_code for response in answers] == [302, 302]
    assert User.objects.filter(is_active=True).count() == 1

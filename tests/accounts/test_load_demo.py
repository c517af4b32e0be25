import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Duty
from territories.models import Collectivity

pytestmark = pytest.mark.django_db


def load(**options):
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_each_account_that_is_printed_opens_with_the_password_that_is_printed(client, reference):
    said = load()
    found = re.search(r"mot de passe (\w{12})", said)
    assert found
    addresses = re.findall(r"\S+@demonstration\.invalid", said)
    assert len(addresses) == len(set(addresses)) == User.objects.count() == 5
    for email in addresses:
        data = {"email": email, "password": found[1]}
        assert client.post(reverse("accounts:sign_in_password"), data).url == reverse("accounts:account")
        client.post(reverse("accounts:sign_out"))
    assert {duty for user in User.objects.all() for duty in user.duties} == set(Duty)


def test_the_list_may_go_to_a_file_that_only_its_owner_reads(tmp_path):
    accounts = tmp_path / "comptes"
    assert load(to=accounts) == ""
    assert accounts.read_text() == load()
    assert accounts.stat().st_mode & 0o077 == 0


def test_run_twice_it_says_the_same_and_adds_nothing(reference):
    assert load() == load()
    assert (User.objects.count(), Membership.objects.confirmed().count()) == (5, 1)


def test_it_does_without_the_territories():
    Collectivity.objects.filter(code="46102").update(code="99102")
    load()
    assert User.objects.count() == 5


def test_it_is_refused_anywhere_but_on_the_machine_itself(settings):
    settings.IS_DEMONSTRATION = False
    with pytest.raises(CommandError, match="poste lui-même"):
        load()
    assert not User.objects.exists()

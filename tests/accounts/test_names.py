import pytest
from django.urls import reverse

from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db

NAMES = ["Zoé-Anne d’Été", "Œ", "N'Guyễn", "李", "Åsa O’Neil (élue 2)"]
NO_NAMES = ["Fabre\u202e", "Fa\u200bbre", "Fa\x07bre", "Fa\nbre", "\u3164", "---", "12", "\ufeffFabre", "Fabre\u2028x"]


def saved(client, person, last_name):
    client.force_login(person)
    client.post(reverse("accounts:profile"), {"first_name": "Camille", "last_name": last_name})
    person.refresh_from_db()
    return person.last_name


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_written_as_people_write_it(client, name):
    assert saved(client, make_user(last_name="Fabre"), name) == name


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_holds_nothing_that_cannot_be_seen(client, name):
    assert saved(client, make_user(last_name="Fabre"), name) == "Fabre"


@pytest.mark.parametrize("name", NO_NAMES)
def test_nor_in_the_admin(client, manager, name):
    person = make_user(last_name="Fabre")
    client.force_login(manager)
    data = {"first_name": "Camille", "last_name": name, "is_active": "on"}
    data |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    address = reverse("admin:accounts_user_change", args=[person.pk])
    response = client.post(address, data)
    assert "last_name" in response.context["adminform"].form.errors
    person.refresh_from_db()
    assert person.last_name == "Fabre"

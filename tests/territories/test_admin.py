"""What managers edit: territories of project, and who may ask the desk."""

import pytest
from django.urls import reverse

from accounts.models import Duty
from territories.models import Collectivity, EligibilityRuleSet
from tests.accounts.factories import make_user

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def manager(client):
    client.force_login(make_user(duties=[Duty.MANAGER]))
    return client


def get(key):
    return Collectivity.objects.get(key=key)


def test_a_territory_of_project_is_entered_by_hand(manager):
    address = reverse("admin:territories_collectivity_add")
    page = manager.get(address).content.decode()
    assert '<option value="petr"' in page
    assert '<option value="commune"' not in page
    typed = {"kind": "petr", "name": "PETR Figeac Quercy Vallée de la Dordogne", "code": "200000001", "siren": ""}
    response = manager.post(address, typed | {"departement": get("departement:46").pk})
    assert response.status_code == 302
    assert get("petr:200000001").departement.code == "46"


def test_the_reference_is_read_only(manager):
    figeac = get("commune:46102")
    address = reverse("admin:territories_collectivity_change", args=[figeac.pk])
    page = manager.get(address).content.decode()
    assert "Figeac" in page
    assert 'name="name"' not in page
    manager.post(address, {"name": "Ailleurs", "population": "1"})
    assert get("commune:46102").name == "Figeac"
    assert manager.get(reverse("admin:territories_collectivity_delete", args=[figeac.pk])).status_code == 403


def test_the_list_is_searched_without_accents(manager):
    page = manager.get(reverse("admin:territories_collectivity_changelist"), {"q": "figeac"}).content.decode()
    assert "CC Grand-Figeac" in page


def test_another_version_of_the_rules_cannot_be_put_in_force_beside_the_first(manager):
    second = EligibilityRuleSet.objects.get(version=2)
    address = reverse("admin:territories_eligibilityruleset_change", args=[second.pk])
    form = manager.get(address).context["adminform"].form
    inlines = manager.get(address).context["inline_admin_formsets"][0].formset
    typed = {name: form[name].value() or "" for name in form.fields} | {"is_active": "on", "valid_from": "2027-01-01"}
    for item in [inlines.management_form, *inlines.forms]:
        for bound in item:
            typed[bound.html_name] = "" if bound.value() is None else bound.value()
    page = manager.post(address, typed).content.decode()
    assert "Une autre version est en vigueur" in page
    EligibilityRuleSet.objects.filter(version=1).update(is_active=False)
    assert manager.post(address, typed).status_code == 302
    assert EligibilityRuleSet.objects.active().version == 2

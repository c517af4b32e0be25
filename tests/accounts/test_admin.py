"""The admin: who may open which part of it, and what a manager does there."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import Event, Function, Membership, MembershipState, User
from accounts.permissions import Duty
from tests.accounts.factories import make_membership, make_place, make_user

pytestmark = pytest.mark.django_db

EDITED = {
    "argument", "experience", "legalform", "option", "policyissue", "posture", "question", "questionnaire", "role",
    "synonym", "theme",
}  # fmt: skip
COUNTED = {"missedsearch"}  # for curators, by the application alone
MANAGED = {
    "closingdays", "collectivity", "eligibilityruleset", "event", "job", "mail", "membership", "questiontheme",
    "referenceload", "user",
}  # fmt: skip
READ_BY_CURATORS = {"collectivity", "eligibilityruleset", "referenceload"}


def registered():
    return {model._meta.model_name: model for model in admin.site._registry}


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def opened(person, name):
    client = Client()
    if person:
        client.force_login(person)
    return {word for word, model in registered().items() if client.get(page(model, name)).status_code == 200}


def test_the_table_names_every_model_of_the_admin():
    assert set(registered()) == EDITED | COUNTED | MANAGED


def test_each_of_the_cast_opens_what_their_rights_say(stranger, elected, adviser, curator, manager):
    for person in (None, stranger, elected, adviser):
        assert opened(person, "changelist") == set()
    assert opened(curator, "changelist") == EDITED | COUNTED | READ_BY_CURATORS
    assert opened(manager, "changelist") == MANAGED


def test_being_of_the_staff_opens_nothing():
    assert opened(make_user(is_staff=True), "changelist") == set()


def test_whoever_is_out_goes_through_the_one_way_in(client, stranger):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/connexion/?next=/admin/"
    client.force_login(stranger)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403
    assert client.post("/admin/login/", {"username": stranger.email, "password": "x"}).status_code == 403


def test_every_list_and_search_of_the_admin_answers(client):
    client.force_login(User.objects.create_superuser("tout@exemple.fr"))
    for model in registered().values():
        assert client.get(page(model, "changelist"), {"q": "figeac"}).status_code == 200
        assert client.get(page(model, "add")).status_code in {200, 403}
    assert client.get("/admin/").status_code == 200


def save(client, person, **fields):
    data = {"first_name": person.first_name, "last_name": person.last_name, "is_active": "on", **fields}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    response = client.post(page(User, "change", person.pk), data)
    assert response.status_code == 302, response.context["errors"]
    person.refresh_from_db()
    return client.get(response.url).content.decode()


def test_a_manager_gives_and_withdraws_duties_and_it_is_written(client, manager, stranger):
    client.force_login(manager)
    save(client, stranger, duties=["edition", "conseil"])
    assert stranger.duties == [Duty.ADVISER, Duty.CURATOR]
    save(client, stranger, duties=["edition"])
    assert stranger.duties == [Duty.CURATOR]
    assert [event.state for event in Event.objects.filter(person=stranger, by=manager)] == [
        "retirée",
        "donnée",
        "donnée",
    ]
    assert not stranger.is_staff
    assert not stranger.is_superuser


def test_the_last_manager_stays(client, manager):
    client.force_login(manager)
    page = save(client, manager, first_name="Autre")
    assert "Il faut toujours une personne responsable" in page
    assert "succès" not in page
    assert manager.first_name == "René"
    assert manager.duties == [Duty.MANAGER]


def test_nobody_closes_their_own_account_in_the_admin(client, manager):
    make_user(duties=[Duty.MANAGER])
    client.force_login(manager)
    data = {"first_name": "René", "last_name": "Direction", "duties": [Duty.MANAGER]}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    response = client.post(page(User, "change", manager.pk), data)
    assert response.status_code == 200
    assert "Vous ne pouvez pas fermer votre propre compte ici." in response.content.decode()
    manager.refresh_from_db()
    assert manager.is_active


def test_the_last_manager_is_not_closed_by_somebody_else(client, manager):
    client.force_login(User.objects.create_superuser("tout@exemple.fr"))
    said = save(client, manager, is_active="", duties=[Duty.MANAGER])
    assert "Il faut toujours une personne responsable" in said
    assert manager.is_active
    make_user(duties=[Duty.MANAGER])
    save(client, manager, is_active="", duties=[Duty.MANAGER])
    assert not manager.is_active


def test_the_history_of_rights_is_told_in_words(client, manager, stranger):
    client.force_login(manager)
    save(client, stranger, duties=["edition"])
    actions.declare_membership(Membership(person=stranger, collectivity=make_place(), function=Function.TOWN_SECRETARY))
    page_of_list = client.get(page(Event, "changelist")).content.decode()
    assert '<td class="field-what">Édition</td><td class="field-state_name">Donnée</td>' in page_of_list
    assert "Secrétaire de mairie, Figeac" in page_of_list
    assert '<td class="field-state_name">À confirmer</td>' in page_of_list
    filtered = client.get(page(Event, "changelist"), {"etat": "declare"}).content.decode()
    assert "Secrétaire de mairie, Figeac" in filtered
    assert "Édition" not in filtered
    event = Event.objects.get(kind="mission")
    assert "Édition" in client.get(page(Event, "change", event.pk)).content.decode()


def test_a_closed_account_is_put_out_at_once(client, manager, stranger):
    visitor = Client()
    visitor.force_login(stranger)
    client.force_login(manager)
    save(client, stranger, is_active="")
    assert visitor.get("/compte/").status_code == 302
    assert Event.objects.get(person=stranger).state == "fermé"


def test_nobody_takes_over_an_account_by_its_address(client, manager, stranger):
    client.force_login(manager)
    save(client, stranger, email="a-moi@exemple.fr", is_superuser="on", is_staff="on")
    assert stranger.email == "inconnu@ailleurs.exemple"
    assert not stranger.is_superuser
    assert client.post(page(User, "delete", stranger.pk), {"post": "yes"}).status_code == 403


def test_a_manager_invites_somebody_who_signs_in_by_a_code(client, manager):
    client.force_login(manager)
    data = {"email": "nouvelle@portail.exemple", "first_name": "Nour", "last_name": "Velle", "duties": ["conseil"]}
    data |= {"is_active": "on", "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert client.post(page(User, "add"), data).status_code == 302
    person = User.objects.get(email="nouvelle@portail.exemple")
    assert person.duties == [Duty.ADVISER]
    assert not person.has_usable_password()
    data["email"] = "NOUVELLE@portail.exemple"
    assert client.post(page(User, "add"), data).status_code == 200


def test_a_manager_confirms_memberships_in_the_list(client, manager, stranger):
    membership = make_membership(stranger, state=MembershipState.DECLARED)
    client.force_login(manager)
    client.post(page(Membership, "changelist"), {"action": "confirm", "_selected_action": [membership.pk]})
    membership.refresh_from_db()
    assert (membership.state, membership.confirmed_by) == (MembershipState.CONFIRMED, manager)

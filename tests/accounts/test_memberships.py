import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from accounts import actions
from accounts.models import Event, Function, Membership, MembershipState
from tests.accounts.factories import last_mail, make_membership, make_place, make_user

ADD = reverse("accounts:declare_membership")
DECIDE = reverse("accounts:memberships")

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(stranger):
    membership = Membership(person=stranger, collectivity=make_place("Capdenac"), function=Function.AGENT)
    actions.declare_membership(membership)
    return membership


def decide(client, membership, by, decision="confirm"):
    client.force_login(by)
    client.post(DECIDE, {"membership": membership.pk, "decision": decision})
    membership.refresh_from_db()
    return membership.state


def test_a_person_finds_their_collectivity_and_declares_it(client, stranger):
    place = make_place("Kyrxwaz", postal_codes=["99980"])  # like no real one
    client.force_login(stranger)
    for query in ("kyrxwa", "99980"):
        refused = client.post(ADD, {"collectivity": query, "function": Function.MAYOR}).content.decode()
        assert f'type="radio" name="collectivity_cle" value="{place.key}"' in refused
        assert "Confirmez la collectivité ci-dessous." in refused
    chosen = {"collectivity": "kyrxwa", "collectivity_propose": "kyrxwa", "collectivity_cle": place.key}
    response = client.post(ADD, chosen | {"function": Function.MAYOR})
    assert response.url == reverse("accounts:account")
    membership = stranger.memberships.get()
    assert (membership.collectivity, membership.function, membership.state) == (place, "maire", "declare")
    assert "À confirmer" in client.get(response.url).content.decode()


def test_what_was_chosen_is_kept_when_something_is_missing(client, stranger):
    place = make_place("Figeac")
    client.force_login(stranger)
    chosen = {"collectivity": "Figeac", "collectivity_propose": "Figeac", "collectivity_cle": place.key}
    page = client.post(ADD, chosen).content.decode()
    assert "Choisissez votre fonction." in page
    assert f'name="collectivity_cle" value="{place.key}"' in page
    assert 'value="Figeac"' in page


@pytest.mark.parametrize("key", ["", "commune:00000", "x" * 300, "commune:' OR 1=1"])
def test_a_place_that_is_not_offered_is_refused(client, stranger, key):
    make_place("Figeac")
    client.force_login(stranger)
    chosen = {"collectivity": "figea", "collectivity_propose": "figea", "collectivity_cle": key}
    assert client.post(ADD, chosen | {"function": "maire"}).status_code == 200
    assert not Membership.objects.exists()


def test_the_same_collectivity_is_not_declared_twice(client, declared, stranger):
    client.force_login(stranger)
    data = {"collectivity": declared.collectivity.code, "function": "maire"}
    assert "déjà déclaré" in client.post(ADD, data).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=stranger, collectivity=declared.collectivity, function="maire")


def test_an_unknown_place_leaves_a_way_on(client, stranger):
    client.force_login(stranger)
    page = client.post(ADD, {"collectivity": "Zzzz", "function": "maire"}).content.decode()
    assert "Nous ne trouvons aucune collectivité de ce nom." in page
    assert 'value="Zzzz"' in page


def test_an_adviser_confirms_and_the_person_is_told(client, declared, adviser):
    assert decide(client, declared, adviser) == MembershipState.CONFIRMED
    assert declared.confirmed_by == adviser
    assert declared.confirmed_at
    assert last_mail().to == declared.person.email
    assert "Capdenac est confirmé" in last_mail().body


def test_a_confirmed_colleague_confirms_too(client, declared):
    colleague = make_user()
    make_membership(colleague, declared.collectivity)
    assert decide(client, declared, colleague) == MembershipState.CONFIRMED


def test_a_refusal_is_told_and_the_place_may_be_declared_again(client, declared, adviser, stranger):
    assert decide(client, declared, adviser, "refuse") == MembershipState.REFUSED
    assert "n’a pas été confirmé" in last_mail().body
    assert not stranger.memberships.present().exists()
    actions.declare_membership(Membership(person=stranger, collectivity=declared.collectivity, function="maire"))
    assert stranger.memberships.present().count() == 1


def test_nobody_else_confirms(client, declared, elected, curator, stranger):
    other_declared = make_user()
    make_membership(other_declared, declared.collectivity, state=MembershipState.DECLARED)
    former = make_user()
    actions.end_membership(make_membership(former, declared.collectivity), by=former)
    for person in (elected, curator, stranger, other_declared, former):
        assert decide(client, declared, person) == MembershipState.DECLARED
        assert "Capdenac" not in client.get(DECIDE).content.decode()


def test_not_even_an_adviser_confirms_their_own(client, adviser):
    own = make_membership(adviser, state=MembershipState.DECLARED)
    assert decide(client, own, adviser) == MembershipState.DECLARED
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(adviser, by=adviser)


def test_the_first_of_two_decisions_holds(declared, adviser, manager):
    assert actions.decide_membership(declared, confirm=True, by=adviser)
    assert not actions.decide_membership(declared, confirm=False, by=manager)
    declared.refresh_from_db()
    assert declared.confirmed_by == adviser


@pytest.mark.parametrize("number", ["", "abc", "0", "9" * 18, "9" * 40, "²"])
def test_a_membership_that_is_none_changes_nothing(client, adviser, number):
    client.force_login(adviser)
    assert client.post(DECIDE, {"membership": number, "decision": "confirm"}).status_code == 302


def test_one_leaves_a_collectivity_after_a_page_that_asks(client, elected):
    membership = elected.memberships.get()
    address = reverse("accounts:end_membership", args=[membership.pk])
    client.force_login(elected)
    client.get(address)
    assert elected.memberships.confirmed().exists()
    client.post(address)
    assert not elected.memberships.present().exists()


def test_the_collectivity_of_somebody_else_is_out_of_reach(client, elected, stranger):
    membership = elected.memberships.get()
    client.force_login(stranger)
    assert client.post(reverse("accounts:end_membership", args=[membership.pk])).status_code == 404
    assert elected.memberships.confirmed().exists()


def test_the_history_says_who_and_is_never_rewritten(declared, adviser):
    actions.decide_membership(declared, confirm=True, by=adviser)
    events = list(Event.objects.order_by("pk").values_list("person", "kind", "key", "state", "by"))
    key = f"{declared.collectivity.key}/agent"
    person = declared.person_id
    assert events == [
        (person, "rattachement", key, "declare", person),
        (person, "rattachement", key, "confirme", adviser.pk),
    ]
    for change in (lambda: Event.objects.update(state="autre"), lambda: Event.objects.all().delete()):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_the_list_costs_the_same_for_one_and_for_five(client, adviser, django_assert_max_num_queries):
    client.force_login(adviser)
    for _ in range(5):
        make_membership(make_user(), state=MembershipState.DECLARED)
    with django_assert_max_num_queries(6):
        assert client.get(DECIDE).content.decode().count("Figeac") == 5

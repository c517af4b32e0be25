import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts import actions
from accounts.models import Event, User
from accounts.permissions import Duty, Right, has_right, right_required
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def rights(person):
    return {right for right in Right if has_right(person, right)}


def test_each_of_the_cast_has_the_rights_of_their_duties(elected, adviser, curator, manager, stranger):
    assert rights(AnonymousUser()) == rights(elected) == rights(stranger) == set()
    assert rights(adviser) == {Right.ANSWER, Right.CONFIRM}
    assert rights(curator) == {Right.CURATE}
    assert rights(manager) == {Right.CONFIRM, Right.MANAGE}
    assert rights(make_user(duties=[Duty.ADVISER, Duty.CURATOR])) == {Right.ANSWER, Right.CONFIRM, Right.CURATE}


def test_a_closed_account_has_none():
    assert rights(make_user(duties=list(Duty), is_active=False)) == set()
    assert rights(make_user(is_superuser=True, is_active=False)) == set()


def test_whoever_installs_the_portal_has_all():
    assert rights(User.objects.create_superuser("installe@exemple.fr")) == set(Right)


def test_a_page_that_asks_for_a_right_is_closed_to_the_others(rf, adviser, curator):
    page = right_required(Right.CURATE)(lambda request: "ouverte")
    request = rf.get("/")
    request.user = curator
    assert page(request) == "ouverte"
    request.user = adviser
    with pytest.raises(PermissionDenied):
        page(request)


def test_giving_and_withdrawing_leave_their_trace(stranger, manager):
    actions.set_duties(stranger, [Duty.CURATOR, Duty.ADVISER], by=manager)
    actions.set_duties(stranger, [Duty.CURATOR], by=manager)
    actions.set_duties(stranger, [Duty.CURATOR], by=manager)
    stranger.refresh_from_db()
    assert stranger.duties == [Duty.CURATOR]
    found = Event.objects.order_by("pk").values_list("person", "key", "state", "by")
    assert list(found) == [
        (stranger.pk, "conseil", "donnée", manager.pk),
        (stranger.pk, "edition", "donnée", manager.pk),
        (stranger.pk, "conseil", "retirée", manager.pk),
    ]


def test_there_is_always_somebody_to_give_rights(manager):
    with pytest.raises(actions.LastManager):
        actions.set_duties(manager, [], by=manager)
    other = make_user(duties=[Duty.MANAGER])
    actions.set_duties(manager, [], by=other)
    manager.refresh_from_db()
    assert manager.duties == []

"""What the database refuses, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from territories.models import Collectivity, Kind

pytestmark = pytest.mark.django_db


def make_commune(**fields):
    return Collectivity.objects.create(**{"kind": Kind.COMMUNE, "code": "99001", "name": "Ici", **fields})


def test_the_key_follows_kind_and_code():
    commune = make_commune()
    assert commune.key == "commune:99001"
    part = Collectivity.objects.create(kind=Kind.DELEGATED, code="99001", name="Là", parent=commune)
    assert part.key == "deleguee:99001"


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("unique", {"code": "99000"}),
        ("code_fits_kind", {"code": "9900"}),
        ("code_fits_kind", {"kind": Kind.DEPARTEMENT, "code": "99001"}),
        ("code_fits_kind", {"kind": "hameau"}),
        ("code_fits_kind", {"kind": Kind.PETR, "code": "99001"}),
        ("has_a_name", {"name": ""}),
        ("siren_digits", {"siren": "12345"}),
        ("nature_of_intercommunalities", {"nature": "CC"}),
        ("nature_of_intercommunalities", {"kind": Kind.INTERCOMMUNALITY, "code": "200000001"}),
        ("parent_of_parts", {"kind": Kind.DELEGATED}),
        ("facts_of_communes", {"kind": Kind.REGION, "code": "99", "is_new_commune": True}),
        ("population", {"population": -1}),
    ],
)
def test_refused(constraint, fields):
    make_commune(code="99000")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_commune(**fields)


def test_a_part_has_no_population():
    with pytest.raises(IntegrityError, match="parts_have_no_population"), transaction.atomic():
        make_commune(kind=Kind.ASSOCIATED, parent=make_commune(code="99000"), population=12)


def test_only_what_ended_has_a_successor():
    today = make_commune(code="99000")
    with pytest.raises(IntegrityError, match="successor_of_ended"), transaction.atomic():
        make_commune(successor=today)
    ended = make_commune(successor=today, ended_in=2026)
    assert not ended.is_current
    assert list(today.predecessors.all()) == [ended]
    assert ended not in Collectivity.objects.current()

import pytest

from territories.codes import meant_by, shortest
from territories.models import Collectivity, Kind

pytestmark = pytest.mark.usefixtures("reference")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("46102", "commune:46102"),
        ("200067361", "intercommunalite:200067361"),
        ("01033", "commune:01033"),  # shared with a déléguée
        ("deleguee:01033", "deleguee:01033"),
        ("11", "departement:11"),  # shared with a région
        ("region:11", "region:11"),
        ("2A", "departement:2A"),
        ("75119", "arrondissement:75119"),
        ("97411", "commune:97411"),
        ("987", "outremer:987"),
    ],
)
def test_a_code_or_a_key_means_a_place(text, key):
    assert meant_by(text).key == key


@pytest.mark.parametrize(
    "text", ["", "Figeac", "00000", "commune:46", "village:46102", "46102\x00", "4" * 5000, "46102;", "٤٦١٠٢"]
)
def test_anything_else_means_nothing(text):
    assert meant_by(text) is None


def test_an_old_code_means_the_commune_that_took_it_in():
    kept = Collectivity.objects.filter(kind__in=[Kind.DELEGATED, Kind.ASSOCIATED]).values_list("code", flat=True)
    merged = Collectivity.objects.current().exclude(former_codes=[]).in_order()
    commune, code = next(
        (commune, code) for commune in merged for code in commune.former_codes if code not in set(kept)
    )
    assert meant_by(code) == commune


def test_what_ended_means_its_successor():
    ended = Collectivity.objects.create(
        kind=Kind.COMMUNE,
        code="46999",
        name="Ancienne",
        ended_in=2026,
        successor=Collectivity.objects.get(key="commune:46102"),
    )
    assert meant_by(ended.code).code == "46102"
    assert meant_by(ended.key).code == "46102"


@pytest.mark.parametrize("key", ["commune:46102", "deleguee:01033", "region:11", "departement:46", "commune:01033"])
def test_the_shortest_way_to_write_a_place_means_it(key):
    place = Collectivity.objects.get(key=key)
    assert meant_by(shortest(place)) == place

"""A newer millésime, made from the real one: what was created, merged, renamed or vanished."""

import csv
import gzip
import io

import pytest
from django.core.management import call_command

from experiences.models import Location
from territories import reference as files
from territories.models import Collectivity, ReferenceLoad
from tests.experiences.factories import make_experience

pytestmark = pytest.mark.usefixtures("reference")


def by_key(rows):
    return {f"{row['kind']}:{row['code']}": row for row in rows}


@pytest.fixture
def newer(tmp_path):
    """2027: Figeac and Planioles become a commune nouvelle, Camboulit joins Cahors, Bagnac changes its name, Lunan has
    gone, Sousceyrac is back, and Cauvaldor takes Grand-Figeac in."""
    text = gzip.decompress((files.newest() / files.TABLE).read_bytes()).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    order = list(dict.fromkeys(row["kind"] for row in rows))
    place = by_key(rows)
    figeac, planioles, camboulit = (place[f"commune:{code}"] for code in ("46102", "46221", "46052"))
    figeac["former_codes"] = "46221"
    place["commune:46042"]["former_codes"] = "46052"
    place["commune:46015"]["name"] = "Bagnac-le-Neuf"
    for row in rows:
        if row["intercommunality"] == "intercommunalite:200067361":
            row["intercommunality"] = "intercommunalite:200066371"
    gone = [planioles, camboulit, place["commune:46180"], place["intercommunalite:200067361"]]
    empty = dict.fromkeys(files.COLUMNS, "")
    around = {name: figeac[name] for name in ("departement", "region", "postal_codes")}
    new = [
        {**empty, **around, "kind": "deleguee", "code": "46102", "name": "Figeac", "parent": "commune:46102"},
        {**empty, **around, "kind": "deleguee", "code": "46221", "name": "Planioles", "parent": "commune:46102"},
        {**figeac, "code": "46999", "name": "Commune rétablie", "siren": "", "former_codes": "", "population": "120"},
    ]
    rows = [row for row in rows if row not in gone] + new
    rows.sort(key=lambda row: order.index(row["kind"]))
    files.write(tmp_path / "2027", rows, vintage=2027, source="essai")
    return tmp_path / "2027"


def get(key):
    return Collectivity.objects.select_related("successor").get(key=key)


CHANGES = [
    "Créées\u00a0: 3",
    "  commune 46999 Commune rétablie",
    "  deleguee 46221 Planioles",
    "Réunies à une autre\u00a0: 3",
    "  commune 46052 Camboulit → Cahors",
    "  commune 46221 Planioles → Figeac",
    "  intercommunalite 200067361 CC Grand-Figeac → CC Causses et Vallée de la Dordogne",
    "Renommées\u00a0: 1",
    "  commune 46015 Bagnac-sur-Célé → Bagnac-le-Neuf",
    "Disparues, sans successeur connu\u00a0: 1",
    "  commune 46180 Lunan",
]


def test_a_dry_run_says_all_and_changes_nothing(newer, capsys):
    before = list(Collectivity.objects.order_by("pk").values())
    call_command("load_territories", newer, dry_run=True)
    printed = capsys.readouterr().out
    assert "millésime 2027 serait chargé, rien n’a changé" in printed
    for line in CHANGES:
        assert f"{line}\n" in printed
    assert list(Collectivity.objects.order_by("pk").values()) == before
    assert ReferenceLoad.objects.get().vintage == 2026


def test_what_ended_is_kept_with_its_successor_and_so_is_what_points_at_it(newer, client, capsys):
    by_hand = Collectivity.objects.create(kind="petr", code="200000001", name="PETR saisi à la main")
    location = Location.objects.create(experience=make_experience(), collectivity=get("commune:46221"), position=1)

    call_command("load_territories", newer)

    printed = capsys.readouterr().out
    assert "millésime 2027 chargé" in printed
    for line in CHANGES:
        assert f"{line}\n" in printed
    planioles, camboulit, lunan = get("commune:46221"), get("commune:46052"), get("commune:46180")
    assert (planioles.ended_in, planioles.successor, planioles.vintage) == (2027, get("commune:46102"), 2026)
    assert (camboulit.ended_in, camboulit.successor) == (2027, get("commune:46042"))
    assert (lunan.ended_in, lunan.successor) == (2027, None)
    assert get("intercommunalite:200067361").successor == get("intercommunalite:200066371")
    assert get("commune:46102").is_new_commune
    by_hand.refresh_from_db()
    location.refresh_from_db()
    assert by_hand.ended_in is None
    assert location.collectivity == planioles
    assert client.get("/territoires/46221/")["Location"] == "/territoires/deleguee/46221/"
    assert client.get("/territoires/46052/")["Location"] == "/territoires/46042/"
    assert client.get("/territoires/200067361/")["Location"] == "/territoires/200066371/"
    assert client.get("/territoires/46180/").status_code == 200


def test_a_second_load_changes_nothing_more(newer, capsys):
    call_command("load_territories", newer)
    before = list(Collectivity.objects.order_by("pk").values())
    ReferenceLoad.objects.update(checksum="")
    call_command("load_territories", newer)
    assert list(Collectivity.objects.order_by("pk").values()) == before


def test_a_place_that_comes_back_has_never_ended(newer, tmp_path, capsys):
    call_command("load_territories", newer)
    rows = list(csv.DictReader(io.StringIO(gzip.decompress((files.newest() / files.TABLE).read_bytes()).decode())))
    files.write(tmp_path / "2028", rows, vintage=2028, source="essai")
    call_command("load_territories", tmp_path / "2028")
    planioles = get("commune:46221")
    assert (planioles.ended_in, planioles.successor, planioles.vintage) == (None, None, 2028)
    assert get("deleguee:46221").ended_in == 2028

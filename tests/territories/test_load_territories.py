import gzip
import json
import re
import shutil

import pytest
from django.core.management import CommandError, call_command

from territories import reference as files
from territories.models import Collectivity, ReferenceLoad

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def folder(tmp_path):
    """A copy of the packed reference, to be damaged."""
    return shutil.copytree(files.newest(), tmp_path / "2026")


def forget_the_last_load():
    ReferenceLoad.objects.update(checksum="")


def test_a_second_run_does_nothing_and_says_so(capsys, django_assert_num_queries):
    with django_assert_num_queries(1):
        call_command("load_territories")
    assert capsys.readouterr().out == "Territoires\u00a0: millésime 2026 déjà chargé, rien à faire.\n"


def test_a_new_load_repairs_rows_and_keeps_their_primary_keys(capsys):
    before = dict(Collectivity.objects.values_list("key", "pk"))
    figeac = Collectivity.objects.filter(key="commune:46102")
    figeac.update(name="Ailleurs", population=None, departement=None, postal_codes=[], ended_in=2026)
    Collectivity.objects.filter(key="departement:46").update(seat=None)
    Collectivity.objects.filter(key="deleguee:74282").delete()
    by_hand = Collectivity.objects.create(kind="petr", code="200000001", name="PETR saisi à la main")
    forget_the_last_load()

    call_command("load_territories")

    repaired = figeac.get()
    assert (repaired.name, repaired.population, repaired.ended_in) == ("Figeac", 9_793, None)
    assert repaired.departement == Collectivity.objects.get(key="departement:46", seat__name="Cahors")
    assert repaired.postal_codes == ["46100"]
    after = dict(Collectivity.objects.values_list("key", "pk"))
    assert after.pop("petr:200000001") == by_hand.pk
    assert after.keys() == before.keys()
    assert {key for key in after if after[key] != before[key]} == {"deleguee:74282"}
    printed = capsys.readouterr()
    assert printed.out.startswith("Territoires\u00a0: millésime 2026 chargé, 38\u202f972 lignes.\n")
    assert "Créées\u00a0: 1\n  deleguee 74282 Thorens-Glières\n" in printed.out
    assert "Territoires\u00a0: 38\u202f972 sur 38\u202f972 (100\u202f%)" in printed.err
    assert "par seconde" in printed.err


def test_an_entry_of_the_sourced_list_changes_what_is_loaded(tmp_path, monkeypatch):
    listed = tmp_path / "communes_nouvelles.csv"
    listed.write_text(files.NEW_COMMUNES.read_text() + "46102,Figeac,essai\n")
    monkeypatch.setattr(files, "NEW_COMMUNES", listed)
    call_command("load_territories")
    assert Collectivity.objects.get(key="commune:46102").is_new_commune


def truncate(folder):
    table = folder / files.TABLE
    table.write_bytes(table.read_bytes()[:-1000])


def change_a_cell(folder):
    table = folder / files.TABLE
    table.write_bytes(gzip.compress(gzip.decompress(table.read_bytes()).replace(b"Figeac", b"Fijeac")))


def remove_the_table(folder):
    (folder / files.TABLE).unlink()


def break_the_seal(folder):
    (folder / files.SEAL).write_text('{"vintage": 2026')


@pytest.mark.parametrize("damage", [truncate, change_a_cell, remove_the_table, break_the_seal])
def test_a_damaged_file_is_refused_with_a_sentence(folder, damage):
    damage(folder)
    forget_the_last_load()
    Collectivity.objects.filter(key="commune:46102").update(name="Témoin")
    with pytest.raises(CommandError, match=re.escape(str(folder)) + ".*\u00a0: rien n’a été chargé"):
        call_command("load_territories", folder)
    assert Collectivity.objects.get(key="commune:46102").name == "Témoin"


def test_an_older_reference_is_refused(folder):
    seal = json.loads((folder / files.SEAL).read_text())
    (folder / files.SEAL).write_text(json.dumps({**seal, "vintage": 2025}))
    with pytest.raises(CommandError, match="2025 est plus ancien"):
        call_command("load_territories", folder)


def test_every_listed_new_commune_exists_and_has_a_source():
    lines = files.NEW_COMMUNES.read_text().splitlines()[1:]
    names = dict(Collectivity.objects.communes().values_list("code", "name"))
    for line in lines:
        code, rest = line.split(",", 1)
        assert rest.startswith(names[code])
        assert "Insee" in rest
    assert not Collectivity.objects.filter(code__in=files.read_new_communes(), parts__kind="deleguee").exists()


def test_the_parks_are_there_and_what_a_manager_completes_stays():
    parks = Collectivity.objects.filter(kind="pnr")
    assert parks.count() == 59
    vercors = parks.get(code="FR8000001")
    assert (vercors.name, vercors.vintage) == ("Parc naturel régional du Vercors", None)
    parks.filter(pk=vercors.pk).update(name="Parc du Vercors", population=54_000)
    parks.filter(code="FR8000015").delete()
    forget_the_last_load()
    call_command("load_territories")
    vercors.refresh_from_db()
    assert (vercors.name, vercors.population, vercors.ended_in) == ("Parc du Vercors", 54_000, None)
    assert parks.filter(code="FR8000015", name="Parc naturel régional du Haut-Jura").exists()

import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from territories import reference as files

PACKAGE = {
    "regions": [
        {"code": "76", "nom": "Occitanie", "chefLieu": "46102", "zone": "metro"},
        {"code": "975", "nom": "Saint-Pierre-et-Miquelon", "chefLieu": "97502", "zone": "com"},
    ],
    "departements": [
        {"code": "12", "nom": "Aveyron", "region": "76", "chefLieu": "12052", "zone": "metro"},
        {"code": "46", "nom": "Lot", "region": "76", "chefLieu": "46102", "zone": "metro"},
        {"code": "975", "nom": "Saint-Pierre-et-Miquelon", "region": "975", "chefLieu": "97502", "zone": "com"},
    ],
    "epci": [
        {"code": "200067361", "nom": "CC Grand-Figeac", "type": "CC", "membres": [{"code": "12052"}, {"code": "46102"}]}
    ],
    "communes": [
        {
            "type": "commune-actuelle",
            "code": code,
            "nom": name,
            "departement": departement,
            "region": region,
            "population": population,
            "codesPostaux": postal_codes,
            "anciensCodes": old,
        }
        for code, name, departement, region, population, postal_codes, old in [
            ("97502", "Saint-Pierre", "975", "975", 5000, ["97500"], []),
            ("46102", "Figeac", "46", "76", 9793, ["46101", "46100"], ["46999"]),
            ("12052", "Capdenac-Gare", "12", "76", 4000, ["12700"], []),
        ]
    ]
    + [
        {
            "type": "commune-deleguee",
            "code": "46999",
            "nom": "Là-bas",
            "departement": "46",
            "region": "76",
            "chefLieu": "46102",
        }
    ],
}


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "package"
    (folder / "data").mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "essai", "version": "1.0"}')
    for name, places in PACKAGE.items():
        (folder / "data" / f"{name}.json").write_text(json.dumps(places))
    return folder


def test_rows_come_in_the_order_they_point(package, tmp_path):
    call_command("pack_territories", package, 2026, into=tmp_path / "out")
    table = gzip.decompress((tmp_path / "out" / files.TABLE).read_bytes()).decode().splitlines()
    assert table == [
        ",".join(files.COLUMNS),
        "region,76,Occitanie,,,13793,,,,,,commune:46102,",
        "outremer,975,Saint-Pierre-et-Miquelon,,,5000,,,,,,commune:97502,",
        "departement,12,Aveyron,,,4000,,,region:76,,,commune:12052,",
        "departement,46,Lot,,,9793,,,region:76,,,commune:46102,",
        "intercommunalite,200067361,CC Grand-Figeac,CC,200067361,13793,,departement:46,region:76,,,,",
        "commune,12052,Capdenac-Gare,,,4000,12700,departement:12,region:76,intercommunalite:200067361,,,",
        "commune,46102,Figeac,,,9793,46100 46101,departement:46,region:76,intercommunalite:200067361,,,46999",
        "commune,97502,Saint-Pierre,,,5000,97500,outremer:975,,,,,",
        "deleguee,46999,Là-bas,,,,46100 46101,departement:46,region:76,,commune:46102,,",
    ]


def test_the_same_package_gives_the_same_bytes(package, tmp_path):
    call_command("pack_territories", package, 2026, into=tmp_path / "one")
    call_command("pack_territories", package, 2026, into=tmp_path / "two")
    for name in [files.TABLE, files.SEAL]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_folder_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="Ce dossier n’est pas celui du paquet déplié"):
        call_command("pack_territories", tmp_path, 2026, into=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_reference_is_compact():
    folder = files.newest()
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1_500_000

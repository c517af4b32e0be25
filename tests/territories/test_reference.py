"""What the packed reference says, read in the database after a real load."""

import pytest

from territories.models import Collectivity, Kind, Nature

pytestmark = pytest.mark.usefixtures("reference")


def get(key):
    return Collectivity.objects.get(key=key)


def codes(kind):
    return set(Collectivity.objects.filter(kind=kind).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (Kind.COMMUNE, 34_969),
        (Kind.DELEGATED, 2_105),
        (Kind.ASSOCIATED, 471),
        (Kind.MUNICIPAL_DISTRICT, 45),
        (Kind.INTERCOMMUNALITY, 1_255),
        (Kind.DEPARTEMENT, 101),
        (Kind.REGION, 18),
        (Kind.OVERSEAS, 8),
    ],
)
def test_every_collectivity_of_2026_is_there(kind, count):
    assert Collectivity.objects.current().filter(kind=kind, vintage=2026).count() == count


def test_the_legal_forms_of_intercommunalities():
    found = {nature: Collectivity.objects.intercommunalities().filter(nature=nature).count() for nature in Nature}
    assert found == {"CC": 989, "CA": 230, "CU": 14, "METRO": 21, "MET69": 1}


def test_a_code_alone_is_no_key():
    assert len(codes(Kind.COMMUNE) & codes(Kind.DELEGATED)) == 584
    # 26 in the package, which gives the 8 overseas collectivities both as départements and as régions.
    assert len(codes(Kind.DEPARTEMENT) & codes(Kind.REGION)) == 18
    assert get("commune:74282").name == "Fillière"
    assert get("deleguee:74282").name == "Thorens-Glières"
    assert get("departement:76").name == "Seine-Maritime"
    assert get("region:76").name == "Occitanie"


def test_figeac():
    figeac = get("commune:46102")
    assert figeac.name == "Figeac"
    assert figeac.siren == "214601023"
    assert figeac.population == 9_793
    assert figeac.postal_codes == ["46100"]
    assert (figeac.departement.name, figeac.region.name) == ("Lot", "Occitanie")
    assert figeac.intercommunality.key == "intercommunalite:200067361"
    assert not figeac.is_new_commune


def test_grand_figeac_lies_in_two_departements():
    grand_figeac = get("intercommunalite:200067361")
    members = grand_figeac.members.communes()
    assert members.count() == 92
    assert members.filter(departement=get("departement:46")).count() == 86
    assert members.filter(departement=get("departement:12")).count() == 6
    assert grand_figeac.departement == get("departement:46")
    assert grand_figeac.population == sum(member.population for member in members)


def test_listing_a_departement_gives_what_crosses_its_border(django_assert_num_queries):
    aveyron = get("departement:12")
    with django_assert_num_queries(1):
        found = list(Collectivity.objects.in_departement(aveyron).intercommunalities().in_order())
    assert get("intercommunalite:200067361") in found
    assert len(found) == len(set(found))
    lozere = get("departement:48")
    assert get("intercommunalite:200067361") not in Collectivity.objects.in_departement(lozere)


def test_listing_an_intercommunality_gives_its_members_and_their_parts():
    thorens = get("deleguee:74282")
    group = thorens.parent.intercommunality
    found = Collectivity.objects.in_intercommunality(group)
    assert thorens in found
    assert thorens.parent in found
    assert get("commune:46102") not in found


def test_every_commune_has_its_place():
    communes = Collectivity.objects.communes()
    assert not communes.filter(departement=None).exists()
    assert set(communes.filter(region=None).values_list("departement__kind", flat=True)) == {Kind.OVERSEAS}
    in_metropole = communes.exclude(departement__kind=Kind.OVERSEAS)
    alone = in_metropole.filter(intercommunality=None).values_list("name", flat=True)
    assert set(alone) == {"Île-de-Bréhat", "Île-de-Sein", "Ouessant", "L'Île-d'Yeu"}
    assert not Collectivity.objects.intercommunalities().filter(members=None).exists()
    assert not Collectivity.objects.intercommunalities().filter(departement=None).exists()
    assert not Collectivity.objects.departements().filter(seat=None).exists()
    assert get("departement:46").seat.name == "Cahors"
    assert get("region:76").seat.name == "Toulouse"


def test_le_mene_is_a_new_commune():
    le_mene = get("commune:22046")
    assert le_mene.is_new_commune
    assert set(le_mene.parts.values_list("name", flat=True)) >= {"Collinée", "Plessala"}


def test_a_new_commune_without_parts_is_known_by_the_sourced_list():
    courchevel = get("commune:73227")
    assert not courchevel.parts.exists()
    assert courchevel.is_new_commune


@pytest.mark.parametrize("code", ["14712", "76108", "46102"])
def test_a_commune_that_stands_alone_is_not_new(code):
    """Troarn and Bois-Guillaume left their commune nouvelle; Figeac never was in one."""
    assert not get(f"commune:{code}").is_new_commune


def test_a_part_takes_the_postal_codes_of_its_commune_and_has_no_population():
    thorens = get("deleguee:74282")
    assert thorens.parent == get("commune:74282")
    assert thorens.postal_codes == thorens.parent.postal_codes != []
    assert thorens.population is None


@pytest.mark.parametrize(("code", "count"), [("75056", 20), ("69123", 9), ("13055", 16)])
def test_municipal_districts(code, count):
    city = get(f"commune:{code}")
    districts = city.parts.filter(kind=Kind.MUNICIPAL_DISTRICT)
    assert districts.count() == count
    assert sum(district.population for district in districts) == city.population
    assert all(len(district.postal_codes) >= 1 for district in districts)


def test_homonyms_are_told_apart_by_departement():
    saint_denis = Collectivity.objects.communes().filter(name="Saint-Denis").in_order().for_list()
    assert [(place.code, place.departement.name) for place in saint_denis] == [
        ("11339", "Aude"),
        ("30247", "Gard"),
        ("93066", "Seine-Saint-Denis"),
        ("97411", "La Réunion"),
    ]


def test_overseas():
    saint_pierre = get("commune:97502")
    assert saint_pierre.departement == get("outremer:975")
    assert saint_pierre.departement.name == "Saint-Pierre-et-Miquelon"
    assert saint_pierre.region is None
    assert get("outremer:987").population == sum(
        commune.population for commune in Collectivity.objects.communes().filter(departement__code="987")
    )
    assert get("outremer:984").population is None
    assert get("commune:97411").region == get("region:04")


def test_an_old_code_leads_to_the_new_commune():
    """Saint-Bois, 01340, is today in Arboys en Bugey; a code of today is nobody's old code."""
    assert Collectivity.objects.once_coded("01340").get() == get("commune:01015")
    assert not Collectivity.objects.once_coded("46102").exists()


def test_french_order():
    lot = Collectivity.objects.communes().filter(departement__code="46")
    names = list(lot.filter(sort_name__startswith="a").in_order().values_list("name", flat=True))
    assert names.index("Arcambal") < names.index("Les Arques") < names.index("Assier")
    essonne = Collectivity.objects.filter(code__in=["91228", "91223", "91226"], kind=Kind.COMMUNE).in_order()
    assert [place.name for place in essonne] == ["Étampes", "Étréchy", "Évry-Courcouronnes"]


@pytest.mark.parametrize(
    ("key", "sort_name"),
    [
        ("commune:01001", "abergement clemenciat"),
        ("commune:60703", "marais"),
        ("intercommunalite:200067361", "grand figeac"),
        ("intercommunalite:200054807", "aix marseille provence"),
        ("commune:22046", "mene"),
    ],
)
def test_sort_names(key, sort_name):
    assert get(key).sort_name == sort_name

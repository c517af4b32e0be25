"""Which place the words of a search name."""

import pytest

from portal.searchable import find_place
from search.words import tokens
from territories.models import Kind
from tests.accounts.factories import make_place


@pytest.fixture
def chateau(db):
    departement = make_place("Vaux-Mer", kind=Kind.DEPARTEMENT, code="98")
    return make_place("Vieux-Château", code="99673", postal_codes=["99460"], departement=departement)


def found(text):
    place = find_place(tokens(text))
    return place and (place.name, place.is_a_word)


@pytest.mark.parametrize(
    "text",
    [
        "vieux chateau",
        "le vieux château",
        "Vieux Château à restaurer",
        "un café à vieux-chateau",
        "cantine vieux chateau 98",
        "cantine vieux chateau 99460",
        "cantine dans Vieux château",
        "99673",
        "cantine 99460",
    ],
)
def test_what_can_only_be_the_place_is_the_place(chateau, text):
    assert found(text) == ("Vieux-Château", False)


@pytest.mark.parametrize("text", ["vieux chateau a restaurer", "Vieux château à restaurer", "sauver un vieux chateau"])
def test_common_words_in_a_sentence_may_be_words(chateau, text):
    assert found(text) == ("Vieux-Château", True)


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [("Saint-Essai", Kind.COMMUNE, "99001"), ("Essai-Atlantique", Kind.DEPARTEMENT, "97")],
)
def test_saints_and_wide_places_are_sure_in_any_sentence(db, name, kind, code):
    make_place(name, kind=kind, code=code)
    assert found(f"la laine {name.lower().replace('-', ' ')}") == (name, False)


def test_a_postal_code_is_that_of_all_its_communes_the_largest_first(db):
    make_place("Petitbourg", code="99001", postal_codes=["99120"], population=80)
    make_place("Grandbourg", code="99002", postal_codes=["99120"], population=9000)
    place = find_place(tokens("cantine 99120"))
    assert place
    assert place.name == "Grandbourg"
    assert [other.name for other in place.sharing] == ["Petitbourg"]
    assert place.here == ["commune:99002", "commune:99001"]

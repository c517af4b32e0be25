"""Which word was meant by a slip."""

import pytest

from search.spelling import Known, distance, heard, mend


def alike(*words):
    return [[word, word.upper(), f"{word}-stem", 3] for word in words]


@pytest.mark.parametrize(
    ("typed", "other", "slips"),
    [
        ("bois", "bois", 0),
        ("bios", "bois", 1),
        ("boi", "bois", 1),
        ("boiis", "bois", 1),
        ("bais", "bois", 1),
        ("", "ab", 2),
    ],
)
def test_slips_are_counted(typed, other, slips):
    assert distance(typed, other) == slips


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("fone", "phone"),
        ("chofferie", "chaufferie"),
        ("sinema", "cinema"),
        ("cantinne", "cantine"),
        ("sindicat", "syndicat"),
    ],
)
def test_what_is_heard_alike_is_alike(typed, written):
    assert heard(typed) == heard(written)


def test_the_nearest_is_meant():
    known = Known("metanisation", "metanis", 0, alike("mechanisation", "methanisation", "organisation"))
    assert [word.plain for word in mend(known)] == ["methanisation"]


def test_a_short_word_forgives_one_slip_only():
    assert mend(Known("lien", "lien", 0, alike("laine"))) == []
    assert mend(Known("laien", "laien", 0, alike("laine")))[0].plain == "laine"


def test_nothing_alike_is_nothing():
    assert mend(Known("zzz", "zzz", 0, [])) == []

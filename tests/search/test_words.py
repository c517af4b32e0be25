import sys

import pytest

from search.words import PLAIN, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cœur d’Œuvre", "coeur d'oeuvre"),
        ("L’ÉTÉ à Laàs\xa0: « ex æquo »", "l'ete a laas : « ex aequo »"),
        ("éco‑quartier\u202f?", "eco-quartier ?"),  # the hyphen and the space that no other encoding has
        ("Győr, Łódź", "gyor, łodz"),
        ("", ""),
    ],
)
def test_small_letters_without_accents(text, expected):
    assert plain(text) == expected


def test_letters_of_french_go_the_same_way_as_all_the_others():
    letters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    assert [letter for letter in letters if plain(letter) != letter.translate(PLAIN)] == []

import re

import pytest

from territories.geometry import carte, silhouette
from territories.models import Collectivity


def test_the_map_has_the_departements_of_the_reference(reference):
    drawn = {outline.code for outline in carte().departments}
    assert drawn == set(Collectivity.objects.filter(kind="departement").values_list("code", flat=True))


def test_the_map_is_loaded_once():
    assert carte() is carte()


@pytest.mark.parametrize("code", ["01", "2A", "75", "976"])
def test_a_silhouette_fits_its_square(code):
    outline = silhouette(code) or ""
    assert re.fullmatch(r"M[MLlHhVvzZ\d\s.,-]+", outline)
    starts = re.findall(r"M([\d.]+) ([\d.]+)", outline)
    assert starts
    assert all(0 <= float(figure) <= 200 for start in starts for figure in start)


def test_a_place_without_outline_has_none():
    assert silhouette("975") is None

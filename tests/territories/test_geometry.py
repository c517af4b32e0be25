import re

import pytest
from django.conf import settings

from territories.geometry import carte, silhouette
from territories.models import Collectivity


def test_the_map_has_the_departements_of_the_reference(reference):
    assert carte().departments == set(Collectivity.objects.filter(kind="departement").values_list("code", flat=True))


def test_the_drawing_has_the_outline_of_each():
    drawing = (settings.BASE_DIR / "static/icons/sprite.svg").read_text()
    assert set(re.findall(r'<path id="d(\w+)"', drawing)) == carte().departments


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

import re

import pytest
from django import forms

from territories.forms import AnyCollectivityField, CollectivityField
from territories.models import Collectivity

pytestmark = pytest.mark.usefixtures("reference")


class PlaceForm(forms.Form):
    place = CollectivityField(label="Commune, intercommunalité ou territoire de projet")


def post(text, key="", offered_for=""):
    return PlaceForm({"place": text, "place_cle": key, "place_propose": offered_for})


def candidates(form):
    """The names that the form offers, each with where it is."""
    return re.findall(r'<span>([^<]+?)\s+<span class="combo__meta">([^<]+?) ·', str(form))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("46102", "commune:46102"),
        ("Figeac (46)", "commune:46102"),
        ("figeac 46", "commune:46102"),
        ("Sare 64310", "commune:64504"),
        ("saint-félix 46100", "commune:46266"),
        ("Figeac 46102", "commune:46102"),
        ("sare", "commune:64504"),
        ("200067361", "intercommunalite:200067361"),
    ],
)
def test_a_text_that_leaves_no_doubt_is_enough(text, key):
    form = post(text)
    assert form.is_valid()
    assert form.cleaned_data["place"].key == key


def test_where_one_has_the_very_name_those_merely_alike_are_left_out():
    offered = candidates(post("saint-félix"))
    assert ("Saint-Félix", "Lot (46)") in offered
    assert "Saint-Félix-Lauragais" in {name for name, _place in offered}


def test_where_the_desk_does_not_matter_nothing_is_said_of_it_and_a_commune_is_offered_once():
    class AnyForm(forms.Form):
        place = AnyCollectivityField()

    html = str(AnyForm({"place": "annecy"}))
    assert 'value="commune:74010"' in html
    assert 'value="deleguee:74010"' not in html
    assert "Service ouvert" not in html
    assert "service=non" in html
    told = str(post("annecy"))
    assert 'value="deleguee:74010"' in told
    assert "Service" in told


def test_a_key_says_which_of_the_homonyms():
    form = post("Annecy (74)", "deleguee:74010", "Annecy (74)")
    assert form.is_valid()
    assert form.cleaned_data["place"].key == "deleguee:74010"


def test_without_script_the_next_page_offers_the_candidates_and_keeps_the_text():
    form = post("figéac ")
    assert form.errors["place"] == ["Plusieurs collectivités sont possibles\u00a0: choisissez la bonne ci-dessous."]
    html = str(form)
    assert 'value="figéac"' in html
    assert '<input type="radio" name="place_cle" value="commune:46102">' in html
    assert '<input type="radio" name="place_cle" value="intercommunalite:200067361">' in html
    assert "Communauté de communes" in html
    chosen = post("figéac", "intercommunalite:200067361", "figéac")
    assert chosen.is_valid()
    assert chosen.cleaned_data["place"].name == "CC Grand-Figeac"


def test_the_code_of_a_commune_that_is_the_postal_code_of_another_leaves_a_doubt():
    for typed in ("46100", "46 100"):
        form = post(typed)
        assert "choisissez" in form.errors["place"][0]
        assert 'value="commune:46102"' in str(form)
        assert 'value="commune:46100"' in str(form)


def test_a_text_changed_since_is_looked_up_again():
    form = post("Cahors (46)", "commune:46102", "figeac")
    assert form.is_valid()
    assert form.cleaned_data["place"].name == "Cahors"


@pytest.mark.parametrize("key", ["commune:00000", "x", "commune:46102\ud7ff", "y" * 9_999, "deleguee:46102"])
def test_an_unknown_key_is_as_none(key):
    assert "choisissez" in post("figeac", key, "figeac").errors["place"][0]


def test_a_place_that_ended_cannot_be_chosen():
    Collectivity.objects.filter(key="commune:46102").update(ended_in=2027)
    assert not post("Figeac (46)", "commune:46102", "Figeac (46)").is_valid()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Indiquez le nom de la collectivité, ou son code postal."),
        ("   ", "Indiquez le nom de la collectivité, ou son code postal."),
        (
            "zzzzzz",
            "Nous ne trouvons aucune collectivité de ce nom. Vérifiez l’orthographe, ou tapez le code postal.",
        ),
    ],
)
def test_what_names_nothing_is_refused_and_kept(text, sentence):
    form = post(text)
    assert form.errors["place"] == [sentence]
    assert "<fieldset" not in str(form)
    if text.strip():
        assert f'value="{text}"' in str(form)


def test_a_single_candidate_is_confirmed_rather_than_guessed():
    form = post("chateau-thiery")
    assert not form.is_valid()
    assert ("Château-Thierry", "Aisne (02)") in candidates(form)


def test_candidates_of_one_reader_are_not_shown_to_the_next():
    str(post("figeac"))
    post("figeac").is_valid()
    assert "<fieldset" not in str(PlaceForm())


def test_a_place_already_known_is_shown_by_its_label():
    html = str(PlaceForm(initial={"place": Collectivity.objects.get(key="commune:46102")}))
    assert 'value="Figeac (46)"' in html
    assert 'value="commune:46102"' in html


def test_an_optional_field_may_stay_empty():
    class OptionalForm(forms.Form):
        place = CollectivityField(required=False)

    form = OptionalForm({"place": ""})
    assert form.is_valid()
    assert form.cleaned_data["place"] is None

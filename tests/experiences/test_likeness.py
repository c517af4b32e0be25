import pytest

from experiences import finding, likeness
from experiences.likeness import Group, Trait
from experiences.searchable import NAME
from search.models import Document

WEIGHTS = {"commune": 6, "intercommunalite": 5, "departement": 3, "region": 1, "nature": 3, "enjeu": 2}


def traits_of(code):
    """What is like this collectivity, in the base as it is."""
    mine = likeness.to(code)
    assert mine
    return mine.traits(finding.current().sets)


def ranked(code):
    """The keys with their scores, the most alike first."""
    base = finding.current()
    traits = traits_of(code)
    found = likeness.groups(traits, base.sets, base.sets.all)
    return [(key, group.score) for group in found for key in base.sets.keys_of(group.among)]


def naive(traits):
    """The score of each experience, read from its document."""
    own, beside = (next((set(t.values) for t in traits if t.words == words), set()) for words in SIZES)
    scores = {}
    for key, facets in Document.objects.filter(kind=NAME, is_listed=True).values_list("key", "facets"):
        values = {tuple(facet.split(":", 1)) for facet in facets}
        size = {value for name, value in values if name == "taille"}
        scores[key] = 4 if size & own else 2 if size & beside else 0
        for trait in traits:
            if trait.facet in WEIGHTS and values & {(trait.facet, value) for value in trait.values}:
                scores[key] += WEIGHTS[trait.facet]
    return scores


SIZES = ("taille voisine", "taille proche")


@pytest.mark.usefixtures("content")
class TestOnTheOpeningContent:
    @pytest.mark.parametrize("code", ["46102", "200067361", "deleguee:74282", "departement:974", "69123", "97411"])
    def test_the_order_is_that_of_a_naive_count(self, code):
        order = ranked(code)
        scores = naive(traits_of(code))
        assert dict(order) == scores
        assert [score for _, score in order] == sorted(scores.values(), reverse=True)
        assert len(order) == 70

    def test_what_a_town_did_itself_comes_first(self):
        base = finding.current()
        best = likeness.groups(traits_of("46102"), base.sets, base.sets.all)[0]
        assert next(trait.words for trait in likeness.reasons(best.shared)) == "même commune"

    def test_only_those_that_the_filters_keep_are_ranked(self):
        base = finding.current()
        among = base.having({"theme": ["energie"]})
        groups = likeness.groups(traits_of("46102"), base.sets, among)
        assert sum(group.among.bit_count() for group in groups) == among.bit_count()
        together = 0
        for group in groups:
            assert group.among & together == 0
            together |= group.among
        assert together == among

    def test_a_part_of_a_commune_is_in_its_commune_and_has_no_size(self):
        traits = {trait.facet: trait for trait in traits_of("deleguee:74282")}
        assert traits["commune"].values == ("74282",)
        assert traits["nature"].values == ("commune",)
        assert "taille" not in traits

    def test_an_intercommunality_lies_in_each_departement_of_its_members(self):
        traits = {trait.facet: trait for trait in traits_of("200067361")}
        assert traits["departement"].values == ("12", "46")
        assert traits["intercommunalite"].values == ("200067361",)

    def test_where_nothing_took_place_no_issue_is_supposed(self):
        assert "enjeu" not in {trait.facet for trait in traits_of("97411")}
        assert "enjeu" in {trait.facet for trait in traits_of("46102")}


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("code", ["46102", "200067361", "46"])
def test_statements_do_not_grow(code, django_assert_max_num_queries):
    finding.current()
    with django_assert_max_num_queries(4):
        base = finding.current()
        mine = likeness.to(code)
        assert mine
        likeness.groups(mine.traits(base.sets), base.sets, base.sets.all)


def test_of_the_places_the_nearest_alone_is_said():
    shared = tuple(Trait(facet, ("x",), weight, words) for facet, (weight, words) in reversed(likeness.PLACES.items()))
    other = Trait("nature", ("commune",), 3, "même type de collectivité")
    said = likeness.reasons((other, *shared))
    assert [trait.words for trait in said] == ["même commune", "même type de collectivité"]
    assert Group(shared, 1).score == 15


@pytest.mark.usefixtures("reference")
def test_a_place_that_the_reference_never_held_means_nothing():
    assert likeness.to("00000") is None

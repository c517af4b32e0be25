"""Every count is that of a plain recount through the database."""

import random

import pytest
from django.db.models import Q

from experiences import finding
from experiences.models import Experience, RoleHeld
from territories.models import Collectivity, Kind
from tests.experiences.factories import index, make_experience, make_role_held


def held(**kept):
    return Q(pk__in=RoleHeld.objects.shown().filter(**kept).values("experience"))


def located(places):
    return Q(locations__collectivity__in=places.values("pk"))


def within(name, code):
    """Located in a commune of this place, in the département, or in the very place."""
    communes = Collectivity.objects.communes().filter(**{f"{name}__code": code})
    departements = Collectivity.objects.departements()
    wider = departements.filter(region__code=code) if name == "region" else departements.filter(code=code)
    return located(communes) | located(wider)


def of_intercommunality(code):
    itself = Collectivity.objects.intercommunalities().filter(code=code)
    return located(itself) | located(Collectivity.objects.communes().filter(intercommunality__code=code))


RECOUNTS = {
    "theme": lambda value: Q(themes=value),
    "role": lambda value: held(role=value),
    "posture": lambda value: Q(posture=value),
    "phase": lambda value: held(phase=value),
    "region": lambda value: within("region", value),
    "departement": lambda value: within("departement", value),
    "intercommunalite": of_intercommunality,
    "commune": lambda value: located(Collectivity.objects.communes().filter(code=value)),
    "enjeu": lambda value: Q(policy_issues=value),
    "forme": lambda value: Q(legal_form=value),
    "decennie": lambda value: Q(started_year__gte=int(value), started_year__lt=int(value) + 10),
    "difficultes": lambda value: Q(difficulties__is_to_check=False),
}
"""The listed experiences that have a value, by other means than facets; kind and size are looked at below."""


def naive(chosen):
    found = Experience.objects.listed()
    chosen = dict(chosen)
    if "role" in chosen and "phase" in chosen:
        found = found.filter(held(role__in=chosen.pop("role"), phase__in=chosen.pop("phase")))
    for name, values in chosen.items():
        either = Q()
        for value in values:
            either |= Q(pk__in=Experience.objects.filter(RECOUNTS[name](value)).values("pk"))
        found = found.filter(either)
    return set(found.values_list("pk", flat=True))


@pytest.mark.usefixtures("content")
class TestOnTheOpeningContent:
    def test_each_value_alone(self):
        for name in RECOUNTS:
            counts = finding.counts(name)
            assert counts
            for value, count in counts.items():
                expected = naive({name: [value]})
                assert set(finding.keys(**{name: [value]})) == expected
                assert count == len(expected)

    def test_combinations_drawn_by_lot(self):
        base = finding.current()
        draw = random.Random(4)  # noqa: S311 - the same at each run
        values = {name: sorted(base.counts(name)) for name in list(RECOUNTS)}
        found = 0
        for _ in range(150):
            names = draw.sample(list(RECOUNTS), draw.randint(1, 4))
            chosen = {name: draw.sample(values[name], min(draw.randint(1, 4), len(values[name]))) for name in names}
            expected = naive(chosen)
            found += bool(expected)
            assert set(base.keys(**chosen)) == expected
            facet = draw.choice(list(RECOUNTS))
            counts = base.counts(facet, **chosen)
            others = {name: kept for name, kept in chosen.items() if name != facet}
            for value in draw.sample(values[facet], min(3, len(values[facet]))):
                assert counts.get(value, 0) == len(naive({**others, facet: [value]}))
        assert found > 50

    def test_a_role_and_a_phase_are_those_of_one_role_held(self):
        both = finding.count(role=["financeur"], phase=["passage-a-l-echelle"])
        assert both == len(naive({"role": ["financeur"], "phase": ["passage-a-l-echelle"]}))
        assert both < len(set(finding.keys(role=["financeur"])) & set(finding.keys(phase=["passage-a-l-echelle"])))

    def test_every_experience_has_a_kind_and_nearly_all_a_size(self):
        everything = set(finding.keys())
        assert set(finding.keys(nature=finding.counts("nature"))) >= everything - set(
            Experience.objects.filter(scale="bassin-de-vie").values_list("pk", flat=True)
        )
        assert len(finding.keys(taille=finding.counts("taille"))) > 0.9 * len(everything)

    def test_keys_come_in_the_order_of_the_list(self):
        assert finding.keys() == list(Experience.objects.listed().values_list("pk", flat=True))


def test_addresses_are_in_one_order():
    assert finding.address() == "/experiences/"
    assert finding.address(phase=["emergence"], role="financeur") == "/experiences/?role=financeur&phase=emergence"
    assert finding.address(theme=[], q="") == "/experiences/"


@pytest.mark.django_db
def test_a_base_asked_many_things_reads_once(django_assert_num_queries):
    make_role_held(make_experience())
    finding.count()
    with django_assert_num_queries(1):
        base = finding.current()
        assert base.count() == 1
        base.counts("role")
        base.keys(theme=["energie"])


@pytest.mark.usefixtures("reference")
class TestPlaces:
    def make(self, *keys, **fields):
        experience = make_experience(**fields)
        for position, key in enumerate(keys, start=1):
            experience.locations.create(collectivity=Collectivity.objects.get(key=key), position=position)
        return index(experience)

    def values(self, name):
        return sorted(finding.counts(name))

    def test_an_intercommunality_alone_lies_wherever_it_has_members(self):
        self.make("intercommunalite:200067361")
        assert self.values("departement") == ["12", "46"]
        assert self.values("region") == ["76"]
        assert self.values("intercommunalite") == ["200067361"]
        assert self.values("commune") == []

    def test_a_commune_says_where_better_than_its_intercommunality(self):
        self.make("commune:46102", "intercommunalite:200067361")
        assert self.values("departement") == ["46"]
        assert self.values("commune") == ["46102"]

    def test_a_deleguee_is_in_its_commune(self):
        place = Collectivity.objects.filter(kind=Kind.DELEGATED).select_related("parent__intercommunality").first()
        assert place
        assert place.parent
        assert place.parent.intercommunality
        self.make(place.key)
        assert self.values("commune") == [place.parent.code]
        assert self.values("intercommunalite") == [place.parent.intercommunality.code]

    def test_a_departement_is_in_its_region_and_a_region_in_itself(self):
        self.make("departement:46")
        self.make("region:11")
        assert self.values("departement") == ["46"]
        assert self.values("region") == ["11", "76"]

    def test_the_population_frozen_comes_before_that_of_today(self):
        self.make("commune:46102", population=400, population_year=1990)
        assert self.values("taille") == ["moins-de-500"]

    def test_without_it_that_of_the_bearer_then_of_the_place(self):
        self.make("commune:46102")
        assert self.values("taille") == ["5000-a-9999"]
        self.make("commune:46102", bearer=Collectivity.objects.get(key="intercommunalite:200067361"))
        assert self.values("taille") == ["20000-a-49999", "5000-a-9999"]

    def test_the_kinds_are_those_of_who_acted(self):
        experience = self.make("commune:46102", "intercommunalite:200067361")
        assert self.values("nature") == ["commune"]
        make_role_held(experience).collectivities.add(Collectivity.objects.get(key="region:76"))
        index(experience)
        assert self.values("nature") == ["commune", "region"]

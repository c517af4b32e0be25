"""Who may ask the desk, on the real reference and at the edges of the rules."""

import json
import random
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from territories.eligibility import facts_of, verdict
from territories.models import Collectivity, EligibilityRule, EligibilityRuleSet, Kind, Requirement
from typography import french

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def rules():
    return EligibilityRuleSet.objects.active()


@pytest.fixture
def overseas_rules():
    return EligibilityRuleSet.objects.get(version=2)


def get(key):
    return Collectivity.objects.get(key=key)


def of(key, ruleset=None):
    return verdict(get(key), ruleset)


@pytest.mark.parametrize(
    ("population", "eligible", "reason"),
    [
        (
            9_999,
            True,
            "Figeac compte 9 999 habitants : le service est ouvert aux communes de moins de 10 000 habitants.",
        ),
        (
            10_000,
            False,
            "Figeac compte 10 000 habitants : le service est ouvert aux communes de moins de 10 000 habitants, "
            "et aux communes nouvelles ou déléguées quelle que soit leur taille.",
        ),
        (
            1,
            True,
            "Figeac compte 1 habitant : le service est ouvert aux communes de moins de 10 000 habitants.",
        ),
        (
            0,
            True,
            "Figeac compte 0 habitant : le service est ouvert aux communes de moins de 10 000 habitants.",
        ),
        (None, False, "Nous ne connaissons pas la population de Figeac : appelez-nous, nous vérifierons."),
    ],
)
def test_a_commune_is_admitted_under_ten_thousand_inhabitants(population, eligible, reason):
    Collectivity.objects.filter(key="commune:46102").update(population=population)
    given = of("commune:46102")
    assert (given.eligible, given.reason) == (eligible, french.typo(reason))


def test_a_new_commune_is_admitted_whatever_its_size():
    given = of("commune:74010")
    assert given.eligible
    assert given.reason == "Annecy est une commune nouvelle\u00a0: le service lui est ouvert quelle que soit sa taille."
    assert given.facts["population"] > 100_000


@pytest.mark.parametrize(
    ("key", "eligible"),
    [
        ("deleguee:74282", True),
        ("deleguee:74010", True),  # Annecy, chief déléguée of a commune nouvelle of 130,000
        ("intercommunalite:200067361", True),
        ("intercommunalite:200046977", True),  # métropole de Lyon
        ("arrondissement:75115", False),
        ("commune:75056", False),
        ("departement:46", False),
        ("departement:974", False),
        ("region:76", False),
        ("outremer:978", False),
    ],
)
def test_other_kinds(key, eligible):
    given = of(key)
    assert given.eligible is eligible
    assert given.reason.endswith(".")
    assert french.faults(given.reason) == []


def test_an_intercommunalite_is_named():
    assert of("intercommunalite:200067361").reason == (
        "CC Grand-Figeac est une intercommunalité\u00a0: le service lui est ouvert quelle que soit sa taille."
    )


@pytest.mark.parametrize(("kind", "code"), [("petr", "200000001"), ("pays", "200000002"), ("pnr", "QUERCY")])
def test_territories_of_project_are_admitted(kind, code):
    given = verdict(Collectivity.objects.create(kind=kind, code=code, name="Territoire de projet"))
    assert given.eligible
    assert "territoires de projet" in given.reason


def test_a_commune_associee_goes_as_its_commune():
    associees = Collectivity.objects.filter(kind=Kind.ASSOCIATED).select_related("parent", "departement")
    ruleset = EligibilityRuleSet.objects.active()
    answers = {place: verdict(place, ruleset) for place in associees}
    assert {given.eligible for given in answers.values()} == {True, False}
    for place, given in answers.items():
        assert place.parent
        assert given.eligible is verdict(place.parent, ruleset).eligible
        assert french.typo(place.parent.name) in given.reason
        assert given.facts["commune"]["cle"] == place.parent.key


def test_every_rule_on_hundreds_of_real_places(rules):
    """Against the founding document, written here once more in other words."""
    everything = list(Collectivity.objects.select_related("departement", "parent"))
    for place in random.Random(2026).sample(everything, 1_000):  # noqa: S311
        commune = place.parent if place.parent and place.kind != "deleguee" else place
        expected = place.kind in ("deleguee", "intercommunalite") or (
            commune.kind == "commune"
            and commune.population is not None
            and (commune.population <= 9_999 or commune.is_new_commune)
        )
        given = verdict(place, rules)
        assert given.eligible is expected, place.key
        assert french.faults(given.reason) == []


def test_the_second_version_also_admits_every_commune_overseas(rules, overseas_rules):
    communes = Collectivity.objects.communes().filter(code__regex="^9[78]").select_related("departement", "parent")
    assert communes.count() > 200
    assert all(verdict(commune, overseas_rules).eligible for commune in communes)
    refused = [commune.name for commune in communes if not verdict(commune, rules).eligible]
    assert "Saint-Denis" in refused
    assert not of("commune:93066", overseas_rules).eligible or of("commune:93066", rules).eligible
    assert not of("commune:75056", overseas_rules).eligible
    assert not of("outremer:987", overseas_rules).eligible


def test_the_facts_can_be_stored_and_say_the_year_and_the_version():
    facts = of("commune:46102").facts
    assert json.loads(json.dumps(facts)) == facts
    assert facts == {
        "cle": "commune:46102",
        "nom": "Figeac",
        "type": "commune",
        "population": 9_793,
        "commune_nouvelle": False,
        "outre_mer": False,
        "departement": "46",
        "millesime": 2026,
        "version": 1,
        "regle": 2,
    }
    assert facts.keys() - facts_of(get("commune:46102")).keys() == {"version", "regle"}


def test_a_list_asks_for_the_rules_once(rules, django_assert_num_queries):
    places = list(Collectivity.objects.select_related("departement", "parent__departement")[:50])
    with django_assert_num_queries(0):
        assert [verdict(place, rules) for place in places]


def test_a_manager_puts_another_version_in_force(overseas_rules):
    EligibilityRuleSet.objects.filter(version=1).update(is_active=False)
    EligibilityRuleSet.objects.filter(version=2).update(is_active=True, valid_from=date(2027, 1, 1))
    given = of("commune:97411")
    assert (given.eligible, given.facts["version"]) == (True, 2)


def test_without_rules_in_force_nobody_is_admitted_and_the_sentence_says_so():
    EligibilityRuleSet.objects.update(is_active=False)
    given = of("commune:46102")
    assert not given.eligible
    assert "pas publiées" in given.reason


def test_two_versions_cannot_be_in_force(rules):
    with pytest.raises(IntegrityError, match="eligibility_one_active_version"):
        EligibilityRuleSet.objects.filter(version=2).update(is_active=True, valid_from=date(2027, 1, 1))


@pytest.mark.parametrize("sentence", ["{population}", "{nom.__class__}", "{}", "{nom!r}", "{0}"])
def test_a_sentence_quotes_only_what_is_known(rules, sentence):
    rule = EligibilityRule(ruleset=rules, position=99, kinds=["commune"], sentence=sentence)
    with pytest.raises(ValidationError, match="La phrase ne peut citer que"):
        rule.full_clean()


def test_a_threshold_goes_with_its_condition(rules):
    rule = EligibilityRule(ruleset=rules, position=99, kinds=["commune"], sentence="{nom}")
    rule.condition = Requirement.POPULATION_UNDER
    with pytest.raises(ValidationError, match="Le seuil va avec la condition"):
        rule.full_clean()


def test_plainer_sentences_spare_what_a_manager_wrote(rules):
    plainer = import_module("territories.migrations.0005_plainer_sentences")
    grouping = rules.rules.get(kinds=[Kind.INTERCOMMUNALITY])
    for before, after in [(plainer.EVERY_GROUPING, plainer.THIS_GROUPING), ("Venez tous.", "Venez tous.")]:
        grouping.sentence = before
        grouping.save()
        plainer.write_plainer_sentences(apps, None)
        grouping.refresh_from_db()
        assert grouping.sentence == after

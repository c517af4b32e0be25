"""Who may ask the desk: the verdict of rules that managers write, its reason in one sentence and the facts it used."""

import re
from dataclasses import dataclass
from typing import Any

from typography import french

from .models import Collectivity, EligibilityRule, EligibilityRuleSet, Requirement

NO_RULES = "Les règles d’accès au service ne sont pas publiées pour le moment : appelez-nous."
UNKNOWN_POPULATION = "Nous ne connaissons pas la population de {nom} : appelez-nous, nous vérifierons."


@dataclass(frozen=True)
class Verdict:
    eligible: bool
    reason: str
    facts: dict[str, Any]
    """All that the verdict rests on, ready to be stored with a question: a later reference changes nothing to it."""


def verdict(collectivity: Collectivity, ruleset: EligibilityRuleSet | None = None) -> Verdict:
    """By the rules in force, or by those given, which a list loads once for all its rows."""
    ruleset = ruleset or EligibilityRuleSet.objects.active()
    facts = {**facts_of(collectivity), "version": ruleset.version if ruleset else None, "regle": None}
    if ruleset is None:
        return Verdict(False, NO_RULES, facts)
    rules = [rule for rule in ruleset.rules.all() if collectivity.kind in rule.kinds]
    for rule in rules:
        if admits(rule, collectivity, ruleset):
            return Verdict(True, quote(rule.sentence, collectivity, rule), {**facts, "regle": rule.position})
    if any(rule.condition == Requirement.POPULATION_UNDER for rule in rules) and collectivity.population is None:
        return Verdict(False, quote(UNKNOWN_POPULATION, collectivity), facts)
    refusing = next((rule for rule in rules if rule.refusal), None)
    return Verdict(False, quote(refusing.refusal if refusing else ruleset.refusal, collectivity, refusing), facts)


def facts_of(collectivity: Collectivity) -> dict[str, Any]:
    facts = {
        "cle": collectivity.key,
        "nom": collectivity.name,
        "type": collectivity.kind,
        "population": collectivity.population,
        "commune_nouvelle": collectivity.is_new_commune,
        "outre_mer": collectivity.is_overseas,
        "departement": collectivity.departement.code if collectivity.departement else None,
        "millesime": collectivity.vintage,
    }
    if collectivity.parent:
        facts["commune"] = facts_of(collectivity.parent)
    return facts


def admits(rule: EligibilityRule, collectivity: Collectivity, ruleset: EligibilityRuleSet) -> bool:
    match rule.condition:
        case Requirement.POPULATION_UNDER:
            return collectivity.population is not None and collectivity.population < (rule.threshold or 0)
        case Requirement.NEW_COMMUNE:
            return collectivity.is_new_commune
        case Requirement.OVERSEAS:
            return collectivity.is_overseas
        case Requirement.AS_ITS_COMMUNE:
            return collectivity.parent is not None and verdict(collectivity.parent, ruleset).eligible
    return True


def quote(sentence: str, collectivity: Collectivity, rule: EligibilityRule | None = None) -> str:
    """The sentence with what it quotes, in French typography."""
    population = collectivity.population or 0
    words = {
        "nom": collectivity.name,
        "habitants": f"{french.number(population)} habitant{'s' if population > 1 else ''}",
        "seuil": french.number(rule.threshold) if rule and rule.threshold else "",
        "commune": collectivity.parent.name if collectivity.parent else "",
    }
    return french.typo(re.sub(r"\{(\w+)\}", lambda quoted: words.get(quoted[1], ""), sentence))

"""The opening content enters whole, once, and says no more than its sources."""

import json
from collections import Counter

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.management import call_command

from experiences import opening
from experiences.models import (
    Difficulty,
    Experience,
    Illustration,
    LegalForm,
    PolicyIssue,
    Result,
    RoleHeld,
    Source,
    State,
    Step,
    Theme,
)
from roles.models import Argument, Posture, Role
from search.models import Document
from typography.french import faults

pytestmark = pytest.mark.usefixtures("content")

RECORDS = opening.records()
MOST_SHEETS_UNDER_ONE_WORD = 5  # one that fits more of them tells none from another


def total(block):
    return sum(len(record[block]) for record in RECORDS)


def test_every_record_and_every_fact_is_there():
    assert Experience.objects.count() == len(RECORDS) == 70
    assert RoleHeld.objects.count() == total("roles") == 185
    assert Source.objects.exclude(title="").count() == total("sources") == 368
    assert Step.objects.count() == total("timeline")
    assert Result.objects.count() == total("results")
    assert Difficulty.objects.count() == total("difficulties")
    assert [model.objects.count() for model in (Theme, LegalForm, PolicyIssue)] == [13, 12, 20]
    assert [model.objects.count() for model in (Role, Posture, Argument)] == [5, 3, 5]


def test_each_fact_carries_the_source_that_its_record_gives():
    for record in RECORDS:
        stored = Step.objects.filter(experience__slug=record["slug"]).order_by("position")
        assert [(step.source.url or step.source.title) for step in stored] == [
            step["source"] for step in record["timeline"]
        ]


def test_what_is_not_verified_enters_as_to_revise_with_the_reason():
    expected = {record["slug"] for record in RECORDS if not record["verified"]}
    to_revise = Experience.objects.filter(state=State.TO_REVISE)
    assert {experience.slug for experience in to_revise} == expected
    assert all(experience.revision_reason for experience in to_revise)
    assert Experience.objects.filter(state=State.PUBLISHED).count() == len(RECORDS) - len(expected)


def test_facts_to_be_checked_are_kept_and_not_shown():
    marked = Counter(
        block
        for record in RECORDS
        for block in ("timeline", "roles", "results", "difficulties")
        for fact in record[block]
        if fact.get("a-verifier")
    )
    for model, block in ((Step, "timeline"), (RoleHeld, "roles"), (Result, "results"), (Difficulty, "difficulties")):
        assert model.objects.filter(is_to_check=True).count() == marked[block]
        assert model.objects.shown().count() == total(block) - marked[block]
    assert marked.total() > 0


def test_nobody_has_read_them_again_yet():
    assert not Experience.objects.exclude(last_checked_on=None).exists()


def test_dates_phases_and_postures_are_those_of_the_content_and_no_others():
    for record in RECORDS:
        stored = RoleHeld.objects.filter(experience__slug=record["slug"]).order_by("position")
        assert [(held.from_year, held.to_year, held.phase, held.posture_id) for held in stored] == [
            (role["from_year"], role["to_year"], role["phase"] or "", role["posture"]) for role in record["roles"]
        ]


def test_places_are_the_official_ones():
    for record in RECORDS:
        experience = Experience.objects.for_list().get(slug=record["slug"])
        assert {commune.code for commune in experience.communes} == set(record["territory"]["commune_insee_codes"])
        assert {place.code for place in experience.departements} == set(record["territory"]["departement_codes"])
        assert {place.code for place in experience.regions} == set(record["territory"]["region_codes"])


def test_each_argument_is_shown_by_the_experience_of_the_founding_document():
    arguments = json.loads((opening.DATA.parent.parent / "roles" / "data" / "arguments.json").read_text())["arguments"]
    shown = Illustration.objects.filter(is_founding_example=True).values_list("argument_id", "experience__slug")
    assert dict(shown) == {argument["key"]: argument["experience_slug"] for argument in arguments}


def test_a_second_load_changes_nothing_and_keeps_what_curators_wrote(capsys):
    Experience.objects.filter(slug="figeacteurs").update(title="Un titre récrit par une personne")
    before = {model: model.objects.count() for model in (Experience, RoleHeld, Source, Step, Result, Illustration)}
    call_command("load_content")
    assert {model: model.objects.count() for model in before} == before
    assert Experience.objects.get(slug="figeacteurs").title == "Un titre récrit par une personne"
    assert "0 expériences ajoutées, 70 déjà là" in capsys.readouterr().out


def test_every_sheet_has_everyday_words_of_its_own():
    shared = Counter(word for record in RECORDS for word in record["keywords"])
    assert {word for word, sheets in shared.items() if sheets > MOST_SHEETS_UNDER_ONE_WORD} == set()
    for record in RECORDS:
        stored = Experience.objects.get(slug=record["slug"]).keywords
        assert stored == record["keywords"]
        assert len(stored) == len(set(stored)) >= 12, record["slug"]
        assert record["title"].casefold() not in stored
        for keyword in stored:
            assert faults(keyword) == []
            assert keyword == " ".join(keyword.lower().split())
            assert len(keyword.split()) <= 6


def test_a_sheet_loaded_before_there_were_keywords_gets_them_once_and_is_found_by_them():
    record = {"slug": "figeacteurs", "keywords": ["halte-garderie des usines"]}
    Experience.objects.update(keywords=[])
    Experience.history.update(keywords=[])
    for _load in range(2):
        opening.fill_keywords([record])
    (found,) = Document.objects.filter(words=SearchQuery("halte-garderie usines", config="search_french"))
    filled = Experience.objects.get(pk=found.key)
    assert (filled.slug, filled.keywords) == (record["slug"], record["keywords"])
    assert [version.keywords for version in filled.history.all()[:2]] == [record["keywords"], []]


@pytest.mark.parametrize("written", [["un mot de la rédaction"], []])
def test_keywords_that_a_curator_changed_or_emptied_stay_so(written):
    experience = Experience.objects.get(slug="figeacteurs")
    for keywords in (["garde d’enfants"], written):
        experience.keywords = keywords
        experience.save()
    opening.fill_keywords([{"slug": "figeacteurs", "keywords": ["autre chose"]}])
    experience.refresh_from_db(fields=["keywords"])
    assert experience.keywords == written

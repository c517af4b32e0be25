"""The page of a sheet is kept laid out: few statements, and never an old page."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import page_cache
from experiences import rendering, together
from experiences.models import (
    Condition,
    Difficulty,
    Experience,
    Image,
    LegalForm,
    MoneyLine,
    PolicyIssue,
    Quote,
    Rendering,
    Result,
    State,
    Video,
)
from roles.models import Argument, Role
from tests.accounts.factories import make_place
from tests.experiences.factories import complete, make_experience, make_role_held, make_step
from typography.french import typo

RICH = ["groupe-archer-pole-sud-romans", "lons-le-saunier-restauration-municipale"]
MOST = 5

pytestmark = pytest.mark.django_db


def read(client, experience):
    return client.get(reverse("experiences:detail", args=[experience.slug])).content.decode()


def statements(client, slug):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse("experiences:detail", args=[slug])).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.usefixtures("content")
def test_few_statements_the_first_time_as_the_next(client):
    call_command("generate", experiences=20, seed=5)
    generated = Experience.objects.listed().filter(is_generated=True).latest("pk")
    for slug in [*RICH, generated.slug]:
        first = statements(client, slug)
        page_cache.clear()
        again = statements(client, slug)
        assert len(first) <= MOST, first
        assert len(again) == 2, again  # one for the cache of pages, one for the sheet


@pytest.mark.usefixtures("content")
def test_few_statements_for_who_is_signed_in(client, elected):
    statements(client, RICH[0])
    client.force_login(elected)
    assert len(statements(client, RICH[0])) <= MOST


@pytest.mark.usefixtures("content")
def test_an_unknown_sheet_costs_no_more(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert client.get(reverse("experiences:detail", args=["nulle-part"])).status_code == 404


@pytest.mark.usefixtures("content")
def test_what_is_fetched_together_is_what_django_fetches():
    for slug in RICH:
        expected = Experience.objects.for_sheet().get(slug=slug)
        ((fetched,),) = together.fetch((Experience.objects.for_sheet(), [expected.pk]))
        assert told(fetched) == told(expected)
        for name, rows in expected._prefetched_objects_cache.items():
            theirs = getattr(fetched, name).all()
            assert [told(row) for row in theirs] == [told(row) for row in rows], name
            assert [type(row) for row in theirs] == [type(row) for row in rows]


def told(instance):
    fields = {name: value for name, value in vars(instance).items() if not name.startswith("_")}
    return fields | {
        name: related and told(related)
        for name, related in instance._state.fields_cache.items()
        if name != "experience"
    }


@pytest.mark.usefixtures("content")
def test_several_are_fetched_each_with_its_own():
    keys = list(Experience.objects.order_by("-pk").values_list("pk", flat=True)[:3])
    (fetched,) = together.fetch((Experience.objects.for_list(), keys))
    assert {experience.pk for experience in fetched} == set(keys)
    for experience in fetched:
        expected = Experience.objects.for_list().get(pk=experience.pk)
        assert experience.place_name == expected.place_name
        assert experience.role_keys == expected.role_keys
        assert experience.main_theme == expected.main_theme
    assert together.fetch((Experience.objects.for_list(), []), (Experience.objects.for_list(), keys[:1]))[0] == []


@pytest.fixture
def sheet(db):
    """A sheet with something in each block."""
    LegalForm.objects.create(key="scic", label="Société coopérative", position=1)
    experience = complete(make_experience(legal_form_id="scic", pitch="Un résumé."))
    source = experience.sources.get()
    fact = {"experience": experience, "position": 1}
    experience.policy_issues.add(PolicyIssue.objects.create(key="eau", label="Eau potable", position=1, rule="Eau."))
    argument = Argument.objects.create(
        key="un", position=1, title="Un argument", text="Parce que.", source="Le document"
    )
    experience.illustrations.create(argument=argument, position=1)
    make_step(experience, year=2001, label="Une étape", source=source)
    make_role_held(experience, source=source, from_year=2001, how="achète la récolte")
    Result.objects.create(**fact, source=source, label="Des repas", value=3)
    Difficulty.objects.create(**fact, source=source, text="Un conflit")
    MoneyLine.objects.create(**fact, source=source, kind="recette", label="Des ventes", amount=10)
    Quote.objects.create(**fact, source=source, text="Il faut y croire")
    Condition.objects.create(**fact, kind="emergence", text="Un maire décidé")
    Video.objects.create(**fact, title="Un film", url="https://films.example/1")
    Image.objects.create(**fact, file="experiences/une.jpg", width=10, height=10, alternative_text="Une image")
    return experience


def update(**fields):
    return lambda rows: rows.update(**fields)


def itself(sheet):
    return Experience.objects.filter(pk=sheet.pk)


CHANGES = {
    "the title": (itself, update(title="Un autre titre"), "Un autre titre"),
    "its state": (itself, update(state=State.ARCHIVED), "Fiche archivée"),
    "a step": (lambda sheet: sheet.steps, update(label="Une autre étape"), "Une autre étape"),
    "a role": (lambda sheet: sheet.roles_held, update(how="prête un terrain"), "prête un terrain"),
    "a result": (lambda sheet: sheet.results, update(value=71829), "71\u202f829"),
    "a difficulty": (lambda sheet: sheet.difficulties, update(text="Une panne"), "Une panne"),
    "a money line": (lambda sheet: sheet.money_lines, update(label="Des dons"), "Des dons"),
    "a quote": (lambda sheet: sheet.quotes, update(text="Il faut du temps"), "Il faut du temps"),
    "a condition": (lambda sheet: sheet.conditions, update(text="Un terrain"), "Un terrain"),
    "a video": (lambda sheet: sheet.videos, update(title="Un reportage"), "Un reportage"),
    "an image": (lambda sheet: sheet.images, update(alternative_text="Une autre vue"), "Une autre vue"),
    "a source": (lambda sheet: sheet.sources, update(publisher="Un autre journal"), "Un autre journal"),
    "a theme's label": (lambda sheet: sheet.themes, update(label="Les champs"), "Les champs"),
    "an issue's label": (lambda sheet: sheet.policy_issues, update(label="L’eau de tous"), "L’eau de tous"),
    "a legal form's label": (lambda sheet: LegalForm.objects, update(label="Coopérative"), "Coopérative"),
    "an argument": (lambda sheet: sheet.arguments, update(text="Pour mieux vivre."), "Pour mieux vivre."),
    "a place's name": (lambda sheet: sheet.collectivities, update(name="Villeneuve"), "Villeneuve"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_is_never_older_than_a_change(client, sheet, change):
    rows, act, told = CHANGES[change]
    assert told not in read(client, sheet)
    act(rows(sheet))
    assert told in read(client, sheet)


@pytest.mark.parametrize(
    "block",
    ["steps", "results", "difficulties", "quotes", "conditions", "videos", "images", "illustrations", "filings"],
)
def test_nor_than_what_is_taken_away_or_added(client, sheet, block):
    (row,) = getattr(sheet, block).all()
    before = read(client, sheet)
    row.delete()
    without = read(client, sheet)
    assert without != before
    row.pk = None
    row.save(force_insert=True)
    assert read(client, sheet) != without


def test_nor_than_a_fact_given_to_another_sheet(client, sheet):
    other = make_experience()
    assert "Une étape" in read(client, sheet)
    assert "Une étape" not in read(client, other)
    sheet.steps.update(experience=other)
    assert "Une étape" not in read(client, sheet)
    assert "Une étape" in read(client, other)


def test_a_sheet_withdrawn_is_gone_at_once(client, sheet):
    read(client, sheet)
    Experience.objects.filter(pk=sheet.pk).update(state=State.WRITING)
    assert client.get(reverse("experiences:detail", args=[sheet.slug])).status_code == 404


def test_other_code_lays_out_again(client, sheet, monkeypatch):
    read(client, sheet)
    Rendering.objects.update(parts=Rendering.objects.get(pk=sheet.pk).parts | {"story": "Une vieille page"})
    page_cache.clear()
    assert "Une vieille page" in read(client, sheet)
    page_cache.clear()
    monkeypatch.setattr(rendering, "_digest", lambda: "une autre livraison")
    assert "Une vieille page" not in read(client, sheet)


def test_a_page_laid_out_during_a_change_is_not_kept(client, sheet, monkeypatch):
    lay_out = rendering.lay_out

    def slowly(experience):
        parts = lay_out(experience)
        sheet.steps.update(label="Une étape corrigée entre-temps")
        return parts

    monkeypatch.setattr(rendering, "lay_out", slowly)
    assert "corrigée" not in read(client, sheet)
    monkeypatch.undo()
    assert "corrigée" in read(client, sheet)


def test_a_sheet_deleted_takes_its_page_away(client, sheet):
    draft = make_experience(state=State.WRITING)
    draft.conditions.create(kind="emergence", position=1, text="Un terrain")
    draft.delete()
    assert not Rendering.objects.filter(pk=draft.pk).exists()


def test_reading_time_is_told(client):
    short, long = make_experience(), make_experience(context="mot " * 1000)
    assert "Lecture\u00a0: 1 minute<" in read(client, short)
    assert "Lecture\u00a0: 6 minutes<" in read(client, long)


def test_long_names_are_told_whole(client):
    name = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson-" * 4
    experience = complete(make_experience(organisations=name[:200]))
    experience.locations.create(collectivity=make_place(name[:180]), position=2)
    page = read(client, experience)
    assert typo(name[:200]) in page
    assert typo(name[:180]) in page


def test_a_role_has_no_name_but_its_definition_changes_the_version(client, sheet):
    before = Rendering.objects.get(pk=sheet.pk).key
    read(client, sheet)
    Role.objects.update(definition="Autre.")
    read(client, sheet)
    assert Rendering.objects.get(pk=sheet.pk).key != before

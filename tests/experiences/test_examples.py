"""Made-up experiences: like the opening ones, always the same for a seed, and easily taken away."""

import random
import re
from itertools import count
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from experiences import opening
from experiences.examples.sketch import TABLES, Illustrator, Keys, Map
from experiences.examples.writer import Writer
from experiences.models import Condition, Experience
from search.models import Document

NUMBER = 60
BY_OTHERS = {"illustration", "rendering"}  # by curators, by the database itself


@pytest.fixture
def generated(content):
    call_command("generate", experiences=NUMBER, seed=3)
    return Experience.objects.filter(is_generated=True)


def drawn(seed, numbers):
    """Everything that is drawn for these numbers, but the keys of the rows."""
    illustrator = Illustrator(seed, Map())
    keys = [Keys(count(1000 * number), count(1000 * number), count(1000 * number)) for number in numbers]
    return [list(illustrator.rows(number, own)) for number, own in zip(numbers, keys, strict=True)]


def test_the_same_seed_gives_the_same_rows_whatever_else_is_drawn(reference):
    assert drawn(3, [5, 9]) == [drawn(3, [5])[0], drawn(3, [9])[0]]
    assert drawn(3, [5]) != drawn(4, [5])


def test_lengths_and_numbers_stay_within_those_of_the_opening_content(generated):
    models = opening.records()
    for experience in generated:
        assert 37 <= len(experience.title) <= 160
        assert min(len(m["summary"]) for m in models) <= len(experience.pitch) <= 300
        assert len(experience.lessons) <= max(len(m["lessons"]) for m in models)
    for name, block in (("sources", "sources"), ("steps", "timeline"), ("roles_held", "roles"), ("results", "results")):
        numbers = generated.annotate(number=Count(name))
        seen = {len(m[block]) for m in models}
        assert {experience.number for experience in numbers} <= seen
    assert Condition.objects.filter(experience__in=generated).exists()


def test_some_blocks_are_empty_as_in_the_opening_content(generated):
    assert generated.filter(difficulties=None).exists()
    assert generated.exclude(difficulties=None).exists()
    assert generated.filter(videos=None).exists()


def test_words_are_many(reference):
    illustrator = Illustrator(1, Map())
    words = set()
    for number in range(1, 701):
        keys = Keys(count(), count(), count())
        for _table, row in illustrator.rows(number, keys):
            for value in row:
                for text in value if isinstance(value, list) else [value]:
                    if isinstance(text, str) and "://" not in text:
                        words.update(re.findall(r"[^\W\d_]{2,}", text.lower()))
    assert len(words) >= 5000


def test_a_text_is_new_and_no_longer_than_those_it_comes_from():
    writer = Writer(["Une maison pour les habitants du village", "Un atelier pour les jeunes de la vallée voisine"])
    draw = random.Random(1)  # noqa: S311
    texts = {writer.write(draw) for _ in range(50)}
    assert "Une maison pour les jeunes de la vallée voisine" in texts
    assert all(writer.shortest <= len(text) <= writer.longest for text in texts)


def test_they_are_found_like_the_others(generated, client):
    listed = generated.listed().first()
    assert Document.objects.filter(address=listed.get_absolute_url(), is_listed=True).exists()
    assert Document.objects.filter(key__in=[str(key) for key in generated.values_list("pk", flat=True)]).count() == (
        generated.public().count()
    )


def test_public_pages_show_them(generated, client):
    for experience in generated.public()[:10]:
        assert client.get(experience.get_absolute_url()).status_code == 200
    for page in ("/", "/experiences/", "/experiences/?page=4", "/territoires/"):
        assert client.get(page).status_code == 200
    private = generated.exclude(pk__in=generated.public())
    assert all(client.get(experience.get_absolute_url()).status_code == 404 for experience in private)


def test_twice_adds_nothing_and_more_adds_the_rest(generated):
    before = set(generated.values_list("slug", flat=True))
    call_command("generate", experiences=NUMBER, seed=3)
    assert set(generated.values_list("slug", flat=True)) == before
    call_command("generate", experiences=NUMBER + 2, seed=3)
    assert generated.count() == NUMBER + 2
    assert before < set(generated.values_list("slug", flat=True))


def test_taken_away_nothing_is_left(content):
    def everything():
        relations: list[Any] = [relation.related_model for relation in Experience._meta.related_objects]
        return {model: model.objects.count() for model in (Experience, Document, *relations)}

    before = everything()
    call_command("generate", experiences=20, seed=5)
    assert everything() != before
    changed = Experience.objects.filter(is_generated=True)[0]
    changed.save()  # a curator tries the form on it: it has a history
    call_command("generate", remove=True)
    assert everything() == before
    assert not Experience.history.filter(id=changed.pk).exists()


def test_every_table_of_a_sheet_that_the_opening_content_fills_is_filled(content):
    call_command("generate", experiences=300, seed=1)
    generated = Experience.objects.filter(is_generated=True)
    for relation in Experience._meta.related_objects:
        model: Any = relation.related_model
        table = model._meta.db_table.removeprefix("experiences_")
        if model.objects.filter(experience__is_generated=False).exists() and table not in BY_OTHERS:
            assert table in TABLES
            assert model.objects.filter(experience__in=generated).exists()


def test_a_public_portal_refuses(content, settings):
    settings.IS_DEMONSTRATION = False
    with pytest.raises(CommandError, match="public"):
        call_command("generate", experiences=1)
    assert not Experience.objects.filter(is_generated=True).exists()
    call_command("generate", experiences=1, force=True)
    assert Experience.objects.filter(is_generated=True).count() == 1


@pytest.mark.parametrize("options", [{}, {"experiences": -1}, {"experiences": 1, "seed": -1}])
def test_bad_figures_are_refused(db, options):
    with pytest.raises(CommandError, match="Indiquez"):
        call_command("generate", **options)


def test_an_empty_base_is_refused(db):
    with pytest.raises(CommandError, match="load_territories"):
        call_command("generate", experiences=1)

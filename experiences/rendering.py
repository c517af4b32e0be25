"""The pages of sheets, laid out once for each version of what they tell, and kept in the database beside them.

A key says what a kept page was made from: our code, the names that sheets quote, the sheet itself. It is read in the
same statement as the page, before anything else; a page that bears another key is laid out again.
"""

import hashlib
import json
import math
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Subquery
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import strip_tags

from search import versions
from search.models import Version
from typography.french import typo

from . import citations, frise, neighbours
from .models import Experience
from .together import fetch

LABELS = "libelles"
"""The version of the names that sheets quote: themes, roles, places…"""
WORDS_A_MINUTE = 200
SLUG = "la-fiche"
"""Stands for the address of the sheet in the statement that is kept."""
OUR_CODE = ("*/*.py", "*/models/*.py", "*/templatetags/*.py", "*/shapes/*.json", "templates/**/*.html")

KEEP = """
UPDATE experiences_rendering SET key = %(key)s, parts = %(parts)s, related_key = %(related_key)s, related = %(related)s
WHERE experience_id = (
    SELECT experience_id FROM experiences_rendering
    WHERE experience_id = %(experience)s AND version = %(version)s FOR UPDATE SKIP LOCKED)
"""


def page(slug):
    """The parts of the page of this public sheet, kept or laid out now; nothing when there is none."""
    kept = _read(slug)
    if not kept:
        return None
    key = f"{_code()} {kept.labels} {kept.version}"
    related_key = f"{key} {kept.documents}"
    if kept.related_key == related_key:
        return kept.parts | {"related": kept.related}
    is_told = kept.key == key
    found = neighbours.find(kept.experience)
    sheets, others = fetch(
        (Experience.objects.for_sheet(), [] if is_told else [kept.experience]),
        (Experience.objects.for_list(), [one.key for one in found]),
    )
    parts = kept.parts if is_told else lay_out(sheets[0])
    related = lay_out_related(parts["place"], *neighbours.tell(found, others))
    _keep(kept, key, parts, related_key, related)
    return parts | {"related": related}


def lay_out(experience):
    """The parts of a page that depend on this sheet alone: texts, then HTML."""
    place = experience.main_place
    context = {
        "experience": experience,
        "frises": frise.draw(experience.roles_held.all(), experience.steps.all()),
        "cited": citations.mark_first(experience),
    }
    story = render_to_string("experiences/_story.html", context)
    context["minutes"] = max(1, math.ceil(len(strip_tags(story).split()) / WORDS_A_MINUTE))
    return {
        "title": typo(experience.title),
        "description": typo(experience.pitch),
        "place_name": typo(experience.place_name),
        "place": {"name": place.name, "code": place.code} if place else None,
        "head": render_to_string("experiences/_head.html", context),
        "story": story,
        "aside": render_to_string("experiences/_aside.html", context),
    }


def lay_out_related(place, read_next, comparable):
    """What depends on the other sheets."""
    context = {"place": place, "read_next": read_next, "comparable": comparable}
    return render_to_string("experiences/_related.html", context)


class Kept(NamedTuple):
    experience: int
    parts: dict
    labels: int | None
    documents: int | None
    version: int
    key: str
    related_key: str
    related: str


def _read(slug):
    statement, values = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [slug if value == SLUG else value for value in values])
        row = cursor.fetchone()
    return row and Kept(row[0], json.loads(row[1]), *row[2:])


@cache
def _statement():
    """What is kept of a public sheet: written by Django once, for writing it takes ten times longer than reading it."""
    kept = ("version", "key", "related_key", "related")
    sheets = Experience.objects.public().filter(slug=SLUG).order_by()
    versions_read = {"labels": _version(LABELS), "documents": _version(versions.DOCUMENTS)}
    columns = ["pk", "rendering__parts", *versions_read, *(f"rendering__{name}" for name in kept)]
    return sheets.annotate(**versions_read).values_list(*columns).query.sql_with_params()


def _version(name):
    return Subquery(Version.objects.filter(name=name).values("number"))


def _keep(kept, key, parts, related_key, related):
    """Keep a page, unless the sheet changed since its version was read or is changing: the next reader will."""
    values = {"experience": kept.experience, "version": kept.version, "key": key, "parts": json.dumps(parts)}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values | {"related_key": related_key, "related": related})


def _code():
    """What stands for the code and for the static files that pages name."""
    digest = _digest.__wrapped__() if settings.DEBUG else _digest()  # templates change under a running `make dev`
    return f"{digest} {static('icons/sprite.svg')[-24:]}"


@cache
def _digest():
    files = sorted({path for pattern in OUR_CODE for path in settings.BASE_DIR.glob(pattern)})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]

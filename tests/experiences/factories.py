"""Experiences and their parts, made with as little as a test needs to say."""

from datetime import date
from itertools import count

from experiences import searchable
from experiences.models import Experience, RoleHeld, Scale, Source, State, Step, Theme
from roles.models import Posture, Role
from search import indexing
from tests.accounts.factories import make_place

numbers = count(1)


def make_experience(**fields):
    number = next(numbers)
    fields.setdefault("slug", f"experience-{number}")
    fields.setdefault("title", f"Une expérience qui porte le numéro {number}")
    fields.setdefault("pitch", "Ce qui a été tenté, et par qui.")
    fields.setdefault("organisations", "Une association")
    fields.setdefault("scale", Scale.COMMUNE)
    fields.setdefault("state", State.PUBLISHED)
    fields.setdefault("first_published_on", date(2026, 11, 23))
    return index(Experience.objects.create(**fields))


def index(experience):
    """What whoever writes a sheet does last: lists and searches know it as it now is."""
    indexing.refresh(searchable.NAME, [experience.pk])
    return experience


def make_theme(key="agriculture"):
    return Theme.objects.get_or_create(key=key, defaults={"label": key.capitalize(), "position": 1})[0]


def complete(experience):
    """Give a sheet what it needs to be read again and published."""
    make_source(experience)
    experience.filings.create(theme=make_theme(), position=1)
    experience.locations.create(collectivity=make_place(), position=1)
    return experience


def make_source(experience, **fields):
    fields.setdefault("position", experience.sources.count() + 1)
    fields.setdefault("title", "Un article")
    return Source.objects.create(experience=experience, **fields)


def make_role(key, position):
    return Role.objects.get_or_create(
        key=key, defaults={"position": position, "definition": "Ce qu’elle fait.", "source": "Le document de départ."}
    )[0]


def make_posture(key, position=1):
    return Posture.objects.get_or_create(
        key=key, defaults={"position": position, "definition": "Sa manière.", "source": "Le document de départ."}
    )[0]


def make_role_held(experience, role="acteur", **fields):
    fields.setdefault("source", make_source(experience))
    fields.setdefault("position", experience.roles_held.count() + 1)
    fields.setdefault("holder", "La commune")
    fields.setdefault("how", "achète la récolte")
    make_role(role, position=1)
    return RoleHeld.objects.create(experience=experience, role_id=role, **fields)


def make_step(experience, **fields):
    fields.setdefault("source", make_source(experience))
    fields.setdefault("position", experience.steps.count() + 1)
    fields.setdefault("label", "Une étape")
    return Step.objects.create(experience=experience, **fields)

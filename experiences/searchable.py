"""Experiences as the search and the lists know them."""

from urllib.parse import urlencode

from django.urls import reverse

from search.registry import Item, Kind, register

from . import cards, facets
from .models import Experience, State, Theme

NAME = "experience"
THEME = "theme"


def public_keys():
    return Experience.objects.public().values_list("pk", flat=True)


def items(wanted):
    """The public ones among these, each with all its words; facts still to be checked are left out."""
    sheets = Experience.objects.public().filter(pk__in=wanted).for_sheet()
    experiences = list(sheets.prefetch_related("roles_held__collectivities"))
    around = facets.surroundings(facets.places_named(experiences))
    for experience in experiences:
        yield Item(
            key=str(experience.pk),
            address=experience.get_absolute_url(),
            title=experience.title,
            extract=experience.pitch,
            names=experience.organisations,
            near="\n".join(
                [
                    *experience.keywords,
                    *_places(experience),
                    *(filing.theme.label for filing in experience.filings.all()),
                ]
            ),
            meanings=(", ".join(experience.keywords),),
            text="\n".join(_sentences(experience)),
            facets=facets.of(experience, around),
            card=cards.write(
                experience, facets.departements_of(experience, around), facets.populations_of(experience, around)
            ),
            is_listed=experience.state != State.ARCHIVED,
            prominence=int(experience.is_in_founding_document),
            published_on=experience.first_published_on,
            started_year=experience.started_year,
            checked_on=experience.last_checked_on,
        )


def _places(experience):
    """The names and codes under which its places are looked for."""
    for place in [location.collectivity for location in experience.locations.all()]:
        yield " ".join([place.name, place.code, *place.postal_codes])
        yield from (f"{wider.name} {wider.code}" for wider in (place.departement, place.region) if wider)


def _sentences(experience):
    lines = [
        experience.legal_form_text,
        experience.need,
        experience.context,
        experience.starting_event,
        *experience.resources,
        *(step.label for step in experience.steps.all()),
        *(f"{held.holder}\u00a0: {held.how}" for held in experience.roles_held.all()),
        *(_told(result) for result in experience.results.all()),
        *(difficulty.text for difficulty in experience.difficulties.all()),
        experience.governance,
        experience.economic_model,
        experience.posture_basis,
        *experience.lessons,
        *(condition.text for condition in experience.conditions.all()),
        *experience.first_steps,
        *experience.policy_issue_texts,
    ]
    return filter(None, lines)


def _told(result):
    """« Sociétaires : 23 personnes (2018) », as a line that can be read alone in an extract."""
    figure = " ".join(filter(None, [result.qualifier, result.figure, result.shown_unit]))
    year = f" ({result.year})" if result.year and str(result.year) not in result.label else ""
    return f"{result.label}\u00a0: {figure}{year}"


register(Kind(NAME, "Expérience", "Expériences", public_keys, items))


def theme_keys():
    return Theme.objects.values_list("pk", flat=True)


def theme_items(wanted):
    for theme in Theme.objects.filter(pk__in=wanted):
        yield Item(
            key=theme.pk,
            address=f"{reverse('experiences:list')}?{urlencode({'theme': theme.pk})}",
            title=theme.label,
            extract="Toutes les expériences de ce thème.",
        )


register(Kind(THEME, "Thème", "Thèmes", theme_keys, theme_items))

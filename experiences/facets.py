"""What experiences may be filtered by, and the values that each of them has.

A value is written « name:value » in the document of a sheet, with the words and the official codes of addresses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from territories.models import PARTS_OF_A_COMMUNE, Collectivity, Kind

from .models import Scale


class Nature(models.TextChoices):
    """The kinds of collectivities, as officials name their own."""

    COMMUNE = "commune", "Commune"
    NEW_COMMUNE = "commune-nouvelle", "Commune nouvelle"
    INTERCOMMUNALITY = "intercommunalite", "Intercommunalité"
    PROJECT = "petr-pays", "PETR ou pays"
    PARK = "pnr", "Parc naturel régional"
    SYNDICATE = "syndicat", "Syndicat"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    OVERSEAS = "outre-mer", "Collectivité d’outre-mer"


class Size(models.TextChoices):
    """Bands of population: the usual steps of Insee's tables, and the 10,000 under which a commune may ask the desk."""

    HAMLET = "moins-de-500", "Moins de 500 habitants"
    VILLAGE = "500-a-1999", "De 500 à 1\u202f999 habitants"
    BOURG = "2000-a-4999", "De 2\u202f000 à 4\u202f999 habitants"
    SMALL_TOWN = "5000-a-9999", "De 5\u202f000 à 9\u202f999 habitants"
    TOWN = "10000-a-19999", "De 10\u202f000 à 19\u202f999 habitants"
    LARGE_TOWN = "20000-a-49999", "De 20\u202f000 à 49\u202f999 habitants"
    CITY = "50000-a-99999", "De 50\u202f000 à 99\u202f999 habitants"
    LARGE_CITY = "100000-et-plus", "100\u202f000 habitants et plus"

    @classmethod
    def of(cls, population):
        limits = (500, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
        return list(cls)[sum(population >= limit for limit in limits)]


NATURES = {
    Kind.COMMUNE: Nature.COMMUNE,
    **dict.fromkeys(PARTS_OF_A_COMMUNE, Nature.COMMUNE),
    Kind.INTERCOMMUNALITY: Nature.INTERCOMMUNALITY,
    Kind.PETR: Nature.PROJECT,
    Kind.PAYS: Nature.PROJECT,
    Kind.PARK: Nature.PARK,
    Kind.DEPARTEMENT: Nature.DEPARTEMENT,
    Kind.REGION: Nature.REGION,
    Kind.OVERSEAS: Nature.OVERSEAS,
}
NATURES_OF_SCALES = {
    Scale.COMMUNE: Nature.COMMUNE,
    Scale.NEW_COMMUNE: Nature.NEW_COMMUNE,
    Scale.CC: Nature.INTERCOMMUNALITY,
    Scale.CA: Nature.INTERCOMMUNALITY,
    Scale.GROUP_OF_CC: Nature.INTERCOMMUNALITY,
    Scale.PNR: Nature.PARK,
    Scale.SYNDICATE: Nature.SYNDICATE,
    Scale.DEPARTEMENT: Nature.DEPARTEMENT,
}


@dataclass(frozen=True)
class Surroundings:
    """A collectivity with the codes of all that it lies in."""

    kind: str
    population: int | None
    is_new_commune: bool
    commune: str
    intercommunality: str
    departements: dict[str, str]
    """Their names by their codes."""
    regions: tuple[str, ...]


def surroundings(keys: Iterable[int]) -> dict[int, Surroundings]:
    """Those of these collectivities, in two statements; an intercommunalité lies wherever it has members."""
    wanted = set(keys)
    members: defaultdict[int | None, set] = defaultdict(set)
    for pk, *codes in (
        Collectivity.objects.filter(intercommunality__in=wanted, kind=Kind.COMMUNE)
        .values_list("intercommunality", "departement__code", "departement__name", "region__code")
        .distinct()
        .order_by("departement__code")
    ):
        members[pk].add(tuple(codes))
    rows = Collectivity.objects.filter(pk__in=wanted).values_list(
        "pk",
        "kind",
        "code",
        "name",
        "population",
        "is_new_commune",
        "departement__code",
        "departement__name",
        "region__code",
        "intercommunality__code",
        "parent__code",
        "parent__intercommunality__code",
        named=True,
    )
    return {row.pk: _surroundings(row, members[row.pk]) for row in rows}


def _surroundings(row, members):
    is_departement = row.kind in {Kind.DEPARTEMENT, Kind.OVERSEAS}
    is_grouping = row.kind == Kind.INTERCOMMUNALITY
    itself = (row.code, row.name) if is_departement else (row.departement__code, row.departement__name)
    areas = members or {(*itself, row.region__code)}
    return Surroundings(
        kind=row.kind,
        population=row.population,
        is_new_commune=row.is_new_commune,
        commune=row.code if row.kind == Kind.COMMUNE else row.parent__code or "",
        intercommunality=(
            row.code if is_grouping else row.intercommunality__code or row.parent__intercommunality__code or ""
        ),
        departements={code: name for code, name, _ in sorted(areas, key=str) if code},
        regions=(row.code,) if row.kind == Kind.REGION else tuple(sorted({region for *_, region in areas if region})),
    )


def of(experience, around: dict[int, Surroundings]) -> tuple[str, ...]:
    """The values of a sheet from for_sheet(), knowing what is around the places that it names."""
    return tuple(dict.fromkeys(f"{name}:{value}" for name, value in _values(experience, around) if value))


def _values(experience, around) -> Iterator[tuple[str, str]]:
    yield from (("theme", filing.theme_id) for filing in experience.filings.all())
    for held in experience.roles_held.all():
        yield "role", held.role_id
        yield "phase", held.phase
        if held.phase:
            yield "tenu", f"{held.role_id}/{held.phase}"
    yield "posture", experience.posture_id
    yield from (("enjeu", issue.key) for issue in experience.policy_issues.all())
    yield "forme", experience.legal_form_id
    if experience.started_year:
        yield "decennie", str(experience.started_year // 10 * 10)
    if experience.difficulties.all():
        yield "difficultes", "oui"
    yield from (("nature", nature) for nature in _natures(experience, around))
    yield from (("taille", Size.of(population).value) for population in populations_of(experience, around))
    yield from _places(experience, around)


def places_named(experiences) -> Iterator[int]:
    """The collectivities that these sheets name, those whose surroundings the facets need."""
    for experience in experiences:
        yield from (location.collectivity_id for location in experience.locations.all())
        yield from _actors(experience)


def _actors(experience):
    """Who is known, by code, to have carried the project or held a role in it."""
    if experience.bearer_id:
        yield experience.bearer_id
    for held in experience.roles_held.all():
        yield from (place.pk for place in held.collectivities.all())


def _natures(experience, around):
    """Of what kinds the collectivities are that acted: the bearer, those that held a role, the scale of action.

    Not the places: a village's sheet also names its intercommunalité, which may have had no part in it. The scale
    counts because many holders are known by their name alone.
    """
    if experience.scale in NATURES_OF_SCALES:
        yield NATURES_OF_SCALES[experience.scale].value
    if experience.scale == Scale.NEW_COMMUNE:
        yield Nature.COMMUNE.value
    for pk in _actors(experience):
        yield NATURES[around[pk].kind].value
        if around[pk].is_new_commune:
            yield Nature.NEW_COMMUNE.value


def populations_of(experience, around):
    """The one frozen at the date of the project; else the bearer's; else those of today, of the places at its scale."""
    bearer = around[experience.bearer_id].population if experience.bearer_id else None
    if known := experience.population or bearer:
        return [known]
    kind = Kind.COMMUNE if experience.scale in {Scale.COMMUNE, Scale.NEW_COMMUNE} else Kind.INTERCOMMUNALITY
    located = [around[location.collectivity_id] for location in experience.locations.all()]
    local = {Nature.COMMUNE, Nature.NEW_COMMUNE, Nature.INTERCOMMUNALITY}
    if NATURES_OF_SCALES.get(experience.scale) not in local:
        located, kind = [around[pk] for pk in _actors(experience)], Kind.COMMUNE
    return [place.population for place in located if place.kind == kind and place.population]


def _places(experience, around):
    located = [around[location.collectivity_id] for location in experience.locations.all()]
    for place in located:
        yield "commune", place.commune
        yield "intercommunalite", place.intercommunality
    for place in _areas(located):
        yield from (("departement", code) for code in place.departements)
        yield from (("region", code) for code in place.regions)


def _areas(located):
    """The places that say in which départements it lies: an intercommunalité does only where no commune of it is named.

    Figeac is in the Lot, though its intercommunalité, named beside it, also has members in the Aveyron.
    """
    said = {place.intercommunality for place in located if place.commune}
    return [place for place in located if place.kind != Kind.INTERCOMMUNALITY or place.intercommunality not in said]


def departements_of(experience, around) -> dict[str, str]:
    """The départements where it lies, as its facets have them: their names by their codes."""
    areas = _areas([around[location.collectivity_id] for location in experience.locations.all()])
    return {code: name for place in areas for code, name in place.departements.items()}

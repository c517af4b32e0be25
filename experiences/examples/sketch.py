"""One made-up experience: what it says, where it is, and the rows that hold it.

Numbers of rows, empty blocks, lengths, dates and lists are those of opening experiences, each block taken from another
one; places are real; organisations and sources are invented.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.text import slugify

from experiences import opening
from experiences.models import LISTED_STATES, PUBLIC_STATES, State
from territories.models import Collectivity, Kind

from .writer import Writer

NEWEST = date(2026, 10, 31)  # fixed, as the same seed gives the same rows on any day
LAST_YEAR = 2026
MOST_TITLE = 160
PREFIX = "exemple-"
VOWELS = "aâàeéèêëiîïoôuhyœ"

LEGAL_WORDS = [
    "Association", "Coopérative", "SCIC", "Régie", "Collectif", "Groupement", "Société coopérative d’intérêt collectif",
    "Pôle territorial de coopération économique", "Syndicat mixte", "Société citoyenne", "Union des entreprises",
]  # fmt: skip
CAUSES = [
    "des énergies renouvelables et de l’environnement", "de la forêt et du bocage", "du commerce et des services",
    "des circuits courts", "de l’eau vive", "des savoir-faire", "de l’habitat partagé", "des mobilités solidaires",
    "de la santé de proximité", "du réemploi", "de la culture et du patrimoine", "du plein emploi",
]  # fmt: skip
PUBLISHERS = [
    "Bulletin municipal {of}", "Gazette du pays {of}", "Lettre des élus {of}", "Cahiers {of}", "Radio {name}",
    "Compte rendu du conseil {of}",
]  # fmt: skip
STATES = [State.ARCHIVED] * 2 + [State.TO_REVISE] * 8 + [State.WRITING] + [State.PUBLISHED] * 89


@dataclass(frozen=True)
class Place:
    pk: int
    kind: str
    name: str
    departement: int | None
    region: int | None
    intercommunality: int | None

    @cached_property
    def of(self) -> str:
        """« d’Aurillac », « du Mené », « des Abrets », « de La Rochelle »."""
        first, _, rest = self.name.partition(" ")
        if first in {"Le", "Les"}:
            return f"{'du' if first == 'Le' else 'des'} {rest}"
        return f"d’{self.name}" if self.name[0].lower() in VOWELS else f"de {self.name}"

    @cached_property
    def at(self) -> str:
        first, _, rest = self.name.partition(" ")
        return f"{'au' if first == 'Le' else 'aux'} {rest}" if first in {"Le", "Les"} else f"à {self.name}"


class Map:
    """The real places of today, and who is where."""

    def __init__(self) -> None:
        fields = ("pk", "kind", "name", "departement", "region", "intercommunality")
        kinds = [Kind.COMMUNE, Kind.INTERCOMMUNALITY, Kind.DEPARTEMENT, Kind.OVERSEAS, Kind.REGION]
        rows = Collectivity.objects.current().filter(kind__in=kinds).order_by("kind", "code").values_list(*fields)
        self.places = {row[0]: Place(*row) for row in rows}
        self.communes = [place for place in self.places.values() if place.kind == Kind.COMMUNE and place.departement]
        self.members: dict[int | None, list[Place]] = defaultdict(list)
        for commune in self.communes:
            self.members[commune.intercommunality].append(commune)
        self.intercommunalities: dict[int | None, list[Place]] = defaultdict(list)
        for place in self.places.values():
            if place.kind == Kind.INTERCOMMUNALITY:
                self.intercommunalities[place.departement].append(place)


TABLES = {
    "experience": (
        "id", "slug", "title", "pitch", "state", "refusal_reason", "revision_reason", "organisations", "legal_form_id",
        "legal_form_text", "scale", "need", "context", "starting_event", "resources", "posture_id", "posture_basis",
        "governance", "economic_model", "lessons", "first_steps", "policy_issue_texts", "keywords",
        "is_in_founding_document", "is_generated", "started_year", "ended_year", "project_status", "first_published_on",
        "last_checked_on", "next_check_on", "created_at", "updated_at",
    ),
    "experience_policy_issues": ("experience_id", "policyissue_id"),
    "filedtheme": ("experience_id", "theme_id", "position"),
    "location": ("experience_id", "collectivity_id", "position"),
    "source": (
        "id", "experience_id", "position", "title", "publisher", "year", "url", "is_link", "was_consulted", "extent",
    ),
    "roleheld": (
        "id", "experience_id", "position", "source_id", "is_to_check", "role_id", "holder", "how", "phase", "from_year",
        "to_year", "phase_basis", "phase_source_id", "posture_id",
    ),
    "roleheld_collectivities": ("roleheld_id", "collectivity_id"),
    "step": (
        "experience_id", "position", "source_id", "is_to_check", "year", "label", "detail", "is_turning_point",
        "is_stall",
    ),
    "result": (
        "experience_id", "position", "source_id", "is_to_check", "label", "value", "value_text", "unit", "qualifier",
        "year",
    ),
    "difficulty": ("experience_id", "position", "source_id", "is_to_check", "text"),
    "condition": ("experience_id", "kind", "position", "text"),
    "quote": ("experience_id", "position", "text", "speaker", "source_id"),
    "video": ("experience_id", "position", "title", "url", "transcript"),
}  # fmt: skip
"""The tables of a sheet, in the order in which they may be filled, and the columns that are."""

Rows = Iterator[tuple[str, tuple[Any, ...]]]


@dataclass(frozen=True)
class Keys:
    """Numbers for the rows that others point at."""

    experiences: Iterator[int]
    sources: Iterator[int]
    roles: Iterator[int]


class Illustrator:
    """Draws experiences by number: the same seed and number give the same one, whatever was drawn before."""

    def __init__(self, seed: int, places: Map):
        self.seed = seed
        self.places = places
        self.models = opening.records()
        self.keywords = [model["keywords"] for model in self.models]
        lists = {
            "title": [[model["title"]] for model in self.models],
            "pitch": [[model["summary"]] for model in self.models],
            "legal_form": [[model["legal_form"]] for model in self.models],
            "governance": [[model["governance"]] for model in self.models],
            "economic_model": [[model["economic_model"]] for model in self.models],
            "posture_basis": [[model["posture_basis"]] for model in self.models],
            "resource": [model["resources_valued"] for model in self.models],
            "lesson": [model["lessons"] for model in self.models],
            "first_step": [model["first_steps"] for model in self.models],
            "issue": [model["policy_issues"] for model in self.models],
            "condition": [text for model in self.models for text in model["conditions"].values()],
        }
        facts = {
            "how": ("roles", "how"),
            "basis": ("roles", "phase_basis"),
            "step": ("timeline", "label"),
            "result": ("results", "label"),
            "difficulty": ("difficulties", "text"),
            "quote": ("quotes", "text"),
            "source": ("sources", "title"),
            "video": ("videos", "title"),
        }
        for name, (block, field) in facts.items():
            lists[name] = [[entry[field] for entry in model[block]] for model in self.models]
        self.writers = {name: Writer(text for texts in read for text in texts if text) for name, read in lists.items()}

    def rows(self, number: int, keys: Keys) -> Rows:
        """The rows of the experience of this number, each after those that it points at."""
        return Sketch(self, number, keys).rows()


class Sketch:
    def __init__(self, illustrator: Illustrator, number: int, keys: Keys):
        self.illustrator = illustrator
        self.number = number
        self.keys = keys
        self.key = next(keys.experiences)
        self.draw = random.Random(f"{illustrator.seed} {number}")  # noqa: S311 - makes up, hides nothing
        self.start = self.draw.choice([model["project_start_year"] for model in illustrator.models])
        self.places = self._places()

    def model(self) -> dict[str, Any]:
        """An opening experience, another one for each block."""
        return self.draw.choice(self.illustrator.models)

    def text(self, name: str) -> str:
        return self.illustrator.writers[name].write(self.draw)

    def texts(self, name: str, like: list) -> list[str]:
        return list(dict.fromkeys(self.text(name) for _ in like))

    def rows(self) -> Rows:
        yield "experience", self._identity()
        filing = self.model()
        for issue in filing["policy_issue_keys"]:
            yield "experience_policy_issues", (self.key, issue)
        for position, theme in enumerate(filing["themes"], start=1):
            yield "filedtheme", (self.key, theme, position)
        for position, place in enumerate(self.places, start=1):
            yield "location", (self.key, place.pk, position)
        yield from self._sources()
        yield from self._roles()
        yield from self._facts()
        yield from self._words()

    def _places(self) -> list[Place]:
        """As many communes and intercommunalités as an opening experience has, near one another."""
        everywhere = self.illustrator.places
        territory = self.model()["territory"]
        first = self.draw.choice(everywhere.communes)
        if not territory["commune_insee_codes"] and not territory["epci"] and first.departement:
            return [everywhere.places[first.departement]]
        members = everywhere.members[first.intercommunality] if first.intercommunality else [first]
        wanted = len(territory["commune_insee_codes"])
        places = [first, *self.draw.sample(members, min(len(members), wanted - 1 if wanted else 0))][:wanted]
        if territory["epci"] and first.intercommunality:
            around = everywhere.intercommunalities[first.departement]
            others = self.draw.sample(around, min(len(around), len(territory["epci"]) - 1))
            places += [everywhere.places[first.intercommunality], *others]
        return list(dict.fromkeys(places)) or [first]

    def _identity(self) -> tuple[Any, ...]:
        draw, model, filing = self.draw, self.model(), self.model()
        title = self.text("title")
        placed = f"{title}, {self.places[0].at}"
        if self.places[0].kind == Kind.COMMUNE and draw.random() < 0.5 and len(placed) <= MOST_TITLE:
            title = placed
        state = draw.choice(STATES)
        published = NEWEST - timedelta(days=int(draw.expovariate(1 / 900)))
        checked = published + (NEWEST - published) * draw.random() if draw.random() < 0.5 else None
        ended = model["project_end_year"]
        span = (ended - model["project_start_year"]) if ended and model["project_start_year"] else None
        slug = f"{PREFIX}{self.illustrator.seed}-{self.number}-{slugify(title)}"[:80].rstrip("-")
        written = datetime(published.year, published.month, published.day, 12, tzinfo=UTC)
        return (
            self.key,
            slug,
            title,
            self.text("pitch"),
            state,
            "",
            "Une partie des faits reste à vérifier auprès d’une source." if state == State.TO_REVISE else "",
            f"{draw.choice(LEGAL_WORDS)} {draw.choice(CAUSES)} {self.places[0].of}",
            filing["legal_form_key"],
            self.text("legal_form"),
            opening.SCALES[model["territory"]["territory_kind"]],
            "",
            "",
            "",
            self.texts("resource", model["resources_valued"]),
            model["posture"],
            self.text("posture_basis") if model["posture_basis"] else "",
            self.text("governance") if model["governance"] else "",
            self.text("economic_model") if model["economic_model"] else "",
            self.texts("lesson", model["lessons"]),
            self.texts("first_step", model["first_steps"]),
            self.texts("issue", model["policy_issues"]),
            draw.choice(self.illustrator.keywords),
            False,
            True,
            self.start,
            None if span is None or self.start is None else min(LAST_YEAR, self.start + span),
            opening.STATUSES[model["status"]],
            published if state in PUBLIC_STATES else None,
            checked,
            NEWEST + timedelta(days=draw.randrange(700)) if state in LISTED_STATES else None,
            written,
            written,
        )

    def _sources(self) -> Rows:
        draw = self.draw
        self.sources = []
        for position, source in enumerate(self.model()["sources"], start=1):
            key = next(self.keys.sources)
            self.sources.append(key)
            place = draw.choice(self.places)
            publisher = draw.choice(PUBLISHERS).format(of=place.of, name=place.name)[:120]
            address = f"https://exemple.invalid/{self.illustrator.seed}/{self.number}/{position}"
            year = None if source["year"] is None else self._year(source["year"], self.model())
            yield (
                "source",
                (
                    key,
                    self.key,
                    position,
                    self.text("source"),
                    publisher,
                    year,
                    address if source["url"] else "",
                    source["link_ok"],
                    source["consulted"],
                    source["extent"] or "",
                ),
            )

    def _year(self, year: int | None, model: dict) -> int | None:
        """A year as far from the start as it is in the opening experience."""
        if year is None:
            return None
        start, theirs = self.start or year, model["project_start_year"] or year
        return max(1900, min(LAST_YEAR, start + year - theirs))

    def _fact(self, position: int, entry: dict) -> tuple[int, int, int, bool]:
        return self.key, position, self.draw.choice(self.sources), entry.get("a-verifier", False)

    def _roles(self) -> Rows:
        model = self.model()
        for position, role in enumerate(model["roles"], start=1):
            key = next(self.keys.roles)
            holders = self._holders(role["codes"])
            from_year, to_year = self._year(role["from_year"], model), self._year(role["to_year"], model)
            phase = role["phase"] or ""
            yield (
                "roleheld",
                (
                    key,
                    *self._fact(position, role),
                    role["role"],
                    self._holder_text(holders),
                    self.text("how"),
                    phase,
                    from_year,
                    to_year,
                    self.text("basis") if phase else "",
                    self.draw.choice(self.sources) if role["phase_source"] else None,
                    role["posture"],
                ),
            )
            for place in holders:
                yield "roleheld_collectivities", (key, place.pk)

    def _holders(self, codes: list[dict]) -> list[Place]:
        """Its own places, of the kinds that held this role in the opening experience."""
        everywhere = self.illustrator.places.places
        first = self.places[0]
        wider = [everywhere[pk] for pk in (first.departement, first.region) if pk]
        near = [*self.places, *wider]
        of_kind = {place.kind: place for place in reversed(near)}
        kinds = dict.fromkeys(opening.KINDS[code["type"]] for code in codes)
        return [of_kind[kind] for kind in kinds if kind in of_kind]

    def _holder_text(self, holders: list[Place]) -> str:
        if not holders:
            return f"Collectivités du pays {self.places[0].of}"
        return " et ".join(f"Commune {p.of}" if p.kind == Kind.COMMUNE else p.name for p in holders[:2])[:150]

    def _facts(self) -> Rows:
        model, draw = self.model(), self.draw
        for position, step in enumerate(model["timeline"], start=1):
            year = self._year(step["year"], model)
            yield "step", (*self._fact(position, step), year, self.text("step"), "", False, False)
        model = self.model()
        for position, result in enumerate(model["results"], start=1):
            other = draw.choice(self.model()["results"] or [result])
            yield "result", (*self._fact(position, result), *self._figure(other), self._year(result["year"], model))
        for position, difficulty in enumerate(self.model()["difficulties"], start=1):
            yield "difficulty", (*self._fact(position, difficulty), self.text("difficulty"))

    def _figure(self, result: dict) -> tuple[str, Decimal | None, str, str, str]:
        """A label, a value of the same size as one that was seen, and its unit."""
        value, unit = result["value"], opening.unit(result["unit"])
        if isinstance(value, str):
            return self.text("result"), None, value, unit["unit"], unit.get("qualifier", "")
        most = Decimal(100) if unit["unit"].startswith("%") else Decimal(10) ** 12
        drawn = min(most, Decimal(str(value)) * Decimal(str(round(self.draw.uniform(0.5, 2), 2))))
        digits = Decimal(1) if value == int(value) and value >= 10 else Decimal("0.1")
        return self.text("result"), drawn.quantize(digits), "", unit["unit"], unit.get("qualifier", "")

    def _words(self) -> Rows:
        for name, listed in self.model()["conditions"].items():
            for position, text in enumerate(self.texts("condition", listed), start=1):
                yield "condition", (self.key, opening.CONDITIONS[name], position, text)
        for position, _quote in enumerate(self.model()["quotes"], start=1):
            yield "quote", (self.key, position, self.text("quote"), "Une élue", self.draw.choice(self.sources))
        for position, _video in enumerate(self.model()["videos"], start=1):
            address = f"https://exemple.invalid/{self.illustrator.seed}/{self.number}/film-{position}"
            yield "video", (self.key, position, self.text("video"), address, "")

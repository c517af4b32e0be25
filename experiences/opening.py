"""The opening content of the base, from `experiences/data/`, put into the database once."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from roles.models import Argument
from search import indexing
from territories.models import Collectivity, Kind

from . import searchable
from .models import (
    Condition,
    ConditionKind,
    Difficulty,
    Experience,
    FiledTheme,
    Illustration,
    LegalForm,
    Location,
    PolicyIssue,
    ProjectStatus,
    Quote,
    Result,
    RoleHeld,
    Scale,
    Source,
    State,
    Step,
    Theme,
    Video,
)

DATA = Path(__file__).parent / "data"

SCALES = {
    "commune": Scale.COMMUNE,
    "commune nouvelle": Scale.NEW_COMMUNE,
    "CC": Scale.CC,
    "CA": Scale.CA,
    "groupement de CC": Scale.GROUP_OF_CC,
    "bassin de vie": Scale.LIVING_AREA,
    "PNR": Scale.PNR,
    "syndicat": Scale.SYNDICATE,
    "departement": Scale.DEPARTEMENT,
}
STATUSES = {
    "en cours": ProjectStatus.ONGOING,
    "transformée": ProjectStatus.TRANSFORMED,
    "terminée": ProjectStatus.ENDED,
    None: "",
}
CONDITIONS = {
    "emergence": ConditionKind.EMERGENCE,
    "development": ConditionKind.DEVELOPMENT,
    "scaling": ConditionKind.SCALING,
    "transferability": ConditionKind.TRANSFERABILITY,
}
KINDS = {
    "commune": Kind.COMMUNE,
    "epci": Kind.INTERCOMMUNALITY,
    "departement": Kind.DEPARTEMENT,
    "region": Kind.REGION,
}


def records():
    """The experiences of the opening content, each with the everyday words under which it is looked for."""
    keywords = json.loads((DATA / "keywords.json").read_text())
    return [
        {**record, "keywords": keywords.get(record["slug"], [])}
        for record in json.loads((DATA / "experiences.json").read_text())
    ]


def load_lists():
    """Create the themes, legal forms and policy issues that are not there yet."""
    for model, name in ((Theme, "themes"), (LegalForm, "legal-forms"), (PolicyIssue, "policy-issues")):
        for position, entry in enumerate(json.loads((DATA / f"{name}.json").read_text()), start=1):
            defaults = {"label": entry.get("label") or entry["label_fr"], "position": position}
            if "rule" in entry:
                defaults["rule"] = entry["rule"]
            model.objects.get_or_create(key=entry["key"], defaults=defaults)


def places_of(records):
    """The collectivities that these records name, by type and code, in one query."""
    named = {("commune", code) for record in records for code in record["territory"]["commune_insee_codes"]}
    named |= {("epci", epci["siren"]) for record in records for epci in record["territory"]["epci"]}
    named |= {
        (place["type"], place["code"]) for record in records for role in record["roles"] for place in role["codes"]
    }
    found = {
        (place.kind, place.code): place
        for place in Collectivity.objects.filter(kind__in=KINDS.values(), code__in={code for _type, code in named})
    }
    return {(kind, code): found[KINDS[kind], code] for kind, code in named}


@transaction.atomic
def load_experience(record, places):
    """Store one experience with all its blocks, or leave it alone if its address is already taken.

    `places` comes from `places_of`. Return whether it was created. Facts resting on general knowledge are stored
    and not shown; an experience that has some enters as « à réviser ».
    """
    if Experience.objects.filter(slug=record["slug"]).exists():
        return False
    experience = Experience.objects.create(
        slug=record["slug"],
        title=record["title"],
        pitch=record["summary"],
        state=State.PUBLISHED if record["verified"] else State.TO_REVISE,
        revision_reason="" if record["verified"] else "Une partie des faits reste à vérifier auprès d’une source.",
        organisations=record["organisation"],
        legal_form_id=record["legal_form_key"],
        legal_form_text=record["legal_form"],
        scale=SCALES[record["territory"]["territory_kind"]],
        resources=record["resources_valued"],
        posture_id=record["posture"],
        posture_basis=record["posture_basis"],
        governance=record["governance"],
        economic_model=record["economic_model"],
        lessons=record["lessons"],
        first_steps=record["first_steps"],
        policy_issue_texts=record["policy_issues"],
        keywords=record["keywords"],
        is_in_founding_document=record["in_founding_document"],
        started_year=record["project_start_year"],
        ended_year=record["project_end_year"],
        project_status=STATUSES[record["status"]],
        first_published_on=timezone.localdate(),
    )
    experience.policy_issues.set(record["policy_issue_keys"])
    _file_and_locate(experience, record, places)
    _tell(experience, record, places)
    return True


@transaction.atomic
def fill_keywords(records):
    """Give their keywords to the sheets loaded before there were any; those that a curator emptied stay empty."""
    keywords = {record["slug"]: record["keywords"] for record in records if record["keywords"]}
    had_some = Experience.history.filter(id=OuterRef("pk")).exclude(keywords=[])
    waiting = Experience.objects.filter(~Exists(had_some), slug__in=keywords, keywords=[])
    for experience in waiting:
        experience.keywords = keywords[experience.slug]
        vars(experience).update(_change_reason="Mots pour la trouver")
        experience.save(update_fields=["keywords", "updated_at"])
    indexing.refresh(searchable.NAME, [experience.pk for experience in waiting])


def load_illustrations():
    """Tie the arguments of the founding document to the experiences that show them."""
    for sheet in json.loads((DATA / "illustrations.json").read_text()):
        argument = Argument.objects.filter(key=sheet["argument"]).first()
        slugs = [sheet["founding_example"], *sheet["also"]]
        found = Experience.objects.in_bulk(slugs, field_name="slug")
        for position, slug in enumerate(slugs, start=1):
            if argument and slug in found:
                Illustration.objects.get_or_create(
                    argument=argument,
                    experience=found[slug],
                    defaults={"is_founding_example": position == 1, "position": position},
                )


class _SourceList:
    """The sources of an experience, by what its facts say of them: an address, or a title."""

    def __init__(self, experience, entries):
        self.experience = experience
        self.sources = []
        self.by_reference: dict[str, Source] = {}
        for entry in entries:
            source = self._add(
                title=entry["title"],
                publisher=entry["publisher"],
                year=entry["year"],
                url=entry["url"] or "",
                is_link=entry["link_ok"],
                was_consulted=entry["consulted"],
                extent=entry["extent"],
            )
            for reference in (entry["url"], entry["title"], f"{entry['title']} — {entry['publisher']}"):
                if reference:
                    self.by_reference.setdefault(reference, source)

    def _add(self, **fields):
        source = Source(experience=self.experience, position=len(self.sources) + 1, **fields)
        self.sources.append(source)
        return source

    def get(self, reference):
        """The source of a fact; one that the list does not name is added, known by its address alone."""
        if reference is None:
            return None
        if reference not in self.by_reference:
            field = "url" if reference.startswith(("http://", "https://")) else "title"
            self.by_reference[reference] = self._add(**{field: reference})
        return self.by_reference[reference]


def _file_and_locate(experience, record, places):
    FiledTheme.objects.bulk_create(
        FiledTheme(experience=experience, theme_id=key, position=position)
        for position, key in enumerate(record["themes"], start=1)
    )
    territory = record["territory"]
    located = [
        *(places["commune", code] for code in territory["commune_insee_codes"]),
        *(places["epci", epci["siren"]] for epci in territory["epci"]),
    ] or [places["departement", code] for code in territory["departement_codes"]]
    Location.objects.bulk_create(
        Location(experience=experience, collectivity=place, position=position)
        for position, place in enumerate(dict.fromkeys(located), start=1)
    )


def _tell(experience, record, places):
    """Store the facts after all their sources, of which they may add some."""
    sources = _SourceList(experience, record["sources"])
    about = {"experience": experience}
    roles = [
        RoleHeld(
            **about,
            **_fact(position, role, sources),
            role_id=role["role"],
            holder=role["collectivity"],
            how=role["how"],
            phase=role["phase"] or "",
            from_year=role["from_year"],
            to_year=role["to_year"],
            phase_basis=role["phase_basis"] or "",
            phase_source=sources.get(role["phase_source"]),
            posture_id=role["posture"],
        )
        for position, role in enumerate(record["roles"], start=1)
    ]
    steps = [
        Step(**about, **_fact(position, step, sources), year=step["year"], label=step["label"])
        for position, step in enumerate(record["timeline"], start=1)
    ]
    results = [
        Result(
            **about,
            **_fact(position, result, sources),
            **_value(result["value"]),
            **unit(result["unit"]),
            label=result["label"],
            year=result["year"],
        )
        for position, result in enumerate(record["results"], start=1)
    ]
    difficulties = [
        Difficulty(**about, **_fact(position, difficulty, sources), text=difficulty["text"])
        for position, difficulty in enumerate(record["difficulties"], start=1)
    ]
    quotes = [
        Quote(**about, position=position, text=quote["text"], source=sources.get(quote["source"]))
        for position, quote in enumerate(record["quotes"], start=1)
    ]
    conditions = [
        Condition(**about, kind=CONDITIONS[name], position=position, text=text)
        for name, listed in record["conditions"].items()
        for position, text in enumerate(listed, start=1)
    ]
    videos = [
        Video(**about, position=position, title=video["title"], url=video["url"])
        for position, video in enumerate(record["videos"], start=1)
    ]
    blocks: list[list[Any]] = [sources.sources, roles, steps, results, difficulties, quotes, conditions, videos]
    for rows in blocks:
        if rows:
            type(rows[0]).objects.bulk_create(rows)
    holders = RoleHeld.collectivities.through
    holders.objects.bulk_create(
        holders(roleheld=held, collectivity=places[place["type"], place["code"]])
        for held, role in zip(roles, record["roles"], strict=True)
        for place in role["codes"]
    )


def _fact(position, entry, sources):
    return {
        "position": position,
        "source": sources.get(entry["source"]),
        "is_to_check": entry.get("a-verifier", False),
    }


def _value(value):
    return {"value_text": value} if isinstance(value, str) else {"value": Decimal(str(value))}


def unit(written):
    """« personnes (plus de) » is a unit and what is said before the number."""
    match = re.fullmatch(r"(.+) \((environ|plus de|près de)\)", written)
    return {"unit": match[1], "qualifier": match[2]} if match else {"unit": written}

"""The opening content of the taxonomy, from `roles/data/`, put into the database once."""

import json
from pathlib import Path

from django.utils import timezone

from .models import (
    Argument,
    Demand,
    FoundingExample,
    Option,
    Origin,
    Posture,
    Question,
    Questionnaire,
    Role,
    VersionState,
)

DATA = Path(__file__).parent / "data"


def load():
    """Create the roles, postures, demands, arguments and questionnaire that are not there yet; return how many.

    What is already there is left as curators made it.
    """
    content = json.loads((DATA / "roles.json").read_text())
    created = [
        _load_definition(model, owner, position, sheet)
        for model, owner, sheets in ((Role, "role", content["roles"]), (Posture, "posture", content["postures"]))
        for position, sheet in enumerate(sheets, start=1)
    ]
    arguments = json.loads((DATA / "arguments.json").read_text())["arguments"]
    created += [_load_argument(position, sheet) for position, sheet in enumerate(arguments, start=1)]
    created.append(_load_questionnaire(json.loads((DATA / "quiz.json").read_text())))
    return sum(created) + _load_demands() + _load_agenda()


def _load_definition(model, owner, position, sheet):
    row, is_new = model.objects.get_or_create(
        key=sheet["key"],
        defaults={
            "position": position,
            "definition": sheet["definition"],
            "interventions": sheet["modes_intervention"],
            "vigilance": sheet["vigilance"],
            "source": sheet["source"],
        },
    )
    if is_new:
        FoundingExample.objects.bulk_create(
            FoundingExample(
                **{owner: row},
                position=number,
                text=example["text"],
                experience_slug=example["experience_slug"] or "",
            )
            for number, example in enumerate(sheet["founding_examples"], start=1)
        )
    return is_new


def _load_argument(position, sheet):
    argument, is_new = Argument.objects.get_or_create(
        key=sheet["key"],
        defaults={
            "position": position,
            "title": sheet["title"],
            "text": sheet["argument"],
            "implications": sheet["what_it_means"],
            "founding_example": sheet["founding_example"],
            "founding_quote": sheet.get("founding_quote", ""),
            "source": sheet["source"],
        },
    )
    if is_new:
        argument.roles.set(sheet["roles"])
    return is_new


def _load_demands():
    """Roles are older than what they ask: it is loaded where none of it is there yet."""
    if Demand.objects.exists():
        return 0
    roles = json.loads((DATA / "demands.json").read_text())
    demands = [
        Demand(role_id=role, audience=audience, position=position, experience_slug=sheet.pop("experience", ""), **sheet)
        for role, audiences in roles.items()
        for audience, sheets in audiences.items()
        for position, sheet in enumerate(sheets, start=1)
    ]
    return len(Demand.objects.bulk_create(demands))


def _load_agenda():
    """Roles and postures are older than what they put on the agenda: each text is written where none has it yet."""
    agenda = json.loads((DATA / "agenda.json").read_text())
    written = 0
    for model, sheets in ((Role, agenda["roles"]), (Posture, agenda["postures"])):
        fields = {field for sheet in sheets.values() for field in sheet}
        empty = [field for field in sorted(fields) if not model.objects.exclude(**{field: ""}).exists()]
        for row in model.objects.filter(key__in=sheets) if empty else []:
            for field in empty:
                setattr(row, field, sheets[row.key][field])
            row.save(update_fields=empty)
            written += 1
    return written


def _load_questionnaire(sheet):
    """The first version, public at once; nothing when there is any version."""
    if Questionnaire.objects.exists():
        return False
    version = Questionnaire.objects.create(
        number=1,
        title=sheet["title"],
        explanation=sheet["scoring"]["explanation_fr"],
        source=sheet["source"],
        margin=sheet["scoring"]["tie_margin_percent"],
    )
    for position, entry in enumerate(sheet["questions"], start=1):
        question = Question.objects.create(
            questionnaire=version,
            key=entry["id"],
            position=position,
            is_short=entry["id"] in sheet["short_version"],
            text=entry["text"],
            context=entry.get("context", ""),
            origin=Origin.FOUNDING_DOCUMENT if entry["origin"] == "founding_document" else Origin.ADDED,
            experience_slug=entry["experience_slug"],
        )
        Option.objects.bulk_create(
            Option(
                question=question,
                key=option["id"],
                position=number,
                text=option["text"],
                feedback=option["feedback"],
                **option["weights"]["postures"],
                **option["weights"]["roles"],
            )
            for number, option in enumerate(entry["options"], start=1)
        )
    version.state, version.published_at = VersionState.PUBLISHED, timezone.now()
    version.save()
    return True

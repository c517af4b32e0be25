"""The opening content of the taxonomy, from `roles/data/`, put into the database once."""

import json
from pathlib import Path

from .models import Argument, Demand, FoundingExample, Posture, Role

DATA = Path(__file__).parent / "data"


def load():
    """Create the roles, postures, demands and arguments that are not there yet; return how many were created.

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
    return sum(created) + _load_demands()


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

"""Roles, postures and arguments as the search knows them: explanations, all of one kind."""

from search.registry import Item, Kind, register

from .models import Argument, Posture, Role

NAME = "role"

MODELS = {model._meta.model_name: model for model in (Role, Posture, Argument)}


def key_of(row):
    """Their own keys are unique each in its table only: « role:acteur »."""
    return f"{row._meta.model_name}:{row.pk}"


def public_keys():
    return [key_of(row) for model in MODELS.values() for row in model.objects.only("pk")]


def items(wanted):
    for name, model in MODELS.items():
        keys = [key for table, _, key in (entry.partition(":") for entry in wanted) if table == name]
        if keys:
            yield from map(_argument if model is Argument else _definition, model.objects.filter(pk__in=keys))


def _definition(row):
    what = "Rôle d’une collectivité" if isinstance(row, Role) else "Posture d’une collectivité"
    return Item(
        key=key_of(row),
        address=row.get_absolute_url(),
        title=str(row),
        extract=row.definition,
        near=f"{what}\n" + "\n".join(row.interventions),
        text="\n".join(row.vigilance),
    )


def _argument(row):
    return Item(
        key=key_of(row),
        address=row.get_absolute_url(),
        title=row.title,
        extract=row.text,
        near="Pourquoi cela vous concerne",
        text="\n".join([*row.implications, row.founding_example, row.founding_quote]),
    )


register(Kind(NAME, "Rôle, posture ou argument", "Rôles, postures et arguments", public_keys, items))

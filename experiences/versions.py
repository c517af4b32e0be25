"""The facts of a sheet told line by line, so that the history of versions compares them too."""

from .models import Experience


def tell(experience):
    """What the sheet says beside its own fields: one line per fact, in the order of the page."""
    return "\n".join(
        line for name, describe in BLOCKS.items() for line in (describe(row) for row in getattr(experience, name).all())
    )


def _joined(*parts):
    return ", ".join(str(part) for part in parts if part not in {"", None})


def _fact(row, *parts):
    to_check = "à vérifier" if row.is_to_check else ""
    return _joined(*parts, f"source {row.source.position}", to_check)


BLOCKS = {
    "filings": lambda row: f"Thème : {row.theme.label}",
    "locations": lambda row: f"Lieu : {row.collectivity.name} ({row.collectivity.code})",
    "illustrations": lambda row: f"Argument : {row.argument.title}",
    "sources": lambda row: f"Source {row.position} : {_joined(row.title, row.publisher, row.year, row.url)}",
    "roles_held": lambda row: (
        "Rôle : "
        + _fact(
            row, row.role, row.holder, row.how, row.period_text, row.get_phase_display(), row.phase_basis, row.posture
        )
    ),
    "steps": lambda row: "Étape : " + _fact(row, row.datetime, row.label, row.detail),
    "results": lambda row: "Résultat : " + _fact(row, row.label, row.qualifier, row.figure, row.unit, row.year),
    "difficulties": lambda row: "Difficulté : " + _fact(row, row.text),
    "conditions": lambda row: f"Condition : {row.get_kind_display()}, {row.text}",
    "money_lines": lambda row: f"Argent : {_joined(row.get_kind_display(), row.label, row.amount, row.year)}",
    "quotes": lambda row: f"Témoignage : {_joined(row.text, row.speaker)}",
    "videos": lambda row: f"Vidéo : {_joined(row.title, row.url, row.transcript)}",
    "images": lambda row: f"Image : {_joined(row.file, row.alternative_text, row.credit, row.licence)}",
}


def refresh(experience):
    """Write the text of its facts again; whether it changed, which makes a version of its own in the history."""
    told = tell(Experience.objects.get(pk=experience.pk))
    if told == experience.facts_text:
        return False
    experience.facts_text = told
    return True

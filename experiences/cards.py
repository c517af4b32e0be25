"""What lists show of an experience: written once in its document, shown without another table."""

from typing import Any

from typography import french

from .models import ProjectStatus, State


def write(experience, departements: dict[str, str], populations: list[int]) -> dict[str, Any]:
    """The card of a sheet from for_sheet(), in ready words.

    Its départements come with their names by their codes; its population is told when it is that of one place.
    """
    theme = experience.main_theme
    return {
        "slug": experience.slug,
        "title": french.typo(experience.title),
        "pitch": french.typo(experience.pitch),
        "place": french.typo(experience.place_name),
        "departements": [[code, french.typo(name)] for code, name in departements.items()],
        "theme": theme.key if theme else "",
        "themes": [french.typo(filing.theme.label) for filing in experience.filings.all()],
        "period": experience.period_text,
        "start": experience.started_year,
        "end": experience.ended_year,
        "is_ongoing": experience.project_status == ProjectStatus.ONGOING,
        "population": populations[0] if len(populations) == 1 else None,
        "is_to_revise": experience.state == State.TO_REVISE,
        "roles": [key.value for key in experience.role_keys],
    }

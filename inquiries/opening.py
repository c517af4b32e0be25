"""The themes with which the desk opens, from `inquiries/data/`, put into the database once."""

import json
from pathlib import Path

from .models import QuestionTheme

DATA = Path(__file__).parent / "data"


def load():
    themes = json.loads((DATA / "themes.json").read_text())
    QuestionTheme.objects.bulk_create(
        [QuestionTheme(key=theme["key"], label=theme["label"], position=place) for place, theme in enumerate(themes)],
        ignore_conflicts=True,
    )

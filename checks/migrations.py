"""A migration carries a name that says what it does."""

import re
from pathlib import Path


def check(root: Path) -> list[str]:
    return [
        f"{file.relative_to(root)}: say in the name what it does"
        for file in sorted(root.glob("*/migrations/[0-9]*.py"))
        if re.match(r"\d+_(auto|initial)\b|\d+_auto_", file.name)
    ]

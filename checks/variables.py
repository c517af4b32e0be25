"""Each variable of the settings has a line in .env.example, under a comment that explains it; no other has."""

import ast
import re
from pathlib import Path

SETTINGS, EXAMPLE = Path("config/settings.py"), Path(".env.example")
LINE = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)=")


def read_by(settings: str) -> set[str]:
    """The names asked of `env`: env.str("DESK_PHONE"), env.required("SECRET_KEY")…"""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(settings))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def check(root: Path) -> list[str]:
    read = read_by((root / SETTINGS).read_text(encoding="utf-8"))
    written = set()
    problems = []
    explained = False
    for number, line in enumerate((root / EXAMPLE).read_text(encoding="utf-8").splitlines(), 1):
        if variable := LINE.match(line):
            name = variable["name"]
            written.add(name)
            if name not in read:
                problems.append(f"{EXAMPLE}:{number}: {SETTINGS} does not read {name}")
            if not explained:
                problems.append(f"{EXAMPLE}:{number}: no comment above explains {name}")
        elif line.startswith("#"):
            explained = True
        else:
            explained = False
    return problems + [f"{EXAMPLE}: {name} has no line" for name in sorted(read - written)]

"""Who may know whom: the only table of it, read against every import and every model named by its string."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HELPERS = {"design", "limits", "progress", "typography"}
"""Small packages that know no app and that every app may use."""

SERVICES = {"search", "jobs"}
"""They know no content: the apps register with them."""

RULES: dict[str, set[str]] = {
    "territories": HELPERS,
    "accounts": HELPERS | SERVICES | {"territories"},
    "roles": HELPERS | SERVICES,
    "experiences": HELPERS | SERVICES | {"territories", "roles", "accounts"},
    "inquiries": HELPERS | SERVICES | {"territories", "roles", "accounts", "experiences"},
    "search": HELPERS | {"jobs"},
    "jobs": HELPERS,
    "portal": HELPERS | SERVICES | {"territories", "roles", "accounts", "experiences", "inquiries"},
    "config": HELPERS | SERVICES | {"territories", "roles", "accounts", "experiences", "inquiries", "portal"},
    **{helper: set() for helper in HELPERS},
    "progress": {"typography"},
    "launcher": {"progress"},
    "checks": set(),
    "bench": {"config", "launcher", "search", "tests", "typography"},
}
"""Which of our packages each of our packages may know, besides itself. The tests know them all."""

PACKAGES = list(RULES)

BEYOND_THE_STANDARD_LIBRARY: dict[str, set[str]] = {
    "launcher": {"django", "environ", "psycopg2"},  # in the virtual environment: examine the server, run commands
    "progress": set(),  # the launcher shows it before anything is installed
    "checks": {"django", "django_migration_linter"},  # for checks/lint_migrations.py
}
"""Packages that do without what pip installs, but for these."""

BEFORE_INSTALLATION = {"launcher"}
"""Packages that run before pip did: what it installs is imported in functions, called after."""

DRAWERS = {"utils", "helpers", "common", "misc"}

MODEL = re.compile(r"([a-z_]+)\.[A-Z]\w+")


def known(tree: ast.AST) -> Iterator[tuple[str, int, bool]]:
    """Each package that a module knows, the line, and whether the import hides in a function."""
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.partition(".")[0], node.lineno, node in inside
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node.lineno, node in inside
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            model = MODEL.fullmatch(node.value)  # ForeignKey("app.Model") is an arrow without an import
            if model and model[1] in RULES:
                yield model[1], node.lineno, False


def packages(root: Path) -> Iterator[str]:
    for init in sorted(root.glob("*/__init__.py")):
        if init.parent.name != "tests":
            yield init.parent.name


def check(root: Path) -> list[str]:
    problems = []
    for package in packages(root):
        if package not in RULES:
            problems.append(f"{package}/: say in checks/imports.py whom it may know")
            continue
        for file in sorted((root / package).rglob("*.py")):
            if file.stem in DRAWERS:
                problems.append(f"{file.relative_to(root)}: a helper is named for what it does")
            tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
            for other, line, hidden in known(tree):
                where = f"{file.relative_to(root)}:{line}"
                if other == package:
                    continue
                if other in RULES or other == "tests":
                    if other not in RULES[package]:
                        problems.append(f"{where}: {package} may not know {other}")
                    elif hidden:
                        problems.append(f"{where}: the import of {other} hides in a function")
                elif package in BEYOND_THE_STANDARD_LIBRARY and other not in sys.stdlib_module_names:
                    if other not in BEYOND_THE_STANDARD_LIBRARY[package]:
                        problems.append(f"{where}: {package} uses the standard library only, not {other}")
                    elif package in BEFORE_INSTALLATION and not hidden:
                        problems.append(f"{where}: {other} is not installed yet when {package} starts")
    return problems

"""The checks that other programs make."""

import subprocess
import sys
from pathlib import Path

from checks import NotApplicable
from checks.imports import PACKAGES
from checks.tracked import files


def run(root: Path, *command: str | Path) -> list[str]:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    said = (done.stdout.strip() + "\n" + done.stderr.strip()).strip()
    return [said or f"{Path(command[0]).name} stopped with the code {done.returncode} and said nothing."]


def python(root: Path, *arguments: str) -> list[str]:
    return run(root, sys.executable, *arguments)


def beside_python(name: str) -> Path:
    """A program that the virtual environment holds, whether or not it is activated."""
    return Path(sys.executable).parent / name


def ruff(root: Path) -> list[str]:
    # Without its cache, which does not see that a folder appeared and made an import one of ours.
    return python(root, "-m", "ruff", "check", "--quiet", "--no-cache")


def format(root: Path) -> list[str]:
    return python(root, "-m", "ruff", "format", "--check")


def djade(root: Path) -> list[str]:
    templates = [file for file in files(root) if file.suffix == ".html" and "templates" in file.parts]
    return run(root, beside_python("djade"), "--check", "--target-version", "5.2", *templates)


def mypy(root: Path) -> list[str]:
    return python(root, "-m", "mypy", "--no-error-summary", ".")


def migrations_complete(root: Path) -> list[str]:
    return python(root, "manage.py", "makemigrations", "--check", "--dry-run")


def migrations_safe(root: Path) -> list[str]:
    apps = [name for name in PACKAGES if (root / name / "migrations").is_dir()]
    return python(root, "-m", "checks.lint_migrations", *apps)


def hadolint(root: Path) -> list[str]:
    if not (root / "Dockerfile").exists():
        raise NotApplicable("there is no Dockerfile")
    # DL3008: Debian removes the versions it replaces, a pinned one stops building within weeks.
    command = (beside_python("hadolint"), "--failure-threshold", "warning", "--ignore", "DL3008", "Dockerfile")
    return run(root, *command)

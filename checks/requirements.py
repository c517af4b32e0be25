"""Each dependency has its reason, each lock says what its list asks, and all locks say the same."""

import re
from pathlib import Path

LOCKS = {
    "requirements.in": "requirements.txt",
    "requirements-local.in": "requirements-local.txt",
    "requirements-dev.in": "requirements-dev.txt",
}
ASKED = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,.-]+\])?~=(?P<version>\d+(?:\.\d+)+)(?:\s*;.*)?")
PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?P<rest>.*)$", re.MULTILINE)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _release(version: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(number) for number in numbers[0].split(".")) if numbers else ()


def is_compatible(pinned: str, asked: str) -> bool:
    """`pinned` satisfies `~=asked`: at least that, with the same numbers before the last one."""
    have, want = _release(pinned), _release(asked)
    have += (0,) * (len(want) - len(have))
    return have >= want and have[: len(want) - 1] == want[:-1]


def asked(file: Path) -> tuple[dict[str, str], list[str]]:
    """What a list and those it includes ask, by name; and what is wrong in the way it is written."""
    wanted: dict[str, str] = {}
    problems = []
    reason = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        text = line.split(" #")[0].strip()
        if not text:
            reason = False
        elif text.startswith("#"):
            reason = True
        elif text.startswith("-r "):
            wanted |= asked(file.with_name(text.removeprefix("-r ").strip()))[0]
        elif requirement := ASKED.fullmatch(text):
            wanted[_normal(requirement["name"])] = requirement["version"]
            if not reason:
                problems.append(f"{file.name}:{number}: {requirement['name']} has no reason in a comment above it")
        else:
            problems.append(f"{file.name}:{number}: “{text}” is not written name~=version")
    return wanted, problems


def pinned(lock: Path) -> tuple[dict[str, set[str]], list[str]]:
    """The versions of a lock by name (several where they depend on Python's); and the pins without a hash."""
    found: dict[str, set[str]] = {}
    problems = []
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    for pin in PINNED.finditer(text):
        found.setdefault(_normal(pin["name"]), set()).add(pin["version"])
        if "--hash=" not in pin["rest"]:
            problems.append(f"{lock.name}: {pin['name']} has no hash")
    return found, problems


def check(root: Path) -> list[str]:
    problems = []
    everywhere: dict[str, dict[str, set[str]]] = {}
    for list_name, lock_name in LOCKS.items():
        wanted, wrong = asked(root / list_name)
        locked, unhashed = pinned(root / lock_name)
        problems += wrong + unhashed
        for name, version in wanted.items():
            if name not in locked:
                problems.append(f"{lock_name}: {name} is missing; run make lock")
            problems += [
                f"{lock_name}: {name} {found} is not ~={version} as {list_name} asks; run make lock"
                for found in sorted(locked.get(name, ()))
                if not is_compatible(found, version)
            ]
        for name, versions in locked.items():
            everywhere.setdefault(name, {})[lock_name] = versions
            if name == "psycopg" or name.startswith("psycopg-"):
                # Django takes psycopg 3 as soon as it is there, even beside psycopg2.
                problems.append(f"{lock_name}: {name} would silently replace psycopg2")
    for name, by_lock in everywhere.items():
        if len({frozenset(versions) for versions in by_lock.values()}) > 1:
            told = ", ".join(f"{' or '.join(sorted(versions))} in {lock}" for lock, versions in by_lock.items())
            problems.append(f"{name} differs between locks: {told}; run make lock")
    return problems

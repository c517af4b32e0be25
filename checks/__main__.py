import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from checks import NotApplicable, imports, migrations, requirements, templates, tools, tracked, variables

Check = Callable[[Path], list[str]]

CHECKS: dict[str, Check] = {
    "ruff": tools.ruff,
    "format": tools.format,
    "djade": tools.djade,
    "import directions": imports.check,
    "no inline code in templates": templates.check,
    "nothing of one machine": tracked.check,
    "requirements": requirements.check,
    "variables": variables.check,
    "migrations have names": migrations.check,
    "migrations are complete": tools.migrations_complete,
    "migrations are safe": tools.migrations_safe,
    "mypy": tools.mypy,
    "hadolint": tools.hadolint,
}


def main(root: Path, checks: Mapping[str, Check] = CHECKS) -> int:
    """Run every check, tell every problem, and only then say whether all is well."""
    failed = []
    for name, check in checks.items():
        start = time.monotonic()
        try:
            problems = check(root)
        except NotApplicable as reason:
            print(f"skip  {name} ({reason})", flush=True)
            continue
        print(f"{'FAIL' if problems else 'ok  '}  {name} ({time.monotonic() - start:.1f} s)", flush=True)
        for problem in problems:
            print("      " + problem.replace("\n", "\n      "), flush=True)
        if problems:
            failed.append(name)
    if failed:
        print(f"\n{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}.")
        return 1
    print("\nAll checks passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))

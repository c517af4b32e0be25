"""Would a migration of ours stop a running site? `python -m checks.lint_migrations APP…`

The linter is called rather than installed: a tool of the workshop has no place in INSTALLED_APPS.
"""

import os
import sys

import django
from django_migration_linter import MigrationLinter


def main(apps: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    linter = MigrationLinter(include_apps=apps, no_cache=True, quiet=["ok", "ignore"])
    linter.lint_all_migrations()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

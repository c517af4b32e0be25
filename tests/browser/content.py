"""What the pages show in browser tests."""

import io

from django.core.management import call_command


def load_content():
    """The territories and the opening content, as `make run` loads them."""
    for command in ("load_territories", "load_content"):
        call_command(command, stdout=io.StringIO(), stderr=io.StringIO())

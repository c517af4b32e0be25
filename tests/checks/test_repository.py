"""This project keeps its own rules; the checks that need a tool or a database are left to `make check`."""

import pytest
from django.conf import settings

from checks import imports, migrations, requirements, templates, tracked, variables


@pytest.mark.parametrize(
    "rule", [imports, migrations, requirements, templates, tracked, variables], ids=lambda rule: rule.__name__
)
def test_the_project_keeps_the_rule(rule):
    assert rule.check(settings.BASE_DIR) == []

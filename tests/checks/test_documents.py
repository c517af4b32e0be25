"""What the documents point at is there."""

import re

import pytest
from django.conf import settings

from checks.tracked import files

LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
LINKS = [
    (document, target)
    for document in files(settings.BASE_DIR)
    if document.suffix == ".md"
    for target in LINK.findall((settings.BASE_DIR / document).read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("document", "target"), LINKS, ids=str)
def test_a_link_of_a_document_leads_somewhere(document, target):
    assert (settings.BASE_DIR / document.parent / target).exists()


def test_the_commands_of_the_documents_are_targets_of_make():
    targets = set(
        re.findall(r"^([a-z-]+):", (settings.BASE_DIR / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    told = {
        target
        for document in ("README.md", "CONTRIBUTING.md")
        for target in re.findall(
            r"(?:`|^    )make ([a-z-]+)", (settings.BASE_DIR / document).read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert {"run", "test"} <= told <= targets

"""Every address of the portal, found by walking the resolver rather than from a list that would be forgotten."""

from typing import Any

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

# One value that exists for each name of an argument; what a test needs is made by the fixture `every_page`.
SAMPLES: dict[str, Any] = {
    "slug": "une-experience-connue",
    "number": 4,
    "role": "acteur",
    "posture": "coproduction",
    "moment": "emergence",
    "word": "deleguee",
    "code": "74282",
    "key": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "token": "une-cle-qui-n-ouvre-rien",
    "draft_key": "un-brouillon-qui-n-est-pas-de-nous",
    "state": "un-parcours-qui-n-est-pas-de-nous",
    "link": "un-partage-qui-n-est-pas-de-nous",
}


def patterns(resolver=None, namespace=""):
    """Yield the full name and the pattern of each address, but those of the admin, which has a test of its own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry
        elif entry.namespace != "admin":
            yield from patterns(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def addresses():
    """Return the address of each page by its name."""
    return {
        name: reverse(name, kwargs={argument: SAMPLES[argument] for argument in entry.pattern.converters})
        for name, entry in patterns()
    }

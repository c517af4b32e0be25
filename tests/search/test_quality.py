"""The search answers well enough, and better than each of its parts: totals only, the blind half stays blind."""

import pytest

from search import indexing
from tests.search import quality

# What is reached, less a margin: a query or two of each part.
FLOORS = {"reglage": (0.93, 0.89), "controle": (0.92, 0.88)}


@pytest.fixture
def found(content):
    indexing.encode()
    return {name: quality.ranks(method) for name, method in quality.METHODS.items()}


def test_ours_finds_what_is_expected_and_more_than_the_others(found):
    for part, (in_five, reciprocal_rank) in FLOORS.items():
        measured = {name: quality.measure(ranks, part=part) for name, ranks in found.items()}
        ours = measured.pop("la nôtre")
        assert ours.in_five >= in_five, part
        assert ours.reciprocal_rank >= reciprocal_rank, part
        for name, other in measured.items():
            assert ours.reciprocal_rank > other.reciprocal_rank, (part, name)
            assert ours.in_five > other.in_five, (part, name)

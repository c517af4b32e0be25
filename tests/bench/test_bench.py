"""The pieces of `make bench` work, from the base that they build to the table that they print; no time is judged."""

import pytest

from bench import __main__ as bench
from bench.bases import bases, clean, prepare
from bench.load import Outcome, percentile
from bench.report import Results, text, verdicts
from bench.served import Measure
from tests.config.test_server import collect
from tests.database import database_url

SIZE = 50


@pytest.fixture
def base(django_db_setup):
    url = database_url()
    (small,) = wanted = bases(url, [SIZE])
    prepare(url, wanted)
    yield small
    clean(url, [SIZE])


def test_from_the_base_to_the_table(base, capsys):
    collect()
    prepare(database_url(), [base])  # there already
    with base.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM experiences_experience WHERE is_generated")
        assert cursor.fetchone() == (SIZE,)
    results = bench.measure([base], rounds=1, seconds=0.3)
    assert results.refusals() == 0
    for is_cached in (False, True):
        for page in ("vide", "liste", "filtrée", "recherche", "fiche"):
            (measure,) = results.measures[SIZE, is_cached, page]
            assert measure.outcome.answered > 0
            assert measure.web > 0
    assert results.statements[SIZE, "fiche"] > 0
    assert results.replayed[SIZE][0] > 0
    lines = list(text(results))
    assert sum(line.lstrip().startswith("50 ") for line in lines) == 10


def measured(milliseconds, number, web, database):
    return Measure(Outcome(1, [milliseconds] * number, 0, {"200": number}), web, database)


def results_of(sheet):
    """As many pages a second, and as much processor, at each size, whatever the page; the bare view does 1,000."""
    results = Results([1000, 10_000, 100_000])
    for size in results.sizes:
        for is_cached in (False, True):
            for page, number in (
                ("vide", 1000),
                ("liste", 600),
                ("filtrée", 600),
                ("recherche", 600),
                ("fiche", sheet),
            ):
                results.add(size, is_cached, page, measured(20, number, 1, 1))
        results.statements |= {(size, page): 4 for page in ("liste", "filtrée", "recherche", "fiche")}
        results.replayed[size] = [10]
    return results


def test_promises_are_judged():
    assert all(verdict.is_kept for verdict in verdicts(results_of(sheet=600)))
    missed = [verdict.promise for verdict in verdicts(results_of(sheet=170)) if not verdict.is_kept]
    assert missed == [
        "fiche sans cache, au moins 18 % de la vue vide",
        "fiche en cache, au moins 50 % de la vue vide",
    ]
    results = results_of(sheet=600)
    results.statements[100_000, "fiche"] = 6
    results.replayed[10_000] = [3]
    results.measures[100_000, False, "liste"] = [measured(20, 600, 2, 1)]
    assert len([verdict for verdict in verdicts(results) if not verdict.is_kept]) == 3


def test_percentiles():
    assert percentile([], 0.95) == 0
    assert percentile([5, 1, 3, 2, 4], 0.5) == 3
    assert percentile(list(range(100)), 0.95) == 95

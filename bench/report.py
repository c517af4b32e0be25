"""The table of what was measured, and what it says of each promise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from bench.served import CONNECTIONS, Measure
from typography.french import number

SEARCH = "recherche"
STATEMENTS = {"liste": 6, "filtrée": 6, SEARCH: 6, "fiche": 5}
SHARE_UNCACHED = {"liste": 7, "fiche": 18}
SHARE_CACHED = {"liste": 50, "fiche": 50}


@dataclass
class Results:
    sizes: list[int]
    measures: dict[tuple[int, bool, str], list[Measure]] = field(default_factory=dict)
    """By size, cached or not, and page: one for each round."""
    statements: dict[tuple[int, str], int] = field(default_factory=dict)
    replayed: dict[int, list[float]] = field(default_factory=dict)
    """By size, the 95th percentile of the statements of searches sent without the page: one for each round."""

    def add(self, size: int, is_cached: bool, page: str, measure: Measure) -> None:
        self.measures.setdefault((size, is_cached, page), []).append(measure)

    def rate(self, size: int, is_cached: bool, page: str) -> float:
        return median(measure.outcome.rate for measure in self.measures[size, is_cached, page])

    def percentile(self, size: int, is_cached: bool, page: str, share: float) -> float:
        return median(measure.outcome.percentile(share) for measure in self.measures[size, is_cached, page])

    def web(self, size: int, is_cached: bool, page: str) -> float:
        return median(measure.web for measure in self.measures[size, is_cached, page])

    def database(self, size: int, is_cached: bool, page: str) -> float | None:
        known = [measure.database for measure in self.measures[size, is_cached, page] if measure.database is not None]
        return median(known) if known else None

    def processor(self, size: int, page: str) -> float:
        """Milliseconds of both, uncached."""
        return self.web(size, False, page) + (self.database(size, False, page) or 0)

    def share(self, size: int, is_cached: bool, page: str) -> float:
        """In percent of what the bare view answers in the same rounds, on the same base."""
        return 100 * self.rate(size, is_cached, page) / self.rate(size, is_cached, "vide")

    def refusals(self) -> int:
        return sum(
            count
            for measures in self.measures.values()
            for measure in measures
            for status, count in measure.outcome.statuses.items()
            if status != "200"
        )


HEADINGS = ("expériences", "page", "cache", "requêtes SQL", "par seconde", "% de la vide", "p50 ms", "p95 ms", "web ms",
            "base ms")  # fmt: skip


def table(results: Results) -> Iterator[str]:
    rows = [HEADINGS, *_rows(results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        texts = zip(row, widths, strict=True)
        yield "  ".join(
            f"{text:<{width}}" if place in (1, 2) else f"{text:>{width}}" for place, (text, width) in enumerate(texts)
        )


def _rows(results: Results) -> Iterator[tuple[str, ...]]:
    for size, is_cached, page in sorted(results.measures, key=lambda key: (key[1], key[0])):
        about = (size, is_cached, page)
        statements = results.statements.get((size, page))
        database = results.database(*about)
        yield (
            number(size),
            page,
            "oui" if is_cached else "non",
            "" if is_cached or statements is None else str(statements),
            number(round(results.rate(*about))),
            "" if page == "vide" else number(round(results.share(*about), 1)),
            number(round(results.percentile(*about, 0.5), 1)),
            number(round(results.percentile(*about, 0.95), 1)),
            number(round(results.web(*about), 2)),
            "?" if database is None else number(round(database, 2)),
        )


@dataclass(frozen=True)
class Verdict:
    promise: str
    found: str
    is_kept: bool

    def __str__(self) -> str:
        return f"{'tenu  ' if self.is_kept else 'MANQUÉ'}  {self.promise} : {self.found}"


def verdicts(results: Results) -> list[Verdict]:
    return [*_statements(results), *_shares(results), *_growths(results), *_searches(results)]


def _statements(results: Results) -> Iterator[Verdict]:
    for page, most in STATEMENTS.items():
        counts = [results.statements[size, page] for size in results.sizes]
        yield Verdict(f"{page}, {most} requêtes SQL au plus", ", ".join(map(str, counts)), max(counts) <= most)


def _shares(results: Results) -> Iterator[Verdict]:
    for is_cached, least in ((False, SHARE_UNCACHED), (True, SHARE_CACHED)):
        for page, percent in least.items():
            shares = [results.share(size, is_cached, page) for size in results.sizes]
            promise = f"{page} {'en' if is_cached else 'sans'} cache, au moins {percent} % de la vue vide"
            yield Verdict(promise, _listed(shares, "%"), min(shares) >= percent)


def _growths(results: Results) -> Iterator[Verdict]:
    """How the processor's work grows with the base."""
    promises = (("liste", 1000, 100_000, 1.3), ("filtrée", 1000, 10_000, 3), ("filtrée", 10_000, 100_000, 3),
                (SEARCH, 1000, 100_000, 12))  # fmt: skip
    for page, small, large, most in promises:
        if {small, large} <= set(results.sizes):
            growth = results.processor(large, page) / results.processor(small, page)
            promise = f"{page} à {number(large)}, au plus {number(most)} fois le processeur de {number(small)}"
            yield Verdict(promise, number(round(growth, 2)), growth <= most)


def _searches(results: Results) -> Iterator[Verdict]:
    size = 10_000
    if size in results.replayed:
        most = 1.3 * median(results.replayed[size]) + 15
        found = results.percentile(size, False, SEARCH, 0.95)
        promise = f"p95 de la recherche à {number(size)}, au plus 1,3 fois ses requêtes SQL rejouées, plus 15 ms"
        yield Verdict(promise, f"{number(round(found, 1))} ms pour {number(round(most, 1))}", found <= most)


def _listed(figures: Iterable[float], unit: str) -> str:
    return ", ".join(f"{number(round(figure, 1))} {unit}" for figure in figures)


def text(results: Results) -> Iterator[str]:
    yield f"{CONNECTIONS} connexions, deux processus de gunicorn ; processeur par page servie ; médianes des tours."
    yield ""
    yield from table(results)
    yield ""
    for size, milliseconds in sorted(results.replayed.items()):
        found = number(round(median(milliseconds), 1))
        yield f"Requêtes SQL de la recherche rejouées seules à {number(size)} : p95 de {found} ms"
    yield ""
    yield from map(str, verdicts(results))
    if refused := results.refusals():
        yield f"MANQUÉ  {refused} réponses ne sont pas des pages."

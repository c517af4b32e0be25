"""`make bench`: build the bases, measure, and print."""

import argparse
import os
import subprocess
import sys

from bench import pages, statements
from bench.bases import ROOT, Base, bases, clean, prepare
from bench.report import SEARCH, Results, text
from bench.served import CONNECTIONS, serve

SIZES = [1000, 10_000, 100_000]
SAMPLE = 40  # pages whose statements are counted; of searches, which are replayed, all


def main() -> None:
    options = parser().parse_args()
    url = os.environ["DATABASE_URL"]
    if options.clean:
        clean(url, SIZES)
        return
    sizes = options.sizes or (SIZES[:2] if options.quick else SIZES)
    measured = bases(url, sizes)
    prepare(url, measured, again=not options.keep)
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"], cwd=ROOT, check=True)
    rounds, seconds = (2, 2.0) if options.quick else (options.rounds, options.seconds)
    print("\n".join(text(measure(measured, rounds, seconds))))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--quick", action="store_true", help="1 000 et 10 000 expériences, en bref")
    options.add_argument("--clean", action="store_true", help="efface les bases de mesure")
    options.add_argument("--keep", action="store_true", help="garde les bases, même faites par un code plus ancien")
    options.add_argument("--sizes", type=int, nargs="+", metavar="N", help="d’autres nombres d’expériences")
    options.add_argument("--rounds", type=int, default=3, help="tours, dont on garde la médiane")
    options.add_argument("--seconds", type=float, default=4, help="durée de chaque mesure")
    return options


def measure(measured: list[Base], rounds: int, seconds: float) -> Results:
    """Sizes take turns, so that a slow moment of the machine spares or strikes them all."""
    results = Results([base.size for base in measured])
    asked = pages.draw(measured[0])
    searches = {}
    for base in measured:
        for page in pages.SCENARIOS:
            told(f"{base.size} expériences, {page} : requêtes SQL")
            seen = statements.of_pages(base, asked[page] if page == SEARCH else asked[page][:SAMPLE])
            results.statements[base.size, page] = max(len(one.statements) for one in seen)
            if page == SEARCH:
                searches[base.size] = seen
    for number in range(1, rounds + 1):
        for base in measured:
            for is_cached in (False, True):
                told(f"tour {number} sur {rounds}, {base.size} expériences, {'en' if is_cached else 'sans'} cache")
                measure_pages(results, base, is_cached, asked, seconds)
            replayed = statements.replay(base, searches[base.size], CONNECTIONS, seconds)
            results.replayed.setdefault(base.size, []).append(replayed)
    return results


def measure_pages(results: Results, base: Base, is_cached: bool, asked: dict[str, list[str]], seconds: float) -> None:
    with serve(base, is_cached=is_cached) as portal:
        for page, paths in asked.items():
            portal.warm(paths * 10)  # often enough for each of the two processes to have seen it, nearly surely
            results.add(base.size, is_cached, page, portal.measure(paths, seconds))


def told(progress: str) -> None:
    sys.stderr.write(f"{progress}\n")


if __name__ == "__main__":
    main()

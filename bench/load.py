"""Ask for pages over a few connections that stay open, from one process that does little else: it shares the machine.

`python -m bench.load` reads its order on the standard input and answers on the standard output, both in JSON.
"""

import json
import random
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import count

BARE = "/_vide/"
REQUESTS_OF_A_VISITOR = 25  # then the connection is made anew: a worker may have taken more than its share of them
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
PATIENCE = 60


@dataclass(frozen=True)
class Order:
    port: int
    paths: list[str]
    connections: int
    seconds: float
    seed: int
    in_turn: bool = False
    """Each of the paths once, however long it takes, instead of paths at random for so many seconds."""


@dataclass(frozen=True)
class Outcome:
    """What was answered, each in how many milliseconds; only a 200 is an answer."""

    seconds: float
    latencies: list[float]
    received: int
    statuses: dict[str, int]

    @property
    def answered(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.answered / self.seconds

    def percentile(self, share: float) -> float:
        return percentile(self.latencies, share)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Visitor:
    """One connection, asking page after page."""

    def __init__(self, port: int):
        self.port = port
        self.asked = 0
        self._connect()

    def ask(self, path: str) -> None:
        if self.asked == REQUESTS_OF_A_VISITOR:
            self.leave()
            self._connect()
            self.asked = 0
        self.asked += 1
        self.answer = bytearray()
        self.length = 0
        self.started = time.perf_counter()
        self.line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Accept-Encoding: gzip, deflate, br\r\nAccept: text/html\r\nAccept-Language: fr\r\n\r\n".encode()
        )

    def is_answered(self) -> bool:
        received = self.line.recv(1 << 18)
        if not received:
            raise ConnectionError("Le serveur a fermé la connexion au milieu d’une réponse.")
        self.answer += received
        if not self.length:
            end = self.answer.find(b"\r\n\r\n")
            if end < 0:
                return False
            found = LENGTH.search(self.answer, 0, end)
            if not found:
                raise ValueError("Une réponse ne dit pas sa longueur.")
            self.length = end + 4 + int(found[1])
        return len(self.answer) >= self.length

    def leave(self) -> None:
        self.line.close()

    def _connect(self) -> None:
        self.line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def run(order: Order) -> Outcome:
    draw = random.Random(order.seed)
    latencies: list[float] = []
    statuses: Counter[str] = Counter()
    received = 0
    start = time.perf_counter()
    paths = iter(order.paths) if order.in_turn else (draw.choice(order.paths) for _ in count())
    with selectors.DefaultSelector() as waiting, ExitStack() as leaving:
        for path, _ in zip(paths, range(order.connections), strict=False):
            visitor = Visitor(order.port)
            leaving.callback(visitor.leave)
            visitor.ask(path)
            waiting.register(visitor.line, selectors.EVENT_READ, visitor)
        while waiting.get_map():
            for key, _events in waiting.select(PATIENCE):
                visitor = key.data
                if not visitor.is_answered():
                    continue
                now = time.perf_counter()
                status = visitor.answer[9:12].decode()
                statuses[status] += 1
                received += len(visitor.answer)
                if status == "200":
                    latencies.append((now - visitor.started) * 1000)
                waiting.unregister(visitor.line)
                following = next(paths, None) if order.in_turn or now - start < order.seconds else None
                if following is not None:
                    visitor.ask(following)
                    waiting.register(visitor.line, selectors.EVENT_READ, visitor)
    return Outcome(time.perf_counter() - start, latencies, received, dict(statuses))


def ask(order: Order) -> Outcome:
    """The same in a process of its own, so that nothing else that we do slows it down."""
    command = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(command, input=json.dumps(asdict(order)), capture_output=True, text=True, check=True)
    return Outcome(**json.loads(done.stdout))


if __name__ == "__main__":
    json.dump(asdict(run(Order(**json.load(sys.stdin)))), sys.stdout)

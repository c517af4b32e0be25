import io

import pytest

import progress
from progress import Progress, track


class Terminal(io.StringIO):
    encoding = "ascii"

    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_a_log_gets_a_few_lines_with_count_and_rate(clock):
    log = io.StringIO()
    for _ in track(range(12_000), "Lignes", stream=log):
        clock.now += 0.001
    lines = log.getvalue().splitlines()
    assert lines[0].startswith("Lignes\u00a0: 5\u202f0")
    assert lines[-1] == "Lignes\u00a0: 12\u202f000 sur 12\u202f000 (100\u202f%), 1\u202f000 par seconde"
    assert len(lines) == 3


def test_a_terminal_gets_one_line_refreshed(clock, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    terminal = Terminal()
    with Progress("Lignes", 4, stream=terminal) as bar:
        for _ in range(4):
            clock.now += 1
            bar.advance()
    text = terminal.getvalue()
    assert text.count("\n") == 1
    assert text.endswith("\n")
    frames = text.rstrip("\n").split("\r")[1:]
    assert {len(frame) for frame in frames} == {59}
    assert frames[2].startswith("[##########----------] Lignes")
    assert frames[-1].startswith("[####################] Lignes")


def test_an_unknown_total_still_shows_the_count(clock):
    log = io.StringIO()
    with Progress("Fiches", stream=log) as bar:
        clock.now += 2
        bar.advance(3)
    assert log.getvalue() == "Fiches\u00a0: 3, 1,5 par seconde\n"


def test_a_failure_keeps_what_was_reached(clock):
    log = io.StringIO()

    def fail():
        with Progress("Fiches", 10, stream=log) as bar:
            clock.now += 1
            bar.advance(4)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert log.getvalue() == "Fiches\u00a0: 4 sur 10 (40\u202f%), 4 par seconde\n"

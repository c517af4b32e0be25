"""A progress bar for commands: how many, out of how many, how fast.

On a terminal, one line refreshed in place; elsewhere (a log, a file), a few lines. It goes to the error
stream, so that what a command prints as its result can still be piped.
"""

import shutil
import sys
import time

from typography.french import number

REFRESH_SECONDS = 0.1
LINE_SECONDS = 5
BAR_WIDTH = 20


class Progress:
    """Count with `advance()`, inside a `with` block; `total` may be unknown."""

    def __init__(self, label, total=None, *, stream=None):
        self.label = label
        self.total = total
        self.count = 0
        self.stream = stream or sys.stderr
        self.on_terminal = self.stream.isatty()

    def __enter__(self):
        self.started = self.shown_at = time.monotonic()
        if self.on_terminal:
            self._show()
        return self

    def __exit__(self, failed, *_):
        self._show()
        if self.on_terminal:
            self.stream.write("\n")
            self.stream.flush()

    def advance(self, by=1):
        self.count += by
        if time.monotonic() - self.shown_at >= (REFRESH_SECONDS if self.on_terminal else LINE_SECONDS):
            self._show()

    def text(self):
        """« Territoires : 12 000 sur 38 972 (31 %), 9 800 par seconde », spaces as French print has them."""
        count = number(self.count)
        if self.total:
            count += f" sur {number(self.total)} ({100 * self.count // self.total}\u202f%)"
        elapsed = time.monotonic() - self.started
        rate = self.count / elapsed if elapsed else 0
        return f"{self.label}\u00a0: {count}, {number(round(rate, 1 if rate < 10 else None))} par seconde"

    def _show(self):
        self.shown_at = time.monotonic()
        line = self.text()
        if self.on_terminal:
            if self.total:
                done = min(BAR_WIDTH, BAR_WIDTH * self.count // self.total)
                line = f"[{'#' * done}{'-' * (BAR_WIDTH - done)}] {line}"
            width = shutil.get_terminal_size().columns - 1
            line = f"\r{line[:width]:<{width}}"
        else:
            line += "\n"
        # A terminal that lacks a character shows another rather than stopping the work.
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        self.stream.write(line.encode(encoding, "replace").decode(encoding))
        self.stream.flush()


def track(items, label, *, total=None, stream=None):
    """Go through items while showing how far we are."""
    if total is None and hasattr(items, "__len__"):
        total = len(items)
    with Progress(label, total, stream=stream) as progress:
        for item in items:
            yield item
            progress.advance()

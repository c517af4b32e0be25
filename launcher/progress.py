"""A progress bar with a count and a rate; plain lines when nobody watches a terminal."""

import sys
import time

WIDTH = 28


class Progress:
    """Progress of one step, redrawn in place on a terminal."""

    def __init__(self, label, total, unit):
        self.label, self.total, self.unit = label, total, unit
        self.count = 0
        self.started = time.monotonic()
        self.drawn_at = 0.0
        self.live = sys.stdout.isatty()
        if not self.live:
            say(f"{label} : {total} {unit}…")

    def show(self, count, *, last=False):
        self.count = min(count, self.total)
        now = time.monotonic()
        if not last and (not self.live or now - self.drawn_at < 0.1):
            return
        self.drawn_at = now
        rate = self.count / max(now - self.started, 0.001)
        text = f"{self.label} {self.bar()} {self.count}/{self.total} {self.unit}, {rate:.1f}/s".replace(".", ",")
        sys.stdout.write(f"\r\033[K{text}" if self.live else text)
        if last or self.live is False:
            sys.stdout.write("\n")
        sys.stdout.flush()

    def bar(self):
        filled = WIDTH * self.count // max(self.total, 1)
        return "█" * filled + "░" * (WIDTH - filled)

    def done(self):
        self.show(self.total, last=True)

    def abandon(self):
        if self.live:
            sys.stdout.write("\n")


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

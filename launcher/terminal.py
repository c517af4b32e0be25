"""What the launcher says on the terminal."""

import contextlib
import sys


def say(text):
    """Say it, if somebody is still there: a portal told to outlive its terminal does not end for want of a reader."""
    with contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

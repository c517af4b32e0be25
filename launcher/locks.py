"""Locks between two commands run at once on the same clone; the kernel drops them however a process dies."""

import contextlib
import fcntl
import time

from launcher.processes import check_wanted
from launcher.terminal import say


@contextlib.contextmanager
def exclusive(path, waiting=None):
    """Hold the lock; say `waiting` once if another command holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if waiting:
                    say(waiting)
                    waiting = None
                check_wanted()
                time.sleep(0.1)
        yield

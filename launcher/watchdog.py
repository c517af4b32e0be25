"""Runs PostgreSQL as its child, and stops it once no command uses it any more.

A safety net: a command that ends by itself stops the server when it was its last user. It holds the shared lock
`use.lock`, that the kernel drops if it is killed; then we notice. If we are killed, the kernel stops PostgreSQL.
Run by its path, alone in its session: it imports nothing of the project.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def main(use_lock, log, user, *command):
    libc = ctypes.CDLL(None)
    me = os.getpid()

    def before_exec():
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)  # fast shutdown
        if os.getppid() != me:
            os._exit(1)

    as_user: dict[str, Any] = {"user": int(user), "group": int(user), "extra_groups": []} if os.geteuid() == 0 else {}
    with Path(log).open("wb") as output, Path(use_lock).open("a") as use:
        server = subprocess.Popen(  # noqa: S603 - given by the launcher
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            preexec_fn=before_exec,  # noqa: PLW1509 - a single thread
            **as_user,
        )
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.3)
                return
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            server.send_signal(signal.SIGINT)
            server.wait()  # the lock is kept meanwhile: a newcomer waits, then starts the server again
            return


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Children that never outlive us, and the ways in which we are asked to stop."""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

from launcher.errors import StopRequested, from_output
from launcher.paths import LOGS

PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _controlling_terminal():
    try:
        return os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:  # started by a service, a script, a test
        return None


_parent = os.getppid()
_terminal = _controlling_terminal()
_stopping = False


def follow_parent(death_signal):
    """A function for the child, between fork and exec: the kernel signals it when its parent dies.

    The request is tied to the parent's thread that forked (the launcher has only one) and is dropped by a change
    of user, which subprocess does before calling us.
    """
    parent = os.getpid()

    def before_exec():
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:
                os._exit(1)

    return before_exec


def watch_stop_requests():
    """Turn the signals that ask to stop into an exception, once: the second must not disturb the stopping itself."""

    def stop(number, _frame):
        global _stopping  # noqa: PLW0603 - a signal handler has no other memory
        if not _stopping:
            _stopping = True
            raise StopRequested(number)

    for number in STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup asks to survive the terminal
            signal.signal(number, stop)


def check_wanted():
    """Make, or the script that called us, may die without a word, the terminal may be closed: then we stop too.

    The hangup reaches make only, when make leads the session, and make then waits for us.
    """
    global _stopping  # noqa: PLW0603 - what the handler remembers
    if os.getppid() != _parent or _is_terminal_gone():
        _stopping = True
        raise StopRequested(signal.SIGHUP)


def _is_terminal_gone():
    if _terminal is None or signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        return False
    poll = select.poll()
    poll.register(_terminal, 0)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))


def start(command, *, death_signal=signal.SIGTERM, **options):
    return subprocess.Popen(  # noqa: S603 - every command is ours
        [os.fspath(part) for part in command],
        preexec_fn=follow_parent(death_signal),  # noqa: PLW1509 - a single thread
        **options,
    )


def wait(child, *, watch=None):
    """Wait for the child, without missing the death of our parent; `watch` may raise to stop earlier."""
    while True:
        try:
            return child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            check_wanted()
            if watch:
                watch()


def stop(child, *, patience=8):
    """End the child politely, then surely."""
    if child.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + patience
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    if child.poll() is None:
        child.kill()
        child.wait()


def run_step(step, command, *, on_line=lambda line: None, **options):
    """Run one step of the preparation without showing what it says, unless `on_line` does; a failure is a sentence."""
    child = start(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    with child.stdout:
        _finish(step, child, child.stdout.fileno(), on_line)


def run_management_command(step, python, *words, **options):
    """Run a command of Django, that shows its own progress on our terminal; a failure is a sentence."""
    receives, sends = os.pipe()
    command = [python, "-m", "launcher.command", str(sends), *words]
    try:
        child = start(command, stdin=subprocess.DEVNULL, pass_fds=[sends], **options)
        os.close(sends)
        _finish(step, child, receives, lambda line: None)
    finally:
        os.close(receives)


def _finish(step, child, pipe, on_line):
    try:
        said = _listen(pipe, on_line)
        if child.wait() == 0:
            return
    finally:
        stop(child)
    raise from_output(step, said, log=_keep(step, said))


def _listen(pipe, on_line):
    """Everything that the child says, line by line, until it closes the pipe."""
    said, rest = "", b""
    while True:
        check_wanted()
        if not select.select([pipe], [], [], 0.2)[0]:
            on_line("")
            continue
        chunk = os.read(pipe, 65536)
        if not chunk:
            return said + rest.decode(errors="replace")
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace")
            said = (said + text + "\n")[-200_000:]
            on_line(text)


def _keep(step, said):
    """Store what a failed step said; a full disk must not hide the failure itself."""
    path = LOGS / f"{step.replace(' ', '-')}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said, encoding="utf-8")
    except OSError:
        return None
    return path

"""The portal served the production way, until somebody asks to stop."""

import contextlib
import errno
import http.client
import signal
import socket
import subprocess
import time
from urllib.parse import urlsplit

from launcher.environment import PYTHON
from launcher.errors import LauncherError, from_output
from launcher.paths import LOGS, ROOT
from launcher.processes import check_wanted, start, stop, wait

ADDRESS = "127.0.0.1"
PATIENCE = 60
PROOFS = ("/sante/prete/", "/")
BACKLOG = 2048  # what gunicorn itself asks for
WORKER_PAUSE = 5  # seconds between two starts of a worker that does not stay


def listen(port, *, patience=3):
    """A socket on this port, ours alone from now on; a server that is just ending is given a moment."""
    deadline = time.monotonic() + patience
    while True:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
            listener.listen(BACKLOG)
            return listener
        except OSError as error:
            listener.close()
            if error.errno == errno.EACCES:
                raise LauncherError(f"Le port {port} est réservé au système : essayez PORT=8001.") from None
            if time.monotonic() > deadline:
                other = port + 1 if port < 65535 else 8001
                raise LauncherError(
                    f"Le port {port} est déjà pris par un autre programme (peut-être un autre « make run ») : "
                    f"arrêtez-le, ou choisissez-en un autre, par exemple : make run PORT={other}"
                ) from None
        check_wanted()
        time.sleep(0.1)


def log_of(what, port):
    """One file for each portal that this clone serves at once."""
    return LOGS / f"{what}-{port}.log"


def begin(log):
    """Put aside what the run before wrote, which may be the trace of a failure, and return the path to write to."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        log.replace(log.with_name(f"{log.name}.1"))
    return log


@contextlib.contextmanager
def gunicorn(listener, variables, log):
    """The portal answering on this socket; gone with the block, however it ends."""
    port = listener.getsockname()[1]
    command = [PYTHON, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"fd://{listener.fileno()}"]
    command += ["--preload", "--workers", "2", "--graceful-timeout", "5", "config.wsgi"]
    # Should we be killed, gunicorn gets SIGQUIT from the kernel: its quick way to end.
    with begin(log).open("ab") as output:
        child = start(
            command,
            env=variables,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[listener.fileno()],
            death_signal=signal.SIGQUIT,
        )
    listener.close()  # gunicorn's alone now: the port must be free as soon as it dies
    try:
        _wait_until_ready(child, port, variables["SITE_URL"], log)
        yield child
    finally:
        stop(child)


def _wait_until_ready(child, port, site, log):
    """Answering is not enough: the database is up to date, and the home page is whole."""
    deadline = time.monotonic() + PATIENCE
    while True:
        check_wanted()
        found = {path: _status(port, path, site) for path in PROOFS}
        silent = None in found.values()
        if child.poll() is not None or (silent and time.monotonic() > deadline):
            raise from_output("démarrage du serveur web", log.read_text(errors="replace"), log=log)
        if not silent:
            break
        time.sleep(0.05)
    for path, status in found.items():
        if status >= 400:
            raise LauncherError(
                f"Le serveur web tourne, mais sa page {path} répond par une erreur {status} : voyez {log}."
            )


def _status(port, path, site):
    """What a visitor of the public address would get; None without answer."""
    parts = urlsplit(site)
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Worker:
    """Background work beside the web server: gone with the block, started again when it dies on its own."""

    def __init__(self, variables, log):
        self.variables = variables
        self.log = log

    def __enter__(self):
        begin(self.log)
        self._start()
        return self

    def __exit__(self, *_):
        stop(self.child)

    def _start(self):
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.child = start(
                [PYTHON, "manage.py", "worker"],
                env=self.variables,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def keep_alive(self):
        if self.child.poll() is not None and time.monotonic() - self.started_at > WORKER_PAUSE:
            self._start()


def serve_until_stopped(child, server, worker, log):
    """Watch over the web server and the database: the end of one is the end of all. The worker is only restarted."""

    def watch():
        worker.keep_alive()
        if server is not None and not server.is_alive():
            raise LauncherError(f"PostgreSQL s’est arrêté : voyez {server.log}, puis relancez make run.")

    wait(child, watch=watch)
    raise LauncherError(f"Le serveur web s’est arrêté (code {child.returncode}) : voyez {log}, puis relancez make run.")


def run_in_foreground(command, variables, *, watch=None):
    """Run a command on our terminal and return its exit code."""
    child = start(command, env=variables, cwd=ROOT)
    try:
        return wait(child, watch=watch)
    finally:
        stop(child)


def exit_code(code):
    """The shell's way to tell of a death by signal."""
    return 128 - code if code < 0 else code

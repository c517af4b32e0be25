"""Real clones, started by the real `make run`, and what they leave behind."""

import contextlib
import hashlib
import http.client
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534
IS_ROOT = os.geteuid() == 0
PATIENCE = 300  # seconds: a busy machine is slow, not wrong
OURS = {
    *("DATABASE_URL", "SECRET_KEY", "PORT", "SITE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "VENV", "VIRTUAL_ENV"),
    *("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "ARGS", "PYTHON"),
}


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Clone:
    """A copy of the project, its own database and processes; the Python environment is the one of the tests."""

    def __init__(self, folder, *, environment=None, user=None):
        self.folder = folder
        self.environment = environment or Path(sys.prefix)
        self.user = user
        shutil.copytree(
            ROOT,
            folder,
            ignore=shutil.ignore_patterns(".git", ".venv", "var", ".*_cache", "__pycache__", ".hypothesis", ".env"),
        )
        if user:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, user, user)
        self.started = []
        self.numbers = itertools.count(1)
        self.outputs = Path(tempfile.mkdtemp(prefix="portail-said-"))

    @property
    def python(self):
        return self.environment / "bin" / "python"

    def variables(self, **more):
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        return {**kept, "VENV": str(self.environment), "PYTHON": str(self.python), **more}

    def as_user(self):
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}

    def call(self, *words, **more):
        """A command of the launcher, to its end."""
        return subprocess.run(
            [self.python, "-m", "launcher", *words],
            cwd=self.folder,
            env=self.variables(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            **self.as_user(),
        )

    def start(self, port=None, **more):
        run = Run(self, port or free_port(), self.outputs / str(next(self.numbers)), **more)
        self.started.append(run)
        return run

    def processes(self):
        """Everything that runs in this clone or for it: {number: words of its command line}."""
        marks = (os.fsencode(self.folder), hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16].encode())
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    line = (entry / "cmdline").read_bytes()
                    place = os.fsencode((entry / "cwd").readlink())
                    if line and (any(mark in line for mark in marks) or place == marks[0]):
                        found[int(entry.name)] = [os.fsdecode(word) for word in line.split(b"\0")]
        return found

    def find(self, kind):
        """The number of one process, by its part."""
        found = self.processes()
        tests = {
            "make": lambda words: Path(words[0]).name == "make",
            "launcher": lambda words: words[1:3] == ["-m", "launcher"],
            "watchdog": lambda words: words[1].endswith("watchdog.py"),
            "postgres": lambda words: words[0].endswith("/postgres"),
            "gunicorn": lambda words: "gunicorn" in words,
            "background": lambda words: words[1:3] == ["manage.py", "worker"],
        }
        if kind == "worker":
            return max(pid for pid, words in found.items() if tests["gunicorn"](words))
        return min(pid for pid, words in found.items() if tests[kind](words))

    def wait_until_empty(self, patience=60):
        deadline = time.monotonic() + patience
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.processes()

    def end(self):
        for run in self.started:
            run.stop()
        self.wait_until_empty()
        self.call("clean")
        shutil.rmtree(self.outputs)


class Run:
    """One `make run`, in its own session as in a terminal of its own."""

    def __init__(self, clone, port, output, **more):
        self.clone, self.port = clone, port
        self.output = output
        with output.open("w") as file:
            self.process = subprocess.Popen(
                ["make", "run", f"PORT={port}"],
                cwd=clone.folder,
                env=clone.variables(**more),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                **clone.as_user(),
            )

    def said(self):
        return self.output.read_text()

    def wait_ready(self):
        deadline = time.monotonic() + PATIENCE
        while f"http://127.0.0.1:{self.port}" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return self

    def page(self, path="/"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def stop(self, number=signal.SIGTERM):
        """Signal the whole group, as a terminal does; return the exit code."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="session")
def make_clone(open_folder):
    clones = []

    def make(folder, **options):
        clones.append(Clone(folder, **options))
        return clones[-1]

    yield make
    for clone in clones:
        clone.end()


@pytest.fixture(scope="session")
def open_folder():
    """A folder that every account can reach, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="portail-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def clone(make_clone, open_folder):
    """A clone already prepared by a first `make run`."""
    made = make_clone(open_folder / "clone")
    made.first = made.start().wait_ready()
    assert made.first.page() == 200
    made.first.stop()
    assert made.wait_until_empty() == {}
    return made


@pytest.fixture
def quiet_clone(clone):
    """The prepared clone, at rest before and after."""
    yield clone
    for run in clone.started:
        run.stop(signal.SIGKILL)
    assert clone.wait_until_empty() == {}
    clone.started.clear()


@pytest.fixture(scope="session")
def ordinary_account(open_folder):
    """Options of a clone of an ordinary account: ours, or when we are root another one, who cannot enter our home."""
    if not IS_ROOT:
        return {}
    return {"user": NOBODY, "environment": environment_for_everybody(open_folder)}


def environment_for_everybody(folder):
    """The same packages, on a Python that every account can run."""
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for python in (Path(sys.executable).resolve(), Path(f"/usr/bin/python{wanted}"), Path("/usr/bin/python3")):
        with contextlib.suppress(OSError):
            asked = subprocess.run(
                [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
                check=False,
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
            )
            if asked.stdout.strip() == wanted:
                break
    else:
        pytest.skip(f"no Python {wanted} that an ordinary account can run")
    place = folder / "environment"
    subprocess.run([python, "-m", "venv", "--without-pip", place], check=True)
    shutil.copytree(
        sysconfig.get_path("purelib"),
        place / "lib" / f"python{wanted}" / "site-packages",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("playwright", "mypy", "ruff*", "uv*", "hadolint*", "mypyc", "__pycache__"),
    )
    return place

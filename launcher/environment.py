"""The virtual environment: made once, redone when its Python or a lock changes, never left half made."""

import importlib.util
import os
import platform
import re
import shutil
import sys
from pathlib import Path

from launcher import stamps
from launcher.errors import LauncherError
from launcher.locks import exclusive
from launcher.paths import ROOT, VAR
from launcher.processes import run_step
from launcher.terminal import say
from progress import Progress

VENV = Path(os.environ.get("VENV") or ROOT / ".venv")
READY_MADE = bool(os.environ.get("VENV"))  # somebody else's: used, never written to
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"
PACKAGES = "packages"  # in the environment: the list of what the installation put there

# Each set holds the ones before it.
SETS = {"server": "requirements.txt", "local": "requirements-local.txt", "dev": "requirements-dev.txt"}

NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Temporary failure in name resolution"
    r"|Name or service not known|Network is unreachable|Connection refused|ConnectionResetError|Max retries exceeded"
)
NO_WHEEL = re.compile(r"No matching distribution found for (\S+)")


def ensure(wanted):
    """Have this set of packages installed; do nothing when it is already there."""
    if READY_MADE:
        if not PYTHON.exists():
            raise LauncherError(f"VENV indique {VENV}, qui n’est pas un environnement Python.")
        return
    if _is_usable() and _has(wanted):
        return
    with exclusive(VAR / "install.lock", "Une autre commande installe déjà le nécessaire : on l’attend."):
        if not _is_usable():
            _make()
        if not _has(wanted):
            _install(wanted)


def embedded_server_exists_here():
    """Whether the wheel of the embedded server knows this system: Linux with glibc, on two families of processors."""
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
        return False
    name, version = platform.libc_ver()
    return name == "glibc" and tuple(map(int, version.split(".")[:2])) >= (2, 27)


def _home_stamp():
    return stamps.read(VENV / "made-for")


def _is_usable():
    """Whether the environment is whole, and its Python still the one for which it was made."""
    made_here = _home_stamp() == f"{VENV.resolve()}\n{PYTHON.resolve()}"
    return PYTHON.exists() and not UNFINISHED.exists() and made_here and not _lost()


def _packages():
    """What Python imports from, without the versions, which one may change by hand."""
    found = {path.name for path in VENV.glob("lib/python*/site-packages/*") if path.suffix != ".dist-info"}
    return found - {"__pycache__"}


def _lost():
    return set(stamps.read(VENV / PACKAGES).split("\n")) - {""} - _packages()


def _lock_digest(name):
    return stamps.digest([ROOT / SETS[name]])


def _has(wanted):
    names = list(SETS)[list(SETS).index(wanted) :]
    return any(stamps.read(VENV / f"installed-{name}") == _lock_digest(name) for name in names)


def _remove():
    if VENV.is_symlink():
        VENV.unlink()
    else:
        shutil.rmtree(VENV, ignore_errors=True)


def _make():
    if os.pathsep in str(ROOT):
        raise LauncherError(f"Le nom du dossier contient « {os.pathsep} », que Python refuse : renommez {ROOT}.")
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = "{}.{}".format(*sys.version_info)
        raise LauncherError(
            f"Python est là, mais pas son module {missing[0]} : installez-le "
            f"(sous Debian ou Ubuntu : apt install python3-venv, ou python{version}-venv), puis relancez."
        )
    say("Création de l’environnement Python…")
    _remove()
    VENV.mkdir(parents=True)
    UNFINISHED.touch()
    try:
        run_step("création de l’environnement Python", [sys.executable, "-m", "venv", VENV])
        stamps.write(VENV / "made-for", f"{VENV.resolve()}\n{PYTHON.resolve()}")
        UNFINISHED.unlink()
    except BaseException:
        _remove()
        raise


class _Installation:
    """Follows pip: packages collected first, then put in place."""

    def __init__(self, lock):
        locked = re.findall(r"^[A-Za-z0-9][\w.\-\[\],]*==", lock.read_text(encoding="utf-8"), re.MULTILINE)
        self.said = ""
        self.before = self._in_place()
        self.installing = False
        self._begin("Téléchargement des paquets", len(locked))

    def _begin(self, label, total):
        self.bar = Progress(label, total, stream=sys.stdout)
        self.bar.__enter__()

    @staticmethod
    def _in_place():
        return {path.parent.name for path in VENV.glob("lib/python*/site-packages/*.dist-info/RECORD")}

    def on_line(self, line):
        self.said += line + "\n" if line else ""
        if line.startswith("Ignoring "):  # locked for another version of Python
            self.bar.total -= 1
        elif line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            self.bar.advance()
        elif line.startswith("Installing collected packages: "):
            UNFINISHED.touch()  # from here on, an interruption leaves packages half written
            self.bar.advance(self.bar.total - self.bar.count)
            self.end()
            self.installing = True
            self._begin("Installation des paquets", line.count(",") + 1)
        if self.installing:
            self.bar.advance(len(self._in_place() - self.before) - self.bar.count)

    def end(self):
        self.bar.__exit__(None)


def _install(wanted):
    lock = ROOT / SETS[wanted]
    follow = _Installation(lock)
    pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--no-input", "--no-color"]
    pip += ["--progress-bar", "off", "--disable-pip-version-check", "--no-warn-script-location", "--retries", "3"]
    try:
        run_step("installation des paquets", [*pip, "-r", lock], on_line=follow.on_line, env=_pip_environment())
    except LauncherError as error:
        follow.end()
        raise _pip_failure(follow.said, error) from None
    follow.end()
    stamps.write(VENV / PACKAGES, "\n".join(sorted(_packages())))
    stamps.write(VENV / f"installed-{wanted}", _lock_digest(wanted))
    UNFINISHED.unlink(missing_ok=True)


def _pip_environment():
    """Without what would make pip install elsewhere than in our environment."""
    dropped = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PYTHONHOME")
    return {name: value for name, value in os.environ.items() if name not in dropped}


def _pip_failure(said, error):
    if NO_NETWORK.search(said):
        return LauncherError(
            "Pas de réseau : le premier lancement télécharge ses paquets depuis Internet. "
            "Connectez-vous (ou réglez le mandataire, HTTPS_PROXY), puis relancez ; ensuite il n’en faut plus."
        )
    wheel = NO_WHEEL.search(said)
    if wheel:
        return LauncherError(
            f"Le paquet {wheel[1].split('==')[0]} n’existe pas pour ce système, ce processeur ou ce Python "
            f"({platform.system()} {platform.machine()}, Python {platform.python_version()})."
        )
    return error

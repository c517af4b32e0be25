"""From an empty database to a portal ready to be shown; nothing is redone while its inputs are the same."""

import hashlib
import os

from launcher import database, stamps
from launcher.environment import PYTHON
from launcher.locks import exclusive
from launcher.paths import DEMONSTRATION, ROOT, STAMPS, VAR
from launcher.processes import run_management_command
from launcher.terminal import say

LOADERS = {"load_territories": "chargement des territoires", "load_content": "chargement du contenu"}
COLLECTED = VAR / "static"
UNFINISHED = "unfinished"
NOT_INPUTS = ("static", "templates", "__pycache__")


def prepare(variables, *, static=True):
    """Check the server, then bring database and static files up to date."""
    with exclusive(VAR / "prepare.lock", "Une autre commande prépare déjà le portail : on l’attend."):
        _fill(variables, database.check(variables))
        if static:
            _collect(variables)


def manage(step, variables, *words):
    run_management_command(step, PYTHON, *words, env=variables, cwd=ROOT)


def _fill(variables, identity):
    stamp = STAMPS / f"database-{hashlib.sha256(database_of(identity).encode()).hexdigest()[:16]}"
    wanted = stamps.digest(_database_inputs())
    if stamps.read(stamp) == f"{wanted} {identity}":
        return
    say("Mise à jour de la base de données…")
    manage("migrations de la base", variables, "migrate", "--no-input", "--verbosity=0")
    for command, step in LOADERS.items():
        manage(step, variables, command)
    if is_demonstration(variables):
        manage("comptes de démonstration", variables, "load_demo", "--to", str(DEMONSTRATION))
    stamps.write(stamp, f"{wanted} {database.check(variables)}")


def is_demonstration(variables):
    """Settings accept http for the machine itself only."""
    return variables.get("SITE_URL", "http:").startswith("http:")


def database_of(identity):
    """The part of the identity that lasts as long as the database itself."""
    return "/".join(identity.split("/")[:2])


def _collect(variables):
    """The stamp holds what was collected from, then what it gave, each as a digest."""
    stamp = STAMPS / "static"
    wanted = stamps.digest(_static_inputs())
    *_, collected = stamps.read(stamp).partition(" ")
    whole = collected == _state(COLLECTED)
    if whole and stamps.read(stamp) == f"{wanted} {collected}":
        return
    say("Rassemblement des fichiers statiques…")
    stamps.write(stamp, UNFINISHED)
    clear = [] if whole else ["--clear"]  # interrupted, damaged: Django would keep what is more recent than its source
    manage("fichiers statiques", variables, "collectstatic", "--no-input", "--verbosity=0", *clear)
    stamps.write(stamp, f"{wanted} {_state(COLLECTED)}")


def _state(folder):
    """Changes when a file of this folder is missing, added or written to; without reading any."""
    found = ((path, path.stat()) for path in sorted(_files(folder)))
    return stamps.digest([], *(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}" for path, stat in found))


def _apps():
    return [path.parent for path in ROOT.glob("*/apps.py")]


def _files(folder, *, but=()):
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in but]
        yield from (type(folder)(path) / name for name in names if not name.endswith(".pyc"))


def _database_inputs():
    """Code and data of the apps: migrations, loaders and what they load."""
    yield ROOT / "requirements.txt"
    for app in _apps():
        yield from _files(app, but=NOT_INPUTS)


def _static_inputs():
    yield ROOT / "requirements.txt"
    yield ROOT / "config" / "settings.py"
    for folder in [ROOT / "static", *(app / "static" for app in _apps())]:
        yield from _files(folder)

"""The variables given to what we run: those of the shell, then those of .env, then ours."""

import os
import re
import secrets

from launcher import stamps
from launcher.environment import VENV
from launcher.errors import LauncherError
from launcher.locks import exclusive
from launcher.paths import ROOT, SECRET, VAR
from launcher.terminal import say

DEFAULT_PORT = "8000"
DRAWN = re.compile(r"[A-Za-z0-9_-]{50,}")
DISTINCT = 12  # what config/environment.py asks for


def read_dotenv():
    """Variables of .env that the shell does not set; an empty one counts as absent."""
    path = ROOT / ".env"
    if not path.exists():
        return
    text = path.read_bytes().decode(errors="replace")
    if "\0" in text or "\N{REPLACEMENT CHARACTER}" in text:
        raise LauncherError(f"{path} n’est pas un texte en UTF-8 : réécrivez-le d’après .env.example.")
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if equals and value and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value)


def port():
    given = os.environ.get("PORT") or DEFAULT_PORT
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 65535):
        raise LauncherError(
            f"PORT={given} n’est pas un numéro de port : donnez un nombre de 1 à 65535, comme PORT=8001."
        )
    return int(given)


def secret_key():
    """The local secret, drawn once and readable by its owner only; anything else in its place is drawn again."""
    with exclusive(VAR / "secret.lock"):
        secret = stamps.read(SECRET)
        if not DRAWN.fullmatch(secret) or len(set(secret)) < DISTINCT:
            if SECRET.exists():
                say(f"Le secret local ({SECRET}) était abîmé : un autre est tiré, les sessions ouvertes sont fermées.")
            secret = secrets.token_urlsafe(50)
            stamps.write(SECRET, secret, mode=0o600)
    return secret


def given_database():
    return os.environ.get("DATABASE_URL") or None


def variables(database_url, *, serving_on=None, debug=None):
    """The environment of a command of the project."""
    mine = dict(os.environ)
    mine["PATH"] = os.pathsep.join([str(VENV / "bin"), mine.get("PATH", os.defpath)])
    mine["VIRTUAL_ENV"] = str(VENV)
    mine["DJANGO_SETTINGS_MODULE"] = "config.settings"
    mine["SECRET_KEY"] = mine.get("SECRET_KEY") or secret_key()
    mine.pop("PYTHONHOME", None)
    if database_url:
        mine["DATABASE_URL"] = database_url
    if serving_on:
        mine["SITE_URL"] = mine.get("SITE_URL") or f"http://127.0.0.1:{serving_on}"
    if debug is not None:
        mine["DEBUG"] = "true" if debug else "false"
    return mine

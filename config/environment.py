"""What the environment may say, refused with a sentence when it would not be safe or would not work."""

import ipaddress
import os
import re
from email.utils import formataddr, parseaddr
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

SECRET_LENGTH = 50  # what Django itself asks for in production
SECRET_DISTINCT = 12
PLACEHOLDER = re.compile(r"change.?me|changez|remplacez|insecure|example|exemple|password", re.IGNORECASE)


class Environment(environ.Env):
    """An empty variable is an absent one: that is how compose files and unit files leave them."""

    def __init__(self):
        super().__init__()
        self.ENVIRON = {name: value for name, value in os.environ.items() if value.strip()}

    def required(self, name: str) -> str:
        """Return a variable without default, as it is written; its absence stops the start."""
        if name not in self.ENVIRON:
            raise ImproperlyConfigured(
                f"La variable {name} manque. Voyez sa ligne dans .env.example ; "
                "« make run » la fournit sur un poste de travail."
            )
        return self.ENVIRON[name]

    def whole(self, name: str, default: int) -> int:
        value = self.str(name, default=str(default))
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise ImproperlyConfigured(f"La variable {name} attend un nombre entier, et non « {value} ».")
        return int(value)


def strong_secret(value: str) -> str:
    """Return the secret if nobody can guess it."""
    if len(value) < SECRET_LENGTH or len(set(value)) < SECRET_DISTINCT or PLACEHOLDER.search(value):
        raise ImproperlyConfigured(
            f"SECRET_KEY est trop facile à deviner : il faut au moins {SECRET_LENGTH} caractères tirés au hasard, "
            f"dont {SECRET_DISTINCT} différents. La ligne de .env.example dit comment en tirer une."
        )
    return value


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def site_origin(value: str) -> tuple[str, str, str]:
    """Return the origin, scheme and host name of the site; http is for one's own machine only."""
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or parts.username
        or parts.path.strip("/")
        or parts.query + parts.fragment
    ):
        raise ImproperlyConfigured(
            "SITE_URL attend l’adresse du portail, sans chemin ni identifiant, telle que https://portail.mairie.fr."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise ImproperlyConfigured(
            f"SITE_URL est « {value} » : http n’est accepté que sur le poste lui-même (127.0.0.1, localhost, ::1). "
            "Ailleurs, l’adresse commence par https."
        )
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}" + (f":{port}" if port else ""), parts.scheme, bracketed


def database(url: str) -> dict:
    """Return the settings of a PostgreSQL address; a folder of sockets goes in ?host=, percent-encoded if need be."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL attend une adresse PostgreSQL, qui commence par postgres://.")
    try:
        config = environ.Env.db_url_config(url)
    except ValueError:
        config = {}
    if not config.get("NAME"):
        raise ImproperlyConfigured(
            "DATABASE_URL ne se lit pas : sa forme est postgres://utilisateur:mot-de-passe@serveur:5432/base."
        )
    options = {"connect_timeout": 5, **config.get("OPTIONS", {})}  # a server that is gone is told, not waited for
    return {**config, "HOST": options.pop("host", config["HOST"]), "OPTIONS": options}


def sender(value: str) -> str:
    """Return who mails come from, if it is one name and one address."""
    name, address = parseaddr(value)
    try:
        validate_email(address)
        written = [formataddr((name, address)), f"{name} <{address}>", address]
    except ValidationError:
        written = []
    if value.strip() not in written:
        raise ImproperlyConfigured(
            f"DEFAULT_FROM_EMAIL attend une adresse, telle que « Portail <bonjour@mairie.fr> », et non « {value} »."
        )
    return value.strip()


MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def mail_server(url: str, *, required: bool) -> tuple[str, dict]:
    """Return the way mails leave, and their server; in the demonstration they need none and stay in their table."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or MAIL_SCHEMES.get(parts.scheme, 0)
    except ValueError:
        parts, host, port = urlsplit(""), "", 0
    server = {
        "host": host,
        "port": port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtp+ssl",
    }
    if not url and not required:
        return "django.core.mail.backends.dummy.EmailBackend", server
    if not url:
        raise ImproperlyConfigured(
            "La variable EMAIL_URL manque : sans serveur de courriels, personne ne pourrait se connecter. "
            "Voyez sa ligne dans .env.example."
        )
    if parts.scheme not in MAIL_SCHEMES or not host:
        raise ImproperlyConfigured(
            "EMAIL_URL ne se lit pas : sa forme est smtp+tls://utilisateur:mot-de-passe@serveur:587 "
            "(ou smtp+ssl://, ou smtp://)."
        )
    return "django.core.mail.backends.smtp.EmailBackend", server

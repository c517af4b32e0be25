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


YES = {"true", "yes", "on", "1", "oui"}
NO = {"false", "no", "off", "0", "non"}
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


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
            raise ImproperlyConfigured(f"La variable {name} attend un nombre entier, et non {shown(value)}.")
        return int(value)

    def bool(self, name: str, default: bool) -> bool:
        value = self.str(name, default=str(default)).lower()
        if value not in YES | NO:
            raise ImproperlyConfigured(f"La variable {name} attend true ou false, et non {shown(value)}.")
        return value in YES

    def hosts(self, name: str) -> list[str]:
        """Return host names as browsers send them, each naming one host."""
        hosts = []
        for written in self.list(name, default=[]):
            host = host_name(written.strip().removeprefix("[").removesuffix("]"))
            if not host:
                raise ImproperlyConfigured(
                    f"{name} nomme chaque hôte accepté, sans joker, adresse ni port, tel que portail.mairie.fr : "
                    f"{shown(written)} n’en est pas un."
                )
            hosts.append(bracketed(host))
        return hosts

    def email(self, name: str) -> str:
        value = self.str(name, default="")
        if value and not is_email(value):
            raise ImproperlyConfigured(
                f"{name} attend une adresse de courriel, telle que bonjour@mairie.fr, et non {shown(value)}."
            )
        return value

    def web_or_mail(self, name: str) -> str:
        """Return where to write to: it is put as it is in a text of one line per field."""
        value = self.str(name, default="")
        is_right = is_email(value.removeprefix("mailto:")) if value.startswith("mailto:") else is_page(value)
        if value and not is_right:
            raise ImproperlyConfigured(
                f"{name} attend mailto: suivi d’une adresse de courriel, ou une adresse en https:, "
                f"et non {shown(value)}."
            )
        return value

    def phone(self, name: str) -> str:
        value = re.sub(r"[\u00a0\u202f]", " ", self.str(name, default=""))
        if value and not re.fullmatch(r"\+?[0-9](?:[ .-]?[0-9]){2,14}", value):
            raise ImproperlyConfigured(f"{name} attend un numéro de téléphone, tel que 01 99 00 12 34.")
        return value


def shown(value: str) -> str:
    """Return what was given as it fits in one sentence."""
    return f"« {' '.join(value.split())} »"


def is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def is_page(value: str) -> bool:
    page = re.fullmatch(r"https://([!-~]+?)(:[0-9]{1,5})?([/?#][!-~]*)?", value)
    return bool(page and host_name(page[1]))


def host_name(value: str) -> str:
    """Return the name of a host as browsers send it, or nothing if no host can bear it: a dot in front names many."""
    try:
        return str(ipaddress.ip_address(value)) if "%" not in value else ""
    except ValueError:
        pass
    try:
        name = value.encode("idna").decode().lower()
    except UnicodeError:
        return ""
    labels = name.split(".")
    is_name = len(name) <= 253 and all(LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return name if is_name else ""


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


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
        host, port = host_name(parts.hostname or ""), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or parts.username is not None
        or re.search(r"\s", value)
        or parts.path.strip("/")
        or parts.query + parts.fragment
    ):
        raise ImproperlyConfigured(
            "SITE_URL attend l’adresse du portail, sans chemin ni identifiant, telle que https://portail.mairie.fr."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise ImproperlyConfigured(
            f"SITE_URL est {shown(value)} : http n’est accepté que sur le poste lui-même (127.0.0.1, localhost, ::1). "
            "Ailleurs, l’adresse commence par https."
        )
    host = bracketed(host)
    return f"{parts.scheme}://{host}" + (f":{port}" if port else ""), parts.scheme, host


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
    host = options.pop("host", config["HOST"])
    return {**config, "ENGINE": "config.postgresql", "HOST": host, "OPTIONS": options}


def sender(value: str) -> str:
    """Return who mails come from, if it is one name and one address."""
    name, address = parseaddr(value)
    written = [formataddr((name, address)), f"{name} <{address}>", address] if is_email(address) else []
    if value.strip() not in written:
        raise ImproperlyConfigured(
            f"DEFAULT_FROM_EMAIL attend une adresse, telle que « Portail <bonjour@mairie.fr> », et non {shown(value)}."
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

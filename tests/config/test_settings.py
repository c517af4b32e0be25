import ast
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "kR8vN2xQ7mZ4tB9wL5pJ1cY6hD3fG0sAuEiOyTgVbXnKzWqMrP2"
COMPLETE = {
    "SECRET_KEY": SECRET,
    "DATABASE_URL": "postgres://moi@serveur:5433/base",
    "EMAIL_URL": "smtp://serveur",
}


def start(command, **variables):
    """Start a command with these variables and none of those of the tests."""
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**path, "PYTHONUTF8": "1", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def setting(expression, **variables):
    result = start(["-c", f"from config import settings as s; print(repr({expression}))"], **{**COMPLETE, **variables})
    assert result.returncode == 0, result.stderr
    return ast.literal_eval(result.stdout)


def refusal(**variables):
    """Return the sentence that stops the start, which must be all that is printed."""
    result = start(["manage.py", "check"], **{**COMPLETE, **variables})
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize("missing", ["DATABASE_URL", "SECRET_KEY"])
def test_a_missing_variable_stops_the_start_with_a_sentence(missing):
    for value in ("", " "):
        assert refusal(**{missing: value}).startswith(f"La variable {missing} manque.")


@pytest.mark.parametrize(
    "weak",
    ["court", SECRET[:49], "a" * 80, "abcabcabc" * 10, f"change-me-{SECRET}", f"django-insecure-{SECRET}"],
)
def test_a_weak_secret_stops_the_start(weak):
    assert "SECRET_KEY est trop facile à deviner" in refusal(SECRET_KEY=weak)


def test_a_secret_may_begin_with_a_dollar():
    assert setting("s.SECRET_KEY", SECRET_KEY=f"${SECRET}") == f"${SECRET}"


@pytest.mark.parametrize(
    "address",
    [
        "portail.fr",
        "ftp://portail.fr",
        "https://",
        "https://portail.fr/chemin",
        "https://a:b@portail.fr",
        "https://portail.fr/#a",
        "https://portail..fr",
        "https://portail.fr:99999",
        "http://[::1",
        "https://.fr",
        "https://fr.",
        "https://a b.fr",
        "https://*.fr",
        "https://-a.fr",
        "https://@a.fr",
        "https://portail.fr\n",
        "https://por\ntail.fr",
        "https://portail.fr\t",
        "https://300.1.1.1",
        "https://[fe80::1%25eth0]",
        f"https://{'a' * 64}.fr",
    ],
)
def test_the_address_of_the_site_has_no_path_and_no_person(address):
    assert "SITE_URL attend l’adresse du portail, sans chemin" in refusal(SITE_URL=address)


@pytest.mark.parametrize("address", ["http://portail.fr", "http://192.168.1.2:8000", "http://localhost.portail.fr"])
def test_http_is_refused_beyond_this_machine(address):
    assert "http n’est accepté que sur le poste lui-même" in refusal(SITE_URL=address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:9000", "http://127.8.9.1"]
)
def test_http_is_accepted_on_this_machine(address):
    assert setting("(s.SITE_URL, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)", SITE_URL=address) == (
        address,
        False,
        0,
    )
    assert setting("(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE)", SITE_URL=address) == ("session", False)


def test_https_closes_everything():
    expected = {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_SSL_HOST": "portail.fr:8443",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "ALLOWED_HOSTS": ["portail.fr"],
    }
    names = list(expected)
    assert setting(f"{{name: getattr(s, name) for name in {names}}}", SITE_URL="https://portail.fr:8443") == expected


def test_an_address_with_accents_is_the_one_that_browsers_send():
    address = setting("[s.SITE_URL, *s.ALLOWED_HOSTS]", SITE_URL="https://mairie-été.fr")
    assert address == ["https://xn--mairie-t-h1ab.fr", "xn--mairie-t-h1ab.fr"]


def test_nothing_is_left_to_harden_for_production():
    result = start(
        ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        **COMPLETE,
        SITE_URL="https://portail.fr",
        TRUSTED_PROXIES="1",
    )
    assert result.returncode == 0, result.stderr


def test_other_hosts_are_named_one_by_one():
    assert setting("s.ALLOWED_HOSTS", SITE_URL="https://a.fr", ALLOWED_HOSTS="sonde,10.0.0.8") == [
        "a.fr",
        "sonde",
        "10.0.0.8",
    ]
    assert setting("s.ALLOWED_HOSTS[1:]", SITE_URL="https://a.fr", ALLOWED_HOSTS="b.fr, É.fr,[::1]") == [
        "b.fr",
        "xn--9ca.fr",
        "[::1]",
    ]


@pytest.mark.parametrize(
    "host", ["*", ".fr", "*.a.fr", "https://a.fr", "a.fr:80", "a b.fr", "a.fr/", "a.fr\nb.fr", "-a"]
)
def test_no_name_stands_for_several_hosts(host):
    assert refusal(ALLOWED_HOSTS=f"sonde,{host}").startswith("ALLOWED_HOSTS nomme chaque hôte accepté")


def test_a_proxy_is_believed_only_when_declared():
    assert setting("hasattr(s, 'SECURE_PROXY_SSL_HEADER')") is False
    assert setting("s.SECURE_PROXY_SSL_HEADER", TRUSTED_PROXIES="1") == ("HTTP_X_FORWARDED_PROTO", "https")
    assert "TRUSTED_PROXIES attend un nombre entier" in refusal(TRUSTED_PROXIES="oui")


def test_debug_stays_on_this_machine():
    assert setting("s.DEBUG", DEBUG="1") is setting("s.DEBUG", DEBUG="True") is True
    assert setting("s.DEBUG", DEBUG="off") is False
    assert "DEBUG attend true ou false" in refusal(DEBUG="maybe")
    assert "DEBUG montre le code" in refusal(DEBUG="1", SITE_URL="https://portail.fr")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgres://postgres@/base?host=/var/run/postgresql", "/var/run/postgresql"),
        ("postgres://postgres@/base?host=%2Fl%C3%A0%20bas%2F50%25%2Ba%23b", "/là bas/50%+a#b"),
        ("postgresql://moi:mot%40@serveur:5433/base", "serveur"),
    ],
)
def test_the_database_may_be_a_folder_of_any_name(url, host):
    assert setting("[s.DATABASES['default'][key] for key in ('HOST', 'NAME')]", DATABASE_URL=url) == [host, "base"]


def test_a_database_that_is_gone_is_not_waited_for():
    timeout = "s.DATABASES['default']['OPTIONS']['connect_timeout']"
    assert setting(timeout) == 5
    assert setting(timeout, DATABASE_URL=COMPLETE["DATABASE_URL"] + "?connect_timeout=2") == 2


@pytest.mark.parametrize("url", ["sqlite:///base", "n’importe quoi", "postgres://", "postgres://moi@serveur:port/base"])
def test_a_database_that_is_not_postgresql_is_refused(url):
    assert refusal(DATABASE_URL=url).startswith("DATABASE_URL ")


def test_the_server_stops_with_the_sentence_and_does_not_try_again():
    result = start(["-c", "import config.wsgi"], SECRET_KEY=SECRET)
    assert result.returncode == 3
    assert result.stderr.startswith("La variable DATABASE_URL manque.")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["CONTACT_EMAIL", "DATA_PROTECTION_EMAIL"])
def test_where_to_write_is_an_address(name):
    assert setting(f"s.{name}", **{name: "bonjour@mairie.fr"}) == "bonjour@mairie.fr"
    for value in ("notanemail", "a@b.fr, c@d.fr", "mailto:a@b.fr", "a@b.fr\n"):
        assert refusal(**{name: value}).startswith(f"{name} attend une adresse de courriel")


@pytest.mark.parametrize("contact", ["mailto:securite@mairie.fr", "https://mairie.fr/securite?a=b"])
def test_a_weakness_is_reported_by_mail_or_on_a_page(contact):
    assert setting("s.SECURITY_CONTACT", SECURITY_CONTACT=contact) == contact


@pytest.mark.parametrize(
    "contact",
    [
        "securite@mairie.fr",
        "http://mairie.fr",
        "javascript:alert(1)",
        "mailto:",
        "mailto:personne",
        "https://",
        "https://[",
        "https://a b",
        "mailto:a@b.fr\nExpires: 1970-01-01T00:00:00Z",
        "https://mairie.fr\nPolicy: https://ailleurs.fr",
    ],
)
def test_nothing_else_gets_into_the_file_about_weaknesses(contact):
    assert refusal(SECURITY_CONTACT=contact).startswith("SECURITY_CONTACT attend mailto: suivi")


@pytest.mark.parametrize("phone", ["01 99 00 12 34", "01.99.00.12.34", "+33 1 99 00 12 34", "3939"])
def test_the_desk_is_called_by_a_number(phone):
    assert setting("s.DESK_PHONE", DESK_PHONE=phone) == phone


@pytest.mark.parametrize("phone", ["bientôt", "12", "01 99 00 12 34 (gratuit)", "01\n99001234", "1" * 16])
def test_what_cannot_be_dialled_is_refused(phone):
    assert refusal(DESK_PHONE=phone).startswith("DESK_PHONE attend un numéro de téléphone")


def test_the_example_does_not_start_as_it_is():
    lines = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8").splitlines()
    variables = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert "SECRET_KEY manque" in refusal(**variables)


def test_mails_need_a_server_except_in_the_demonstration():
    assert refusal(SITE_URL="https://portail.fr", EMAIL_URL="").startswith("La variable EMAIL_URL manque")
    assert setting("(s.IS_DEMONSTRATION, s.EMAIL_BACKEND)", EMAIL_URL="") == (
        True,
        "django.core.mail.backends.dummy.EmailBackend",
    )
    assert setting("s.IS_DEMONSTRATION", SITE_URL="https://127.0.0.1") is False


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mel.fr", ("mel.fr", 25, "", "", False, False)),
        ("smtp+tls://moi%40a.fr:p%40s$e@mel.fr", ("mel.fr", 587, "moi@a.fr", "p@s$e", True, False)),
        ("smtp+ssl://moi:mot@mel.fr:4465", ("mel.fr", 4465, "moi", "mot", False, True)),
    ],
)
def test_the_server_of_mails_is_an_address(url, expected):
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    values = ", ".join(f"s.EMAIL_{name}" for name in names)
    assert setting(f"({values})", EMAIL_URL=url, SITE_URL="https://portail.fr") == expected


@pytest.mark.parametrize("url", ["mel.fr", "http://mel.fr", "smtp://", "smtp://mel.fr:port", "smtp://[mel.fr"])
def test_an_unreadable_server_of_mails_stops_the_start(url):
    assert refusal(EMAIL_URL=url).startswith("EMAIL_URL ne se lit pas")


def test_mails_come_from_one_name_and_one_address():
    given = "Mairie de Saint-Étienne <bonjour@mairie.fr>"
    assert setting("s.DEFAULT_FROM_EMAIL", DEFAULT_FROM_EMAIL=given) == given
    default = "Territoires Conseils <ne-pas-repondre@portail.fr>"
    assert setting("s.DEFAULT_FROM_EMAIL", SITE_URL="https://portail.fr") == default


@pytest.mark.parametrize("sender", ["portail", "a@b.fr, c@d.fr", "Mairie, service <a@b.fr>", "Mairie <a@b.fr"])
def test_an_unreadable_sender_stops_the_start(sender):
    assert refusal(DEFAULT_FROM_EMAIL=sender).startswith("DEFAULT_FROM_EMAIL attend une adresse")

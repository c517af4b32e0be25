"""The real server, spoken to in bytes: what no client library would send."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from tests.database import database_url


@cache
def collect():
    """The real server serves collected files; a fresh clone has none."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    environment = {**os.environ, "DATABASE_URL": database_url()}
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)


OURS = b'class="site-foot"'


@contextmanager
def serve(folder, scheme="http", workers=1, **variables):
    """Serve the portal as in production, on the tests' own database; give the port and the file of the journal."""
    collect()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SITE_URL": f"{scheme}://127.0.0.1:{port}",
        "DEBUG": "",
        "TRUSTED_PROXIES": "",
        "EMAIL_URL": "smtp://127.0.0.1",
        **variables,
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    path = folder / "journal"
    with path.open("wb") as journal:
        process = subprocess.Popen(
            [*command, "--workers", str(workers), "config.wsgi"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=journal,
            stderr=journal,
        )
        try:
            wait_for(process, port, path)
            yield port, path
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("server")) as port_and_journal:
        yield port_and_journal


def wait_for(process, port, path):
    """Wait until a worker answers: the master opens the port before it knows whether they start."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        line = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            line.request("GET", "/sante/")
            line.getresponse().read()
        except (OSError, HTTPException):
            assert process.poll() is None, path.read_text()
            time.sleep(0.1)
        else:
            return
        finally:
            line.close()
    pytest.fail(path.read_text())


def say(port, data):
    """Send these bytes and return the status and the whole answer."""
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        line.sendall(data)
        line.settimeout(60)
        answer = b""
        while True:
            try:
                part = line.recv(65536)
            except ConnectionResetError:  # the server closed without reading all of what we sent
                break
            if not part:
                break
            answer += part
    assert answer.startswith(b"HTTP/1.1 "), answer[:100]
    return int(answer[9:12]), answer


def get(port, target=b"/accessibilite/", method=b"GET", headers=(), body=b""):
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: 127.0.0.1:%d" % port, b"Connection: close", *headers]
    return say(port, b"\r\n".join([*lines, b"", b""]) + body)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"/accessibilite/", 200),
        (b"/accessibilite/?q=%00", 400),
        (b"/accessibilite/?q=%FF", 400),
        (b"/%00", 400),
        (b"/experiences/%FF/", 400),
        (b"/static/%00", 400),
        (b"/static/css/%FF.css", 400),
        (b"/?" + b"a=1&" * 1002, 400),
        (b"/" + b"a" * 3000, 404),
        (b"//evil.fr/..", 404),
        (b"/static/../manage.py", 404),
        (b"/static/staticfiles.json", 404),
    ],
)
def test_what_reaches_us_gets_our_page(server, target, status):
    got, answer = get(server[0], target)
    assert got == status
    assert OURS in answer
    assert b"gunicorn" not in answer.split(b"\r\n\r\n")[0].replace(b"Server: gunicorn", b"")


@pytest.mark.parametrize("charset", [b"hex", b"undefined", b"klingon", b"utf-16", b"", b"rot13", b"\xe9", b"a" * 4000])
@pytest.mark.parametrize(
    "kind", [b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"text/plain"]
)
def test_foreign_charsets(server, kind, charset):
    header = b"Content-Type: " + kind + b"; charset=" + charset
    for method in (b"GET", b"POST"):
        status, answer = get(server[0], b"/?q=a", method, [header, b"Content-Length: 1"], b"a")
        assert (status, OURS in answer) == (400, True)


@pytest.mark.parametrize(
    "parameter", [b"charset*=klingon''a", b"charset*=utf-8''%00", b"boundary*=klingon''a", b"charset"]
)
def test_encoded_parameters_of_a_content_type(server, parameter):
    status, answer = get(server[0], headers=[b"Content-Type: text/plain; " + parameter])
    assert (status, OURS in answer) == (400, True)


def test_too_many_parameters_with_a_declared_charset(server):
    """Django would fail before any middleware."""
    header = b"Content-Type: text/plain; charset=utf-8"
    status, answer = get(server[0], b"/?" + b"a=1&" * 1002, headers=[header])
    assert (status, OURS in answer) == (400, True)


@pytest.mark.parametrize("method", [b"PUT", b"DELETE", b"PATCH", b"TRACE", b"OPTIONS", b"POST", b"BREW"])
def test_other_methods(server, method):
    for target in (b"/accessibilite/", b"/static/icons/favicon.svg", b"/sante/"):
        status, answer = get(server[0], target, method)
        assert (status, OURS in answer) == (405, True)
        assert b"\r\nAllow: GET, HEAD\r\n" in answer


@pytest.mark.parametrize(
    "header",
    [b"X-Forwarded-Proto: https", b"SCRIPT_NAME: /portail", b"PATH_INFO: /sante/", b"X_Forwarded_Proto: https"],
)
def test_headers_of_proxies_change_nothing(server, header):
    status, answer = get(server[0], headers=[header])
    assert status == 200
    assert b"<h1>D\xc3\xa9claration d" in answer
    assert b"portail/" not in answer


@pytest.mark.parametrize(("proxies", "status"), [("", 301), ("1", 200)])
def test_https_told_by_a_proxy_counts_when_the_proxy_is_declared(django_db_setup, tmp_path, proxies, status):
    with serve(tmp_path, scheme="https", TRUSTED_PROXIES=proxies) as (port, _):
        got, answer = get(port, headers=[b"X-Forwarded-Proto: https"])
        assert got == status
        assert (b"\r\nStrict-Transport-Security: max-age=31536000\r\n" in answer) == (status == 200)
        assert get(port)[0] == 301
        assert get(port, b"/sante/")[0] == 200


def test_a_head_is_answered_without_body_nor_complaint(server):
    port, path = server
    for target in (b"/accessibilite/", b"/nulle-part", b"/sante/", b"/static/icons/favicon.svg"):
        status, answer = get(port, target, b"HEAD")
        assert answer.endswith(b"\r\n\r\n")
        (length,) = re.findall(rb"\r\nContent-Length: ([0-9]+)\r\n", answer)
        whole = get(port, target)
        assert status == whole[0]
        assert int(length) == len(whole[1].split(b"\r\n\r\n", 1)[1]) > 0
    assert "no-body" not in path.read_text()


def shares(port):
    """How many of the connections to this port each process holds, none left out that listens to it."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {row[9]: row[3] for row in rows if int(row[1].partition(":")[2], 16) == port}
    held = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            files = [file.readlink().name for file in (process / "fd").iterdir()]
            states = [ours[name[8:-1]] for name in files if name.startswith("socket:[") and name[8:-1] in ours]
            if "0A" in states:  # it listens
                held[process.name] = states.count("01")
    return held


def test_the_workers_share_the_visitors(django_db_setup, tmp_path):
    """A connection that stays open stays with the worker that took it, while another may have nothing to do."""
    with serve(tmp_path, workers=2) as (port, _), ExitStack() as leaving:
        settled = time.monotonic() + 4
        known = shares(port)
        while len(known) < 3 or time.monotonic() < settled:  # the first workers are replaced once the encoder is there
            time.sleep(0.2)
            before, known = known.keys(), shares(port)
            if before != known.keys():
                settled = time.monotonic() + 4
        lines = []
        for _ in range(24):
            lines.append(leaving.enter_context(socket.create_connection(("127.0.0.1", port), 20)))
            lines[-1].sendall(b"GET /accessibilite/ HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port)
        for line in lines:
            assert line.recv(9) == b"HTTP/1.1 "
        _master, *workers = sorted(shares(port).items(), key=lambda process: int(process[0]))
        fewest, most = sorted(count for _pid, count in workers)
        assert fewest + most == 24
        assert most - fewest <= 4


def end_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_is_found_again_at_the_next_request(server):
    port, _ = server
    cookie = [b"Cookie: session=abcdefghijklmnop"]
    for _ in range(3):
        assert get(port, b"/compte/", headers=cookie)[0] == 302
        assert end_connections() > 0
    assert get(port, b"/compte/", headers=cookie)[0] == 302


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_well_is_not_asked(monkeypatch):
    asked: list[object] = []
    monkeypatch.setattr(DatabaseWrapper, "is_usable", asked.append)
    connection.ensure_connection()
    assert connection.is_usable()
    assert not asked


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_ended_is_found_out():
    other = connection.copy()
    with other.cursor() as cursor:
        connection.ensure_connection()
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()
    assert not connection.is_usable()
    connection.close()


def test_what_is_not_a_page_has_an_icon_too(server):
    status, answer = get(server[0], b"/favicon.ico")
    (address,) = re.findall(rb"\r\nLocation: (/static/icons/favicon\.[0-9a-f]+\.svg)\r\n", answer)
    assert (status, get(server[0], address)[0]) == (302, 200)


def test_an_unknown_host(server):
    status, answer = say(server[0], b"GET / HTTP/1.1\r\nHost: ailleurs.fr\r\nConnection: close\r\n\r\n")
    assert (status, OURS in answer) == (400, True)


def test_a_cookie_with_a_hidden_null_byte(server):
    status, answer = get(server[0], headers=[b'Cookie: session="\\000bcdefghijk"'])
    assert (status, OURS in answer) == (400, True)


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", {414}),
        (b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", {400}),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", {400}),
        (b"GET / HTTP/9.9\r\n\r\n", {400}),
        (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX\xe9: a\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 9000 + b"\r\n\r\n", {400, 431}),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 200 + b"\r\n", {400, 431}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {400}),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", {400}),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", {400}),
    ],
)
def test_what_is_not_http_gets_our_page_too(server, data, statuses):
    status, answer = say(server[0], data)
    assert status in statuses
    assert OURS in answer
    assert "Nous n’avons pas pu lire votre demande".encode() in answer
    assert b"\r\nContent-Security-Policy: default-src 'self'" in answer


@pytest.mark.parametrize("word", [b"", b"GET /"])
def test_who_says_nothing_keeps_nobody_waiting(django_db_setup, tmp_path, word):
    """Fewer of those who stop in the middle than threads, as only silence from the start costs none."""
    with serve(tmp_path) as (port, journal), ExitStack() as silent:
        for _ in range(12 if word else 60):
            line = silent.enter_context(socket.create_connection(("127.0.0.1", port), 20))
            line.sendall(word)
        start = time.monotonic()
        assert get(port, b"/sante/")[0] == 200
        assert time.monotonic() - start < 10  # what it takes to be cut
        assert line.recv(1) == b""  # and it is not kept for ever
        assert '"level": "error"' not in journal.read_text()


def test_a_file_is_not_sent_to_its_end_before_it_is_refused(server):
    """The page takes no form: the 2 GB that are announced are never waited for."""
    headers = [b"Content-Type: multipart/form-data; boundary=x", b"Content-Length: 2000000000"]
    assert get(server[0], method=b"POST", headers=headers, body=b"--x")[0] == 405


def test_the_journal_names_no_visitor(server):
    port, path = server
    get(port, b"/accessibilite/?nom=Dupont", headers=[b"User-Agent: Lynx", b"X-Request-ID: numero-42"])
    say(port, b"GET /?nom=Dupont HTTP/1.1\r\nHost : a\r\n\r\n")
    journal = path.read_text()
    assert '"request_id": "numero-42", "method": "GET", "path": "/accessibilite/", "status": 200' in journal
    assert all(line.startswith("{") for line in journal.splitlines())
    assert "Invalid request, refused before the application" in journal
    for word in ("Dupont", "Lynx", "ip=127"):
        assert word not in journal


def workers(journal):
    return re.findall(r"Booting worker with pid: (\d+)", journal.read_text())


def test_the_workers_are_replaced_once_by_some_that_share_the_encoder(server):
    port, journal = server
    end = time.monotonic() + 180
    while len(workers(journal)) < 2:
        assert time.monotonic() < end, journal.read_text()
        assert get(port)[0] == 200  # nobody waits for it
        time.sleep(0.2)
    time.sleep(3)
    assert len(workers(journal)) == 2
    assert get(port, b"/recherche/?q=creche")[0] == 200

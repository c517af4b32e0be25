"""`make run` from its start to its end, wished or brutal, on one prepared clone."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time

import pytest

from tests.launcher.conftest import free_port


def stamps(clone):
    watched = [*clone.folder.glob("var/stamps/*"), clone.folder / "var/static/staticfiles.json"]
    return {path.name: path.stat().st_mtime_ns for path in watched}


def test_the_first_start_does_everything(clone):
    said = clone.first.said()
    for step in ("Mise à jour de la base", "Rassemblement des fichiers statiques", "Le portail est prêt"):
        assert step in said


def test_the_second_start_redoes_nothing(quiet_clone):
    before = stamps(quiet_clone)
    run = quiet_clone.start().wait_ready()
    assert run.page("/experiences/") == 200
    run.stop()
    assert run.said().strip().splitlines()[0].startswith("Le portail est prêt")
    assert stamps(quiet_clone) == before


def test_a_changed_input_is_taken_in(quiet_clone):
    style = quiet_clone.folder / "static" / "added.txt"
    style.write_text("nouveau")
    run = quiet_clone.start().wait_ready()
    run.stop()
    assert "Rassemblement" in run.said()
    assert "base de données" not in run.said()
    assert (quiet_clone.folder / "var" / "static" / "added.txt").exists()


def emptied(folder):
    (folder / "css" / "base.css").write_bytes(b"")


def removed(folder):
    shutil.rmtree(folder / "css")


@pytest.mark.parametrize("damage", [emptied, removed])
def test_damaged_static_files_are_collected_again(quiet_clone, damage):
    folder = quiet_clone.folder / "var" / "static"
    whole = listing(folder)
    damage(folder)
    run = quiet_clone.start().wait_ready()
    assert "Rassemblement" in run.said()
    assert listing(folder) == whole


def listing(folder):
    return {path.relative_to(folder): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def test_a_portal_whose_pages_fail_is_not_announced(quiet_clone):
    page = quiet_clone.folder / "templates" / "base.html"
    before = page.read_text()
    page.write_text("{% no_such_tag %}")
    try:
        answer = quiet_clone.call("run", PORT=str(free_port()))
    finally:
        page.write_text(before)
    assert answer.returncode == 1
    assert "prêt" not in answer.stdout
    assert answer.stderr.startswith("Le serveur web tourne, mais sa page / répond par une erreur 500 : voyez ")
    assert answer.stderr.count("\n") == 1


def test_a_public_address_behind_a_proxy_is_ready_too(quiet_clone):
    variables = {"SITE_URL": "https://portail.example.org", "EMAIL_URL": "smtp://127.0.0.1:9"}
    quiet_clone.start(TRUSTED_PROXIES="1", **variables).wait_ready()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asking_to_stop_stops_everything(quiet_clone, number):
    run = quiet_clone.start().wait_ready()
    assert len(quiet_clone.processes()) > 5
    run.stop(number)
    assert quiet_clone.wait_until_empty() == {}
    assert "Traceback" not in run.said()


@pytest.mark.parametrize(("before", "survives"), [("", False), ("trap '' HUP; ", True)], ids=["plain", "nohup"])
def test_a_closed_terminal_stops_everything_unless_told_otherwise(quiet_clone, before, survives):
    terminal, theirs = os.openpty()
    make = subprocess.Popen(
        ["setsid", "--ctty", "sh", "-c", f"{before}exec make run PORT={free_port()}"],
        cwd=quiet_clone.folder,
        env=quiet_clone.variables(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while "prêt".encode() not in said:
        said += os.read(terminal, 4096)
    os.close(terminal)
    if survives:
        time.sleep(2)
        assert quiet_clone.find("gunicorn")
        os.kill(quiet_clone.find("launcher"), signal.SIGTERM)
    assert quiet_clone.wait_until_empty() == {}
    make.wait()


@pytest.mark.parametrize("kind", ["make", "launcher", "gunicorn", "postgres", "watchdog"])
def test_kill_9_leaves_nothing_behind(quiet_clone, kind):
    run = quiet_clone.start().wait_ready()
    os.kill(quiet_clone.find(kind), signal.SIGKILL)
    again = quiet_clone.start(run.port).wait_ready()  # at once, on the same port, while the rest is dying
    assert again.page() == 200
    assert run.process.wait(60) != 0
    again.stop()
    assert quiet_clone.wait_until_empty() == {}


def test_a_killed_worker_is_replaced(quiet_clone):
    run = quiet_clone.start().wait_ready()
    os.kill(quiet_clone.find("worker"), signal.SIGKILL)
    assert run.page() == 200


def test_background_work_starts_with_the_portal_and_again_when_it_dies(quiet_clone):
    run = quiet_clone.start().wait_ready()
    first = quiet_clone.find("background")
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while not any("worker" in words and number != first for number, words in quiet_clone.processes().items()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert run.page() == 200
    run.stop()
    assert quiet_clone.wait_until_empty() == {}


def test_a_number_reused_by_another_process_is_left_alone(quiet_clone):
    with subprocess.Popen(["sleep", "60"], cwd="/") as stranger:
        stale = quiet_clone.folder / "var" / "pg" / "data" / "postmaster.pid"
        stale.write_text(f"{stranger.pid}\n{stale.parent}\n1700000000\n5432\n{stale.parent.parent}\n\n")
        assert quiet_clone.start().wait_ready().page() == 200
        assert stranger.poll() is None
        stranger.kill()


def test_two_at_once_share_the_database(quiet_clone):
    one, two = quiet_clone.start(), quiet_clone.start()
    one.wait_ready()
    two.wait_ready()
    one.stop()
    time.sleep(1)
    assert two.page("/experiences/") == 200


def test_each_portal_keeps_its_own_log(quiet_clone):
    one = quiet_clone.start().wait_ready()
    log = quiet_clone.folder / "var" / "log" / f"web-{one.port}.log"
    before = log.read_bytes()
    quiet_clone.start().wait_ready()
    one.page("/experiences/")
    assert log.read_bytes().startswith(before)
    assert b"/experiences/" in log.read_bytes()
    for run in quiet_clone.started:
        run.stop()
    again = quiet_clone.start(one.port).wait_ready()
    assert b"/experiences/" not in log.read_bytes()
    assert b"/experiences/" in log.with_name(f"{log.name}.1").read_bytes()
    os.kill(quiet_clone.find("gunicorn"), signal.SIGKILL)
    assert again.process.wait(60) != 0
    assert f"voyez {log}" in again.said()


def test_two_at_once_on_a_fresh_database_fill_it_once(quiet_clone):
    assert quiet_clone.call("clean").returncode == 0
    one, two = quiet_clone.start(), quiet_clone.start()
    one.wait_ready()
    two.wait_ready()
    assert one.page("/experiences/") == two.page("/experiences/") == 200
    assert (one.said() + two.said()).count("Mise à jour de la base") == 1
    assert (one.said() + two.said()).count("Rassemblement des fichiers") == 1


def test_a_taken_port_is_told_before_any_work(quiet_clone):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = quiet_clone.call("run", PORT=str(port))
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert f"Le port {port} est déjà pris" in answer.stderr
    assert "PORT=" in answer.stderr


def test_two_at_once_on_one_port_serve_once(quiet_clone):
    port = free_port()
    runs = [quiet_clone.start(port), quiet_clone.start(port)]
    deadline = time.monotonic() + 60
    while all(run.process.poll() is None for run in runs):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    loser = next(run for run in runs if run.process.poll() is not None)
    winner = runs[1 - runs.index(loser)].wait_ready()
    assert loser.process.returncode != 0
    assert f"Le port {port} est déjà pris" in loser.said()
    assert "prêt" not in loser.said()
    assert winner.page() == 200


def test_the_port_is_held_by_the_web_server_alone(quiet_clone):
    """A launcher that kept the socket would let visitors wait for ever on a dead server."""
    run = quiet_clone.start().wait_ready()
    launcher = quiet_clone.find("launcher")
    os.kill(launcher, signal.SIGSTOP)
    try:
        os.kill(quiet_clone.find("gunicorn"), signal.SIGKILL)
        deadline = time.monotonic() + 60
        with pytest.raises(ConnectionRefusedError):
            while time.monotonic() < deadline:
                time.sleep(0.1)
                with contextlib.suppress(ConnectionResetError, http.client.HTTPException, TimeoutError):
                    run.page()
    finally:
        os.kill(launcher, signal.SIGCONT)


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_not_one(quiet_clone, port):
    answer = quiet_clone.call("run", PORT=port)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"PORT={port} n’est pas un numéro de port")
    assert answer.stderr.count("\n") == 1


def test_the_secret_is_drawn_once_and_private(quiet_clone):
    secret = quiet_clone.folder / "var" / "secret-key"
    before = secret.read_text()
    quiet_clone.start(free_port()).wait_ready().stop()
    assert secret.read_text() == before
    assert len(before) >= 50
    assert secret.stat().st_mode & 0o777 == 0o600


ASK_SECRET = ("exec", "--no-database", "--", "python", "-c", "import os; print(os.environ['SECRET_KEY'])")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x80", b"\0" * 67, b"court", b"a" * 67, b"changez moi " * 6])
def test_a_damaged_secret_is_drawn_again(quiet_clone, content):
    secret = quiet_clone.folder / "var" / "secret-key"
    secret.write_bytes(content)
    said, drawn = quiet_clone.call(*ASK_SECRET).stdout.splitlines()
    assert said.startswith("Le secret local")
    assert drawn == secret.read_text()
    assert len(drawn) >= 50
    assert secret.stat().st_mode & 0o777 == 0o600
    assert quiet_clone.call(*ASK_SECRET).stdout.splitlines() == [drawn]


def test_damaged_stamps_count_as_absent(quiet_clone):
    for stamp in (quiet_clone.folder / "var" / "stamps").iterdir():
        stamp.write_bytes(b"\xff\xfe\x80")
    run = quiet_clone.start().wait_ready()
    assert "Mise à jour de la base" in run.said()
    assert "Rassemblement" in run.said()


def test_a_damaged_list_of_accounts_counts_as_absent(quiet_clone):
    accounts = quiet_clone.folder / "var" / "demonstration.txt"
    before = accounts.read_bytes()
    accounts.write_bytes(b"\xff")
    run = quiet_clone.start().wait_ready()
    time.sleep(1)
    assert run.process.poll() is None, run.said()
    run.stop()
    accounts.write_bytes(before)
    assert "Traceback" not in run.said()


@pytest.mark.parametrize("content", [b"\xff\xfe\x80", b"A=\0"])
def test_settings_that_are_no_text_are_told(quiet_clone, content):
    dotenv = quiet_clone.folder / ".env"
    dotenv.write_bytes(content)
    answer = quiet_clone.call("run")
    dotenv.unlink()
    assert answer.stderr == f"{dotenv} n’est pas un texte en UTF-8 : réécrivez-le d’après .env.example.\n"


def test_exec_gives_a_command_the_database_and_its_exit_code(quiet_clone):
    asked = "import os, sys, psycopg2, environ; print(os.environ['DATABASE_URL'][:8]); sys.exit(7)"
    answer = quiet_clone.call("exec", "--", "python", "-c", asked)
    assert (answer.stdout.strip(), answer.returncode) == ("postgres", 7)

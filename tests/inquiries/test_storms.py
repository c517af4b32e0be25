"""What must never be lost nor doubled, while everything that can die does: the web server, the worker, the database."""

import contextlib
import http.client
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import psycopg2
import pytest
from django.conf import settings as site
from django.db import connection

from accounts.permissions import Duty
from inquiries import actions
from inquiries.models import Draft, Event, EventKind, Inquiry, Message
from launcher.postgres import Server
from tests.accounts.factories import make_user
from tests.config.test_server import collect
from tests.jobs.conftest import MailServer, wait_until
from tests.launcher.conftest import free_port

from .factories import make_identity, make_inquiry, make_question

CLIENTS = 50
ROUNDS = 3  # in each, the web server, the worker and the database die once
PATIENCE = 120


# Two at the same moment


def together(act, count=8):
    """Do the same thing in as many threads, each with its own connection; return what each got."""
    start = threading.Barrier(count)

    def one(number):
        try:
            start.wait()
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_one_draft_sent_by_all_at_once_makes_one_question():
    draft, question = Draft.objects.create(), make_question()
    identity = make_identity()
    numbers = together(lambda _: actions.ask(draft, question, identity, person=None).number)
    assert len(set(numbers)) == 1
    assert Inquiry.objects.count() == Message.objects.count() == Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_questions_sent_at_once_take_numbers_that_follow():
    question = make_question()

    def ask(_):
        return actions.ask(Draft.objects.create(), question, make_identity(), person=None).number

    numbers = sorted(together(ask))
    year = numbers[0].split("-")[1]
    assert numbers == [f"Q-{year}-{rank:04}" for rank in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_of_all_who_claim_at_once_one_wins():
    inquiry = make_inquiry()
    advisers = [make_user(duties=[Duty.ADVISER]) for _ in range(8)]
    won = together(lambda number: actions.claim(inquiry, by=advisers[number]))
    assert sum(won) == 1
    inquiry.refresh_from_db()
    assert inquiry.adviser == advisers[won.index(True)]
    assert inquiry.events.filter(kind=EventKind.CLAIMED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_reply_sent_by_all_at_once_is_one_message(elected):
    inquiry = make_inquiry(elected)
    together(lambda _: actions.reply(inquiry, "Merci.", by=elected, key="la même", uploads=[]))
    assert inquiry.messages.count() == 2


# The storm


class Portal:
    """The portal on one machine: its own database that loses nothing, a web server, a worker. Each can be killed."""

    def __init__(self, folder, mails):
        self.folder = folder
        self.port = free_port()
        self.database = Server("pg-storm")
        self.database.__enter__()
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "TRUSTED_PROXIES": "1",  # each client has an address of its own
            "EMAIL_URL": mails.url,
            "MEDIA_ROOT": str(folder / "media"),
            "DEBUG": "",
        }
        collect()
        self.manage("migrate", "--verbosity=0")
        self.manage("shell", "-c", MAKE_PLACE)
        self.processes = {}
        self.kills: Counter[str] = Counter()

    def manage(self, *words):
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=site.BASE_DIR, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self, what):
        bind = f"127.0.0.1:{self.port}"
        commands = {
            "web": [
                "-m",
                "gunicorn",
                "--config",
                "config/gunicorn.py",
                "--bind",
                bind,
                "--workers",
                "2",
                "config.wsgi",
            ],
            "worker": ["manage.py", "worker"],
        }
        with (self.folder / f"{what}.log").open("ab") as log:
            self.processes[what] = subprocess.Popen(
                [sys.executable, *commands[what]], cwd=site.BASE_DIR, env=self.environment, stdout=log, stderr=log
            )

    def kill(self, what):
        """Without a word, then start again as what watches over a service does."""
        self.kills[what] += 1
        if what == "database":
            os.kill(int((self.database.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            self.database.__exit__(None, None, None)
            self.database = Server("pg-storm")
            self.database.__enter__()
        else:
            self.processes[what].kill()
            self.processes[what].wait()
            self.start(what)

    def rows(self, query):
        with contextlib.closing(psycopg2.connect(self.database.url)) as line, line.cursor() as cursor:
            cursor.execute(query)
            found = cursor.fetchall() if cursor.description else []
            line.commit()
            return found

    def finish_work(self):
        """As if the time before the next attempts had passed."""
        self.processes["worker"].kill()
        self.processes["worker"].wait()
        while self.rows("UPDATE jobs_job SET run_at = now() WHERE done_at IS NULL AND dead_at IS NULL RETURNING id"):
            self.manage("worker", "--until-idle")

    def end(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.database.__exit__(None, None, None)
        shutil.rmtree(self.database.folder, ignore_errors=True)


MAKE_PLACE = """
from territories.models import Collectivity
Collectivity.objects.create(kind="commune", code="99001", name="Figeac", population=312)
"""
PLACE = {"collectivity": "Figeac", "collectivity_propose": "Figeac", "collectivity_cle": "commune:99001", "who": "elu"}


class Client(threading.Thread):
    """Somebody with a browser, who sends again what did not get through, until a number is on the screen."""

    def __init__(self, number, port):
        super().__init__(daemon=True)
        self.number, self.port = number, port
        self.cookies = {}
        self.retries = 0
        self.problem = ""
        self.acknowledged = ""
        self.shown = ""

    def run(self):
        try:
            self.ask()
        except Exception as error:
            self.problem = f"{type(error).__name__}: {error}"

    def ask(self):
        self.request("GET", "/questions/poser/")
        draft = self.send("/questions/poser/", PLACE)
        begun = time.monotonic()
        sending = self.send(draft, {"subject": f"Question du client {self.number} ?", "text": "Avec son contexte."})
        # A person reads again what they wrote; here, each for another while, so that the storm finds some at each step.
        time.sleep(max(0, 5.5 + 0.3 * self.number - (time.monotonic() - begun)))
        identity = {
            "first_name": "Hélène",
            "last_name": "Rouvière",
            "function": "maire",
            "email": f"mairie{self.number}@exemple.fr",
        }
        self.retries = 0
        self.acknowledged = self.send(sending, identity)
        page = self.request("GET", self.acknowledged)
        [self.shown] = set(re.findall(r"Q-\d{4}-\d{4,}", page))

    def send(self, path, data):
        """Send a form until it leads further."""
        while True:
            status, where, page = self.ask_once("POST", path, {**data, "csrfmiddlewaretoken": self.cookies["csrf"]})
            if status == 302:
                return where
            assert status >= 500, f"{path}: {status} {page}"
            self.wait()

    def request(self, method, path):
        while True:
            status, _where, page = self.ask_once(method, path)
            if status == 200:
                return page
            assert status >= 500, f"{path}: {status}"
            self.wait()

    def wait(self):
        self.retries += 1
        time.sleep(random.uniform(0.2, 0.6))  # noqa: S311

    def ask_once(self, method, path, data=None):
        """The status, where it leads and the page; 599 when the line was cut."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "X-Forwarded-For": f"192.0.2.{self.number}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            line.request(method, path, urlencode(data) if data else None, headers)
            answer = line.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 599, "", ""
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page


@pytest.fixture
def mails():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def portal(tmp_path, mails):
    made = Portal(tmp_path, mails)
    yield made
    made.end()


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # what watches over the database
def test_nothing_acknowledged_is_lost_nor_doubled_whatever_dies(portal, mails):
    """Fifty people ask and insist while web, worker and database are killed and started again."""
    portal.start("web")
    portal.start("worker")
    clients = [Client(number, portal.port) for number in range(1, CLIENTS + 1)]
    for client in clients:
        client.start()
    for goal, what in enumerate(["web", "worker", "database"] * ROUNDS):
        wait_until(lambda: sum(bool(client.acknowledged) for client in clients) >= 5 * goal, PATIENCE)  # noqa: B023
        portal.kill(what)
    end = time.monotonic() + PATIENCE
    for client in clients:
        client.join(max(0, end - time.monotonic()))
    assert [client.problem for client in clients if client.problem] == []
    assert all(client.acknowledged for client in clients)
    # How many are cut off depends on the machine: the faster it is, the fewer.
    assert any(client.retries for client in clients), "The storm missed them."

    portal.finish_work()
    asked = portal.rows("SELECT subject, number FROM inquiries_inquiry")
    assert Counter(subject for subject, _number in asked) == {
        f"Question du client {client.number} ?": 1 for client in clients
    }
    for client in clients:
        assert (f"Question du client {client.number} ?", client.shown) in asked
    assert portal.rows("SELECT count(*), count(DISTINCT inquiry_id) FROM inquiries_message") == [(CLIENTS, CLIENTS)]
    assert portal.rows("SELECT count(*) FROM inquiries_event WHERE kind = 'posee'") == [(CLIENTS,)]

    put = {key.replace("-", "") for (key,) in portal.rows("SELECT key::text FROM jobs_mail")}
    received = Counter(re.findall(r"[0-9a-f]{32}", str(message["Message-ID"]))[0] for message in mails.received)
    assert set(received) == put
    assert {str(message["To"]) for message in mails.received} == {
        f"mairie{n}@exemple.fr" for n in range(1, CLIENTS + 1)
    }
    assert received.total() - len(put) <= portal.kills["worker"] + portal.kills["database"]
    assert portal.rows("SELECT count(*) FROM jobs_mail WHERE sent_at IS NULL") == [(0,)]
    assert portal.rows("SELECT count(*) FROM jobs_job WHERE dead_at IS NOT NULL") == [(0,)]

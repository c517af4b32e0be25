import asyncio
import contextlib
import importlib
import os
import socket
import subprocess
import sys
import threading
import time
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from jobs import registry
from jobs.models import Job
from tests.database import database_url


@pytest.fixture
def sample():
    """The tasks of the sample app, known to this process for one test."""
    module = importlib.import_module("tests.jobs.sample.tasks")
    if "sample.write" not in registry.TASKS:
        importlib.reload(module)
    yield
    for known in (registry.TASKS, registry.PERIODS):
        for name in [name for name in known if name.startswith("sample.")]:
            del known[name]


@pytest.fixture
def effects(transactional_db, sample):
    """What the sample tasks wrote, as a function; seen by every process."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effects (number integer)")

    def read():
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM effects ORDER BY number")
            return [number for (number,) in cursor.fetchall()]

    yield read
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE effects")


class Worker(subprocess.Popen):
    """A real worker, that writes its journal there."""

    def __init__(self, log, words, environment):
        self.log = log
        command = [sys.executable, "manage.py", "worker", *words]
        with log.open("wb") as journal:
            super().__init__(command, cwd=site.BASE_DIR, env=environment, stdout=journal, stderr=journal)


@pytest.fixture
def start_worker(transactional_db, tmp_path):
    """Start a real worker on the database of the tests; none outlives the test."""
    started: list[Worker] = []
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings"}
    environment["MEDIA_ROOT"] = str(tmp_path / "media")

    def start(*words, **variables):
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(Worker(log, words, {**environment, **variables}))
        return started[-1]

    yield start
    for worker in started:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        worker.wait()


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It never came."
        time.sleep(0.05)


def bring_forward():
    """As if the time before the next attempts had passed; for when no worker is running."""
    return Job.objects.pending().update(run_at=timezone.now())


class MailServer:
    """What a server of mails receives, and what it answers."""

    def __init__(self):
        self.lock = threading.Lock()
        self.received = []
        self.slowness = 0.0
        self.answer = "250 OK"
        self.answer_to_recipient = "250 OK"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - their name
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(self.slowness)
        if self.answer.startswith("250"):
            with self.lock:
                self.received.append(message_from_bytes(envelope.content, policy=default))
        await asyncio.sleep(self.slowness)
        return self.answer

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
            self.controller = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"


@pytest.fixture
def mail_server(settings):
    """A real server of mails, to which this process sends too."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    server.start()
    yield server
    server.stop()

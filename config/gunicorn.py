"""How gunicorn serves: `gunicorn --config config/gunicorn.py config.wsgi`, the address and the workers in addition."""

import ctypes
import gc
import os
import signal
import socket
import struct
import sys
import threading
import time
from multiprocessing.sharedctypes import RawArray

from gunicorn import util
from gunicorn.workers import gthread

from config import errors
from search.meaning import encoder

threads = 16
accesslog = None  # config.middleware.RequestLog writes the line of each request
forwarded_allow_ips = ""  # headers of proxies are Django's to believe or not, by TRUSTED_PROXIES
control_socket_disable = True  # it would be opened in the home folder

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "filters": {"without_visitor": {"()": "config.logs.WithoutVisitor"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_visitor"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}

SILENCE = struct.pack("ll", 10, 0)  # seconds

# A connection stays with the worker that took it. The quickest to the door would take them all, and answer them one
# after the other beside another that has nothing to do: so whoever holds more than another lets that one go first.

HELD = RawArray("i", 256)  # connections of each worker, one more: 0 is that of nobody
AFTER_YOU, PATIENCE = 0.0005, 0.01  # seconds


class Worker(gthread.ThreadWorker):
    """Threads are for requests: who connects and says nothing waits without one, who stops in the middle loses it."""

    def notify(self):
        HELD[self.age % len(HELD)] = self.nr_conns + 1
        super().notify()

    def accept(self, listener):
        end = time.monotonic() + PATIENCE
        while any(0 < held <= self.nr_conns for held in HELD) and time.monotonic() < end:
            time.sleep(AFTER_YOU)
        super().accept(listener)

    def handle(self, conn):
        if not conn.initialized:
            if not conn.wait_for_data(0):
                return gthread._DEFER
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, SILENCE)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, SILENCE)
        is_kept = super().handle(conn)
        if not is_kept:
            # It takes up to two seconds when the visitor does not close: not in the loop that serves all the others.
            conn.close(graceful=True)
            conn.close = already_closed
        return is_kept


def already_closed(*, graceful=False):
    pass


worker_class = Worker


def write_error(sock, status, reason, message):
    """Answer with our page what gunicorn refuses, or what fails, before or after Django."""
    content = errors.page(None, 500 if status == 500 else 400).content
    head = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: same-origin",
    ]
    util.write_nonblock(sock, "\r\n".join([*head, "", ""]).encode() + content)


util.write_error = write_error  # gunicorn has no setting for it

OBJECTS_OF_SOME_PAGES = 20_000  # by Python’s own figure a page is interrupted some twenty times to look for cycles

PR_SET_PDEATHSIG = 1


def post_fork(server, worker):
    """A worker never outlives its master, even one killed without a word: it would keep the port."""
    gc.set_threshold(OBJECTS_OF_SOME_PAGES)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != worker.ppid:
            sys.exit(0)


# The sentence encoder takes a second or two to load, and a hundred megabytes. So the first workers serve without it, at
# once; the master then loads it and replaces them by workers that share its memory.

ENCODER_DELAY = 2  # seconds: the first pages go first


def when_ready(server):
    encoder.is_awaited = True


def child_exit(server, worker):
    HELD[worker.age % len(HELD)] = 0


def post_worker_init(worker):
    if encoder.model is None and encoder.is_installed() and worker.age == 1:
        timer = threading.Timer(ENCODER_DELAY, os.kill, [worker.ppid, signal.SIGHUP])
        timer.daemon = True
        timer.start()


def on_reload(server):
    encoder.load()
    gc.freeze()  # pages that the collector does not touch stay shared

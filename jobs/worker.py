"""The process that does the jobs, until it is asked to stop."""

import logging
import signal
import time

from django.db import Error, connection

from . import queue

POLL = 1.0
OUTAGE = 2.0

log = logging.getLogger("jobs.worker")


class Worker:
    def __init__(self):
        self.is_stopping = False
        self.known: dict = {}

    def stop_on_signals(self):
        """Finish the current job when asked to stop; asked twice, stop at once: what was begun is rolled back."""

        def stop(number, _frame):
            self.is_stopping = True
            signal.signal(number, signal.SIG_DFL)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)

    def run(self):
        log.info("worker", extra={"fields": {"state": "started"}})
        while not self.is_stopping:
            pause = 0.0
            try:
                queue.put_periodic(self.known)
                if not queue.do_next():
                    pause = POLL
            except Error as error:
                # The database is away, or not migrated yet: what was begun comes back by itself.
                log.error("worker", extra={"fields": {"state": "waiting", "error": queue.describe(error)}})
                connection.close()
                pause = OUTAGE
            self._rest(pause)
        log.info("worker", extra={"fields": {"state": "stopped"}})

    def _rest(self, seconds):
        end = time.monotonic() + seconds
        while not self.is_stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, POLL / 4))  # a signal does not shorten a sleep

"""How gunicorn serves: `gunicorn --config config/gunicorn.py config.wsgi`, the address and the workers in addition."""

import ctypes
import os
import signal
import sys

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

PR_SET_PDEATHSIG = 1


def post_fork(server, worker):
    """A worker never outlives its master, even one killed without a word: it would keep the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != worker.ppid:
            sys.exit(0)

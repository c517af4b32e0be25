import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

GUNICORN_GIVES_UP = 3  # any other code makes it start again, for ever


class Request(WSGIRequest):
    def _set_content_type_params(self, meta):
        """Django adopts the charset here, and fails on some before any middleware: config.middleware judges it."""
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {"charset": "unreadable"}


class Application(WSGIHandler):
    request_class = Request


try:
    django.setup(set_prefix=False)
    application = Application()
except ImproperlyConfigured as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(GUNICORN_GIVES_UP)

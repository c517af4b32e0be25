import codecs
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

GUNICORN_GIVES_UP = 3  # any other code makes it start again, for ever


class Application(WSGIHandler):
    def __call__(self, environ, start_response):
        """Django reads the charset before any middleware can refuse it: name one that ReadableRequest refuses."""
        try:
            codecs.lookup(parse_header_parameters(environ.get("CONTENT_TYPE", ""))[1].get("charset", "utf-8"))
        except LookupError:
            pass
        except ValueError:
            environ["CONTENT_TYPE"] = "text/plain; charset=unreadable"
        return super().__call__(environ, start_response)


try:
    django.setup(set_prefix=False)
    application = Application()
except ImproperlyConfigured as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(GUNICORN_GIVES_UP)

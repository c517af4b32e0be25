"""The tests' own database, for the processes that they start."""

from urllib.parse import quote, urlencode

from django.db import connection


def database_url():
    config = connection.settings_dict
    person = quote(config["USER"], safe="") + (f":{quote(config['PASSWORD'], safe='')}" if config["PASSWORD"] else "")
    place = {key.lower(): config[key] for key in ("HOST", "PORT") if config[key]}
    return f"postgres://{person}@/{quote(config['NAME'], safe='')}?{urlencode(place)}"

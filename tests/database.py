"""The tests' own database: how it differs from a real one, and its address for the processes that they start."""

from urllib.parse import quote, urlencode

from django.db import connection

from search.versions import create_trigger


def database_url():
    config = connection.settings_dict
    person = quote(config["USER"], safe="") + (f":{quote(config['PASSWORD'], safe='')}" if config["PASSWORD"] else "")
    place = {key.lower(): config[key] for key in ("HOST", "PORT") if config[key]}
    return f"postgres://{person}@/{quote(config['NAME'], safe='')}?{urlencode(place)}"


def change_versions_at_once():
    """Have each statement change the versions of the base, instead of the end of its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE 'change_of_%'")
        for table, trigger in cursor.fetchall():
            version = trigger.removeprefix("change_of_")
            cursor.execute(f"DROP TRIGGER {trigger} ON {table}")
            cursor.execute(create_trigger(table, version, "IMMEDIATE"))

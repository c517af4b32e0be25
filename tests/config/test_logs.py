import io
import json
import logging

import pytest
from django.db import close_old_connections
from django.test import Client

from config.logs import JsonFormatter, WithoutVisitor

pytestmark = pytest.mark.urls("tests.config.urls")


@pytest.fixture
def journal():
    """The lines written while the test runs, as an operator reads them."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)


def test_a_request_is_one_line_that_says_nothing_of_who_asked(journal):
    response = Client(headers={"user-agent": "Mon navigateur", "referer": "https://ailleurs.fr/"}).get(
        "/robots.txt?q=Paul+Dupont", REMOTE_ADDR="203.0.113.7"
    )
    (line,) = journal()
    assert set(line) == {"time", "level", "logger", "request_id", "method", "path", "status", "ms", "bytes"}
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["level"], line["method"], line["path"], line["status"]) == ("info", "GET", "/robots.txt", 200)
    assert line["bytes"] == len(response.content)
    assert line["ms"] > 0


@pytest.mark.parametrize("given", ["a1b2c3d4", "0190f6c2-1c1b.trace_7"])
def test_a_plain_request_number_is_kept(given):
    assert Client().get("/robots.txt", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "court", "a" * 65, "deux mots", 'a1b2c3d4"}', "a1b2c3d4\n", "éééééééé"])
def test_any_other_number_is_replaced(given):
    assert Client().get("/robots.txt", headers={"x-request-id": given})["X-Request-ID"].isalnum()


def test_an_error_is_told_with_its_code_and_without_what_was_typed(journal):
    response = Client(raise_request_exception=False).get("/leve/500/?nom=Dupont")
    error, request = journal()
    assert error["request_id"] == request["request_id"] == response["X-Request-ID"]
    assert (error["level"], request["level"], request["status"]) == ("error", "error", 500)
    assert error["traceback"].startswith("builtins.ValueError\n")
    assert 'tests/config/urls.py", line' in error["traceback"].replace("\\", "/")
    assert "Dupont" not in str(error) + str(request)
    assert "Paul" not in error.get("message", "")
    assert "Error: Paul" not in error["traceback"]


def test_a_refused_host_fills_no_journal_of_errors(journal):
    Client(raise_request_exception=False).get("/", headers={"host": "paul-dupont.fr"})
    (line,) = journal()
    assert (line["level"], line["status"], line["cause"]) == ("info", 400, "DisallowedHost")
    assert "dupont" not in str(line)


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_one_line(journal):
    Client(raise_request_exception=False).get("/coupe/")
    close_old_connections()
    (line,) = journal()
    assert (line["level"], line["status"], line["cause"]) == ("error", 503, "OperationalError")


@pytest.mark.django_db
def test_a_query_that_is_refused_is_an_error_of_ours(journal):
    Client(raise_request_exception=False).get("/trop-long/")
    error, request = journal()
    assert error["traceback"].count("django.db.utils.OperationalError\n") == 1
    assert request["status"] == 500


def test_not_found_is_one_line(journal):
    Client().get("/nulle-part/")
    assert [line["status"] for line in journal()] == [404]


def test_outside_of_a_request_messages_are_kept(journal):
    logging.getLogger("portal.load").info("%s lignes", 12)
    assert journal()[0]["message"] == "12 lignes"


@pytest.mark.parametrize(
    ("message", "arguments", "kept"),
    [
        ("Invalid request from ip=203.0.113.7: Invalid HTTP header 'Dupont'", (), "Invalid request, refused before"),
        ("Error handling request %s %s", ("GET", "/?nom=Dupont"), "Error outside of the application"),
        ("Listening at: %s", ("http://127.0.0.1",), "Listening at: http://127.0.0.1"),
    ],
)
def test_the_server_does_not_name_the_visitor(message, arguments, kept):
    record = logging.LogRecord("gunicorn.error", logging.WARNING, __file__, 1, message, arguments, None)
    assert WithoutVisitor().filter(record)
    assert json.loads(JsonFormatter().format(record))["message"].startswith(kept)
    assert "Dupont" not in record.getMessage()
    assert "203.0.113.7" not in record.getMessage()

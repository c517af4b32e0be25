"""One JSON line per request and per error, with the number of the request and nothing about who asked."""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def frames(error: BaseException) -> str:
    """Return the lines of code that led to the error, causes last, without the messages: they quote what was typed."""
    parts = []
    cause: BaseException | None = error
    while cause is not None:
        kind = type(cause)
        parts.append(f"{kind.__module__}.{kind.__qualname__}\n" + "".join(traceback.format_tb(cause.__traceback__)))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(parts)


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        number = request_id.get()
        if number:
            line["request_id"] = number
        if fields := getattr(record, "fields", None):
            line |= fields
        elif not number or not record.name.startswith("django"):
            line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            line["traceback"] = (
                frames(record.exc_info[1]) if number or fields else self.formatException(record.exc_info)
            )
        return json.dumps(line, ensure_ascii=False)


class WithoutVisitor(logging.Filter):
    """The server's own complaints name the visitor's address and the address asked for: only their kind is kept."""

    def filter(self, record):
        if record.exc_info and isinstance(record.exc_info[1], BlockingIOError):
            return False  # a visitor fell silent in the middle of a request, see config/gunicorn.py
        if record.getMessage().startswith("Invalid request from ip="):
            record.msg, record.args = "Invalid request, refused before the application", ()
        elif str(record.msg).startswith("Error handling request"):
            record.msg, record.args = "Error outside of the application", ()
        return True

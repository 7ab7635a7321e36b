"""The log: lines on standard error, as text or as JSON, each with the ids of the request and the crawl that it belongs to.

Lines tell of routes, platforms and ids, never of visitors: no address of theirs, no search words, no e-mail addresses.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from platforma.settings import PREFIX

_IDS: ContextVar[dict[str, str]] = ContextVar("ids", default={})  # noqa: B039 - never changed in place
LEVELS = {"huey": logging.WARNING, "alembic": logging.WARNING, "elastic_transport": logging.ERROR}
"""What these write below tells nothing that our own lines do not; errors of Elasticsearch's client become errors of ours."""
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
FIELDS = ("method", "route", "status", "milliseconds")
"""What a line about a request tells beside its text."""


def set_up() -> None:
    """Have this process write its log as PLATFORMA_LOG_FORMAT says: `json`, else text."""
    handler = logging.StreamHandler(sys.stderr)
    is_json = os.environ.get(f"{PREFIX}LOG_FORMAT", "").strip().lower() == "json"
    handler.setFormatter(JsonLines() if is_json else TextLines())
    handler.addFilter(_shorten_errors_of_the_queue)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)


def _shorten_errors_of_the_queue(record: logging.LogRecord) -> bool:
    """Tell in a line that the queue's storage does not answer: each task meets it each minute, always at the same place."""
    error = record.exc_info[1] if record.exc_info else None
    if record.name.startswith("huey") and type(error).__module__.partition(".")[0] in ("sqlite3", "redis"):
        record.msg, record.args = f"{record.getMessage().rstrip('.')}: {error}", ()
        record.exc_info = record.exc_text = None
    return True


@contextmanager
def told(**ids: str) -> Iterator[None]:
    """Within it, each line of this thread has these ids, such as `request` or `platform`."""
    token = _IDS.set(_IDS.get() | ids)
    try:
        yield
    finally:
        _IDS.reset(token)


def request_id(given: str | None) -> str:
    """The id of a request: the one that a proxy in front gave it, where it is harmless, else a new one."""
    return given if given and REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


class TextLines(logging.Formatter):
    """Lines to be read by people: level, text, ids in brackets."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        ids = " ".join(f"{name}={value}" for name, value in _IDS.get().items())
        return f"{super().formatMessage(record)} [{ids}]" if ids else super().formatMessage(record)


class JsonLines(logging.Formatter):
    """A JSON object a line: `at` (UTC), `level`, `logger`, `message`, ids, what FIELDS name, `error` with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_IDS.get(),
            **{name: getattr(record, name) for name in FIELDS if hasattr(record, name)},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

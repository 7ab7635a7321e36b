"""What operators see of requests: an id for each, a line in the log, and numbers by route for /metrics."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack

from flask import Flask, Response, g, request

from platforma import logs
from platforma.settings import Settings
from platforma.web.request_numbers import RequestNumbers

log = logging.getLogger(__name__)
HEADER = "X-Request-ID"
UNKNOWN_ROUTE = "none"
"""The route of an address that leads nowhere."""
ABOVE_CAPACITY = "above_capacity"
"""The route of requests that were refused since they had waited too long."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""The methods of our routes; a sender may name any other, and each would be one more row of numbers."""
OTHER_METHOD = "other"
UNCOUNTED = frozenset({"feeds.health", "feeds.ready", "metrics.numbers"})
"""Routes that are asked by machines that look whether the site lives."""


def init_app(app: Flask, settings: Settings) -> None:
    """Give each request an id, in the log and in the answer; count and log requests where the settings ask for it."""
    numbers = RequestNumbers() if settings.metrics_token else None
    app.extensions["request_numbers"] = numbers

    @app.before_request
    def begin() -> None:
        g.began_at = time.perf_counter()
        g.request_id = logs.request_id(request.headers.get(HEADER) if settings.trusted_proxies else None)
        g.ids = ExitStack()
        g.ids.enter_context(logs.told(request=g.request_id))

    @app.after_request
    def end(answer: Response) -> Response:
        answer.headers[HEADER] = g.request_id
        seconds, route = time.perf_counter() - g.began_at, request.endpoint or UNKNOWN_ROUTE
        if route not in UNCOUNTED:
            if numbers:
                numbers.note(route, _method(), answer.status_code, seconds)
            if settings.log_requests:
                _log(route, answer.status_code, seconds)
        return answer

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        if "ids" in g:
            g.ids.close()


def note_refusals(app: Flask) -> Callable[[float], None]:
    """What counts a request that was refused before it reached the application, by the seconds that it waited; nothing where the
    application keeps no numbers."""
    numbers: RequestNumbers | None = app.extensions["request_numbers"]

    def note(waited_seconds: float) -> None:
        if numbers:
            numbers.note(ABOVE_CAPACITY, OTHER_METHOD, 503, waited_seconds)

    return note


def _log(route: str, status: int, seconds: float) -> None:
    milliseconds = round(seconds * 1000, 1)
    fields = {"method": _method(), "route": route, "status": status, "milliseconds": milliseconds}
    log.info("%s %s %s %s ms", _method(), route, status, milliseconds, extra=fields)


def _method() -> str:
    return request.method if request.method in METHODS else OTHER_METHOD

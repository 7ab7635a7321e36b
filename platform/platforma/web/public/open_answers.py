"""What answers of open data have alike: they may be read from every site (CORS), and name the terms that they are under."""

from __future__ import annotations

from flask import Flask, Response, request

from platforma.i18n import fixed_url
from platforma.web.context import absolute

BEGINNINGS = ("/api/", "/dumps/")
"""Beginnings of the addresses of open data; exports of searches and what the widget shows are open data too."""
OPEN_VIEWS = frozenset(("take.export", "embed.answer"))
READABLE_HEADERS = "Accept-Ranges, Content-Disposition, Content-Range, ETag, Last-Modified, Link, Retry-After"
ALLOWED_HEADERS = "Accept, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range"
DAY_SECONDS = 86_400


def init_app(app: Flask) -> None:
    """Add to answers of open data what lets programs on other sites read them, and a link to the terms.

    No other page is read so: nothing here depends on a cookie, and an answer to `*` is given without cookies by every browser.
    """

    @app.after_request
    def open_up(answer: Response) -> Response:
        if is_open():
            answer.headers["Access-Control-Allow-Origin"] = "*"
            answer.headers["Access-Control-Expose-Headers"] = READABLE_HEADERS
            answer.headers.add("Link", f'<{terms_address()}>; rel="license"')
            if request.method == "OPTIONS":
                answer.headers["Access-Control-Allow-Methods"] = answer.headers.get("Allow", "GET, HEAD, OPTIONS")
                answer.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
                answer.headers["Access-Control-Max-Age"] = str(DAY_SECONDS)
        return answer


def is_open() -> bool:
    """Whether this request is for open data."""
    return request.path.startswith(BEGINNINGS) or request.endpoint in OPEN_VIEWS


def terms_address() -> str:
    """The absolute address of the page that says how the data may be used."""
    return absolute(fixed_url("directory.text", name="terms"))

"""A website that answers what a test lets it say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.crawlers.server import running


@contextmanager
def answering() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a website, and what it answers by path; nothing at first."""
    answers: dict[str, str] = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with running(Site) as base:
        yield f"{base}/", answers

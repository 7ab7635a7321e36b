"""What the tests in a browser share: the widths and colours that they try, axe-core's rules, served applications."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

VIEWS: dict[str, tuple[int, Literal["light", "dark"]]] = {"phone-light": (360, "light"), "desktop-dark": (1280, "dark")}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class _Handler(WSGIRequestHandler):
    server: Server

    def run_wsgi(self) -> None:
        time.sleep(self.server.delay_seconds)
        whole = self.wfile
        if self.path == self.server.broken_path:
            self.wfile = _Half(whole)
        if self.server.is_reachable:
            super().run_wsgi()
        if self.wfile is not whole or not self.server.is_reachable:
            self.wfile, self.close_connection = whole, True


class _Half(io.BufferedIOBase):
    """Sends the head of an answer, and of what follows only the first half."""

    def __init__(self, whole: BufferedIOBase) -> None:
        self._whole = whole

    def write(self, data: Any) -> int:
        self._whole.write(data if data.startswith(b"HTTP/") else data[: len(data) // 2])
        return len(data)

    def flush(self) -> None:
        self._whole.flush()


class Server(ThreadedWSGIServer):
    """An application on a free port of this machine. While it is not reachable it keeps the port, and ends each connection
    without an answer: also those that a browser opened before."""

    def __init__(self, app: Flask, port: int = 0) -> None:
        super().__init__("127.0.0.1", port, app, _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.is_reachable, self.delay_seconds, self.broken_path = True, 0.0, ""

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def end(self) -> None:
        self.shutdown()
        self.server_close()

    @contextmanager
    def without_network(self) -> Iterator[None]:
        self.is_reachable = False
        try:
            yield
        finally:
            self.is_reachable = True

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Each answer begins so much later."""
        self.delay_seconds = seconds
        try:
            yield
        finally:
            self.delay_seconds = 0.0

    @contextmanager
    def breaking_off(self, path: str) -> Iterator[None]:
        """The answer of this path ends in its middle."""
        self.broken_path = path
        try:
            yield
        finally:
            self.broken_path = ""


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve an application, on a free port unless one is given; gives its address."""
    server = Server(app, port)
    server.start()
    try:
        yield server.address
    finally:
        server.end()


def check_accessible_and_fitting(page: Page) -> None:
    """Raise AssertionError where axe-core finds a violation, or the page scrolls sideways."""
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"

"""A hostile server on this machine: one path for each way in which a site can misbehave."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug.serving import make_server

MEGABYTE = b"x" * 1_000_000
BOMB = gzip.compress(MEGABYTE * 100)
ENTRY = "<h1>{0}</h1><p>Country: Latvia</p><p>City: Ogre</p><p>Website: https://{0}.example</p><p>Mēs palīdzam kaimiņiem.</p>"


class Handler(BaseHTTPRequestHandler):
    """Answers by path; counts what was requested."""

    requested: list[str]
    robots = b""
    robots_status = 404
    listed: tuple[str, ...] = ()
    released: threading.Event

    def do_GET(self) -> None:
        self.requested.append(self.path)
        name = self.path.strip("/").split("/")[0].split(".")[0].replace("-", "_")
        getattr(self, f"on_{name or 'front'}", self.on_page)()

    def log_message(self, *args: Any) -> None:
        """Silence."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Type", "text/html; charset=utf-8")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def on_front(self) -> None:
        self.answer(200, b"<h1>Vietne</h1>")

    def on_page(self) -> None:
        self.answer(200, ENTRY.format(self.path.strip("/").split("/")[-1]).encode())

    def on_robots(self) -> None:
        self.answer(self.robots_status, self.robots, Content_Type="text/plain")

    def on_sitemap(self) -> None:
        base = f"http://{self.headers['Host']}"
        urls = "".join(f"<url><loc>{base}{path}</loc></url>" for path in self.listed)
        self.answer(200 if urls else 404, f"<urlset>{urls}</urlset>".encode(), Content_Type="text/xml")

    def on_wp_json(self) -> None:
        self.answer(404)

    def on_missing(self) -> None:
        self.answer(404)

    def on_gone(self) -> None:
        self.answer(410)

    def on_broken(self) -> None:
        self.answer(500)

    def on_busy(self) -> None:
        self.answer(429, Retry_After="7")

    def on_recovers(self) -> None:
        self.answer(503 if self.requested.count(self.path) == 1 else 200, b"<h1>ok</h1>")

    def on_slow(self) -> None:
        time.sleep(2)
        self.answer(200)

    def on_held(self) -> None:
        """A page that comes when the test lets it, if somebody still waits for it then."""
        self.released.wait(60)
        with suppress(OSError):
            self.on_page()

    def on_huge(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(MEGABYTE)
        except OSError:
            return

    def on_bomb(self) -> None:
        self.answer(200, BOMB, Content_Encoding="gzip")

    def on_json(self) -> None:
        self.answer(200, b'{"a": ', Content_Type="application/json")

    def on_encoding(self) -> None:
        self.answer(200, "<h1>Šķēle</h1>".encode(), Content_Type="text/html; charset=x-klingon")

    def on_windows(self) -> None:
        self.answer(200, "<h1>Šķēle</h1>".encode("cp1257"), Content_Type="text/html; charset=windows-1257")

    def on_loop(self) -> None:
        self.answer(302, Location="/loop")

    def on_file(self) -> None:
        self.answer(302, Location="file:///etc/passwd")

    def on_to_metadata(self) -> None:
        self.answer(302, Location="http://169.254.169.254/latest/meta-data/")

    def on_to_nothing(self) -> None:
        self.answer(302, Location="http://[x/")

    def on_to_file(self) -> None:
        self.answer(302, Location="file:///etc/passwd")

    def on_kept(self) -> None:
        same = self.headers.get("If-None-Match") == '"v1"'
        self.answer(304 if same else 200, b"" if same else b"<h1>ok</h1>", ETag='"v1"')

    def on_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"short")


@contextmanager
def running(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address, without a slash at its end, of a server that answers by this handler."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    """The front page of a site that an application serves."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hostile(
    robots: bytes = b"", robots_status: int = 404, listed: tuple[str, ...] = (), released: threading.Event | None = None
) -> Iterator[tuple[str, list[str]]]:
    """The server's address without a slash at its end, and the paths that were requested; pages under /held/ come once `released`."""
    requested: list[str] = []
    answers = {"robots": robots, "robots_status": robots_status, "listed": listed, "released": released or threading.Event()}
    handler = type("H", (Handler,), {"requested": requested, **answers})
    with running(handler) as base:
        yield base, requested

"""Above capacity the site refuses at once and politely, and answers again as soon as fewer wait."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from platforma.settings import load_settings
from platforma.web import assets
from platforma.web.overload import MAX_WAIT_SECONDS, RETRY_AFTER_SECONDS, Overload
from tests.servers import process

BURST = 400
"""So many requests of 0.1 seconds take 8 threads longer than MAX_WAIT_SECONDS."""
SLOW_SITE = """
import sys, time
from platforma.web.overload import Overload
from platforma.web.server import Site
def app(environ, start_response):
    time.sleep(0.1)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
Site(lambda: Overload(app), f"127.0.0.1:{sys.argv[1]}", 1, []).run()
"""


def client(waited: float) -> Client:
    return Client(Overload(Response("a page"), load_settings().translations_dir, lambda: waited), Response)


@pytest.mark.parametrize(("more", "status"), [(-MAX_WAIT_SECONDS, 200), (0, 200), (0.001, 503), (60, 503)])
def test_who_waited_longer_than_that_is_refused(more: float, status: int) -> None:
    assert client(MAX_WAIT_SECONDS + more).get("/lv/search?q=maize").status_code == status


def test_the_page_says_in_both_languages_when_to_come_back() -> None:
    answer = client(60).get("/en/search")
    assert answer.headers["Retry-After"] == str(RETRY_AFTER_SECONDS) and answer.headers["Cache-Control"] == "no-store"
    assert '<section lang="lv"><h1>Pašlaik ir' in answer.text and '<section lang="en"><h1>There are' in answer.text


def test_programs_get_problem_details() -> None:
    answer = client(60).get("/api/v1/initiatives?q=maize")
    assert (answer.mimetype, json.loads(answer.text)["status"]) == ("application/problem+json", 503)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", f"{assets.blueprint.url_prefix}/site-1.css"])
def test_what_tells_whether_the_site_lives_is_always_answered(path: str) -> None:
    assert client(60).get(path).status_code == 200


@pytest.fixture
def slow_site(tmp_path: Path) -> Iterator[int]:
    """The port of a site of one process whose pages take 0.1 seconds each."""
    port = process.free_port()
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", SLOW_SITE, str(port)], stdout=log, stderr=log)
        try:
            process.wait_until(lambda: _answers(port), server, tmp_path, 120)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_a_burst_above_capacity_is_answered_in_part_and_refused_in_part(slow_site: int) -> None:
    outcomes: Counter[tuple[int, str | None]] = Counter()
    together = threading.Barrier(BURST)

    def ask() -> None:
        together.wait(60)
        connection = HTTPConnection("127.0.0.1", slow_site, timeout=60)
        connection.request("GET", "/lv/")
        answer = connection.getresponse()
        answer.read()
        outcomes[answer.status, answer.headers["Retry-After"]] += 1
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(BURST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert set(outcomes) == {(200, None), (503, str(RETRY_AFTER_SECONDS))}
    assert outcomes.total() == BURST, "each is answered"
    assert _answers(slow_site), "and so is who comes after them"


def test_clients_that_say_nothing_take_no_thread(slow_site: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", slow_site)) for _ in range(128)]
    try:
        assert all(_answers(slow_site) for _ in range(3))
        silent[0].sendall(b"GET /lv/ HTTP/1.0\r\n\r\n")
        assert silent[0].recv(100).startswith(b"HTTP/1.0 200"), "they are still heard when they speak"
    finally:
        for connection in silent:
            connection.close()

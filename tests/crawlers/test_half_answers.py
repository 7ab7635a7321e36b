"""Half is not whole: what is cut, empty or garbled is told in right words, tried again where that helps, and takes nothing away."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawlers import errors
from crawlers.adapters.base import BROKEN_DATA, MAX_BROKEN_TOLD
from crawlers.adapters.sitemap.reader import read_sitemap
from crawlers.fetch import PoliteSession
from crawlers.fetch.guard import Guard
from crawlers.recipe import Limits, Recipe
from tests.crawlers.changing_site import changing, page_of, sitemap
from tests.crawlers.clocks import QuickClock
from tests.crawlers.remembering import Remembering, crawled
from tests.crawlers.server import running

TEXT = page_of("Vieta").encode()
PACKED = gzip.compress(TEXT)


@contextmanager
def raw_server(answers: dict[str, bytes]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A server that sends these bytes by path and closes; path and Accept-Encoding of each request."""
    requested: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append((self.path, self.headers["Accept-Encoding"]))
            self.wfile.write(answers.get(self.path, b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"))

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with running(Handler) as base:
        yield base, requested


def answer(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: text/html", "Connection: close", *lines, "", "")).encode() + body


def polite() -> PoliteSession:
    return PoliteSession(None, True, Limits(timeout_seconds=2), QuickClock())


HALVES: dict[str, tuple[bytes, str, int]] = {
    "gzip, cut": (answer(PACKED[:-20], "Content-Encoding: gzip"), "ends in the middle", 3),
    "gzip, without its end": (answer(PACKED[:-1], "Content-Encoding: gzip"), "ends in the middle", 3),
    "gzip, cut in its second member": (answer(PACKED + PACKED[:30], "Content-Encoding: gzip"), "ends in the middle", 3),
    "deflate, cut": (answer(zlib.compress(TEXT)[:-9], "Content-Encoding: deflate"), "ends in the middle", 3),
    "shorter than said": (answer(TEXT, "Content-Length: 9999"), "ends in the middle", 3),
    "chunks, cut": (answer(b"400\r\nx", "Transfer-Encoding: chunked"), "ends in the middle", 3),
    "no last chunk": (answer(b"2\r\nok\r\n", "Transfer-Encoding: chunked"), "ends in the middle", 3),
    "a page, cut": (answer(TEXT[:-20]), "ends in the middle", 3),
    "no gzip": (answer(TEXT, "Content-Encoding: gzip"), "compressed wrongly", 3),
    "empty": (answer(b"", "Content-Length: 0"), "the answer is empty", 1),
    "blank": (answer(b" \r\n\n"), "the answer is empty", 1),
    "empty gzip": (answer(gzip.compress(b""), "Content-Encoding: gzip"), "the answer is empty", 1),
    "a part": (answer(TEXT, "Content-Range: bytes 0-99/900", status="206 Partial Content"), "only a part of the page (206)", 1),
    "accepted": (answer(TEXT, status="202 Accepted"), "only a part of the page (202)", 1),
    "two lengths": (answer(TEXT, "Content-Length: 5", "Content-Length: 7"), "no proper HTTP (Content-Length contained", 3),
    "a negative chunk": (answer(b"-5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), "", 3),
    "no HTTP": (b"220 ftp.example.lv ready\r\n", "no proper HTTP", 3),
    "an unknown encoding": (answer(TEXT, "Content-Encoding: x-rot13"), "compressed as x-rot13", 1),
    "brotli": (answer(TEXT, "Content-Encoding: br"), "compressed as br", 1),
    "zstd": (answer(TEXT, "Content-Encoding: zstd"), "compressed as zstd", 1),
    "a wait without end": (answer(b"", "Retry-After: " + "9" * 400, status="503 Busy"), "asks to wait 31536000 s", 1),
}


@pytest.mark.parametrize("name", HALVES)
def test_each_is_told_in_its_own_words(name: str) -> None:
    body, says, tries = HALVES[name]
    kinds = errors.FetchError, errors.SiteGivenUp
    with raw_server({"/x": body}) as (base, requested), polite() as session, pytest.raises(kinds) as caught:
        session.get(f"{base}/x")
    assert says in str(caught.value)
    assert "web address" not in str(caught.value)
    assert not getattr(caught.value, "is_gone", False)
    assert [path for path, _ in requested].count("/x") == tries


@pytest.mark.parametrize("name", [name for name, (_, says, _) in HALVES.items() if says])
def test_a_page_that_is_not_whole_takes_nothing_away(name: str) -> None:
    answers = {f"/project/{n}": answer(page_of(f"Vieta {n}").encode()) for n in range(30)}
    with raw_server(answers) as (base, _):
        listed = "".join(f"<url><loc>{base}{path}</loc></url>" for path in answers)
        answers["/sitemap.xml"] = answer(f"<urlset>{listed}</urlset>".encode())
        recipe, state = Recipe.model_validate({"platform": "p", "url": base, "adapter": "sitemap"}), Remembering()
        first = crawled(recipe, state)
        answers["/project/7"] = HALVES[name][0]
        second = crawled(recipe, state)
    assert (first.found, first.complete) == (30, True)
    assert (second.complete, second.gone) == (False, ())
    assert second.failure or second.refused == 1


@pytest.mark.parametrize(
    "body", [answer(PACKED[:-9], "Content-Encoding: gzip", status="410 Gone"), answer(TEXT[:-20], status="404 No")]
)
def test_what_is_gone_is_gone_however_its_page_ends(body: bytes) -> None:
    with raw_server({"/x": body}) as (base, _), polite() as session, pytest.raises(errors.BadStatus) as caught:
        session.get(f"{base}/x")
    assert caught.value.is_gone


@pytest.mark.parametrize("encoding", ["", "none", "identity", "utf-8", "UTF-8", "identity, gzip", "x-gzip", "binary"])
def test_encodings_are_read_as_browsers_do(encoding: str) -> None:
    body = PACKED if "gzip" in encoding else TEXT
    with raw_server({"/x": answer(body, f"Content-Encoding: {encoding}")}) as (base, _), polite() as session:
        assert session.get(f"{base}/x").body == TEXT


def test_what_is_compressed_wrongly_is_asked_for_without_compression() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_packed = "gzip" in self.headers["Accept-Encoding"]
            self.wfile.write(answer(PACKED[:-9], "Content-Encoding: gzip") if is_packed else answer(TEXT))

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with running(Handler) as base, polite() as session:
        assert session.get(f"{base}/x").body == TEXT


@pytest.mark.parametrize(
    "body", [answer(TEXT[:-20], f"Content-Length: {len(TEXT) - 20}"), answer(b"<h1>Vieta</h1>"), answer(TEXT + b"<!-- cache -->")]
)
def test_pages_without_closing_tags_are_whole_where_their_length_is_known(body: bytes) -> None:
    with raw_server({"/x": body}) as (base, _), polite() as session:
        assert session.get(f"{base}/x").status == 200


ENTRIES = "".join(f"<url><loc>https://x.lv/{n}</loc></url>" for n in range(9))
WHOLE = f"<?xml version='1.0'?>\n<urlset>{ENTRIES}</urlset>\n<!-- by a generator -->".encode()


@pytest.mark.parametrize("cut", [60, 150, len(WHOLE) - 40])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_sitemap_that_is_cut_is_not_whole(cut: int, is_packed: bool) -> None:
    assert read_sitemap(WHOLE).is_whole
    assert read_sitemap(gzip.compress(WHOLE)).is_whole
    assert not read_sitemap(gzip.compress(WHOLE[:cut]) if is_packed else WHOLE[:cut]).is_whole
    assert not read_sitemap(gzip.compress(WHOLE)[:-9]).is_whole


def test_a_sitemap_in_several_members_is_read_to_its_end() -> None:
    packed = gzip.compress(WHOLE[:100]) + gzip.compress(WHOLE[100:])
    assert read_sitemap(packed) == read_sitemap(WHOLE)
    assert len(read_sitemap(packed).pages) == 9


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_listing_that_is_cut_takes_nothing_away(is_packed: bool) -> None:
    answers = {f"/project/{n}": answer(page_of(f"Vieta {n}").encode()) for n in range(30)}
    with raw_server(answers) as (base, _):
        whole = f"<urlset>{''.join(f'<url><loc>{base}{path}</loc></url>' for path in answers)}</urlset>".encode()
        packed = gzip.compress(whole)
        recipe, state = Recipe.model_validate({"platform": "p", "url": base, "adapter": "sitemap"}), Remembering()
        name = "/sitemap.xml.gz" if is_packed else "/sitemap.xml"
        answers[name] = answer(packed if is_packed else whole)
        first = crawled(recipe, state)
        answers[name] = answer(packed[:-12] if is_packed else whole[:-80])
        second = crawled(recipe, state)
    assert (first.found, first.complete) == (30, True)
    assert 0 < second.found < 31
    assert not second.complete
    assert ["ends in the middle" in problem.reason for problem in state.problems] == [True]


def test_a_usual_sitemap_that_cannot_be_had_takes_nothing_away() -> None:
    answers = {f"/project/{n}": answer(page_of(f"Vieta {n}").encode()) for n in range(5)}
    answers["/"] = answer(b"<html>" + b"".join(f'<a href="{path}">x</a>'.encode() for path in list(answers)[:2]) + b"</html>")
    with raw_server(answers) as (base, _):
        answers["/sitemap.xml"] = answer(b"", "Content-Length: 0", status="500 Oops")
        recipe = Recipe.model_validate({"platform": "p", "url": base, "adapter": "sitemap"})
        result = crawled(recipe, Remembering())
    assert (result.found, result.complete) == (2, False)


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody vouches for, with its key."""
    folder = tmp_path_factory.mktemp("certificate")
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", *files],
        check=True,
        capture_output=True,
    )
    return folder


def test_a_bad_certificate_is_the_site_s_to_renew_and_is_not_tried_again(own_certificate: Path) -> None:
    connections: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate / "cert.pem", own_certificate / "key.pem")

    class Server(ThreadingHTTPServer):
        def get_request(self) -> tuple[socket.socket, Any]:
            connection, address = super().get_request()
            connections.append(str(address))
            return context.wrap_socket(connection, server_side=True), address

        def handle_error(self, *_: Any) -> None:
            """Silence."""

    server = Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        with polite() as session, pytest.raises(errors.BadCertificate) as caught:
            session.get(f"https://localhost:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()
    text = caught.value.text
    assert text == "the certificate of localhost is not valid (self-signed certificate); the site's owner can renew it"
    assert len(connections) == 1


def test_a_site_without_tls_on_its_secure_port_is_told_so() -> None:
    with raw_server({}) as (base, _), polite() as session, pytest.raises(errors.Unreachable, match="no secure connection to 127"):
        session.get(base.replace("http:", "https:"))


def test_a_secure_port_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, polite() as session:
        session.limits = Limits(timeout_seconds=0.2)
        with pytest.raises(errors.Unreachable, match="try again later"):
            session.get(f"https://127.0.0.1:{mute.getsockname()[1]}/")


def test_a_name_without_addresses_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(OSError, match="no address"):
        Guard(allow_private=True).resolve("nowhere.lv", 80)
    with polite() as session, pytest.raises(errors.Unreachable, match="the name has no address"):
        session.get("http://nowhere.lv/")


BROKEN = '<script type="application/ld+json">{"@type": "NGO", "name": "Biedrība\'</script>'
NGO = '<script type="application/ld+json">{"@type": "NGO", "name": "Biedrība", "address": {"addressCountry": "LV"}}</script>'


@pytest.mark.parametrize("listed", [True, False], ids=["of a sitemap", "reached by links"])
def test_a_page_whose_data_broke_is_not_gone_and_told(listed: bool) -> None:
    pages = {"": '<h1>Portāls</h1><a href="/o/1">x</a>', "o/1": f"<h1>Biedrība</h1>{NGO}"}
    pages |= {"sitemap.xml": sitemap("o/1")} if listed else {}
    state = Remembering()
    with changing(pages) as (url, _):
        recipe = Recipe(platform="p", url=url, adapter="structured")
        assert crawled(recipe, state).found == 1
        pages["o/1"] = f"<h1>Biedrība</h1>{BROKEN}"
        result = crawled(recipe, state)
        assert [(problem.severity, problem.reason, problem.url) for problem in state.problems] == [
            ("refused", BROKEN_DATA, f"{url}o/1")
        ]
        assert not result.complete
        pages["o/1"] = "<h1>Pasākumi</h1>"
        crawled(recipe, state)
        assert len(state.problems) == 1, "a page whose data are sound and of something else may have no record"


def test_broken_data_of_pages_that_never_had_any_are_told_of_some() -> None:
    pages = {"sitemap.xml": sitemap("o/0", *(f"o/{n}" for n in range(1, 30))), "o/0": f"<h1>Biedrība</h1>{NGO}"}
    pages |= {f"o/{n}": f"<h1>Lapa</h1>{BROKEN}{n}" for n in range(1, 30)}
    state = Remembering()
    with changing(pages) as (url, _):
        result = crawled(Recipe(platform="p", url=url, adapter="structured"), state)
    assert [(problem.severity, problem.reason) for problem in state.problems] == [("warning", BROKEN_DATA)] * MAX_BROKEN_TOLD
    assert (result.found, result.complete) == (1, True)

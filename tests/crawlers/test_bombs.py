"""Answers made to hurt: each ends in time, within memory, with one clear error or a harmless result."""

from __future__ import annotations

import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

import pytest

from crawlers import errors
from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Gathering
from crawlers.adapters.sitemap.reader import MAX_FILES, read_sitemap, site_entries
from crawlers.crawl import crawl
from crawlers.fetch import Page, PoliteSession
from crawlers.markup import Html
from crawlers.recipe import Limits, Recipe
from crawlers.state import MemoryState
from crawlers.texts.clean import plain_text
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running

MEGABYTE = 1_000_000
LIMITS = Limits(bytes_per_page=MEGABYTE, timeout_seconds=0.4, pages=50)
Answer = Callable[[BaseHTTPRequestHandler], object]


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything but robots.txt in this way; its address and what was requested."""
    requested: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append(self.path)
            if self.path == "/robots.txt":
                self.send_error(404)
                return
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with running(Handler) as base:
        yield base, requested


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def chunked(handler: BaseHTTPRequestHandler, chunks: Iterator[bytes], **headers: str) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    for name, value in ({"Transfer_Encoding": "chunked"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    for chunk in chunks:
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))


def drip(handler: BaseHTTPRequestHandler, text: Iterator[bytes]) -> None:
    for part in text:
        handler.wfile.write(part)
        handler.wfile.flush()
        time.sleep(0.1)


def polite(**more: Any) -> PoliteSession:
    return PoliteSession(None, allow_private=True, limits=LIMITS, clock=QuickClock(), **more)


ZEROS = bytes(300 * MEGABYTE)
GZIP, DEFLATE = gzip.compress(ZEROS), zlib.compress(ZEROS)
TWICE = gzip.compress(gzip.compress(ZEROS))
MANY_LINES = b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200_000
LONG_LINE = b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 5_000_000 + b"\r\n\r\n"
"""Made beforehand: what the server makes while it answers would count, too."""
HUGE: dict[str, tuple[Answer, type[errors.FetchError], str]] = {
    "gzip": (lambda h: send(h, GZIP, Content_Encoding="gzip"), errors.TooLarge, "limits.bytes_per_page"),
    "gzip in one chunk": (lambda h: chunked(h, iter([GZIP]), Content_Encoding="gzip"), errors.TooLarge, "larger than"),
    "deflate": (lambda h: send(h, DEFLATE, Content_Encoding="deflate"), errors.TooLarge, "larger than"),
    "gzip of a redirect": (lambda h: send(h, GZIP, 302, Content_Encoding="gzip", Location="/x"), errors.TooLarge, "larger"),
    "gzip of an error": (lambda h: send(h, GZIP, 404, Content_Encoding="gzip"), errors.TooLarge, "larger than"),
    "gzip twice": (lambda h: send(h, TWICE, Content_Encoding="gzip, gzip"), errors.BadContent, "compressed as gzip, gzip"),
    "brotli": (lambda h: send(h, b"\x0b\x02\x80", Content_Encoding="br"), errors.BadContent, "compressed as br"),
    "broken gzip": (lambda h: send(h, b"\x1f\x8bnothing", Content_Encoding="gzip"), errors.Incomplete, "compressed wrongly"),
    "endless": (lambda h: chunked(h, (bytes(65_536) for _ in count())), errors.TooLarge, "larger than"),
    "endless lines of a head": (
        lambda h: h.wfile.write(MANY_LINES),
        errors.Unreachable,
        "headers",
    ),
    "one line of a head": (
        lambda h: h.wfile.write(LONG_LINE),
        errors.Unreachable,
        "no proper HTTP",
    ),
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_left_out_and_never_held(name: str) -> None:
    answer, kind, says = HUGE[name]
    with serving(answer) as (base, _), polite() as session, pytest.raises(kind) as caught:
        tracemalloc.start()
        try:
            session.get(f"{base}/x")
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert says in caught.value.text
    assert peak < 12 * MEGABYTE


SLOW: dict[str, Answer] = {
    "silence": lambda h: time.sleep(4),
    "a status line, letter by letter": lambda h: drip(h, (bytes([c]) for c in b"HTTP/1.1 200 OK".ljust(40))),
    "a head without an end": lambda h: drip(h, (b"HTTP/1.1 200 OK\r\n" if n == 0 else b"X: y\r\n" for n in range(40))),
    "continue, continue": lambda h: drip(h, (b"HTTP/1.1 100 Continue\r\n\r\n" for _ in range(40))),
    "a body without an end": lambda h: drip(
        h, (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" if n == 0 else b"x" for n in range(40))
    ),
    "empty blocks of gzip": lambda h: drip(
        h, (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" if n == 0 else gzip.compress(b"") for n in range(40))
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_what_is_slow_ends_and_is_asked_for_again_only_while_the_page_has_time(name: str) -> None:
    with serving(SLOW[name]) as (base, requested), polite() as session:
        session.sitemaps(base)
        session.limits = Limits(timeout_seconds=0.5)
        with pytest.raises(errors.Unreachable, match="try again later"):
            session.get(f"{base}/x")
    assert requested.count("/x") == (3 if name == "silence" else 1)


def test_a_stop_is_heeded_while_an_answer_is_waited_for() -> None:
    is_stopped = threading.Event()
    limits = Limits(timeout_seconds=300)

    def silent(_: BaseHTTPRequestHandler) -> None:
        is_stopped.set()
        time.sleep(2)

    with serving(silent) as (base, _), polite(stop=is_stopped.is_set) as session, pytest.raises(errors.Stopped):
        session.limits = limits
        session.get(f"{base}/x")


@pytest.mark.parametrize(
    "location",
    ["/again", "/again?{n}", "//127.0.0.1:{port}/x{n}", "http://127.0.0.1:{port}/{n}", "", "?"],
)
def test_redirects_end(location: str) -> None:
    numbers = count()

    def onward(handler: BaseHTTPRequestHandler) -> None:
        port = handler.server.server_port  # type: ignore[attr-defined]
        send(handler, b"", 301, Location=location.format(n=next(numbers), port=port))

    with (
        serving(onward) as (base, requested),
        polite() as session,
        pytest.raises(errors.FetchError, match=r"redirect|sends us on"),
    ):
        session.get(f"{base}/again")
    assert len(requested) <= 7


def test_no_cookie_is_kept() -> None:
    cookies: list[str | None] = []

    def greedy(handler: BaseHTTPRequestHandler) -> None:
        cookies.append(handler.headers["Cookie"])
        send(handler, b"ok", Set_Cookie="a=" + "b" * 60_000)

    with serving(greedy) as (base, _), polite() as session:
        session.get(f"{base}/a")
        session.get(f"{base}/b")
    assert cookies == [None, None]


def laughs(inside: str, root: str) -> bytes:
    """Billion laughs: a few hundred bytes that stand for terabytes."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 13))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "lol">{lines}]>{inside.format("&l12;")}'.encode()


def secret(inside: str, root: str) -> bytes:
    return f'<!DOCTYPE {root} [<!ENTITY s SYSTEM "file:///etc/passwd">]>{inside.format("&s;")}'.encode()


@pytest.mark.parametrize("make", [laughs, secret])
def test_entities_of_a_sitemap_are_not_opened(make: Callable[[str, str], bytes]) -> None:
    for encoding in ("utf-8", "utf-16"):
        body = make("<urlset><url><loc>https://x.lv/{0}</loc></url></urlset>", "urlset").decode().encode(encoding)
        assert sum(len(url) for url, _ in read_sitemap(body).pages) < 100
        assert "root:" not in str(read_sitemap(body))


@pytest.mark.parametrize("make", [laughs, secret])
def test_entities_of_a_feed_are_not_opened(make: Callable[[str, str], bytes]) -> None:
    inside = '<rss version="2.0"><channel><item><title>Ķekava {0}</title></item></channel></rss>'
    page = Page("https://x.lv/feed", 200, {}, make(inside, "rss"))
    text = str(list(ADAPTERS["feed"].extract(page, Recipe(platform="x"))))
    assert len(text) < 10_000
    assert "root:" not in text


@pytest.mark.parametrize("body", [b"/etc/passwd", b"/dev/zero", b"file:///etc/passwd", b"http://127.0.0.1/"])
def test_a_feed_is_never_taken_for_the_name_of_a_file(body: bytes) -> None:
    with pytest.raises(errors.BadContent):
        list(ADAPTERS["feed"].extract(Page("https://x.lv/feed", 200, {}, body), Recipe(platform="x")))


SITEMAPS = {
    "elements": b"<urlset>" + b"<a/>" * 3_000_000 + b"</urlset>",
    "depth": b"<urlset>" + b"<url>" * 500_000,
    "attributes": b"<urlset " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>",
    "gzip": gzip.compress(b"<urlset>" + bytes(200 * MEGABYTE)),
    "half a gzip": GZIP[:5000],
    "an address": b"<urlset><url><loc>" + b"x" * 20_000_000,
}


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_sitemap_that_is_a_bomb_says_nothing(name: str) -> None:
    tracemalloc.start()
    sitemap = read_sitemap(SITEMAPS[name])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sitemap.further, [url for url, _ in sitemap.pages if len(url) < 8000]) == ([], [])
    assert peak < 200 * MEGABYTE


def test_an_endless_index_of_sitemaps_ends() -> None:
    numbers = count()

    def index(handler: BaseHTTPRequestHandler) -> None:
        entry = "<sitemap><loc>/sitemap-{}.xml</loc></sitemap>"
        send(handler, ("<sitemapindex>" + "".join(entry.format(next(numbers)) for _ in range(5)) + "</sitemapindex>").encode())

    with serving(index) as (base, requested), polite() as session:
        assert list(site_entries(Gathering(session, Recipe(platform="x", url=f"{base}/")), f"{base}/")) == []
    assert len(requested) <= MAX_FILES + 3


def test_an_index_that_lists_itself_is_read_once() -> None:
    body = b"<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    pages = b"<urlset><url><loc>/a</loc></url><url><loc>/a</loc></url><url><loc>http://[x/</loc></url></urlset>"
    with serving(lambda h: send(h, pages if h.path == "/b.xml" else body)) as (base, requested), polite() as session:
        entries = list(site_entries(Gathering(session, Recipe(platform="x", url=f"{base}/")), f"{base}/"))
    assert entries == [(f"{base}/a", None, f"{base}/b.xml")]
    assert requested.count("/b.xml") == 1


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<p><span>", "<a href=x>"])
def test_deep_html_is_read_as_far_as_it_goes(tag: str) -> None:
    page = Html("https://x.lv/", f"<h1>Ķekava</h1>{tag * 30_000}x")
    assert page.title == "Ķekava"
    assert isinstance(page.facts, dict)
    assert page.links in ([], ["https://x.lv/x"])


@pytest.mark.parametrize("body", [b"[" * 1_000_000, b'{"a":' * 300_000, b"\xff\xfe[", b""])
def test_nested_json_is_a_clear_error(body: bytes) -> None:
    with pytest.raises(errors.BadContent, match="should be JSON"):
        Page("https://x.lv/", 200, {}, body).json()


@pytest.mark.parametrize("label", ["punycode", "idna", "utf-7", "unicode_escape", "zip", "rot13", "undefined", "x" * 70_000])
def test_codecs_that_no_page_is_written_in_are_not_used(label: str) -> None:
    body = "Ķekava \\u0041 +AEE- ".encode() * 20_000
    assert Page("https://x.lv/", 200, {"content-type": f"text/html; charset={label}"}, body).text() == body.decode()


def test_a_calendar_without_an_end_ends() -> None:
    numbers = count()

    def day(handler: BaseHTTPRequestHandler) -> None:
        if "." in handler.path or "wp" in handler.path:
            send(handler, b"", 404)
            return
        links = "".join(f'<a href="/day/{next(numbers)}">next</a>' for _ in range(3))
        send(handler, f"<h1>Diena</h1>{links}".encode(), Content_Type="text/html")

    with serving(day) as (base, requested), polite() as session:
        recipe = Recipe(platform="x", url=f"{base}/", adapter="structured", limits=LIMITS)
        result = crawl(recipe, session, MemoryState())
    assert result.found == 0
    assert len(requested) <= LIMITS.pages + 20


def test_a_crawl_whose_time_is_over_is_interrupted_while_it_waits() -> None:
    limits = Limits(seconds=1, timeout_seconds=300)
    with serving(lambda h: time.sleep(3)) as (base, _), polite() as session:
        result = crawl(Recipe(platform="x", url=f"{base}/", adapter="sitemap", limits=limits), session, MemoryState())
    assert result.is_interrupted


@pytest.mark.parametrize(
    "markup", ["<p" * 100_000, "<div " * 100_000, "[a " * 100_000, "&" * 100_000, "<!--" * 100_000, "<a" * 100_000]
)
def test_broken_markup_is_cleaned_in_time(markup: str) -> None:
    before = time.process_time()
    plain_text(markup)
    assert time.process_time() - before < 20

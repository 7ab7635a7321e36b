"""Looks at websites: what a front page says of itself, what shows that it is parked, and how failures are told apart."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from crawlers.errors import NoSuchHost, Unreachable
from crawlers.fetch import PoliteSession
from crawlers.fetch.wire import ResponseLimits, _failure
from crawlers.websites.head import language_in, title_in, visible_text
from crawlers.websites.looking import look
from crawlers.websites.looks import Look, Outcome
from crawlers.websites.parking import parking_sign
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running

PAGE = (
    "<!doctype html><html lang='lv-LV'><head><title>\n Kopienas &amp; nams </title></head><body><p>Nāc ciemos</p></body></html>"
)
HUGE = f"{PAGE}{'x' * 400_000}"


class Site(BaseHTTPRequestHandler):
    """Answers by path: the number of a status, or a page."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        status = int(name) if name.isdecimal() else 404 if name == "robots.txt" else 302 if name == "moved" else 200
        body = {"huge": HUGE, "lost": "<title>Lapa nav atrasta</title>", "sold": "<title>Šis domēns ir pārdošanā!</title>"}.get(
            name, PAGE
        )
        if name == "robots.txt" and self.server.robots:  # type: ignore[attr-defined]
            status, body = 200, self.server.robots  # type: ignore[attr-defined]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/sold")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        """Silence."""


def look_at(path: str, robots: str = "") -> Look:
    class Handler(Site):
        def setup(self) -> None:
            super().setup()
            self.server.robots = robots  # type: ignore[attr-defined]

    with running(Handler) as base, PoliteSession(contact=None, allow_private=True, clock=QuickClock()) as session:
        return look(session, f"{base}{path}")


def test_a_page_is_known_by_title_language_and_host() -> None:
    assert look_at("/") == Look(Outcome.PAGE, "Kopienas & nams", "lv", "127.0.0.1")


def test_of_a_large_page_the_beginning_is_enough() -> None:
    assert look_at("/huge").title == "Kopienas & nams"


@pytest.mark.parametrize(
    ("path", "outcome"),
    [("/404", Outcome.GONE), ("/410", Outcome.GONE), ("/lost", Outcome.GONE), ("/503", Outcome.SILENT), ("/429", Outcome.SILENT),
     ("/500", Outcome.SILENT), ("/403", Outcome.CLOSED), ("/401", Outcome.CLOSED)],
)  # fmt: skip
def test_what_is_gone_is_told_from_what_does_not_answer_now(path: str, outcome: Outcome) -> None:
    found = look_at(path)
    assert found.outcome == outcome
    assert found.reason


def test_a_site_that_forbids_programs_cannot_be_told() -> None:
    assert look_at("/", robots="User-agent: *\nDisallow: /").outcome == Outcome.CLOSED


def test_a_server_that_is_not_there_does_not_answer_now() -> None:
    with PoliteSession(contact=None, allow_private=True, clock=QuickClock()) as session:
        assert look(session, "http://127.0.0.1:9/").outcome == Outcome.SILENT


def test_a_private_address_is_not_asked() -> None:
    with PoliteSession(contact=None, allow_private=False, clock=QuickClock()) as session:
        assert look(session, "http://127.0.0.1/").outcome == Outcome.CLOSED


def test_a_parked_domain_is_seen_at_the_end_of_redirects() -> None:
    assert look_at("/moved").parked == "domens ir pardosana"


def test_a_name_without_a_host_is_told_from_a_name_server_that_is_down() -> None:
    limits = ResponseLimits(1, 1, 1, is_truncated=True)
    missing = _failure(socket.gaierror(socket.EAI_NONAME, "none"), "https://a.example/", "a.example", limits)
    down = _failure(socket.gaierror(socket.EAI_AGAIN, "later"), "https://a.example/", "a.example", limits)
    assert isinstance(missing, NoSuchHost)
    assert isinstance(down, Unreachable)
    assert not isinstance(down, NoSuchHost)


@pytest.mark.parametrize(
    ("markup", "title", "lang"),
    [
        ("<HTML XML:LANG=et><TITLE lang='et'>Avaleht</TITLE>", "Avaleht", "et"),
        ('<html class="no-js" lang="pl-PL" dir=ltr><title>A</title><title>B</title>', "A", "pl"),
        ("<html data-lang='xx'><title></title>", "", ""),
        ("plain text", "", ""),
        ("<title" * 20_000, "", ""),
        ("<html " * 20_000, "", ""),
    ],
)
def test_the_head_is_read_from_any_markup(markup: str, title: str, lang: str) -> None:
    assert (title_in(markup), language_in(markup)) == (title, lang)


def test_scripts_and_styles_are_no_text() -> None:
    assert visible_text("<p>Viens<script>if (a<b) x</script> divi<style>p{}</style></p>trīs <4") == "Viens divi trīs <4"
    assert visible_text("<script>" * 20_000) == ""


@pytest.mark.parametrize(
    ("title", "text", "markup", "url"),
    [
        ("kopa.lv is for sale", "This domain is for sale. Buy now", "", "https://kopa.lv/"),
        ("kopa.se", "Domänen är parkerad.", "", "https://kopa.se/"),
        ("kopa.lv", "", "<script src='//img.sedoparking.com/a.js'></script>", "https://kopa.lv/"),
        ("Buy kopa.lv", "", "", "https://www.hugedomains.com/domain/kopa"),
    ],
)
def test_parked_domains_are_told_by_phrases_and_services(title: str, text: str, markup: str, url: str) -> None:
    assert parking_sign(title, text, markup, url)


@pytest.mark.parametrize(
    ("title", "text", "markup"),
    [
        ("Domēni un serveri", "Reģistrē domēnu pie mums", "<a href='https://sedo.com/'>Sedo</a>"),
        ("Blogs", "Buy this domain " + "un vēl daudz cita teksta " * 200, ""),
        ("Blogs", "Par parkingcrew.net", "<p>https://parkingcrew.net/</p>"),
    ],
)
def test_pages_that_speak_of_domains_are_not_parked(title: str, text: str, markup: str) -> None:
    assert parking_sign(title, text, markup, "https://kopa.lv/") == ""

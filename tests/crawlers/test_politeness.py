"""How the session treats the servers of others: robots.txt, pauses, giving up, one connection at a time, night windows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from crawlers import errors
from crawlers.crawl import crawl
from crawlers.fetch import PoliteSession
from crawlers.fetch.pace import LONGEST_WAIT_SECONDS, Gate, gate_to, pause_seconds, retry_after_seconds, wait
from crawlers.fetch.robots import MAX_BYTES, Robots, parse_robots
from crawlers.fetch.session import MAX_DELAY_SECONDS
from crawlers.fetch.transport import StopSignal
from crawlers.recipe import Limits, Recipe, parse_recipe
from crawlers.state import MemoryState, PageValidators
from crawlers.values.hours import is_within
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@contextmanager
def serving(answers: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """A server of (status, headers, body) by path, 404 elsewhere; its address, and path and headers of each request."""
    requested: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            requested.append((self.path, dict(self.headers)))
            answer = answers.get(self.path, answers.get("*", (404, {}, b"")))
            status, headers, body = answer(self) if callable(answer) else answer
            with suppress(BrokenPipeError):
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with running(Handler) as base:
        yield base, requested


def session(clock: QuickClock | None = None, **limits: Any) -> PoliteSession:
    limited = Limits(timeout_seconds=2, **limits)
    return PoliteSession("x@y.example", allow_private=True, limits=limited, clock=clock or QuickClock())


def paths(requested: list[tuple[str, dict[str, str]]]) -> list[str]:
    return [path for path, _ in requested]


OK: Answer = (200, {}, b"<h1>ok</h1>")


@pytest.mark.parametrize(
    ("robots", "path", "is_allowed"),
    [
        ("User-agent: PlatformaBot\nDisallow: /a", "/a", False),
        ("user-agent: platformabot\ndisallow: /a", "/a/b", False),
        ("User-agent: PlatformaBot/0.1\nDisallow: /", "/a", False),
        ("User-agent: PlatformaBot of Latvia\nDisallow: /", "/a", False),
        ("User-agent: Platforma\nDisallow: /", "/a", True),
        ("User-agent: Bot\nDisallow: /", "/a", True),
        ("User-agent: PlatformaBotX\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: PlatformaBot\nAllow: /", "/a", True),
        ("User-agent: x\nUser-agent: PlatformaBot\nDisallow: /a\n\nUser-agent: PlatformaBot\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /%C4%81", "/ā", False),
        ("User-agent: *\nDisallow: /ā", "/%c4%81/x", False),
        ("User-agent: *\nDisallow: /a%62c", "/abc", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("# nothing\n\n", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\rDisallow: /", "/a", False),
        ("User-agent: * # all\nDisallow: / # it", "/a", False),
    ],
)
def test_robots_txt_is_read_as_its_standard_says(robots: str, path: str, is_allowed: bool) -> None:
    for encoding in ("utf-8", "utf-16"):
        assert Robots.of(200, robots.encode(encoding)).allows(f"https://partner.lv{path}") is is_allowed


def test_no_bytes_are_too_odd_for_robots_txt() -> None:
    odd = [bytes([n]) * 50 for n in range(256)]
    odd += [
        b"User-agent: *\nDisallow: \xff\xfe\x00%zz%",
        b"Crawl-delay: 1e999",
        b"User-agent:\nCrawl-delay: -1\nRequest-rate: 1/0",
    ]
    odd += [
        b"Sitemap: http://[x",
        b"User-agent: *\nAllow: " + b"*" * 20_000,
        b"\xff\xfe\x00",
        b"\xef\xbb",
        b"User-agent: \xf0\x28",
    ]
    for body in odd:
        rules = Robots(parse_robots(body))
        assert rules.allows("https://partner.lv/a") in (True, False)
        assert rules.delay_seconds is None or rules.delay_seconds >= 0
        assert isinstance(rules.sitemaps, list)


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("Crawl-delay: 3", 3), ("Request-rate: 1/5", 5), ("Request-rate: 0/5", None), ("Request-rate: 1/0", None), ("Crawl-delay: nan", None),
     ("Crawl-delay: inf", None), ("Crawl-delay: -5", None), ("Crawl-delay: ²", None), ("Crawl-delay: soon", None)],
)  # fmt: skip
def test_a_delay_that_is_none_is_left_out(line: str, seconds: float | None) -> None:
    assert Robots.of(200, f"User-agent: *\n{line}\nDisallow: /x".encode()).delay_seconds == seconds


def test_a_page_in_place_of_robots_txt_forbids_nothing() -> None:
    assert Robots.of(200, b"<!doctype html><html><title>User-agent: *</title><p>Disallow: /</p></html>").allows("https://x.lv/a")


def test_a_silent_robots_txt_forbids_all_until_it_can_be_read() -> None:
    def silent(_: BaseHTTPRequestHandler) -> Answer:
        time.sleep(1)
        return OK

    with serving({"/robots.txt": silent, "*": OK}) as (base, requested), session() as polite:
        polite.limits = Limits(timeout_seconds=0.2)
        with pytest.raises(errors.FetchError, match="try again later"):
            polite.get(f"{base}/a")
    assert "/a" not in paths(requested)


def test_of_a_long_robots_txt_the_first_part_counts() -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# filler\n" * (MAX_BYTES // 9) + b"Disallow: /b\n"
    with serving({"/robots.txt": (200, {}, rules), "*": OK}) as (base, _), session(bytes_per_page=1000) as polite:
        assert polite.get(f"{base}/b").status == 200
        with pytest.raises(errors.RobotsForbid, match="the site must allow"):
            polite.get(f"{base}/a")


@pytest.mark.parametrize(
    ("status", "is_allowed"),
    [(404, True), (401, True), (403, True), (410, True), (451, True), (500, False), (503, False), (599, False)],
)
def test_a_robots_txt_that_cannot_be_had(status: int, is_allowed: bool) -> None:
    with serving({"/robots.txt": (status, {}, b"User-agent: *\nDisallow: /"), "*": OK}) as (base, requested), session() as polite:
        if is_allowed:
            assert polite.get(f"{base}/a").status == 200
            return
        with pytest.raises(errors.RobotsForbid, match=rf"cannot be read \({status}\).*try again later"):
            polite.get(f"{base}/a")
        assert "/a" not in paths(requested)


@pytest.mark.parametrize(("redirects", "is_allowed"), [(1, False), (5, False), (6, True)])
def test_robots_txt_is_followed_through_five_redirects_and_to_other_hosts(redirects: int, is_allowed: bool) -> None:
    chain: dict[str, Answer] = {f"/{n}": (302, {"Location": f"/{n + 1}"}, b"") for n in range(1, redirects)}
    rules: dict[str, Answer] = {f"/{redirects}": (200, {}, b"User-agent: *\nDisallow: /")}
    with serving(chain | rules) as (other, _):
        first = other.replace("127.0.0.1", "localhost") + "/1"
        with serving({"/robots.txt": (301, {"Location": first}, b""), "*": OK}) as (base, requested), session() as polite:
            if is_allowed:
                assert polite.get(f"{base}/a").status == 200
                return
            with pytest.raises(errors.RobotsForbid):
                polite.get(f"{base}/a")
            assert paths(requested) == ["/robots.txt"]


def test_robots_txt_is_asked_for_once() -> None:
    with serving({"*": OK, "/robots.txt": (200, {}, b"Sitemap: /s.xml")}) as (base, requested), session() as polite:
        for path in ("/a", "/b"):
            polite.get(base + path)
        assert polite.sitemaps(f"{base}/") == ["/s.xml"]
    assert paths(requested) == ["/robots.txt", "/a", "/b"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("²", None),
        ("-1", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("9" * 400, LONGEST_WAIT_SECONDS),
    ],
)
def test_retry_after_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, now=0) == seconds


def test_retry_after_as_a_date() -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert retry_after_seconds(format_datetime(moment, usegmt=True), now=moment.timestamp() - 90) == 90
    assert retry_after_seconds("Fri, 01 May 2026 12:00:00 GMT", now=moment.timestamp() + 5) == 0
    assert retry_after_seconds("Fri, 99 May 2026 12:00:00 GMT", now=0) is None


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_to_wait_long_is_left_alone(status: int) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True)
    for header in ("3600", at):
        clock = QuickClock()
        with serving({"*": (status, {"Retry-After": header}, b""), "/robots.txt": (404, {}, b"")}) as (base, requested):
            with session(clock) as polite, pytest.raises(errors.SiteGivenUp, match="asks to wait"):
                polite.get(f"{base}/a")
            assert paths(requested) == ["/robots.txt", "/a"]
        assert clock.pauses == []


def test_pauses_grow_and_differ() -> None:
    for attempt, longest in ((1, 1.0), (2, 2.0), (5, 16.0)):
        pauses = {pause_seconds(attempt) for _ in range(50)}
        assert len(pauses) > 1
        assert all(longest / 2 <= pause <= longest for pause in pauses)


@pytest.mark.parametrize(("status", "tries"), [(503, 5 * 3), (500, 10)])
def test_a_site_that_keeps_failing_ends_the_crawl_with_one_failure(status: int, tries: int) -> None:
    urls = "".join(f"<url><loc>/project/{n}</loc></url>" for n in range(100))
    sitemap: Answer = (200, {}, f"<urlset>{urls}</urlset>".encode())
    answers = {"/robots.txt": (404, {}, b""), "/sitemap.xml": sitemap, "*": (status, {}, b"")}
    state = MemoryState()
    with serving(answers) as (base, requested), session() as polite:
        result = crawl(Recipe(platform="x", url=f"{base}/", adapter="sitemap", limits=Limits()), polite, state)
    assert sum(path.startswith("/project") for path in paths(requested)) == tries
    assert "times in a row" in str(result.failure)
    assert "try again later" in str(result.failure)
    assert (result.complete, result.gone) == (False, ())


def test_one_good_answer_forgives_the_failures_before() -> None:
    is_bad = iter([True, True, True, True, False] * 5)
    answers = {"/robots.txt": (404, {}, b""), "*": lambda _: (501, {}, b"") if next(is_bad) else OK}
    with serving(answers) as (base, _), session() as polite:
        for n in range(25):
            if n % 5 < 4:
                with pytest.raises(errors.BadStatus):
                    polite.get(f"{base}/{n}")
            else:
                assert polite.get(f"{base}/{n}").status == 200


def test_a_site_whose_answers_all_come_slowly_is_given_up() -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> Answer:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n")
        for _ in range(4):
            time.sleep(0.2)
            handler.wfile.write(b"x")
        return OK

    def pages(handler: BaseHTTPRequestHandler) -> Answer:
        return OK if handler.path == "/quick" else trickle(handler)

    with serving({"/robots.txt": (404, {}, b""), "*": pages}) as (base, requested), session() as polite:
        polite.limits = Limits(timeout_seconds=0.5)
        for n in range(5):
            polite.get(f"{base}/{n}")
        polite.get(f"{base}/quick")
        with pytest.raises(errors.SiteGivenUp, match="took 1 s"):
            for n in range(100):
                polite.get(f"{base}/again/{n}")
    assert len([path for path in paths(requested) if path.startswith("/again")]) == 10


def test_requests_to_one_origin_are_parted_by_the_recipe_s_delay() -> None:
    clock = QuickClock()
    answers = {"*": OK, "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 2")}
    with serving(answers) as (base, requested), session(clock, delay_seconds=9) as polite:
        polite.get(f"{base}/a")
        polite.get(f"{base.replace('http', 'HTTP')}/b")
    assert 16 < sum(clock.pauses) <= 18
    assert paths(requested) == ["/robots.txt", "/a", "/b"]


def test_who_we_are_and_where_to_write_is_in_every_request() -> None:
    with serving({"*": OK, "/robots.txt": (404, {}, b"")}) as (base, requested), session() as polite:
        polite.get(f"{base}/a")
    assert all(headers["User-Agent"] == "PlatformaBot/0.1 (+mailto:x@y.example)" for _, headers in requested)


ELSEWHERE = [
    "file:///etc/passwd", "ftp://x.lv/", "gopher://127.0.0.1:6379/_", "data:text/html,x", "javascript:alert(1)", "http://2852039166/",
    "http://0xA9FEA9FE/", "http://[::ffff:169.254.169.254]/", "http://user@127.0.0.1/", "http://x.lv\\@127.0.0.1/", "http://127.0.0.1:99999/",
    "http://[::1", "http://x..lv/",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_redirect_to_what_is_no_page_of_the_web_is_refused(target: str) -> None:
    with serving({"/a": (302, {"Location": target}, b""), "/robots.txt": (404, {}, b"")}) as (base, requested):
        with session() as polite, pytest.raises(errors.FetchError):
            polite.get(f"{base}/a")
        assert paths(requested) == ["/robots.txt", "/a"]


def test_nothing_of_this_machine_is_told_to_a_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\ndefault login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    answers = {"/a": (302, {"Location": "/b", "Set-Cookie": "a=b"}, b""), "/b": OK, "/robots.txt": (404, {}, b"")}
    with serving(answers) as (base, requested), session() as polite:
        assert polite.get(f"{base}/a").status == 200
    told = {name.lower() for _, headers in requested for name in headers}
    assert paths(requested) == ["/robots.txt", "/a", "/b"]
    assert told <= {"host", "user-agent", "accept", "accept-encoding", "accept-language", "connection"}


def test_validators_go_back_as_they_came() -> None:
    validators = PageValidators('W/"ā"'.encode().decode("latin-1"), "Wed, 21 Oct 2026 07:28:00 GMT")
    with serving({"*": (304, {}, b""), "/robots.txt": (404, {}, b"")}) as (base, requested), session() as polite:
        assert polite.get(f"{base}/a", validators).is_not_modified
        with pytest.raises(errors.BadStatus, match="304"):
            polite.get(f"{base}/a")
    sent = requested[1][1]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (validators.etag, validators.last_modified)


def test_validators_are_not_sent_on_to_where_an_address_redirects() -> None:
    known = PageValidators('"v1"', "Mon, 02 Feb 2026 10:00:00 GMT")

    def other(handler: BaseHTTPRequestHandler) -> Answer:
        return (304, {}, b"") if handler.headers.get("If-Modified-Since") else (200, {"ETag": '"other"'}, b"<h1>Cits</h1>")

    answers = {"/a": (301, {"Location": "/b"}, b""), "/b": other, "/c": (301, {"Location": "/c/"}, b""), "/c/": other}
    with serving(answers) as (base, requested), session() as polite:
        page = polite.get(f"{base}/a", known)
        assert (page.status, page.url, page.validators.etag) == (200, f"{base}/b", None)
        assert polite.get(f"{base}/c", known).is_not_modified, "a slash more is the same address"
    assert [path for path, headers in requested if "If-None-Match" in headers] == ["/a", "/c", "/c/"]


def test_a_wait_ends_soon_after_a_stop() -> None:
    clock = QuickClock()
    with pytest.raises(errors.Stopped):
        wait(600, clock, StopSignal(stop=lambda: len(clock.pauses) == 3))
    assert clock.pauses == [0.5, 0.5, 0.5]


def test_several_sessions_have_one_connection_to_an_address_at_a_time() -> None:
    at_once: list[int] = []
    open_now: set[int] = set()

    def count_in(handler: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], bytes]:
        open_now.add(handler.client_address[1])
        at_once.append(len(open_now))
        time.sleep(0.02)
        open_now.discard(handler.client_address[1])
        return OK

    with serving({"*": count_in}) as (base, _):
        threads = [threading.Thread(target=_fetch_five, args=(base,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(at_once) == 4 * 6
    assert set(at_once) == {1}


def _fetch_five(base: str) -> None:
    with session() as polite:
        for n in range(5):
            polite.get(f"{base}/{n}")


def test_who_comes_next_closes_the_idle_connections_of_who_was_before() -> None:
    gate, closed = gate_to("192.0.2.7"), []
    assert gate is gate_to("192.0.2.7")
    assert gate is not gate_to("192.0.2.8")
    first, second = (lambda: closed.append(1)), (lambda: closed.append(2))
    for close in (first, first, second, first):
        with gate.passing(close, StopSignal()):
            pass
    assert closed == [1, 2]


def test_who_waits_at_the_gate_can_be_stopped() -> None:
    gate = Gate()
    second = gate.passing(lambda: None, StopSignal(stop=lambda: True))
    with gate.passing(lambda: None, StopSignal()), pytest.raises(errors.Stopped):
        second.__enter__()


@pytest.mark.parametrize(
    ("window", "hours"),
    [("22-6", {22, 23, 0, 1, 2, 3, 4, 5}), ("1-3", {1, 2}), ("0-24", set(range(24))), ("23-1", {23, 0}), (None, set(range(24)))],
)
def test_night_windows(window: str | None, hours: set[int]) -> None:
    assert {hour for hour in range(24) if is_within(window, datetime(2026, 5, 1, hour, 59))} == hours


@pytest.mark.parametrize("window", ["22", "22-", "25-3", "3-3", "-1-4", "22:00-6:00", "a-b", ""])
def test_a_window_that_is_none_is_told_with_an_example(window: str) -> None:
    with pytest.raises(errors.RecipeError, match=r"limits\.hours.*22-6"):
        parse_recipe({"platform": "x", "limits": {"hours": window}})


@pytest.mark.parametrize("line", ["Crawl-delay: 1e9", "Crawl-delay: 86401", "Request-rate: 1/100000"])
def test_who_asks_for_a_pause_of_more_than_a_day_asks_not_to_be_read(line: str) -> None:
    answers = {"*": OK, "/robots.txt": (200, {}, f"User-agent: *\n{line}".encode())}
    with serving(answers) as (base, requested), session() as polite:
        with pytest.raises(
            errors.RobotsForbid, match="more than a day between two pages; to be read, the site must ask for a shorter one"
        ):
            polite.get(f"{base}/a")
        assert paths(requested) == ["/robots.txt"]


def test_a_pause_of_hours_is_heeded_as_far_as_a_crawl_can() -> None:
    clock = QuickClock()
    answers = {"*": OK, "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 10000")}
    with serving(answers) as (base, requested), session(clock) as polite:
        polite.get(f"{base}/a")
        polite.get(f"{base}/b")
    assert paths(requested) == ["/robots.txt", "/a", "/b"]
    assert 2 * MAX_DELAY_SECONDS - 2 < sum(clock.pauses) <= 2 * MAX_DELAY_SECONDS


@pytest.mark.parametrize(
    ("answer", "words"),
    [((500, {}, b""), "several times in a row (10)"), ((503, {"Retry-After": "9999"}, b""), "asks to wait 9999 s")],
    ids=["fails", "asks to wait"],
)
def test_another_host_that_fails_costs_its_own_pages_alone(answer: Answer, words: str) -> None:
    """A page of the site leads there for every second entry."""
    with serving({"/robots.txt": (404, {}, b""), "*": answer}) as (other, requested_there):
        elsewhere = other.replace("127.0.0.1", "localhost")
        urls = "".join(f"<url><loc>/project/{n}</loc></url>" for n in range(40))
        page = "<h1>Vieta {}</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p>"
        pages: dict[str, Answer] = {
            f"/project/{n}": (302, {"Location": f"{elsewhere}/{n}"}, b"") if n % 2 else (200, {}, page.format(n).encode())
            for n in range(40)
        }
        sitemap: Answer = (200, {}, f"<urlset>{urls}</urlset>".encode())
        state = MemoryState()
        with serving(pages | {"/sitemap.xml": sitemap, "/robots.txt": (404, {}, b"")}) as (base, _), session() as polite:
            result = crawl(Recipe(platform="x", url=f"{base}/", adapter="sitemap", limits=Limits()), polite, state)
    assert (result.failure, result.found, result.complete) == (None, 20, False)
    assert len([path for path in paths(requested_there) if path != "/robots.txt"]) <= 10
    told = [problem.message() for problem in state.problems]
    assert len([text for text in told if text.startswith("localhost") and words in text and "for nothing more" in text]) >= 10


def test_where_the_front_page_leads_is_the_site_s_own_and_ends_the_crawl() -> None:
    with serving({"/robots.txt": (404, {}, b""), "/": OK, "*": (500, {}, b"")}) as (other, _):
        elsewhere = other.replace("127.0.0.1", "localhost")
        urls = "".join(f"<url><loc>{elsewhere}/project/{n}</loc></url>" for n in range(40))
        answers: dict[str, Any] = {
            "/": (302, {"Location": f"{elsewhere}/"}, b""),
            "/robots.txt": (404, {}, b""),
            "/sitemap.xml": (200, {}, f"<urlset>{urls}</urlset>".encode()),
        }
        with serving(answers) as (base, _), session() as polite:
            result = crawl(Recipe(platform="x", url=f"{base}/", adapter="sitemap", limits=Limits()), polite, MemoryState())
    assert "the crawl ends here" in str(result.failure)

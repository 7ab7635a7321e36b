"""A page that ends its reader costs itself: the others come in, nothing is fetched twice, and the report says what happened."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Iterator
from datetime import date
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask, Response, request

from crawlers.crawl import crawl, propose
from crawlers.errors import BadContent, BadStatus, CrawlError, FetchError, HostBusy, RecipeError, SiteGivenUp, Stopped
from crawlers.fetch import Page, PoliteSession
from crawlers.fetch.probe import BudgetSpent
from crawlers.isolation import host, readers
from crawlers.isolation.host import CRASHED, TOO_BIG, TOO_MANY_LOST, TOO_SLOW, Host, ReaderFault
from crawlers.isolation.messages import Channel, ChannelClosed, Failure, ProposalJob
from crawlers.isolation.readers import Readers
from crawlers.recipe import Limits, Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import INTERRUPTED, LOST_PAGES, OUR_FAULT, MemoryState, PageLinks, PageValidators
from tests.crawlers.clocks import QuickClock
from tests.crawlers.remembering import Remembering, watched
from tests.crawlers.server import hostile

MEMBERS = 6
TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā. "


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Readers that die of certain words (tests.crawlers.dying_reader)."""
    script = Path(__file__).with_name("dying_reader.py")
    monkeypatch.setattr(readers, "COMMAND", (sys.executable, str(script)))
    processes = Readers()
    monkeypatch.setattr(host, "READERS", processes)
    yield
    processes.end()


def site(killers: dict[int, str], *, members: int = MEMBERS, front: str = "") -> Flask:
    """A site with a sitemap of members; the pages of `killers` kill in the way that stands there."""
    app = Flask("members")

    @app.get("/sitemap.xml")
    def sitemap() -> Response:
        urls = "".join(f"<url><loc>{request.host_url}members/{number}</loc></url>" for number in range(members))
        return Response(f"<urlset>{urls}</urlset>", mimetype="text/xml")

    @app.get("/members/<int:number>")
    def member(number: int) -> str:
        facts = f"<dl><dt>Valsts<dd>Latvija<dt>Vieta<dd>Cēsis<dt>E-pasts<dd>nav {number}</dl>"
        killer = f"<!-- KILL-{killers[number]} -->" if number in killers else ""
        return f"<html lang=lv><h1>Biedrība {number}</h1>{facts}<p>{TEXT * 5}{number}{killer}</html>"

    @app.get("/")
    def start() -> str:
        links = "".join(f"<li><a href='/members/{number}'>Biedrība {number}</a>" for number in range(members))
        return f"<html lang=lv><h1>Biedri</h1><ul>{links}</ul>{front}"

    return app


def sitemap_recipe(url: str, **limits: Any) -> Recipe:
    return Recipe(platform="x", url=url, adapter="sitemap", limits=Limits(**limits))


@pytest.mark.usefixtures("dying")
@pytest.mark.parametrize(
    ("death", "reason", "name"),
    [("FOREVER", TOO_SLOW, "lost_slow"), ("ABORT", TOO_BIG, "lost_big"), ("CRASH", CRASHED, "lost_broken")],
    ids=["time", "abort", "crash"],
)
def test_a_page_that_kills_costs_itself(death: str, reason: str, name: str) -> None:
    state = MemoryState()
    with watched(site({2: death})) as (url, requested), PoliteSession(None, True) as session:
        result = crawl(sitemap_recipe(url), session, state)
    assert sorted(record.title["lv"] for record in state.records.values()) == [f"Biedrība {n}" for n in (0, 1, 3, 4, 5)]
    assert [(problem.url, problem.reason) for problem in state.problems if problem.severity == "refused"] == [
        (f"{url}members/2", reason)
    ]
    assert (result.found, result.refused, result.complete, result.failure) == (MEMBERS - 1, 1, False, None)
    assert {each: result.cost[each] for each in LOST_PAGES if each in result.cost} == {name: 1}
    assert min(result.cost[each] for each in ("fetch_ms", "read_ms", "reader_megabytes")) > 0
    pages = [path for path in requested if path.startswith("/members/")]
    assert sorted(pages) == sorted(set(pages))


@pytest.mark.usefixtures("dying")
def test_a_page_without_enough_memory_costs_itself() -> None:
    state = MemoryState()
    with watched(site({0: "MEMORY", 5: "MEMORY"})) as (url, _), PoliteSession(None, True) as session:
        result = crawl(sitemap_recipe(url), session, state)
    assert (result.found, result.refused) == (MEMBERS - 2, 2)
    assert {problem.reason for problem in state.problems if problem.severity == "refused"} == {TOO_BIG}


@pytest.mark.usefixtures("dying")
def test_warnings_are_told_once_though_readers_die() -> None:
    state = Remembering()
    with watched(site({1: "ABORT", 4: "ABORT"})) as (url, requested), PoliteSession(None, True) as session:
        result = crawl(sitemap_recipe(url), session, state)
    warnings = [problem.url for problem in state.problems if problem.severity == "warning"]
    assert sorted(filter(None, warnings)) == [f"{url}members/{number}" for number in (0, 2, 3, 5)]
    assert set(state.ids) - {f"{url}#frame"} == {f"{url}members/{number}" for number in (0, 2, 3, 5)}
    assert requested.count("/sitemap.xml") == 1
    assert (result.found, result.refused) == (4, 2)


@pytest.mark.usefixtures("dying")
def test_a_page_that_moved_to_another_name_of_the_site_is_told_itself() -> None:
    """To know that the name is the site's own its front page is fetched, after the page that kills."""
    app, state = site({2: "ABORT"}), MemoryState()

    @app.before_request
    def redirects() -> Response | None:
        there = request.host_url.replace("127.0.0.1", "localhost")
        if request.path == "/sitemap.xml":
            urls = "".join(f"<url><loc>{request.host_url}{path}</loc></url>" for path in ("moved/2", "members/1"))
            return Response(f"<urlset>{urls}</urlset>", mimetype="text/xml")
        to = {"/moved/2": f"{there}members/2", "/": there}.get(request.path) if there != request.host_url else None
        return Response(status=302, headers={"Location": to}) if to else None

    with watched(app) as (url, _), PoliteSession(None, True) as session:
        result = crawl(sitemap_recipe(url), session, state)
    refused = [(problem.url, problem.reason) for problem in state.problems if problem.severity == "refused"]
    assert refused == [(f"{url}moved/2", TOO_BIG)]
    assert (result.found, result.gone) == (1, ())


@pytest.mark.usefixtures("dying")
def test_a_site_of_killers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is staged yet, since they are among the pages from which the site's frame is learnt first."""
    monkeypatch.setattr(host, "MAX_LOST_PAGES", 2)
    state = MemoryState()
    with watched(site(dict.fromkeys(range(1, 6), "ABORT"))) as (url, _), PoliteSession(None, True) as session:
        result = crawl(sitemap_recipe(url), session, state)
    assert (result.reason, result.values) == (TOO_MANY_LOST, {"pages": "3", "url": f"{url}members/3"})
    assert (result.complete, result.found, len(state.records)) == (False, 0, 0)


@pytest.mark.usefixtures("dying")
def test_a_stop_is_heeded_in_the_middle_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "SECONDS_TO_STOP", 0.3)
    state = MemoryState()
    with watched(site({3: "WAIT"})) as (url, requested), PoliteSession(None, True) as session:
        result = crawl(sitemap_recipe(url), session, state, stop=lambda: any("/members/3" in path for path in requested))
    assert (result.is_interrupted, result.failure, result.found) == (True, INTERRUPTED, 0)
    assert len(state.records) == 0


@pytest.mark.usefixtures("dying")
def test_the_crawls_time_ends_a_page_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "SECONDS_TO_STOP", 0.3)
    with watched(site({0: "WAIT"})) as (url, _), PoliteSession(None, True) as session:
        result = crawl(sitemap_recipe(url, seconds=2), session, MemoryState())
    assert result.is_interrupted


@pytest.mark.usefixtures("dying")
def test_a_proposal_goes_on_without_the_page_that_kills() -> None:
    with watched(site({2: "ABORT"})) as (url, requested), PoliteSession(None, True) as session:
        proposal = propose(url, session)
    assert len(proposal.samples) >= 3
    assert len(requested) == len(set(requested))


def test_a_proposal_tells_of_a_feed_that_is_none() -> None:
    app = site({})
    app.add_url_rule("/feed", view_func=lambda: "<main>Nekas</main>")
    with watched(app) as (url, _), PoliteSession(None, True) as session:
        proposal = propose(url, session)
    assert [each.failure.url for each in proposal.candidates if each.failure] == [f"{url}feed"]


@pytest.mark.usefixtures("dying")
def test_an_address_that_kills_is_told_as_what_it_is() -> None:
    with (
        watched(site({}, front="KILL-FOREVER")) as (url, _),
        PoliteSession(None, True) as session,
        pytest.raises(BadContent) as caught,
    ):
        propose(url, session)
    assert (caught.value.url, caught.value.reason) == (url, TOO_SLOW)


def test_a_fault_of_our_own_is_told_in_words_and_logged_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    with PoliteSession(None, True) as session, pytest.raises(ReaderFault) as caught:
        Host(session).run(ProposalJob(url=cast("str", 5)))
    assert caught.value.reason == OUR_FAULT
    assert "crawlers/discovery/discover.py" in caplog.text


def test_a_page_that_did_not_change_is_fetched_whole_where_it_is_asked_for_whole() -> None:
    """As a declared translation is, which the listing has read before with its validators."""
    validators = PageValidators(etag='"1"', leads=PageLinks(items=["https://x.lv/a"]))  # type: ignore[arg-type] # as a database gives them
    asked: list[PageValidators | None] = []

    class Session:
        def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
            asked.append(validators)
            return Page(url, 304 if validators else 200, {})

        def sitemaps(self, url: str) -> list[str]:
            return []

    hosted = Host(Session())
    statuses = [hosted.answer_get("https://x.lv/", each, None).status for each in (validators, None, validators, None)]
    assert (statuses, asked) == ([304, 200, 304, 200], [validators, None])


def test_a_reader_holds_nothing_of_the_last_site() -> None:
    for members in (3, 5):
        state = MemoryState()
        with watched(site({}, members=members)) as (url, _), PoliteSession(None, True) as session:
            assert crawl(sitemap_recipe(url), session, state).complete
        assert len(state.records) == members


def test_a_reader_has_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORMA_SMTP_PASSWORD", "secret")
    processes = Readers()
    with processes.reader() as reader:
        environment = Path(f"/proc/{reader.pid}/environ").read_bytes()
    processes.end()
    assert b"LANG=C.UTF-8" in environment
    assert b"secret" not in environment


def test_a_template_that_died_is_replaced() -> None:
    processes = Readers()
    with processes.reader() as first:
        os.kill(int(Path(f"/proc/{first.pid}/stat").read_text().split()[3]), signal.SIGKILL)
    with processes.reader() as second:
        assert second.pid != first.pid
    processes.end()


@pytest.mark.parametrize(
    "error",
    [
        FetchError("https://x.lv/", "reason %(what)s", values={"what": "x"}),
        BadStatus("https://x.lv/", "gone", is_gone=True),
        BudgetSpent("https://x.lv/", "spent"),
        SiteGivenUp("https://x.lv/", "enough of %(host)s", {"host": "x"}),
        Stopped(),
        RecipeError(name="x"),
        CrawlError("words"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_arrive_as_they_were(error: CrawlError | Stopped) -> None:
    arrived = Failure.of(error).error()
    assert str(arrived) == str(error)
    if not isinstance(error, RecipeError):
        assert type(arrived) is type(error)
        assert vars(arrived) == vars(error)


@pytest.mark.parametrize(
    "message",
    [
        Page("https://x.lv/", 200, {"etag": '"1"'}, b"\0\xff", date(2026, 5, 1)),
        Record("1", title={"lv": "\ud83d"}),
        RawRecord("1", None, {"title": ["a", 1, None]}),
        Problem("refused", "x", values={"a": "b"}),
        PageValidators("e", leads=PageLinks(("a",))),
        Recipe(platform="x", url="https://x.lv/"),
        frozenset({"a"}),
    ],
    ids=lambda message: type(message).__name__,
)
def test_data_passes(message: object) -> None:
    ours, theirs = Pipe()
    Channel(ours).send(message)
    assert Channel(theirs).receive() == message


@pytest.mark.parametrize(
    "name", ["os.system", "builtins.eval", "functools.partial", "crawlers.crawl.crawl", "crawlers.errors.Stopped"]
)
def test_code_does_not_pass(name: str) -> None:
    module, _, function = name.rpartition(".")
    ours, theirs = Pipe()
    ours.send_bytes(f"c{module}\n{function}\n.".encode())
    with pytest.raises(pickle.UnpicklingError, match="is no data"):
        Channel(theirs).receive()


def test_the_end_of_the_other_side_is_told() -> None:
    ours, theirs = Pipe()
    ours.close()
    with pytest.raises(ChannelClosed):
        Channel(theirs).receive()


def test_what_could_not_be_had_is_asked_for_once_whatever_is_remembered_of_it() -> None:
    with hostile() as (base, requested), PoliteSession(None, True, clock=QuickClock()) as session:
        crawling = Host(session)
        for validators in (None, PageValidators('"a"'), PageValidators('"b"')):
            with pytest.raises(BadStatus, match="404"):
                crawling.answer_get(f"{base}/missing", validators, None)
    assert requested == ["/robots.txt", "/missing"]


def test_errors_beyond_a_bound_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "MAX_KEPT_ERRORS", 1)
    with hostile() as (base, requested), PoliteSession(None, True, clock=QuickClock()) as session:
        crawling = Host(session)
        for _ in range(2):
            for path in ("missing", "gone"):
                with pytest.raises(BadStatus):
                    crawling.answer_get(f"{base}/{path}", None, None)
    assert requested == ["/robots.txt", "/missing", "/gone", "/gone"]


def test_a_host_that_was_busy_is_asked_once_it_is_free() -> None:
    answers = iter([False, True, True])
    with hostile() as (base, requested), PoliteSession(None, True, clock=QuickClock()) as session:
        session.may_ask = lambda _, seconds: seconds > 0 and next(answers)
        crawling = Host(session)
        with pytest.raises(HostBusy, match="is read for other platforms now"):
            crawling.answer_get(f"{base}/page", None, None)
        assert crawling.answer_get(f"{base}/page", None, None).status == 200
    assert requested == ["/robots.txt", "/page"]

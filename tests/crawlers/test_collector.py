"""The collector: what comes of an item, one outcome for each page, and what is staged and remembered of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Adapter, Gathering, Item, bounded
from crawlers.collector import Outcome, RecordCollector
from crawlers.crawl_run import run_crawl
from crawlers.discovery.discover import discover
from crawlers.errors import BadStatus, FetchError, SiteGivenUp, Stopped
from crawlers.fetch import Page, PoliteSession
from crawlers.fetch.probe import SiteProbe
from crawlers.item_reader import ItemReader
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.state import PageValidators
from tests.crawlers.remembering import TEXT, Remembering

RECIPE = Recipe(platform="p", url="https://p.example/")
LV, EN = "https://p.example/lv/ola", "https://p.example/en/ola"
TITLES = {LV: "Olu saimniecība pie upes", EN: "The egg farm by the river"}


def extract(page: Page, recipe: Recipe) -> Iterator[RawRecord]:
    """A record for each page, which declares both languages; none for a page that is empty."""
    if page.body == b"broken":
        raise RecursionError
    if page.body == b"untitled":
        yield RawRecord(page.url, page.url, {})
    elif page.body:
        lang = "lv" if page.url == LV else "en"
        yield RawRecord(page.url, page.url, {"title": TITLES[page.url]}, lang, alternates={"lv": LV, "en": EN})


class FakeSession(PoliteSession):
    """A session without a network: a page's body or error by its address."""

    def __init__(self, pages: dict[str, bytes | Exception]) -> None:
        super().__init__(None, allow_private=False)
        self.contents = pages
        self.requested: list[str] = []

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        self.requested.append(url)
        content = self.contents[url]
        if isinstance(content, Exception):
            raise content
        is_same = validators is not None and validators.etag == f'"{content!r}"'
        return Page(url, 304 if is_same else 200, {"etag": f'"{content!r}"'}, b"" if is_same else content, date(2026, 5, 1))


class OneFile(FakeSession):
    """A site of one page; no other address exists."""

    def __init__(self, url: str, body: bytes) -> None:
        super().__init__({url: body})

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        if url not in self.contents:
            raise BadStatus(url, "gone", is_gone=True)
        return super().get(url, validators, accept)

    def back_at(self, url: str) -> None:
        """Pages are read here."""

    def sitemaps(self, url: str) -> list[str]:
        return []


def collector(session: FakeSession, state: Remembering, adapter: Adapter | None = None) -> RecordCollector:
    adapter = adapter or replace(ADAPTERS["sitemap"], extract=extract)
    reader = ItemReader(adapter, RECIPE, session, state.validators_of, trusts_dates=True)
    return RecordCollector(reader, Normaliser(RECIPE), state)


def gone(url: str) -> FetchError:
    return BadStatus(url, "gone", is_gone=True)


@pytest.mark.parametrize(
    ("content", "is_whole", "gone_url"),
    [(gone(LV), True, LV), (BadStatus(LV, "broken"), False, None), (b"broken", False, None)],
    ids=["gone", "failing", "unreadable"],
)
def test_a_page_that_cannot_be_read_is_one_problem(content: bytes | Exception, is_whole: bool, gone_url: str | None) -> None:
    state = Remembering()
    (outcome,) = collector(FakeSession({LV: content}), state).take(Item(LV))
    assert (outcome.is_whole, outcome.gone_url) == (is_whole, gone_url)
    assert [(problem.severity, problem.url) for problem in outcome.problems] == [("refused", LV)]
    assert (state.records, state.ids) == ({}, {})


@pytest.mark.parametrize("error", [SiteGivenUp(LV, "enough", {}), Stopped()])
def test_what_ends_the_crawl_is_no_outcome(error: Exception) -> None:
    with pytest.raises(type(error)):
        list(collector(FakeSession({LV: error}), Remembering()).take(Item(LV)))


def test_a_record_that_is_refused_is_an_outcome_and_its_page_is_not_remembered() -> None:
    state = Remembering()
    (outcome,) = collector(FakeSession({LV: b"untitled"}), state).take(Item(LV))
    assert [problem.field for problem in outcome.problems] == ["title"]
    assert (outcome.is_whole, state.ids) == (True, {})


def test_a_page_that_did_not_change_keeps_its_records_without_an_outcome() -> None:
    state, session = Remembering(), FakeSession({LV: b"1"})
    list(collector(session, state).take(Item(LV, changed_at="2025-01-01")))
    for changed_at, requests in (("2025-01-01", 1), ("2025-01-02", 2)):
        again = collector(session, state)
        assert list(again.take(Item(LV, changed_at=changed_at))) == []
        assert again.remote_ids == state.same == {LV}
        assert len(session.requested) == requests


def test_an_adapter_that_depends_on_the_day_reads_unchanged_pages() -> None:
    state, session = Remembering(), FakeSession({LV: b"1"})
    daily = replace(ADAPTERS["sitemap"], extract=extract, depends_on_day=True)
    for _ in range(2):
        assert list(collector(session, state, daily).take(Item(LV, changed_at="2025-01-01"))) == [Outcome()]
    assert state.same == set()


def test_unchanged_translations_of_a_changed_page_are_read_first() -> None:
    state, session = Remembering(), FakeSession({LV: b"1", EN: b"1"})
    first = collector(session, state)
    assert [list(first.take(Item(url))) for url in (LV, EN)] == [[Outcome()], [Outcome()]]
    assert {id: record.title for id, record in state.records.items()} == {LV: {"lv": TITLES[LV], "en": TITLES[EN]}}
    state.records.clear()
    session.contents[EN] = b"2"
    second = collector(session, state)
    assert [list(second.take(Item(url))) for url in (LV, EN)] == [[], [Outcome(), Outcome()]]
    assert {id: record.title for id, record in state.records.items()} == {LV: {"lv": TITLES[LV], "en": TITLES[EN]}}


def test_a_page_that_was_staged_before_an_interruption_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    state, session = Remembering(), FakeSession({})
    monkeypatch.setattr(state, "staged", lambda url: frozenset({"1"}))
    resumed = collector(session, state)
    assert list(resumed.take(Item(LV))) == []
    assert (resumed.remote_ids, session.requested) == ({"1"}, [])


def test_problems_are_handed_out_once() -> None:
    normaliser = Normaliser(RECIPE)
    assert normaliser.record(RawRecord("1", None, {})) is None
    assert [problem.field for problem in normaliser.take_problems()] == ["title"]
    assert normaliser.take_problems() == []


def test_what_was_counted_before_the_site_was_given_up_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = ("https://p.example/a", LV, "https://p.example/b")
    pages: dict[str, bytes | Exception] = {
        urls[0]: gone(urls[0]),
        LV: b"1",
        urls[2]: SiteGivenUp(urls[2], "enough of %(host)s", {"host": "p"}),
    }
    listing = replace(ADAPTERS["sitemap"], gather=lambda _: iter(map(Item, urls)), extract=extract)
    monkeypatch.setitem(ADAPTERS, "sitemap", listing)
    state = Remembering()
    result = run_crawl(RECIPE.model_copy(update={"adapter": "sitemap"}), FakeSession(pages), state)
    assert (result.found, result.refused, result.gone, result.complete) == (1, 1, (urls[0],), False)
    assert (result.failure, result.values) == (f"{urls[2]}: enough of p", {"host": "p", "url": urls[2]})
    assert (result.is_interrupted, len(state.problems)) == (False, 1)


def test_a_listing_that_breaks_our_code_keeps_what_it_gave_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def gather(_: Gathering) -> Iterator[Item]:
        yield Item(LV)
        raise KeyError("nobody thought of this")

    monkeypatch.setitem(ADAPTERS, "sitemap", bounded("sitemap", replace(ADAPTERS["sitemap"], gather=gather, extract=extract)))
    state = Remembering()
    result = run_crawl(RECIPE.model_copy(update={"adapter": "sitemap"}), FakeSession({LV: b"1"}), state)
    assert (result.found, result.complete, result.refused, result.failure) == (1, False, 1, None)
    assert [problem.values for problem in state.problems] == [{"error": "KeyError"}]


def test_an_adapter_that_breaks_leaves_discovery_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(_: SiteProbe) -> Iterator[Recipe]:
        raise KeyError("nobody thought of this")

    page = f"<html lang=lv><h1>Biedrība</h1><dl><dt>Valsts<dd>Latvija<dt>Vieta<dd>Cēsis</dl><p>{TEXT}"
    monkeypatch.setitem(ADAPTERS, "wordpress", bounded("wordpress", replace(ADAPTERS["wordpress"], look=look)))
    proposal = discover("https://p.example/a", OneFile("https://p.example/a", page.encode()))
    assert proposal.samples
    assert "could not be read (KeyError)" in next(line for line in proposal.tried if line.startswith("wordpress"))

"""The polite, guarded session against a server that misbehaves in every way we know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from crawlers import errors
from crawlers.adapters import ADAPTERS
from crawlers.crawl import crawl
from crawlers.crawl_run import run_crawl
from crawlers.fetch import Page, PoliteSession
from crawlers.recipe import Limits, Recipe
from crawlers.record import RawRecord
from crawlers.state import MemoryState, PageValidators
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import hostile

SMALL = Limits(bytes_per_page=1_000_000, timeout_seconds=0.5)


def session(allow_private: bool = True, clock: QuickClock | None = None) -> PoliteSession:
    return PoliteSession("x@y.example", allow_private, SMALL, clock=clock or QuickClock())


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/missing", errors.BadStatus, "gone (404)"),
        ("/gone", errors.BadStatus, "gone (410)"),
        ("/broken", errors.BadStatus, "answers 500"),
        ("/busy", errors.BadStatus, "answers 429"),
        ("/slow", errors.Unreachable, "no answer within"),
        ("/huge", errors.TooLarge, "larger than 1,000,000 bytes"),
        ("/bomb", errors.TooLarge, "larger than 1,000,000 bytes"),
        ("/loop", errors.Unreachable, "redirects"),
        ("/file", errors.AddressRefused, "only http and https"),
        ("/cut", errors.Incomplete, "ends in the middle"),
    ],
)
def test_each_failure_is_a_clear_line(path: str, kind: type[errors.FetchError], says: str) -> None:
    with hostile() as (base, _), pytest.raises(kind) as caught, session() as polite:
        polite.get(base + path)
    assert says in str(caught.value)
    assert caught.value.url.startswith(("http://127.0.0.1", "file:"))


def test_broken_json_is_told_with_its_address() -> None:
    with hostile() as (base, _), session() as polite, pytest.raises(errors.BadContent, match="should be JSON"):
        polite.get(f"{base}/json").json()


def test_an_unknown_encoding_is_guessed_and_a_known_one_kept() -> None:
    with hostile() as (base, _), session() as polite:
        assert "Šķēle" in polite.get(f"{base}/encoding").text()
        assert "Šķēle" in polite.get(f"{base}/windows").text()


def test_retries_are_few_and_wait_as_asked() -> None:
    clock = QuickClock()
    with hostile() as (base, requested), session(clock=clock) as polite:
        assert polite.get(f"{base}/recovers").status == 200
        with pytest.raises(errors.BadStatus):
            polite.get(f"{base}/busy")
    assert requested.count("/busy") == 3
    assert 14 < sum(clock.pauses) < 20
    assert max(clock.pauses) <= 0.5, "a stop would have to wait"


def test_nobody_listening_is_unreachable() -> None:
    with session() as polite, pytest.raises(errors.Unreachable, match="check the address"):
        polite.get("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("robots", "status", "is_allowed"),
    [(b"User-agent: *\nDisallow: /", 200, False), (b"User-agent: *\nDisallow: /x", 200, True), (b"", 404, True),
     (b"", 500, False), (b"User-agent: PlatformaBot\nDisallow: /\n", 200, False), (b"\xff\xfe\x00", 200, True)],
)  # fmt: skip
def test_robots_txt_decides(robots: bytes, status: int, is_allowed: bool) -> None:
    with hostile(robots, status) as (base, requested), session() as polite:
        if is_allowed:
            assert polite.get(f"{base}/page").status == 200
        else:
            with pytest.raises(errors.RobotsForbid, match=r"robots\.txt"):
                polite.get(f"{base}/page")
            assert "/page" not in requested


def test_robots_txt_asks_for_a_delay() -> None:
    for rule in ("Crawl-delay: 5", "Request-rate: 1/5s"):
        clock = QuickClock()
        with hostile(f"User-agent: *\n{rule}".encode(), 200) as (base, _), session(clock=clock) as polite:
            polite.get(f"{base}/a")
        assert 4 < sum(clock.pauses) <= 5


def test_what_did_not_change_is_not_sent_again() -> None:
    with hostile() as (base, _), session() as polite:
        first = polite.get(f"{base}/kept")
        again = polite.get(f"{base}/kept", first.validators)
    assert (first.status, again.is_not_modified, again.body) == (200, True, b"")
    assert first.validators == PageValidators('"v1"', None, first.validators.content_hash)


def test_one_bad_page_leaves_the_rest_of_the_crawl_unharmed() -> None:
    paths = ("/project/one", "/broken/x", "/huge/x", "/missing/x", "/project/two")
    state = MemoryState()
    with hostile(listed=paths) as (base, _), session() as polite:
        recipe = Recipe(platform="x", url=f"{base}/", adapter="sitemap", limits=SMALL)
        result = crawl(recipe, polite, state)
    assert {next(iter(record.title.values())) for record in state.records.values()} == {"one", "two"}
    assert (result.found, result.failure, result.complete) == (2, None, False)
    assert len([problem for problem in state.problems if problem.severity == "refused"]) == 3
    assert result.gone == (f"{base}/missing/x",)


def test_a_page_that_breaks_the_extraction_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = ADAPTERS["sitemap"]

    def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
        if page.url.endswith("two"):
            raise RecursionError
        return adapter.extract(page, recipe)

    monkeypatch.setitem(ADAPTERS, "sitemap", replace(adapter, extract=extract))
    state = MemoryState()
    with hostile(listed=("/project/one", "/project/two", "/project/three")) as (base, _), session() as polite:
        result = run_crawl(Recipe(platform="x", url=f"{base}/", adapter="sitemap", limits=SMALL), polite, state)
    assert (result.found, result.complete) == (2, False)
    (problem,) = state.problems
    assert (problem.url, "could not be read" in problem.reason) == (f"{base}/project/two", True)


def test_an_adapter_for_files_only_is_told_so() -> None:
    with hostile() as (base, requested), session() as polite:
        result = crawl(Recipe(platform="x", url=f"{base}/", adapter="file", limits=SMALL), polite, MemoryState())
    assert "platforma import" in str(result.failure)
    assert requested == []


def test_why_no_connection_came_about_is_told_in_the_words_of_the_system() -> None:
    with session() as polite:
        result = crawl(Recipe.for_address("http://127.0.0.1:9/"), polite, MemoryState())
    assert result.failure == "http://127.0.0.1:9/: this cannot be reached (Connection refused); check the address"
    assert result.reason and result.values
    assert f"{result.values['url']}: {result.reason % dict(result.values)}" == result.failure


def test_a_site_without_initiatives_says_what_to_do() -> None:
    with hostile() as (base, _), session() as polite:
        result = crawl(Recipe.for_address(f"{base}/"), polite, MemoryState())
    assert result.failure is not None
    assert "no initiatives were recognised" in result.failure


def test_a_stop_while_the_site_is_discovered_is_no_failure_of_the_site() -> None:
    with hostile(listed=("/project/one", "/project/two")) as (base, requested), session() as polite:
        recipe = Recipe(platform="x", url=f"{base}/", adapter="auto", limits=SMALL)
        result = crawl(recipe, polite, MemoryState(), stop=lambda: len(requested) > 2)
    assert (result.is_interrupted, result.found) == (True, 0)

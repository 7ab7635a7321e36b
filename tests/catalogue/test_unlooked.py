"""Sites that nobody has looked at yet, and sites without an end: what they may cost."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Crawl, Platform
from platforma.catalogue.platforms import platform_states
from platforma.worker.crawl_job import run_due_jobs
from platforma.worker.due import MAX_PROPOSALS_PER_HOST, due_platforms
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.crawlers.changing_site import changing, page_of, sitemap
from tests.crawlers.clocks import QuickClock


@pytest.fixture
def catalogue(catalogue: CatalogueFixture) -> CatalogueFixture:
    """The catalogue, whose crawls may reach this machine."""
    catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
    return catalogue


def register(catalogue: CatalogueFixture, url: str, platform_id: str = "p", **recipe: object) -> None:
    """Propose a platform, as the form for partners does."""
    data = {"platform": platform_id, "title": platform_id, "url": url, "adapter": "sitemap"} | recipe
    proposal = platform_states.Proposal(url, platform_id, data, "partner@p.example", "lv")
    with catalogue.database.writing() as session:
        platform_states.propose_platform(session, proposal, actor="t")


def night(catalogue: CatalogueFixture) -> list[str]:
    """Ids of the platforms that are crawled on a night a day later than the one before."""
    with catalogue.database.writing() as session:
        day = timedelta(days=1, hours=1)
        for platform in session.query(Platform).where(Platform.next_crawl_at.is_not(None)):
            assert platform.next_crawl_at is not None
            platform.next_crawl_at -= day
        for crawl in session.query(Crawl):
            crawl.started_at -= day
    due = due_platforms(catalogue.database, "UTC")
    for platform_id in due:
        run_due_jobs(catalogue.services, platform_id, clock=QuickClock())
    return due


def test_a_registered_address_is_read_once_until_somebody_looks(catalogue: CatalogueFixture) -> None:
    with changing({"project/1": page_of("Vieta"), "sitemap.xml": sitemap("project/1")}) as (url, asked):
        register(catalogue, url)
        assert night(catalogue) == ["p"]
        first = len(asked)
        for _ in range(3):
            register(catalogue, url)
            register(catalogue, url.replace("http", "https").rstrip("/"), "q")
            assert night(catalogue) == []
        assert len(asked) == first
        with catalogue.database.writing() as session:
            platform_states.approve_platform(session, platform_id="p", actor="curator")
        assert night(catalogue) == night(catalogue) == ["p"]


def test_a_registered_address_that_fails_is_tried_three_times(catalogue: CatalogueFixture) -> None:
    register(catalogue, "http://127.0.0.1:9/")
    assert [night(catalogue) for _ in range(5)] == [["p"], ["p"], ["p"], [], []]


def test_many_registered_addresses_of_one_host_wait_for_days(catalogue: CatalogueFixture) -> None:
    with changing({"project/1": page_of("Vieta"), "sitemap.xml": sitemap("project/1")}) as (url, _):
        for number in range(5):
            register(catalogue, f"{url}{number}/", f"p{number}")
        crawled = []
        while due := due_platforms(catalogue.database, "UTC"):
            run_due_jobs(catalogue.services, due[0], clock=QuickClock())
            crawled.append(due[0])
        assert crawled == [f"p{number}" for number in range(MAX_PROPOSALS_PER_HOST)]
        assert night(catalogue) == ["p3", "p4"]


def test_a_site_without_an_end_costs_one_crawl_a_turn_after_a_day(catalogue: CatalogueFixture) -> None:
    numbers = count()

    class Endless(dict[str, str]):
        """Pages of initiatives that each link to one more."""

        def get(self, path: str, default: str | None = None) -> str:  # type: ignore[override]
            number = next(numbers)
            link = f'<a href="/project/{number}">x</a></html>'
            return "" if path == "robots.txt" or "sitemap" in path else page_of(f"Vieta {number}").replace("</html>", link)

    with changing(Endless()) as (url, _):
        register(catalogue, url, limits={"seconds": 1, "pages": 100_000, "delay_seconds": 0})
        with catalogue.database.writing() as session:
            platform_states.approve_platform(session, platform_id="p", actor="curator")
        waits = []
        for _ in range(2):
            run_due_jobs(catalogue.services, "p")
            with catalogue.database.writing() as session:
                platform = session.get_one(Platform, "p")
                assert platform.next_crawl_at is not None
                waits.append((platform.next_crawl_at - utc_now()) / timedelta(hours=1))
                platform.next_crawl_at = utc_now()
                for crawl in session.query(Crawl):
                    crawl.started_at -= timedelta(days=2)
    assert 0.9 < waits[0] < 1.1, "it goes on"
    assert 22 < waits[1] < 26, "it waits for its turn"

"""What a real browser tells of an opened page and of a followed link: counted once, with the words searched for, under our own policy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from platforma.catalogue.models import ListingVisits, VisitWords
from platforma.worker.indexing import ensure_index
from tests.browser.serving import served
from tests.people.desk import Desk, records
from tests.people.site_fixture import public_id
from vocabulary.languages import LANGUAGES

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PATIENCE_SECONDS = 10
"""A browser without a window calls itself headless, and is none that is counted."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.crawl(records(1, website="https://maize.example/"))
    ensure_index(desk.services)
    return desk


@pytest.fixture
def base(desk: Desk) -> Iterator[str]:
    with served(desk.app) as base:
        yield base


def opened(browser: Browser, *, scripts: bool = True) -> Page:
    """A browser's page in which other sites answer with nothing."""
    page = browser.new_context(user_agent=FIREFOX, java_script_enabled=scripts).new_page()
    page.route("https://maize.example/**", lambda route: route.fulfill(body="<title>x</title>", content_type="text/html"))
    return page


def counted(desk: Desk) -> tuple[int, int, int]:
    desk.services.visits.write()
    with desk.database.reading() as session:
        row = session.scalars(select(ListingVisits)).one_or_none()
        return (row.openings, row.websites, row.sources) if row else (0, 0, 0)


def wait_for(desk: Desk, numbers: tuple[int, int, int]) -> None:
    """Wait until so much was counted: a beacon comes after the click. Then see that nothing more comes with it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while counted(desk) != numbers and time.monotonic() < until:
        time.sleep(0.1)
    assert counted(desk) == numbers


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_way_from_the_results_over_the_page_to_the_website_is_counted(
    browser: Browser, desk: Desk, base: str, lang: str
) -> None:
    page = opened(browser)
    page.goto(f"{base}/{lang}/search?q=Ieraksts")
    page.locator("main a", has_text="Ieraksts 0").first.click()
    page.wait_for_url("**/initiatives/**")
    page.evaluate("navigator.serviceWorker.ready")
    wait_for(desk, (1, 0, 0))
    page.reload()
    wait_for(desk, (2, 0, 0))
    page.locator("a[data-leads=website]").click()
    page.wait_for_url("https://maize.example/**")
    wait_for(desk, (2, 1, 0))
    with desk.database.reading() as session:
        assert [row.words for row in session.scalars(select(VisitWords))] == ["ieraksts"]
    page.context.close()


def test_a_link_in_a_new_tab_is_counted_and_a_menu_is_not(browser: Browser, desk: Desk, base: str) -> None:
    page = opened(browser)
    page.goto(f"{base}/lv/initiatives/{public_id(desk, 'r00')}/")
    link = page.locator("a[data-leads=website]")
    link.click(button="right")
    link.click(button="middle")
    wait_for(desk, (1, 1, 0))
    page.context.close()


def test_without_scripts_the_page_counts_and_the_link_leads_on_uncounted(browser: Browser, desk: Desk, base: str) -> None:
    page = opened(browser, scripts=False)
    page.goto(f"{base}/lv/initiatives/{public_id(desk, 'r00')}/")
    page.locator("a[data-leads=website]").click()
    page.wait_for_url("https://maize.example/**")
    wait_for(desk, (1, 0, 0))
    page.context.close()

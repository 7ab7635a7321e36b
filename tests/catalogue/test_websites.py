"""Websites of listings: when they are looked at, when they are dead, and what is asked of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from crawlers.websites.looks import Look, Outcome
from platforma.catalogue.enums import WebsiteState
from platforma.catalogue.listings import edits, removal
from platforma.catalogue.models import Initiative, ListingWebsite, Website
from platforma.catalogue.websites import looked
from platforma.secret_key import secret_key
from platforma.settings import load_settings
from platforma.worker.maintenance import run_maintenance
from platforma.worker.website_watch import look_at_due_websites
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running

START = datetime(2031, 3, 3, 9, tzinfo=UTC)
URL = "https://saule.example/"
OF_PLATFORM = "https://p.example/"
"""The website of the platform's own listing."""
PAGE = Look(Outcome.PAGE, "Nosaukums 1", "lv", "saule.example")
GONE = Look(Outcome.GONE, reason="gone")
MISSING = Look(Outcome.NO_HOST, reason="no host")
BUSY = Look(Outcome.SILENT, reason="busy")
CLOSED = Look(Outcome.CLOSED, reason="robots")


@pytest.fixture
def catalogue(catalogue: CatalogueFixture) -> CatalogueFixture:
    """A catalogue with one published listing that names a website."""
    catalogue.propose()
    catalogue.crawl([record("1", website=URL)])
    return catalogue


def website(catalogue: CatalogueFixture) -> Website:
    with catalogue.database.reading() as session:
        return session.scalars(select(Website).where(Website.url == URL)).one()


def looks(catalogue: CatalogueFixture, *found: Look) -> list[timedelta]:
    """Store these looks, each when it is due; return the pauses after them."""
    pauses, now = [], START
    for one in found:
        with catalogue.database.writing() as session:
            looked.note_look(session, website(catalogue).key, one, now)
        pauses.append(website(catalogue).due_at - now)
        now = website(catalogue).due_at
    return pauses


def test_the_pauses_grow_while_nothing_changes(catalogue: CatalogueFixture) -> None:
    hours = [pause / timedelta(hours=1) for pause in looks(catalogue, *[PAGE] * 6)]
    assert hours == [12, 24, 7 * 24, 30 * 24, 30 * 24, 30 * 24]


@pytest.mark.parametrize("news", [GONE, BUSY, CLOSED, Look(Outcome.PAGE, "Nosaukums 1 un 2", "lv", "saule.example")])
def test_what_is_new_begins_the_pauses_again(catalogue: CatalogueFixture, news: Look) -> None:
    hours = [pause / timedelta(hours=1) for pause in looks(catalogue, PAGE, PAGE, PAGE, news, news)]
    assert hours == [12, 24, 7 * 24, 12, 24]


def test_three_looks_in_a_row_that_find_nothing_make_a_website_dead(catalogue: CatalogueFixture) -> None:
    looks(catalogue, PAGE, GONE, MISSING)
    assert website(catalogue).state == WebsiteState.SILENT
    looks(catalogue, GONE)
    assert website(catalogue).state == WebsiteState.DEAD
    assert website(catalogue).first_failed_at is not None


@pytest.mark.parametrize("between", [PAGE, BUSY, CLOSED])
def test_failures_with_something_else_between_are_not_in_a_row(catalogue: CatalogueFixture, between: Look) -> None:
    looks(catalogue, GONE, GONE, between, GONE)
    assert website(catalogue).state == WebsiteState.SILENT


@pytest.mark.parametrize(("found", "state"), [(BUSY, WebsiteState.SILENT), (CLOSED, WebsiteState.CLOSED)])
def test_what_does_not_answer_now_or_does_not_want_to_is_never_dead(
    catalogue: CatalogueFixture, found: Look, state: WebsiteState
) -> None:
    looks(catalogue, *[found] * 9)
    assert website(catalogue).state == state


def test_a_dead_website_lives_again_with_its_first_page(catalogue: CatalogueFixture) -> None:
    looks(catalogue, GONE, GONE, GONE, BUSY)
    assert website(catalogue).state == WebsiteState.DEAD
    looks(catalogue, PAGE)
    assert website(catalogue).state == WebsiteState.ALIVE
    assert website(catalogue).reason is None


def test_a_doubt_stays_until_the_page_is_as_it_was(catalogue: CatalogueFixture) -> None:
    casino = Look(Outcome.PAGE, "Best casino", "en", "saule.example")
    looks(catalogue, PAGE, casino, casino)
    assert website(catalogue).state == WebsiteState.OTHER
    assert website(catalogue).known["title"] == "Nosaukums 1"
    looks(catalogue, PAGE)
    assert website(catalogue).state == WebsiteState.ALIVE


def test_the_listing_leads_to_the_website_that_it_names_now(catalogue: CatalogueFixture) -> None:
    shown = catalogue.shown()["Nosaukums 1"]
    for url, count in (("https://cita.example/", 1), ("https://www.facebook.com/saule", 0), ("", 0)):
        with catalogue.database.writing() as session:
            edit = edits.Edit(shown.public_id, "website", "", "curator@sic.example", version=shown.version)
            edits.set_value(session, edit, url)
        shown = catalogue.shown()["Nosaukums 1"]
        run_maintenance(catalogue.services)
        with catalogue.database.reading() as session:
            links = select(ListingWebsite).join(Initiative, Initiative.id == ListingWebsite.initiative_id)
            assert len(session.scalars(links.where(Initiative.public_id == shown.public_id)).all()) == count
            assert [row.url for row in session.scalars(select(Website)) if row.url != OF_PLATFORM] == [url] * count


def test_a_removal_takes_what_is_known_of_the_website_with_it(catalogue: CatalogueFixture) -> None:
    shown = catalogue.shown()["Nosaukums 1"]
    with catalogue.database.writing() as session:
        key = secret_key(catalogue.settings)
        removal.suppress(session, public_id=shown.public_id, actor="curator@sic.example", reason="lūgums", key=key)
    with catalogue.database.reading() as session:
        assert [row.url for row in session.scalars(select(Website))] == [OF_PLATFORM]


class Front(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_page = self.path == "/"
        body = "<html lang=lv><title>Nosaukums 2 – sākums</title>".encode() if is_page else b""
        self.send_response(200 if is_page else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Silence."""


@pytest.fixture
def site() -> Iterator[str]:
    with running(Front) as base:
        yield base


def test_the_worker_looks_at_what_is_due_of_published_listings(catalogue: CatalogueFixture, site: str, database_url: str) -> None:
    folder = catalogue.settings.data_dir
    catalogue.settings = load_settings(data_dir=folder, database_url=database_url, crawl_private_hosts=True)
    catalogue.propose("waiting", approve=False)
    catalogue.crawl([record("3", website=f"{site}/hidden")], "waiting")
    catalogue.crawl([record("2", website=f"{site}/"), record("4", website=f"{site}/gone")])
    with catalogue.database.writing() as session:
        session.execute(update(Website).where(~Website.url.startswith(site)).values(due_at=datetime.now(UTC) + timedelta(days=9)))
    assert look_at_due_websites(catalogue.services, clock=QuickClock()) == 2
    assert look_at_due_websites(catalogue.services, clock=QuickClock()) == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=13), tick=False):
        assert look_at_due_websites(catalogue.services, stop=lambda: True, clock=QuickClock()) == 0
        assert look_at_due_websites(catalogue.services, clock=QuickClock()) == 2
    with catalogue.database.reading() as session:
        states = {row.url.removeprefix(site): row.state for row in session.scalars(select(Website))}
    assert states["/"] == WebsiteState.ALIVE
    assert states["/gone"] == WebsiteState.SILENT
    assert states["/hidden"] == WebsiteState.WAITING


def test_while_no_name_is_found_at_all_no_website_counts_as_missing(catalogue: CatalogueFixture) -> None:
    looks(catalogue, PAGE)
    for days in (1, 2, 9, 40):
        with time_machine.travel(START + timedelta(days=days), tick=False):
            look_at_due_websites(catalogue.services, clock=QuickClock())
    assert website(catalogue).state == WebsiteState.SILENT
    assert website(catalogue).reason
    assert website(catalogue).failures == 0


def test_hosts_that_were_there_are_known_by_name(catalogue: CatalogueFixture) -> None:
    looks(catalogue, Look(Outcome.PAGE, "Nosaukums 1", "lv", "127.0.0.1"))
    with catalogue.database.reading() as session:
        assert looked.alive_hosts(session, 5) == []
    looks(catalogue, PAGE)
    with catalogue.database.reading() as session:
        assert looked.alive_hosts(session, 5) == ["saule.example"]

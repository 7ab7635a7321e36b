"""Pictures of listings: fetched once, shown while a licence or a person allows it, gone with the listing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import time_machine
from alembic import command
from sqlalchemy import func, select

from crawlers.record import Record
from platforma.catalogue.database import alembic_config
from platforma.catalogue.listings import edits, removal
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import ListingPicture, Picture, PictureSource
from platforma.catalogue.pictures.shown import picture_bytes
from platforma.catalogue.platforms import platform_states
from platforma.secret_key import secret_key
from platforma.settings import load_settings
from platforma.worker.maintenance import run_maintenance
from platforma.worker.picture_fetching import fetch_due_pictures
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running
from tests.samples import images

LATER = datetime.now(UTC) + timedelta(days=40)
"""When what was fetched is to be asked for again."""


class Site:
    """A site with images: what it answers by path, and what it was asked (path, If-None-Match), robots.txt left out."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.status = 200
        self.asked: list[tuple[str, str | None]] = []
        self.base = ""


@pytest.fixture
def site() -> Iterator[Site]:
    with image_site() as site:
        yield site


@contextmanager
def image_site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            etag = f'"{hash(site.files.get(self.path))}"'
            if self.path != "/robots.txt":
                site.asked.append((self.path, self.headers.get("If-None-Match")))
            is_same = self.headers.get("If-None-Match") == etag and site.status == 200
            status = 304 if is_same else site.status if self.path in site.files else 404
            body = site.files[self.path] if status == 200 else b""
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silence."""

    with running(Handler) as site.base:
        yield site


@pytest.fixture
def catalogue(catalogue: CatalogueFixture, database_url: str) -> CatalogueFixture:
    """A catalogue whose crawlers may ask this machine, with one approved platform."""
    catalogue.settings = load_settings(data_dir=catalogue.settings.data_dir, database_url=database_url, crawl_private_hosts=True)
    catalogue.propose()
    return catalogue


def pictured(site: Site, number: str = "1", path: str = "/a.jpg", licence: str | None = "CC-BY-4.0", **more: Any) -> Record:
    """A record whose image is at the site."""
    site.files.setdefault(path, images.jpeg())
    return record(number, image=site.base + path, licence=licence, **more)


def fetch(catalogue: CatalogueFixture) -> int:
    return fetch_due_pictures(catalogue.services, clock=QuickClock())


def shown(catalogue: CatalogueFixture, number: str = "1") -> Listing:
    return catalogue.shown()[f"Nosaukums {number}"]


def count(catalogue: CatalogueFixture, table: Any) -> int:
    with catalogue.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def source(catalogue: CatalogueFixture) -> PictureSource:
    with catalogue.database.reading() as session:
        return session.scalars(select(PictureSource)).one()


def test_an_image_with_a_licence_becomes_the_picture_of_its_listing(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([pictured(site)])
    assert shown(catalogue).picture is None
    fetch(catalogue)
    picture = shown(catalogue).picture
    assert picture is not None
    assert (picture.width, picture.height, picture.thumb_width) == (200, 100, 120)
    with catalogue.database.reading() as session:
        for size in ("page", "thumb"):
            assert (picture_bytes(session, picture.hash, size) or b"")[8:12] == b"WEBP"


def test_without_a_licence_nothing_is_fetched(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([pictured(site, licence=None)])
    fetch(catalogue)
    assert site.asked == []
    assert shown(catalogue).picture is None
    assert count(catalogue, PictureSource) == 0


def test_a_licence_of_another_record_says_nothing_about_this_ones_image(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.propose("q")
    same = {"website": "https://saule.example/"}
    catalogue.crawl([pictured(site, licence=None, **same)])
    catalogue.crawl([record("1", "Nosaukums 1", licence="CC-BY-4.0", **same)], "q")
    assert len(shown(catalogue).sources) == 2
    assert shown(catalogue).get("licence") == "CC-BY-4.0"
    fetch(catalogue)
    assert site.asked == []


def test_a_licence_that_is_given_later_brings_the_picture_and_one_that_is_taken_away_hides_it(
    catalogue: CatalogueFixture, site: Site
) -> None:
    catalogue.crawl([pictured(site, licence=None)])
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    assert shown(catalogue).picture
    catalogue.crawl([pictured(site, licence=None)])
    assert shown(catalogue).picture is None
    run_maintenance(catalogue.services)
    assert count(catalogue, Picture) == 0


def test_an_image_that_a_curator_gives_needs_no_licence(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([record("1")])
    site.files["/logo.png"] = images.encoded(images.halves(), "PNG")
    listing = shown(catalogue)
    with catalogue.database.writing() as session:
        edit = edits.Edit(listing.public_id, "image", "", "curator@sic.example", listing.version)
        edits.set_value(session, edit, f"{site.base}/logo.png")
    fetch(catalogue)
    assert shown(catalogue).picture


def test_a_second_crawl_asks_for_nothing_and_after_a_month_for_changes_only(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    kept = shown(catalogue).picture
    catalogue.crawl([pictured(site)])
    assert fetch(catalogue) == 0
    assert len(site.asked) == 1
    with time_machine.travel(LATER, tick=False):
        fetch(catalogue)
        assert site.asked[1][1] is not None
        assert fetch(catalogue) == 0
    assert shown(catalogue).picture == kept
    assert count(catalogue, Picture) == 1


def test_an_image_that_changed_at_its_address_is_shown_anew_and_the_former_one_goes(
    catalogue: CatalogueFixture, site: Site
) -> None:
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    former = shown(catalogue).picture
    site.files["/a.jpg"] = images.jpeg(images.halves(300, 300))
    with time_machine.travel(LATER, tick=False):
        fetch(catalogue)
    picture = shown(catalogue).picture
    assert picture and former and picture.hash != former.hash
    run_maintenance(catalogue.services)
    assert count(catalogue, Picture) == 1


def test_a_new_address_is_fetched_and_the_former_one_forgotten(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    catalogue.crawl([pictured(site, path="/b.jpg")])
    fetch(catalogue)
    run_maintenance(catalogue.services)
    assert [path for path, _ in site.asked] == ["/a.jpg", "/b.jpg"]
    assert source(catalogue).url == f"{site.base}/b.jpg"
    assert shown(catalogue).picture


def test_two_platforms_with_one_picture_keep_it_once(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.propose("q")
    catalogue.crawl([pictured(site)])
    catalogue.crawl([pictured(site, "2", "/copy.jpg")], "q")
    catalogue.crawl([pictured(site, "1"), pictured(site, "3")])
    fetch(catalogue)
    assert count(catalogue, Picture) == 1
    assert count(catalogue, PictureSource) == 2
    assert {shown(catalogue, number).picture for number in "123"} == {shown(catalogue).picture}


def test_a_site_that_fails_for_a_day_keeps_its_picture_and_one_that_lost_it_does_not(
    catalogue: CatalogueFixture, site: Site
) -> None:
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    with time_machine.travel(LATER, tick=False):
        site.status = 500
        fetch(catalogue)
        assert source(catalogue).reason
        assert shown(catalogue).picture
        assert fetch(catalogue) == 0
    with time_machine.travel(LATER + timedelta(days=2), tick=False):
        site.status = 410
        fetch(catalogue)
    assert shown(catalogue).picture is None
    assert source(catalogue).state == "refused"


def test_what_is_no_image_is_refused_with_a_reason_and_not_asked_for_each_night(catalogue: CatalogueFixture, site: Site) -> None:
    site.files["/a.jpg"] = images.SVG
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    assert "no PNG, JPEG" in (source(catalogue).reason or "")
    assert fetch(catalogue) == 0


def test_a_removed_listing_takes_its_picture_with_it_at_once(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([pictured(site), pictured(site, "2", "/other.jpg")])
    site.files["/other.jpg"] = images.jpeg(images.halves(90, 90))
    fetch(catalogue)
    listing, other = shown(catalogue), shown(catalogue, "2")
    assert listing.picture and other.picture
    with catalogue.database.writing() as session:
        removal.suppress(session, public_id=listing.public_id, actor="a", reason="lūgums", key=secret_key(catalogue.settings))
    with catalogue.database.reading() as session:
        assert picture_bytes(session, listing.picture.hash, "page") is None
        assert picture_bytes(session, other.picture.hash, "page")
    assert (count(catalogue, ListingPicture), count(catalogue, PictureSource), count(catalogue, Picture)) == (1, 1, 1)


def test_a_removed_listing_leaves_the_picture_that_another_shows(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([pictured(site), pictured(site, "2")])
    fetch(catalogue)
    with catalogue.database.writing() as session:
        removal.suppress(session, public_id=shown(catalogue).public_id, actor="a", reason="r", key=secret_key(catalogue.settings))
    assert shown(catalogue, "2").picture


def test_a_picture_of_a_platform_that_left_is_not_served(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    picture = shown(catalogue).picture
    assert picture
    with catalogue.database.writing() as session:
        platform_states.leave_platform(session, platform_id="p", actor="test")
    with catalogue.database.reading() as session:
        assert picture_bytes(session, picture.hash, "page") is None


def test_a_listing_that_waits_for_a_decision_is_not_fetched_for(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.propose("waits", approve=False)
    catalogue.crawl([pictured(site)], "waits")
    fetch(catalogue)
    assert site.asked == []


def test_a_private_address_is_not_asked_where_that_is_not_allowed(catalogue: CatalogueFixture, site: Site) -> None:
    catalogue.settings = load_settings(data_dir=catalogue.settings.data_dir, database_url=catalogue.settings.database_url)
    catalogue.crawl([pictured(site)])
    fetch(catalogue)
    assert site.asked == []
    assert source(catalogue).state == "refused"


def test_a_catalogue_from_before_wants_the_images_that_it_may_show(catalogue: CatalogueFixture, site: Site) -> None:
    """Its listings are not composed again by the migration, and none of them changes."""
    catalogue.crawl([pictured(site), pictured(site, "2", "/closed.jpg", licence=None), record("3")])
    with catalogue.database.engine.connect() as connection:
        for step, version in ((command.downgrade, "0009"), (command.upgrade, "head")):
            step(alembic_config(connection), version)
            connection.commit()
    assert source(catalogue).url == f"{site.base}/a.jpg"
    fetch(catalogue)
    assert {number: bool(shown(catalogue, number).picture) for number in "123"} == {"1": True, "2": False, "3": False}

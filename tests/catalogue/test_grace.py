"""What a source lists no more: public and found for seven days, then archived, back by itself; joined listings too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import edits, grace, listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import Record as Row
from platforma.catalogue.platforms import platform_states
from platforma.worker.indexing import ensure_index
from search.port import Query
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

BEGIN = datetime(2026, 3, 1, 3, tzinfo=UTC)
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
TWELVE = [record(str(n)) for n in range(12)]
SAULE = {"website": "https://saule.example/"}


def crawl_at(catalogue: CatalogueFixture, when: datetime, records: Sequence[Record], platform_id: str = "p") -> None:
    with time_machine.travel(when, tick=False):
        assert catalogue.crawl(records, platform_id).state == "done"


def archive_at(catalogue: CatalogueFixture, when: datetime) -> int:
    with catalogue.database.writing() as session:
        return grace.archive_overdue(session, when)


def listing_of(catalogue: CatalogueFixture, title: str) -> Listing:
    """The listing of this Latvian title, found by its record, whether it is public or archived."""
    with catalogue.database.reading() as session:
        rows = [row for row in session.scalars(select(Row)) if row.payload["title"]["lv"] == title]
        listing = listing_queries.listing(session, rows[0].initiative.public_id)
        return listing if isinstance(listing, Listing) else listing_queries.listing(session, listing.public_id)  # type: ignore[return-value]


def hit_count(catalogue: CatalogueFixture, folder: Path, words: str) -> int:
    services = catalogue.services
    ensure_index(services)
    return services.engine.search(Query(text=f'"{words}"', relax=False)).total


def test_what_is_gone_stays_public_and_found_for_seven_days(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.propose()
    crawl_at(catalogue, BEGIN, TWELVE)
    crawl_at(catalogue, BEGIN + DAY, TWELVE[1:])
    gone = listing_of(catalogue, "Nosaukums 0")
    assert (gone.state, gone.is_gone, hit_count(catalogue, tmp_path, "Nosaukums 0")) == ("published", True, 1)
    assert archive_at(catalogue, BEGIN + 8 * DAY - MOMENT) == 0
    assert (listing_of(catalogue, "Nosaukums 0").state, hit_count(catalogue, tmp_path, "Nosaukums 0")) == ("published", 1)
    assert archive_at(catalogue, BEGIN + 8 * DAY) == 1
    assert (listing_of(catalogue, "Nosaukums 0").state, hit_count(catalogue, tmp_path, "Nosaukums 0")) == ("archived", 0)
    assert archive_at(catalogue, BEGIN + 30 * DAY) == 0


def test_it_returns_by_itself_and_its_grace_begins_anew(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.propose()
    crawl_at(catalogue, BEGIN, TWELVE)
    crawl_at(catalogue, BEGIN + DAY, TWELVE[1:])
    crawl_at(catalogue, BEGIN + 6 * DAY, TWELVE)
    assert not listing_of(catalogue, "Nosaukums 0").is_gone
    crawl_at(catalogue, BEGIN + 7 * DAY, TWELVE[1:])
    assert archive_at(catalogue, BEGIN + 14 * DAY - MOMENT) == 0
    assert archive_at(catalogue, BEGIN + 14 * DAY) == 1
    crawl_at(catalogue, BEGIN + 20 * DAY, TWELVE)
    back = listing_of(catalogue, "Nosaukums 0")
    assert (back.state, back.is_gone, hit_count(catalogue, tmp_path, "Nosaukums 0")) == ("published", False, 1)
    crawl_at(catalogue, BEGIN + 21 * DAY, TWELVE[1:])
    assert archive_at(catalogue, BEGIN + 28 * DAY - MOMENT) == 0
    assert archive_at(catalogue, BEGIN + 28 * DAY) == 1


def joined(catalogue: CatalogueFixture) -> None:
    """A listing of `a` with which one of `b` was joined, among others of each."""
    for id in ("a", "b"):
        catalogue.propose(id)
        crawl_at(catalogue, BEGIN, [record("s", "Saule", **SAULE), *TWELVE], id)


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_a_joined_listing_stands_as_long_as_any_record_behind_it(
    catalogue: CatalogueFixture, tmp_path: Path, first: str, second: str
) -> None:
    joined(catalogue)
    crawl_at(catalogue, BEGIN + DAY, TWELVE, first)
    assert archive_at(catalogue, BEGIN + 30 * DAY) == 1
    assert (listing_of(catalogue, "Saule").state, hit_count(catalogue, tmp_path, "Saule")) == ("published", 1)
    crawl_at(catalogue, BEGIN + 31 * DAY, TWELVE, second)
    assert (listing_of(catalogue, "Saule").state, hit_count(catalogue, tmp_path, "Saule")) == ("published", 1)
    assert archive_at(catalogue, BEGIN + 38 * DAY) == 1
    assert (listing_of(catalogue, "Saule").state, hit_count(catalogue, tmp_path, "Saule")) == ("archived", 0)


@pytest.mark.parametrize("id", ["a", "b"])
def test_an_archived_joined_listing_returns_with_whichever_record_does(
    catalogue: CatalogueFixture, tmp_path: Path, id: str
) -> None:
    joined(catalogue)
    for each in ("a", "b"):
        crawl_at(catalogue, BEGIN + DAY, TWELVE, each)
    assert archive_at(catalogue, BEGIN + 8 * DAY) == 2
    assert listing_of(catalogue, "Saule").state == "archived"
    crawl_at(catalogue, BEGIN + 9 * DAY, [record("s", "Saule", **SAULE), *TWELVE], id)
    assert (listing_of(catalogue, "Saule").state, hit_count(catalogue, tmp_path, "Saule")) == ("published", 1)


def test_a_refused_platforms_record_neither_keeps_nor_returns_a_listing(catalogue: CatalogueFixture) -> None:
    joined(catalogue)
    crawl_at(catalogue, BEGIN + DAY, TWELVE, "a")
    assert archive_at(catalogue, BEGIN + 8 * DAY) == 1
    with catalogue.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="b", actor="c", reason="tests")
    assert listing_of(catalogue, "Saule").state == "archived"
    with catalogue.database.writing() as session:
        platform_states.approve_platform(session, platform_id="b", actor="c")
    assert listing_of(catalogue, "Saule").state == "published"


def test_an_archived_listing_comes_back_archived_with_its_platform(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    crawl_at(catalogue, BEGIN, TWELVE)
    crawl_at(catalogue, BEGIN + DAY, TWELVE[1:])
    archive_at(catalogue, BEGIN + 8 * DAY)
    with catalogue.database.writing() as session:
        platform_states.leave_platform(session, platform_id="p", actor="c")
    with pytest.raises(NotFound):
        listing_of(catalogue, "Nosaukums 0")
    with catalogue.database.writing() as session:
        platform_states.approve_platform(session, platform_id="p", actor="c")
    assert (listing_of(catalogue, "Nosaukums 0").state, listing_of(catalogue, "Nosaukums 1").state) == ("archived", "published")


def test_what_a_curator_refused_stays_refused_when_it_goes_and_returns(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    crawl_at(catalogue, BEGIN, TWELVE)
    with catalogue.database.writing() as session:
        edits.refuse(session, public_id=catalogue.shown()["Nosaukums 0"].public_id, actor="c", reason="tests")
    before = set(catalogue.shown())
    assert "Nosaukums 0" not in before
    crawl_at(catalogue, BEGIN + DAY, TWELVE[1:])
    archive_at(catalogue, BEGIN + 8 * DAY)
    crawl_at(catalogue, BEGIN + 9 * DAY, TWELVE)
    assert set(catalogue.shown()) == before

"""What is new is read from an index, however much there is: the databases' own plans say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import waiting
from platforma.catalogue.desk import queues, translations
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.newest_mix import newest_mixed
from platforma.catalogue.models import Initiative
from platforma.catalogue.partners import claim_queue, claims
from platforma.catalogue.pictures.fetched import due_images
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

BY_AGE = "ORDER BY initiatives.published_at DESC"
READS: dict[str, Callable[[Session], object]] = {
    "newest": lambda session: listing_queries.newest(session, 6),
    "newest of a platform": lambda session: listing_queries.newest(session, 6, "large"),
    "newest mixed": lambda session: newest_mixed(session, 6, date(2026, 11, 29)),
}
QUEUES: dict[str, Callable[[Session], object]] = {
    "how many": lambda session: session.execute(queues.queue("new").waiting()).one(),
    "the next": lambda session: waiting.queued(session, ["listing"], skip=0, limit=1, taken=()),
    "alike": lambda session: listing_queries.counts_alike(session, "large"),
    "the youngest": listing_queries.newest_waiting,
    "a platform's": lambda session: listing_queries.new_listings(session, limit=5, platform_id="small"),
    "claims": lambda session: session.execute(queues.queue("claims").waiting()).one(),
    "claimed listings": lambda session: claim_queue.all_listings(session, limit=5, offset=0),
    "the claims of a listing": lambda session: claims.claims_of(session, "abcdefghij"),
    "whether one is kept": lambda session: claims.kept_since(session, "abcdefghij"),
    "one's own claims": lambda session: claims.own_claims(session, 1),
    "pictures": lambda session: due_images(session, utc_now(), 10),
}


@pytest.fixture
def large(catalogue: CatalogueFixture, monkeypatch: pytest.MonkeyPatch) -> CatalogueFixture:
    """A large and a small platform; each listing was published at a minute of its own, those of the small one first."""
    monkeypatch.setattr(listing_queries, "MAX_SORTED", 20)
    catalogue.load([record(f"s{number}") for number in range(5)], "small")
    catalogue.load([record(f"l{number}") for number in range(300)], "large")
    with catalogue.database.writing() as session:
        for number, row in enumerate(session.scalars(select(Initiative).order_by(Initiative.id))):
            row.published_at = utc_now() + timedelta(minutes=number)
    return catalogue


def plans(
    catalogue: CatalogueFixture, read: Callable[[Session], object], part: str = "", avoided: Sequence[str] = ("seqscan",)
) -> list[str]:
    """The plans of the statements of a read that have this part; of PostgreSQL's ways to read, these are avoided."""
    seen: list[tuple[str, Any]] = []

    def keep(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        seen.append((statement, parameters))

    is_sqlite = catalogue.settings.is_sqlite
    with catalogue.database.reading() as session:
        event.listen(session.get_bind(), "before_cursor_execute", keep)
        try:
            read(session)
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", keep)
        if not is_sqlite:
            for way in avoided:
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        explain, connection = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN", session.connection()
        asked = [connection.exec_driver_sql(f"{explain} {one}", values) for one, values in seen if part in one]
        return ["\n".join(str(row[-1]) for row in rows) for rows in asked]


@pytest.mark.parametrize("name", READS)
def test_the_newest_are_read_in_the_order_of_an_index(large: CatalogueFixture, name: str) -> None:
    found = plans(large, READS[name], BY_AGE)
    assert found
    for plan in found:
        assert "ix_initiatives_published_at" in plan, plan
        assert "TEMP B-TREE" not in plan and "Seq Scan" not in plan, plan
        scans = [line for line in plan.splitlines() if line.startswith("SCAN") and "USING INDEX" not in line]
        assert not [line for line in scans if "initiatives" in line or "records" in line], plan


@pytest.mark.parametrize("name", QUEUES)
def test_what_waits_is_found_in_indexes_listing_by_listing(large: CatalogueFixture, name: str) -> None:
    found = plans(large, QUEUES[name])
    assert found
    for plan in found:
        assert "hashed SubPlan" not in plan, plan
        assert not re.search(r"(Seq Scan on|SCAN) (initiatives|records|listing_pictures|listing_facts)", plan), plan


def test_listings_without_a_text_are_counted_in_an_index_alone(large: CatalogueFixture) -> None:
    avoided = "seqscan", "indexscan", "bitmapscan"
    (plan,) = plans(large, lambda session: session.execute(translations.count_and_oldest()).one(), "text_languages", avoided)
    assert re.search(r"(COVERING INDEX|Index Only Scan using) ix_initiatives_text_languages", plan), plan


@pytest.mark.parametrize(("platform", "newest"), [("large", "l299"), ("small", "s4")])
def test_a_platform_has_its_own_newest_whether_it_has_many_or_few(large: CatalogueFixture, platform: str, newest: str) -> None:
    with large.database.reading() as session:
        found = listing_queries.newest(session, 6, platform)
    assert len(found) == (6 if platform == "large" else 5)
    assert found[0].sources[0].remote_id == newest and {one.sources[0].platform_id for one in found} == {platform}
    assert [one.published_at for one in found] == sorted((one.published_at for one in found), reverse=True)  # type: ignore[type-var] # all are published

"""What is new is read from an index, however much there is: the databases' own plans say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.newest_mix import newest_mixed
from platforma.catalogue.models import Initiative
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

BY_AGE = "ORDER BY initiatives.published_at DESC"
READS: dict[str, Callable[[Session], object]] = {
    "newest": lambda session: listing_queries.newest(session, 6),
    "newest of a platform": lambda session: listing_queries.newest(session, 6, "large"),
    "newest mixed": lambda session: newest_mixed(session, 6, date(2026, 11, 29)),
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


def statements(session: Session, read: Callable[[Session], object]) -> list[tuple[str, Any]]:
    """The statements of a read that go by the age of listings, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def keep(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        seen.append((statement, parameters))

    event.listen(session.get_bind(), "before_cursor_execute", keep)
    try:
        read(session)
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", keep)
    return [(statement, parameters) for statement, parameters in seen if BY_AGE in statement]


@pytest.mark.parametrize("name", READS)
def test_the_newest_are_read_in_the_order_of_an_index(large: CatalogueFixture, name: str) -> None:
    is_sqlite = large.settings.is_sqlite
    with large.database.reading() as session:
        asked = statements(session, READS[name])
        assert asked
        if not is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in asked:
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
            rows = session.connection().exec_driver_sql(f"{explain} {statement}", parameters)
            plan = "\n".join(str(row[-1]) for row in rows)
            assert "ix_initiatives_published_at" in plan, plan
            assert "TEMP B-TREE" not in plan and "Seq Scan" not in plan, plan
            scans = [line for line in plan.splitlines() if line.startswith("SCAN") and "USING INDEX" not in line]
            assert not [line for line in scans if "initiatives" in line or "records" in line], plan


@pytest.mark.parametrize(("platform", "newest"), [("large", "l299"), ("small", "s4")])
def test_a_platform_has_its_own_newest_whether_it_has_many_or_few(large: CatalogueFixture, platform: str, newest: str) -> None:
    with large.database.reading() as session:
        found = listing_queries.newest(session, 6, platform)
    assert len(found) == (6 if platform == "large" else 5)
    assert found[0].sources[0].remote_id == newest and {one.sources[0].platform_id for one in found} == {platform}
    assert [one.published_at for one in found] == sorted((one.published_at for one in found), reverse=True)  # type: ignore[type-var] # all are published

"""What is public is counted by its month in UTC and by what it is, and what it lacks by platform, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from crawlers.record import Record
from platforma.catalogue import public_statistics
from platforma.catalogue.database import Database
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.lists import choosing, gaps
from platforma.catalogue.lists.gaps import GAPS
from platforma.catalogue.models import Initiative

RECORDS = [
    Record("a", title={"lv": "Pirmais"}, kind="project", country="LV", themes=("youth", "culture"), place="Rīga"),
    Record("b", title={"en": "Second"}, kind="event", country="EE", sectors=("ngo",)),
]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    import_records(database, "avots", RECORDS, actor="t", secret_key=b"k" * 32)
    with database.writing() as session:
        for row in session.scalars(select(Initiative).where(Initiative.is_only_name.is_(False))):
            row.published_at = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    yield database
    database.dispose()


def test_months_are_in_utc_whatever_the_time_zone_of_the_connection(database: Database) -> None:
    with database.reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET TIME ZONE 'Europe/Riga'"))
        found = public_statistics.published(session)
    assert (found.total, found.with_place, found.by_month) == (2, 1, {"2026-01": 2})
    assert found.of["theme"] == {"youth": {"2026-01": 1}, "culture": {"2026-01": 1}, "unknown": {"2026-01": 1}}
    assert found.of["sector"] == {"ngo": {"2026-01": 1}, "unknown": {"2026-01": 1}}


def test_gaps_are_as_many_as_the_staffs_list_chooses(database: Database) -> None:
    with database.reading() as session:
        everything, of_platform = gaps.gaps(session), gaps.gaps_by_platform(session)["avots"]
        chosen = {name: choosing.count(session, gaps.choice(name, "avots")) for name in GAPS}
    assert everything == of_platform
    assert of_platform.lacking == chosen == {"kind": 0, "sector": 1, "theme": 1, "country": 0, "place": 1, "lv": 1, "en": 1}

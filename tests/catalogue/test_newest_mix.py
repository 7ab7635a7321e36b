"""What is new, mixed over the platforms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import upgrade
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings.newest_mix import newest_mixed
from platforma.catalogue.models import Initiative
from platforma.services import open_services
from tests.web.site import settings_in

TODAY = date(2026, 11, 29)


def mixed(folder: Path, platforms: dict[str, Sequence[Record]], limit: int = 6) -> list[str]:
    """The titles of what is new, where the platforms were published one after the other, the last one last."""
    settings = settings_in(folder)
    upgrade(settings)
    with open_services(settings) as services:
        for platform_id, records in platforms.items():
            import_records(services.database, platform_id, records, actor="t", secret_key=services.secret_key)
        with services.database.writing() as session:
            for number, row in enumerate(session.scalars(select(Initiative).order_by(Initiative.id))):
                row.published_at = utc_now() + timedelta(minutes=number)
        with services.database.reading() as session:
            return [listing.title("lv").text for listing in newest_mixed(session, limit, TODAY)]


def many(name: str, count: int) -> list[Record]:
    return [Record(f"{name}{n}", title={"lv": f"{name} {n}"}) for n in range(count)]


def test_one_large_crawl_does_not_fill_the_list(tmp_path: Path) -> None:
    titles = mixed(tmp_path, {"a": many("A", 3), "b": many("B", 3), "c": many("C", 60)}, limit=3)
    assert titles == ["C 59", "B 2", "A 2"]


def test_a_second_one_of_each_follows_where_platforms_are_few(tmp_path: Path) -> None:
    assert mixed(tmp_path, {"a": many("A", 3), "b": many("B", 9)}, limit=4) == ["B 8", "B 7", "A 2", "A 1"]


def test_the_only_platform_fills_the_list(tmp_path: Path) -> None:
    assert mixed(tmp_path, {"a": many("A", 9)}, limit=4) == ["A 8", "A 7", "A 6", "A 5"]


def test_a_listing_with_a_text_comes_before_a_newer_one_without(tmp_path: Path) -> None:
    with_text = Record("t", title={"lv": "Ar tekstu"}, summary={"lv": "Ko tā dara."})
    assert mixed(tmp_path, {"a": [with_text, *many("A", 3)], "b": many("B", 1)}, limit=2) == ["B 0", "Ar tekstu"]


@pytest.mark.parametrize(("end_date", "is_shown"), [("2026-11-28", False), ("2026-11-29", True)])
def test_what_is_over_is_not_new(tmp_path: Path, end_date: str, is_shown: bool) -> None:
    event = Record("e", title={"lv": "Pasākums"}, kind="event", end_date=end_date)
    assert ("Pasākums" in mixed(tmp_path, {"a": [*many("A", 1), event]})) is is_shown


def test_nothing_is_new_in_an_empty_directory(tmp_path: Path) -> None:
    assert mixed(tmp_path, {}) == []

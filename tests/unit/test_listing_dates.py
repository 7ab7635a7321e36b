"""How soon an event begins or a call closes, and how its days are written, by a day that is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.shapes import ListingFields
from platforma.i18n import force_locale
from platforma.web.public.listing_dates import countdown, period

TODAY = date(2026, 11, 29)
TRANSLATIONS = Path(__file__).parents[2] / "translations"


@pytest.fixture(autouse=True)
def latvian() -> Iterator[None]:
    with force_locale("lv", TRANSLATIONS):
        yield


def listing(kind: str | None, start: str | None = None, end: str | None = None) -> Listing:
    values: dict[str, Any] = {"kind": kind, "start_date": start, "end_date": end}
    fields: ListingFields = {name: value for name, value in values.items() if value}  # type: ignore[assignment] # a part of them
    return Listing("aaaaaaaaaa", "x", "published", 1, {}, fields, (), None)


@pytest.mark.parametrize(("one", "says"), [
    (listing("event", "2026-11-29"), "šodien"),
    (listing("event", "2026-11-30T10:00:00+02:00"), "rīt"),
    (listing("event", "2026-12-10"), "pēc 11 dienām"),
    (listing("event", "2026-12-20"), "pēc 21 dienas"),
    (listing("event", "2026-11-28", "2026-11-30"), "notiek pašlaik"),
    (listing("event", "2026-11-01", "2026-11-28"), "beidzies"),
    (listing("event", None, "2026-12-01"), "pēc 2 dienām"),
    (listing("event", "2026-12"), None),
    (listing("funding", "2026-01-01", "2026-11-29"), "šodien"),
    (listing("funding", "2026-01-01", "2026-11-28"), "beidzies"),
    (listing("funding", "2026-01-01"), None),
    (listing("project", "2026-01-01", "2026-11-28"), None),
    (listing(None, "2026-12-10"), None),
    (listing("event", "drīz, ļoti drīz"), None),
    (listing("event"), None),
])  # fmt: skip
def test_how_soon_it_is(one: Listing, says: str | None) -> None:
    assert countdown(one, TODAY) == says


def test_a_call_without_a_last_day_and_a_project_are_never_over() -> None:
    assert not listing("funding", "2020-01-01").is_over(TODAY) and not listing("project", None, "2020-01-01").is_over(TODAY)
    assert listing("event", "2020-01-01").is_over(TODAY) and listing("funding", None, "2026-11-28").is_over(TODAY)


@pytest.mark.parametrize(("one", "starts_on", "ends_on"), [
    (listing("event", "2026-12-03T10:00:00+02:00"), date(2026, 12, 3), date(2026, 12, 3)),
    (listing("event", "2026-11", "2026-12"), date(2026, 11, 1), date(2026, 12, 31)),
    (listing("event", "2027-02"), date(2027, 2, 1), date(2027, 2, 28)),
    (listing("event", None, "2026-12-05"), None, date(2026, 12, 5)),
    (listing("event", "2026"), None, None),
    (listing("event", "drīz, ļoti drīz"), None, None),
    (listing("funding", "2020-01-01"), None, None),
    (listing("funding", "2026-01-01", "2026-12-15T12:00:00+02:00"), None, date(2026, 12, 15)),
    (listing("funding", None, "2026-12"), None, date(2026, 12, 31)),
    (listing("project", "2026-01-01", "2026-12-31"), None, None),
])  # fmt: skip
def test_the_days_that_a_listing_begins_and_ends(one: Listing, starts_on: date | None, ends_on: date | None) -> None:
    assert (one.starts_on, one.ends_on) == (starts_on, ends_on)


@pytest.mark.parametrize(("start", "end", "says"), [
    ("2026-12-03T10:00:00+02:00", "2026-12-03T17:00:00+02:00", "2026. gada 3. decembris, 10:00–17:00"),
    ("2026-12-03", "2026-12-04", "2026. gada 3. decembris – 2026. gada 4. decembris"),
    ("2026-12-03", "2026-12-03", "2026. gada 3. decembris"),
    ("2024", "2026-05", "2024 – 2026. gada maijs"),
    (None, "2026-12-15", "līdz 2026. gada 15. decembrim"),
    (None, "2026-12-15T12:00:00+02:00", "līdz 2026. gada 15. decembrim, 12:00"),
    (None, "2026", "– 2026"),
    (None, None, ""),
])  # fmt: skip
def test_days_are_written_as_far_as_they_are_known(start: str | None, end: str | None, says: str) -> None:
    assert period(listing("event", start, end)) == says


@pytest.mark.parametrize(("begins", "says"), [
    ("2024-06-01", "kopš 2024. gada 1. jūnija"),
    ("2024-04", "kopš 2024. gada aprīļa"),
    ("2024-10-05T10:00:00+02:00", "kopš 2024. gada 5. oktobra"),
    ("2024", "kopš 2024. gada"),
])  # fmt: skip
def test_what_began_and_has_no_known_end_goes_on_since_then(begins: str, says: str) -> None:
    assert period(listing("project", begins, None)) == says

"""Calendars (iCalendar) as programs write them: zones, whole days, series with moved and cancelled events, one title for all."""

from __future__ import annotations

from datetime import date

import pytest

from crawlers.adapters.ical import ical
from crawlers.crawl_run import run_crawl
from crawlers.discovery.discover import discover
from crawlers.fetch import Page
from crawlers.record import RawRecord
from crawlers.state import MemoryState
from crawlers.values.time_zones import time_zone
from tests.crawlers.memory_site import BASE, MemorySite, recipe_of

TODAY = date(2027, 3, 1)
RECIPE = recipe_of("calendar")
Dates = tuple[str | None, str | None]


def calendar(*events: str, head: str = "") -> str:
    whole = (f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events)
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *head.split(), *whole, "END:VCALENDAR"]).replace("\n", "\r\n")


def read(*events: str, head: str = "", today: date | None = TODAY) -> list[RawRecord]:
    return list(
        ical.extract(Page(BASE, 200, {"content-type": "text/calendar"}, calendar(*events, head=head).encode(), today), RECIPE)
    )


def dates_of(*events: str, head: str = "", today: date | None = TODAY) -> list[Dates]:
    return [(raw.fields["start_date"], raw.fields["end_date"]) for raw in read(*events, head=head, today=today)]


ZONES = [
    ("Europe/Riga", "+03:00"), ("europe/riga", "+03:00"), ("FLE Standard Time", "+03:00"), ("FLE Daylight Time", "+03:00"),
    ("W. Europe Standard Time", "+02:00"), ("Belarus Standard Time", "+03:00"), ("Kaliningrad Standard Time", "+02:00"),
    ("(UTC) Coordinated Universal Time", "+00:00"), ("UTC", "+00:00"), ("tzone://Microsoft/Utc", "+00:00"),
    ("(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius", "+03:00"), ("(UTC+02:00) Helsinki, Kiew, Riga, Sofia, Tallinn, Wilna", "+03:00"),
    ("(GMT+01:00) Sarajevo, Skopje, Warsaw, Zagreb", "+02:00"), ("(UTC+01:00) Bryssel, Köpenhamn, Madrid, Paris", "+02:00"),
    ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "+01:00"), ("(UTC-05:00) Eastern Time (US & Canada)", "-04:00"),
    ("/freeassociation.sourceforge.net/Europe/Vilnius", "+03:00"), ("UTC+02:00", "+02:00"), ("GMT-0330", "-03:30"), ("EEST", "+03:00"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "offset"), ZONES)
def test_a_time_zone_is_known_by_the_names_that_programs_give_it(name: str, offset: str) -> None:
    (dates,) = dates_of(f'SUMMARY:Talka\nDTSTART;TZID="{name}":20270601T100000')
    assert dates == (f"2027-06-01T10:00{offset}", None)


@pytest.mark.parametrize("name", ["Mitteleuropäische Zeit", "(UTC+02:00) Paris", "UTC+19:00", "../../etc/passwd", "x" * 101, ""])
def test_a_name_that_is_no_time_zones_gives_none(name: str) -> None:
    assert time_zone(name) is None


def test_a_time_without_a_zone_keeps_its_hour_in_the_zone_of_the_calendar_else_as_local_time() -> None:
    floating = "SUMMARY:Talka\nDTSTART:20270601T100000\nDTEND:20270601T120000"
    assert dates_of(floating) == [("2027-06-01T10:00", "2027-06-01T12:00")]
    assert dates_of(floating, head="X-WR-TIMEZONE:Europe/Tallinn") == [("2027-06-01T10:00+03:00", "2027-06-01T12:00+03:00")]
    assert dates_of("SUMMARY:Talka\nDTSTART;TZID=Te un tur:20270601T100000") == [("2027-06-01T10:00", None)]


WHOLE_DAYS = [
    ("DTSTART;VALUE=DATE:20270705\nDTEND;VALUE=DATE:20270708", ("2027-07-05", "2027-07-07")),
    ("DTSTART;VALUE=DATE:20270705\nDTEND;VALUE=DATE:20270706", ("2027-07-05", None)),
    ("DTSTART;VALUE=DATE:20270705\nDTEND;VALUE=DATE:20270705", ("2027-07-05", None)),
    ("DTSTART;VALUE=DATE:20270705\nDURATION:P2D", ("2027-07-05", "2027-07-06")),
    ("DTSTART;TZID=Europe/Riga:20270705T000000\nDTEND;TZID=Europe/Riga:20270707T000000", ("2027-07-05", "2027-07-06")),
    ("DTSTART:20270705T000000", ("2027-07-05", None)),
    ("DTSTART;TZID=Europe/Riga:20270705T000000\nDTEND;TZID=Europe/Riga:20270705T030000", ("2027-07-05T00:00+03:00", "2027-07-05T03:00+03:00")),
    ("DTSTART;TZID=Europe/Riga:20270705T180000\nDTEND;TZID=Europe/Riga:20270706T000000", ("2027-07-05T18:00+03:00", "2027-07-06T00:00+03:00")),
    ("DTSTART;TZID=Europe/Riga:20270705T180000\nDURATION:PT90M", ("2027-07-05T18:00+03:00", "2027-07-05T19:30+03:00")),
    ("DTSTART:20270705T180000\nDTEND;VALUE=DATE:20270706", ("2027-07-05T18:00", None)),
    ("DTSTART;VALUE=DATE:20270705\nDTEND:20270706T100000", ("2027-07-05", None)),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "dates"), WHOLE_DAYS)
def test_whole_days_end_on_the_last_day_and_times_with_the_last_moment(lines: str, dates: Dates) -> None:
    assert dates_of(f"SUMMARY:Skola\n{lines}") == [dates]


WEEKLY = "UID:s@x\nSUMMARY:Darbnīca\nDTSTART;TZID=Europe/Riga:20270104T180000\nDTEND;TZID=Europe/Riga:20270104T200000\nRRULE:FREQ=WEEKLY"


def part(day: str, lines: str, title: str = "Darbnīca") -> str:
    return f"UID:s@x\nSUMMARY:{title}\nRECURRENCE-ID;TZID=Europe/Riga:{day}T180000\n{lines}"


SERIES = [
    ((part("20270301", "DTSTART;TZID=Europe/Riga:20270303T100000\nDTEND;TZID=Europe/Riga:20270303T110000"),), ("2027-03-03T10:00+02:00", "2027-03-03T11:00+02:00")),
    ((part("20270301", "DTSTART;TZID=Europe/Riga:20270310T100000"),), ("2027-03-08T18:00+02:00", "2027-03-08T20:00+02:00")),
    ((part("20270301", "DTSTART;TZID=Europe/Riga:20270301T180000\nSTATUS:CANCELLED"),), ("2027-03-08T18:00+02:00", "2027-03-08T20:00+02:00")),
    ((part("20270301", "DTSTART;TZID=Europe/Riga:20270301T180000\nSTATUS:Cancelled"), part("20270308", "DTSTART:20270308T160000Z\nCLASS:PRIVATE")), ("2027-03-15T18:00+02:00", "2027-03-15T20:00+02:00")),
    ((part("20270222", "DTSTART;TZID=Europe/Riga:20270224T100000"),), ("2027-03-01T18:00+02:00", "2027-03-01T20:00+02:00")),
    ((part("20270301", "DTSTART;TZID=Europe/Riga:20270302T090000", title=""),), ("2027-03-02T09:00+02:00", None)),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "dates"), SERIES)
def test_a_series_is_one_record_with_its_next_event_whatever_was_moved_or_cancelled(parts: tuple[str, ...], dates: Dates) -> None:
    (raw,) = read(WEEKLY, *parts)
    assert (raw.remote_id, raw.fields["start_date"], raw.fields["end_date"]) == ("s@x", *dates)


def test_the_day_of_a_moved_event_is_that_of_the_series_own_time_zone() -> None:
    night = WEEKLY.replace("T180000", "T003000").replace("T200000", "T010000")
    moved = "UID:s@x\nSUMMARY:Darbnīca\nRECURRENCE-ID:20270228T223000Z\nDTSTART;TZID=Europe/Riga:20270303T100000"
    assert dates_of(night, moved) == [("2027-03-03T10:00+02:00", None)]
    assert dates_of(f"{night}\nEXDATE:20270228T223000Z") == [("2027-03-08T00:30+02:00", "2027-03-08T01:00+02:00")]


def test_an_event_of_a_series_with_a_title_of_its_own_is_a_record_of_its_own() -> None:
    raws = read(WEEKLY, part("20270315", "DTSTART;TZID=Europe/Riga:20270315T180000", title="Lieldienu darbnīca"))
    assert [(raw.remote_id, raw.fields["start_date"]) for raw in raws] == [
        ("s@x", "2027-03-01T18:00+02:00"),
        ("s@x/2027-03-15T18:00+02:00", "2027-03-15T18:00+02:00"),
    ]


def test_a_series_with_an_end_reaches_as_far_as_its_last_event_also_a_moved_one() -> None:
    finite = f"{WEEKLY};UNTIL=20270329T150000Z"
    assert dates_of(finite) == [("2027-01-04T18:00+02:00", "2027-03-29T18:00+03:00")]
    assert dates_of(finite, part("20270329", "DTSTART;TZID=Europe/Riga:20270405T180000")) == [
        ("2027-01-04T18:00+02:00", "2027-04-05T18:00+03:00")
    ]
    assert dates_of("UID:r@x\nSUMMARY:Tirgus\nDTSTART;VALUE=DATE:20270306\nRDATE;VALUE=DATE:20270403,20270501") == [
        ("2027-03-06", "2027-05-01")
    ]


def from_then_on(day: str, lines: str, title: str = "Darbnīca") -> str:
    return f"UID:s@x\nSUMMARY:{title}\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Riga:{day}T180000\n{lines}"


TUESDAYS = "DTSTART;TZID=Europe/Riga:20270216T100000\nDTEND;TZID=Europe/Riga:20270216T113000"
LATER = [
    ((from_then_on("20270215", TUESDAYS),), ("2027-03-02T10:00+02:00", "2027-03-02T11:30+02:00")),
    ((from_then_on("20270315", TUESDAYS.replace("0216", "0316")),), ("2027-03-01T18:00+02:00", "2027-03-01T20:00+02:00")),
    ((from_then_on("20270215", TUESDAYS), from_then_on("20270301", "DTSTART;TZID=Europe/Riga:20270303T190000")), ("2027-03-03T19:00+02:00", None)),
    ((from_then_on("20270215", TUESDAYS), part("20270301", "DTSTART;TZID=Europe/Riga:20270301T180000\nSTATUS:CANCELLED")), ("2027-03-09T10:00+02:00", "2027-03-09T11:30+02:00")),
    ((from_then_on("20270308", "DTSTART;TZID=Europe/Riga:20270308T180000\nSTATUS:CANCELLED"),), ("2027-01-04T18:00+02:00", "2027-03-01")),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "dates"), LATER)
def test_a_change_from_an_event_on_is_true_of_all_later_ones(parts: tuple[str, ...], dates: Dates) -> None:
    for order in (parts, parts[::-1]):
        assert dates_of(WEEKLY, *order) == [dates]


def test_a_series_with_an_end_ends_as_it_was_changed() -> None:
    assert dates_of(f"{WEEKLY};UNTIL=20270329T150000Z", from_then_on("20270215", TUESDAYS)) == [
        ("2027-01-04T18:00+02:00", "2027-03-30T10:00+03:00")
    ]


def test_another_title_from_an_event_on_ends_the_series_and_is_a_record_of_its_own() -> None:
    raws = read(WEEKLY, from_then_on("20270315", "DTSTART;TZID=Europe/Riga:20270315T180000", title="Kora vakars"))
    assert [(raw.fields["title"], raw.fields["start_date"], raw.fields["end_date"]) for raw in raws] == [
        ("Darbnīca", "2027-01-04T18:00+02:00", "2027-03-08"),
        ("Kora vakars", "2027-03-15T18:00+02:00", None),
    ]


def test_of_a_series_of_which_only_events_are_given_the_next_one_is_told() -> None:
    events = [part(f"202703{day}", f"DTSTART;TZID=Europe/Riga:202703{day}T180000") for day in ("22", "08", "15")]
    (raw,) = read(*events)
    assert (raw.remote_id, raw.fields["start_date"]) == ("s@x", "2027-03-08T18:00+02:00")
    assert dates_of(*events, today=date(2027, 4, 1)) == [("2027-03-22T18:00+02:00", None)]


def test_what_is_cancelled_or_private_is_left_out_with_its_whole_series() -> None:
    moved = part("20270301", "DTSTART;TZID=Europe/Riga:20270303T100000")
    assert read(f"{WEEKLY}\nSTATUS:CANCELLED", moved) == []
    assert read(f"{WEEKLY}\nCLASS:CONFIDENTIAL", moved) == []
    assert read(part("20270301", "DTSTART:20270301T160000Z\nSTATUS:CANCELLED")) == []
    assert read(WEEKLY, head="METHOD:CANCEL") == []
    assert len(read(f"{WEEKLY}\nSTATUS:CONFIRMED\nCLASS:PUBLIC", head="METHOD:PUBLISH")) == 1


def test_of_two_versions_of_an_event_the_later_one_counts() -> None:
    older, newer = (f"UID:1\nSUMMARY:Talka\nSEQUENCE:{n}\nDTSTART;VALUE=DATE:2027050{n}" for n in (2, 3))
    for events in ((older, newer), (newer, older)):
        assert dates_of(*events) == [("2027-05-03", None)]


def test_events_that_share_a_uid_by_mistake_stay_several() -> None:
    raws = read(
        *(f"UID:1\nSUMMARY:{title}\nDTSTART;VALUE=DATE:{day}" for title, day in (("Talka", "20270501"), ("Tirgus", "20270502")))
    )
    assert [raw.remote_id for raw in raws] == ["1/2027-05-01", "1/2027-05-02"]


def test_a_calendar_of_one_title_is_listed_by_its_dates_and_gives_the_same_again() -> None:
    text = calendar(*(f"UID:{n}@x\nSUMMARY:Pyvo\nDTSTART;TZID=Europe/Prague:202705{n:02d}T190000" for n in range(10, 20)))
    site: dict[str, str | bytes] = {"": text}
    proposal = discover(BASE, MemorySite(site))
    assert (proposal.recipe.adapter, proposal.expected) == ("calendar", 10)
    state = MemoryState()
    for _ in range(2):
        assert run_crawl(proposal.recipe, MemorySite(site), state).found == 10
    hashes = {id: record.content_hash() for id, record in state.records.items()}
    again = MemoryState()
    run_crawl(proposal.recipe, MemorySite(site), again)
    assert hashes == {id: record.content_hash() for id, record in again.records.items()}

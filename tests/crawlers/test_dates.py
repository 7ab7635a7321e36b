"""Dates and periods as partners' pages print them."""

from __future__ import annotations

import pytest

from crawlers.values.dates import parse_date, parse_period, utc_instant

DATES = [
    ("2016. gada 18. septembrī", "2016-09-18"), ("29 decembris, 2022", "2022-12-29"), ("augusts 30, 2023", "2023-08-30"),
    ("18.septembris 2016", "2016-09-18"), ("2024. gada maijs", "2024-05"), ("2015. gada aprīlī", "2015-04"), ("2024. gads", "2024"),
    ("2015 m. balandžio 3 d.", "2015-04-03"), ("lapkričio 12, 2015", "2015-11-12"), ("2015 m. gegužė", "2015-05"),
    ("3. aprill 2015", "2015-04-03"), ("aprill 2015. a.", "2015-04"), ("3. aprillil 2015", "2015-04-03"), ("22.06.2017", "2017-06-22"),
    ("3 kwietnia 2015 r.", "2015-04-03"), ("piątek, 3 kwietnia 2015", "2015-04-03"), ("w kwietniu 2015 r.", "2015-04"),
    ("12 IV 2015", "2015-04-12"), ("3. huhtikuuta 2015", "2015-04-03"), ("huhtikuussa 2015", "2015-04"),
    ("den 3 april 2015", "2015-04-03"), ("søndag den 3. maj 2020", "2020-05-03"), ("3. mai 2020", "2020-05-03"),
    ("3. April 2015", "2015-04-03"), ("15. März 2015", "2015-03-15"), ("3 апреля 2015 г.", "2015-04-03"), ("3 квітня 2015 року", "2015-04-03"),
    ("3. apríl 2015", "2015-04-03"), ("October 23, 2024", "2024-10-23"), ("23rd Oct 2024", "2024-10-23"), ("Oct. 2024", "2024-10"),
    ("Spring 2024", "2024"), ("3 April '15", "2015-04-03"), ("2015-04-03", "2015-04-03"), ("2015.04.03.", "2015-04-03"),
    ("2015 04 03", "2015-04-03"), ("31.12.2023.", "2023-12-31"), ("3. 5. 2015", "2015-05-03"), ("22.06.17", "2017-06-22"),
    ("13/04/2015", "2015-04-13"), ("03/03/2015", "2015-03-03"), ("04.2015", "2015-04"), ("2024-05", "2024-05"), ("20240501", "2024-05-01"),
    ("Publicēts: 18. septembris, 2016", "2016-09-18"), ("Published 3 April 2015 by Admin", "2015-04-03"),
    ("toukokuun 5. päivänä 2024", "2024-05-05"), ("kolmapäeval, 15. mail 2024", "2024-05-15"), ("05-May-2024", "2024-05-05"),
]  # fmt: skip
TIMES = [
    ("2024-05-01T18:00+03:00", "2024-05-01T18:00+03:00"), ("2024-05-01 18:00:00", "2024-05-01T18:00:00"),
    ("2024-05-01 00:00:00", "2024-05-01"), ("20240501T180000Z", "2024-05-01T18:00:00Z"),
    ("Wed, 02 Oct 2002 13:00:00 GMT", "2002-10-02T13:00Z"), ("3. aprill 2015 kell 18.00", "2015-04-03T18:00"),
    ("2024. gada 5. maijā plkst. 18:00", "2024-05-05T18:00"), ("5 May 2024, 6 pm", "2024-05-05T18:00"),
    ("1. Mai 2024, 18 Uhr", "2024-05-01T18:00"), ("5. 5. 2024 at 10:00 CEST", "2024-05-05T10:00+02:00"), ("May 2024, 10:00", "2024-05"),
    ("5. mail 2024 kl 18", "2024-05-05T18:00"),
    ("Sun May 05 2024 18:00:00 GMT+0300 (Eastern European Summer Time)", "2024-05-05T18:00+03:00"),
]  # fmt: skip
UNSURE = [
    "03/04/2015", "12/13/2024", "31.02.2024", "2024-02-30", "2024-13-01", "0.0.2024", "0000", "9999", "32. maijs 2024", "3. maijs", "maijs",
    "drīz", "tomorrow", "2 days ago", "Q2 2024", "2014-15", "1714521600", "1 May 2024 5", "05/06/24", "2023/24", "2024-W18", "15 juin 2015", "3. ja 5. mai 2015",
    "4 983.08 EUR", "Room 5, 3 May 2024", "01.09.2013. – 31.03.2014.", "līdz 2024. gada 5. maijam", "", "-", "٣ ٤ ٢٠١٥", "1.1.1.1.2015",
]  # fmt: skip
PERIODS = [
    ("no 3. līdz 5. maijam 2024", "2024-05-03", "2024-05-05"), ("01.09.2013. – 31.03.2014.", "2013-09-01", "2014-03-31"),
    ("2024. gada 3. - 5. maijs", "2024-05-03", "2024-05-05"), ("3.–5.4.2015", "2015-04-03", "2015-04-05"),
    ("May 3-5, 2024", "2024-05-03", "2024-05-05"), ("Oct 23 - Nov 2, 2024", "2024-10-23", "2024-11-02"),
    ("28 Dec – 3 Jan 2024", "2023-12-28", "2024-01-03"), ("2014-2015", "2014", "2015"), ("2014/2015", "2014", "2015"),
    ("od 3 do 5 maja 2024", "2024-05-03", "2024-05-05"), ("vom 3. bis 5. Mai 2024", "2024-05-03", "2024-05-05"),
    ("fra 3. til 5. maj 2024", "2024-05-03", "2024-05-05"), ("2019 – present", "2019", None),
    ("nuo 2015 m. gegužės 3 d. iki 2015 m. birželio 5 d.", "2015-05-03", "2015-06-05"), ("5.–3. maijs 2024", None, None),
    ("Pieteikšanās līdz 2024. gada 5. maijam plkst. 23:59", None, "2024-05-05T23:59"),
    ("5 May 2024, 18:00–20:00", "2024-05-05T18:00", "2024-05-05T20:00"), ("25.04.2024 - 26.04.2024 10:00", "2024-04-25", "2024-04-26"),
    ("bis zum 31. März 2025", None, "2025-03-31"), ("31.3.2025 mennessä", None, "2025-03-31"), ("5.5.2024 asti", None, "2024-05-05"),
    ("senast den 31 mars 2025", None, "2025-03-31"), ("senest 31. marts 2025", None, "2025-03-31"), ("31. märtsini 2025", "2025-03-31", None),
    ("3.5.2024 - 5.5.2024 asti", "2024-05-03", "2024-05-05"), ("kopš 2015. gada", "2015", None), ("seit 2019", "2019", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "iso"), [*DATES, *TIMES])
def test_dates_as_the_region_writes_them(text: str, iso: str) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize("text", UNSURE)
def test_what_is_not_sure_or_not_one_date_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(("text", "start", "end"), PERIODS)
def test_periods_have_two_ends_that_fill_each_other(text: str, start: str | None, end: str | None) -> None:
    assert parse_period(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Wed, 02 Oct 2002 13:00:00 GMT", "2002-10-02T13:00:00Z"), ("2024-05-01T18:00:00+03:00", "2024-05-01T15:00:00Z"),
        ("2024-05-01T18:00:00", "2024-05-01T18:00:00Z"), ("2024-05-01", "2024-05-01T00:00:00Z"), ("2024-05", None), ("vakar", None), ("", None),
    ],
)  # fmt: skip
def test_instants_of_changes_are_utc(text: str, instant: str | None) -> None:
    assert utc_instant(text) == instant


def test_only_the_recipe_settles_the_order_of_slashes() -> None:
    assert parse_date("03/04/2015", "dmy") == "2015-04-03"
    assert parse_date("03/04/2015", "mdy") == "2015-03-04"
    assert parse_date("13/04/2015", "mdy") is None


def test_hostile_texts_end_soon() -> None:
    for text in ("1" * 100_000, "1." * 50_000, "- " * 50_000, "2024 " * 20_000, "maijs " * 20_000):
        assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Fri, 05 Jan 2024 19:48:21 EST", "2024-01-06T00:48:21Z"), ("5 Jan 24 19:48 +0200", "2024-01-05T17:48:00Z"),
        ("Fri, 05 Jan 2024 19:48:21 GMT", "2024-01-05T19:48:21Z"), ("Fri, 5 Jan 2024 19:48:21 PDT", "2024-01-06T02:48:21Z"),
        ("Fri, 05 Jul 2024 19:48:21 EEST", "2024-07-05T16:48:21Z"), ("Fri, 05 Jan 2024 19:48:21", "2024-01-05T19:48:21Z"),
        ("Fri, 05 Jan 2024 19:48:21 -0500 (EST)", "2024-01-06T00:48:21Z"), ("Fri, 05 Jan 2024 25:48:21 EST", None),
    ],
)  # fmt: skip
def test_dates_of_feeds_keep_their_seconds_and_zones(text: str, instant: str | None) -> None:
    assert utc_instant(text) == instant

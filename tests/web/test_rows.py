"""Rows of lists: the day of an event, the deadline of a call, where it is, and the letters where there is no picture."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from flask import Flask

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import Case, day
from platforma.web.public.monograms import TINTS, monogram
from platforma.web.public.rows import Row, row

TODAY = date(2026, 11, 29)


def row_of(app: Flask, lang: str = "lv", km: float | None = None, **fields: Any) -> Row:
    """The row of a listing with these fields, on TODAY."""
    texts = {"title": {"lv": "Kopienas nams"}}
    listing = Listing("abcdefghij", "kopienas-nams", "published", 1, texts, fields, (), "lv")  # type: ignore[arg-type] # fields of any listing
    with app.test_request_context(f"/{lang}/"):
        app.preprocess_request()
        return row(listing, lang, today=TODAY, km=km)


@pytest.mark.parametrize(
    ("end", "lv", "en", "is_soon", "is_past"),
    [
        ("2026-12-20", "līdz 20. decembrim · vēl 21 diena", "until 20 December · 21 days left", False, False),
        ("2026-12-13", "līdz 13. decembrim · vēl 14 dienu", "until 13 December · 14 days left", True, False),
        ("2026-12-09", "līdz 9. decembrim · vēl 10 dienu", "until 9 December · 10 days left", True, False),
        ("2026-11-30", "līdz 30. novembrim · vēl 1 diena", "until 30 November · 1 day left", True, False),
        ("2026-11-29", "līdz 29. novembrim · šodien pēdējā diena", "until 29 November · today is the last day", True, False),
        ("2026-11-28", "noslēdzies 28. novembrī", "the call closed on 28 November", False, True),
        ("2025-03-15", "noslēdzies 2025. gada 15. martā", "the call closed on 15 March 2025", False, True),
        ("2027-12-15T23:59:00+02:00", "līdz 2027. gada 15. decembrim · vēl 381 diena",
         "until 15 December 2027 · 381 days left", False, False),
    ],
)  # fmt: skip
def test_a_call_says_until_when_and_how_many_days_are_left(
    app: Flask, end: str, lv: str, en: str, is_soon: bool, is_past: bool
) -> None:
    for lang, text in (("lv", lv), ("en", en)):
        deadline = row_of(app, lang, kind="funding", end_date=end).deadline
        assert deadline and (deadline.text, deadline.is_soon, deadline.is_past) == (text, is_soon, is_past)


@pytest.mark.parametrize("end", [None, "2027", "2027-02", "drīz būs"])
def test_a_call_without_a_known_day_says_nothing_of_it(app: Flask, end: str | None) -> None:
    fields: dict[str, Any] = {"end_date": end} if end else {}
    assert row_of(app, kind="funding", **fields).deadline is None


@pytest.mark.parametrize(
    ("start", "block"),
    [
        ("2026-12-04", ("4", "dec.", None)), ("2027-03-15T10:00:00+02:00", ("15", "marts", "2027")),
        ("2027-02", (None, "febr.", "2027")),
    ],
)  # fmt: skip
def test_an_event_has_the_block_of_its_first_day(app: Flask, start: str, block: tuple[str | None, str, str | None]) -> None:
    shown = row_of(app, kind="event", start_date=start).date
    assert shown and (shown.day, shown.month, shown.year) == block and shown.iso == start


@pytest.mark.parametrize(
    ("kind", "start"), [("project", "2026-12-04"), ("event", "2026"), ("event", "2026-13-45"), ("event", "")]
)
def test_other_kinds_and_unknown_days_have_letters_instead(app: Flask, kind: str, start: str) -> None:
    shown = row_of(app, kind=kind, start_date=start)
    assert shown.date is None and shown.monogram.letters == "KN"


def test_an_event_of_several_days_says_its_last_and_is_past_only_after_it(app: Flask) -> None:
    lasting = row_of(app, kind="event", start_date="2026-11-20", end_date="2026-12-01")
    assert lasting.deadline and lasting.deadline.text == "līdz 1. decembrim"
    assert lasting.date and not lasting.date.is_past
    over = row_of(app, kind="event", start_date="2026-11-20", end_date="2026-11-28")
    assert over.date and over.date.is_past
    assert row_of(app, kind="event", start_date="2026-12-01T10:00", end_date="2026-12-01T12:00").deadline is None


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"place": "Cēsis", "country": "LV"}, "Cēsis, Latvija"), ({"countries": ("LV", "EE")}, "Latvija, Igaunija"),
        ({"countries": ("LV", "EE", "LT", "FI")}, "4 valstis"), ({"country": "LV", "countries": ("LV", "EE", "LT", "FI")}, "Latvija"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_row_says_where_it_is(app: Flask, fields: dict[str, Any], place: str) -> None:
    assert row_of(app, **fields).place == place


@pytest.mark.parametrize(
    ("km", "lv", "en"), [(0.04, "0 km", "0 km"), (3.26, "3,3 km", "3.3 km"), (1234.5, "1\xa0234 km", "1,234 km")]
)
def test_a_distance_is_as_exact_as_a_reader_needs(app: Flask, km: float, lv: str, en: str) -> None:
    assert (row_of(app, "lv", km).distance, row_of(app, "en", km).distance) == (lv, en)
    assert row_of(app).distance is None


@pytest.mark.parametrize(
    ("title", "letters"),
    [
        ("SIA „Saules maize”", "SM"), ("Biedrība „Kopā”", "K"), ("Čiekurs", "Č"), ("MTÜ Abi Kätt", "AK"), ("SIA", "S"), ("3D druka", "3D"),
        ("AS above", "A"), ("As it is", "AI"), ("„ – ”", ""), ("Rīgas pašvaldība", "RP"), ("ßeta", "SS"),
    ],
)  # fmt: skip
def test_a_monogram_is_of_the_name_without_its_legal_form(title: str, letters: str) -> None:
    assert monogram(title, "x").letters == letters
    assert monogram(title, "abc").tint == monogram("other", "abc").tint
    assert {monogram(title, str(n)).tint for n in range(99)} == set(range(TINTS))


def test_days_stand_in_the_case_that_the_sentence_needs(app: Flask) -> None:
    for lang, month, in_case in (
        ("lv", 1, ("janvāris", "janvāra", "janvārī", "janvārim")),
        ("lv", 4, ("aprīlis", "aprīļa", "aprīlī", "aprīlim")),
        ("lv", 6, ("jūnijs", "jūnija", "jūnijā", "jūnijam")),
        ("en", 5, ("May",) * 4),
    ):
        with app.test_request_context(f"/{lang}/"):
            app.preprocess_request()
            forms = [day(date(2026, month, 3), case, with_year=False).split()[-1] for case in get_args(Case)]
            assert lang == "en" or forms == list(in_case)
            assert lang == "lv" or day(date(2026, month, 3), "dative") == "3 May 2026"


def test_a_row_without_anything_but_a_title_has_no_empty_parts(app: Flask) -> None:
    with app.test_request_context("/lv/"):
        app.preprocess_request()
        template = app.jinja_env.from_string('{% from "components/rows.html" import rows with context %}{{ rows(listings) }}')
        page = template.render(listings=[row_of(app)])
    assert "<h3>" in page and 'class="about"' not in page and 'class="summary"' not in page and 'class="more"' not in page

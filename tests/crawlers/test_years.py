"""Days without a year: read as the nearest to the day of the page, and marked."""

from __future__ import annotations

from datetime import date

import pytest

from crawlers.crawl_run import run_crawl
from crawlers.normalise.normaliser import Normaliser
from crawlers.reading.cards import read_card
from crawlers.record import RawRecord, Record
from crawlers.state import MemoryState
from crawlers.values.years import is_day_without_year, period_near
from tests.crawlers.memory_site import BASE, MemorySite, recipe_of

NEAR = date(2026, 11, 30)
DAYS = [
    ("15. maijs", "2027-05-15", None), ("15. maijā plkst. 18:00", "2027-05-15T18:00", None), ("May 15th at 6 pm", "2027-05-15T18:00", None), ("15.05.", "2027-05-15", None),
    ("15.05. plkst. 18.00", "2027-05-15T18:00", None), ("12 | MAY", "2027-05-12", None), ("3.–5. maijs", "2027-05-03", "2027-05-05"), ("May 3-5", "2027-05-03", "2027-05-05"),
    ("28. decembris – 3. janvāris", "2026-12-28", "2027-01-03"), ("28.12. – 3.1.", "2026-12-28", "2027-01-03"), ("gegužės 15 d.", "2027-05-15", None), ("toukokuun 5.", "2027-05-05", None),
    ("до 15 мая", None, "2027-05-15"), ("31.3. asti", None, "2027-03-31"), ("15. novembris", "2026-11-15", None), ("1. augusts", "2026-08-01", None),
]  # fmt: skip
NO_DAYS = ["15. maijs 2027", "15.05", "3.5", "maijs", "29. februāris", "Room 5, May 3", "", "5", "15.30. plkst."]


@pytest.mark.parametrize(("text", "start", "end"), DAYS)
def test_a_day_without_a_year_is_the_nearest_one(text: str, start: str | None, end: str | None) -> None:
    assert period_near(text, NEAR) == (start, end)


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_has_a_year_or_may_be_no_day_gives_none(text: str) -> None:
    assert period_near(text, NEAR) == (None, None)


def test_what_is_to_come_lies_not_before_the_day_of_the_page() -> None:
    assert period_near("15. novembris", NEAR, is_coming=True) == ("2027-11-15", None)
    assert period_near("30. novembris", NEAR, is_coming=True) == ("2026-11-30", None)


def test_a_day_with_other_words_is_no_day_alone() -> None:
    assert is_day_without_year("Sestdien, 15. maijā plkst. 18:00")
    assert not is_day_without_year("Step 15 may work")


def normalised(changed_at: str | None = None, read_on: str | None = None, **fields: str) -> Record:
    raw = RawRecord("1", None, {"title": "Talka", **fields}, changed_at=changed_at, read_on=read_on)
    record = Normaliser(recipe_of("html")).record(raw)
    assert record
    return record


def test_the_page_s_own_day_goes_before_that_of_the_crawl_and_without_both_there_is_no_year() -> None:
    assert normalised(None, "2026-11-30", start_date="15. maijs").start_date == "2027-05-15"
    assert normalised("2019-04-01T10:00:00Z", "2026-11-30", start_date="15. maijs").start_date == "2019-05-15"
    assert normalised(start_date="15. maijs").start_date is None


def test_a_concluded_year_is_marked_and_a_stated_one_is_not() -> None:
    assert normalised(None, "2026-11-30", start_date="15. maijs").derived == {"start_date": "year"}
    assert normalised(None, "2026-11-30", start_date="15. maijs 2027").derived == {}


def test_a_year_that_the_texts_name_is_not_contradicted() -> None:
    assert normalised(None, "2026-11-30", start_date="15. maijs", description="Talka 2019. gadā").start_date is None
    assert normalised(None, "2026-11-30", start_date="15. maijs", description="Talka 2027. gadā").start_date == "2027-05-15"


def test_a_deadline_without_a_year_is_the_nearest_to_the_page() -> None:
    call = normalised(None, "2026-11-30", kind="funding", description="Pieteikties līdz 15. maijam, rakstot mums.")
    assert (call.end_date, call.derived) == ("2027-05-15", {"end_date": "year"})
    assert (
        normalised(None, "2026-11-30", kind="funding", title="Konkurss 2019", description="Pieteikties līdz 15. maijam.").end_date
        is None
    )
    assert normalised(None, "2026-11-30", kind="funding", description="Pieteikumus pieņem līdz 3.5 tūkstošiem.").end_date is None


@pytest.mark.parametrize("block", ['<div class="date"><span>12</span><span>MAY</span></div>', "<p>12. maijs</p>"])
def test_the_block_of_a_day_on_an_event_s_card_is_its_start(block: str) -> None:
    fields, _ = read_card(f'<article class="event-card"><h3>Talka</h3>{block}<p>Sakopjam.</p></article>', BASE, {})
    assert (fields["kind"], period_near(fields["start_date"], NEAR)) == ("event", ("2027-05-12", None))


@pytest.mark.parametrize("name", ["date", "card-date", "datums"])
def test_the_date_on_a_card_of_news_is_the_start_of_nothing(name: str) -> None:
    card = f'<article class="{{}}"><h3>Talka</h3><span class="{name}">15.05.2027</span><p>Sakopjam.</p></article>'
    assert "start_date" not in read_card(card.format("news-card"), BASE, {})[0]
    assert read_card(card.format("event-card"), BASE, {})[0]["start_date"].startswith(("2027-05-15", "15.05.2027"))


def test_a_second_crawl_gives_the_same_day() -> None:
    cards = "".join(f"<div class=card><h3>{name}</h3><p>Sākums: 15. maijs</p></div>" for name in ("Saule", "Upe", "Mežs"))
    recipe, state = recipe_of("html", html={"blocks": "div.card"}), MemoryState()
    days = []
    for note in ("", "<p>Paldies!</p>"):
        run_crawl(recipe, MemorySite({"": f"<html lang=lv><main>{cards}{note}</main>"}), state)
        days.append({id: record.start_date for id, record in state.records.items()})
    assert days[0] == days[1] and len(days[0]) == 3

"""Openings and clicks on are counted by day, listing and platform, added up by month, and forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from platforma.catalogue.listings import judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import Initiative, JudgementVerdict, ListingVisits, PlatformVisits, VisitWords
from platforma.catalogue.partners import visit_counts, visit_rows, visit_tally
from platforma.catalogue.partners.visit_counts import Counts
from platforma.catalogue.partners.visit_tally import Act, VisitTally
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.terms.searches import MIN_DAYS
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

TODAY = date(2026, 3, 20)
OPENED, LED = Act.OPENS, (Act.GOES_TO_WEBSITE, Act.GOES_TO_SOURCE)


@pytest.fixture
def filled(catalogue: CatalogueFixture) -> CatalogueFixture:
    """Two platforms: p lists a and b, q lists c."""
    for platform, remote_ids in (("p", "ab"), ("q", "c")):
        catalogue.propose(platform)
        catalogue.crawl([record(id, f"Darbnīca {id * 5}", website=f"https://{id}.example/") for id in remote_ids], platform)
    return catalogue


def public_id(catalogue: CatalogueFixture, name: str) -> str:
    return catalogue.shown()[f"Darbnīca {name * 5}"].public_id


def visit(catalogue: CatalogueFixture, name: str, *acts: Act, day: date = TODAY, searched: str = "") -> None:
    tally = VisitTally(catalogue.database)
    for act in acts:
        tally.note(public_id(catalogue, name), act, day, searched=searched)
    tally.write()


def in_days(catalogue: CatalogueFixture, platform: str, today: date = TODAY) -> Counts:
    with catalogue.database.reading() as session:
        return visit_counts.in_last_days(session, platform, today)


def test_what_several_processes_count_is_added_together(filled: CatalogueFixture) -> None:
    for _process in range(3):
        visit(filled, "a", OPENED, OPENED, *LED)
    visit(filled, "b", OPENED)
    assert in_days(filled, "p") == Counts(7, 3, 3)
    assert in_days(filled, "q") == Counts()


def test_what_is_no_listing_is_not_counted_and_stops_nothing(filled: CatalogueFixture) -> None:
    tally = VisitTally(filled.database)
    tally.note("aaaaaaaaaa", OPENED, TODAY)
    tally.note(public_id(filled, "a"), OPENED, TODAY)
    tally.write()
    assert in_days(filled, "p") == Counts(1)


def test_a_day_counts_for_thirty_days(filled: CatalogueFixture) -> None:
    visit(filled, "a", OPENED)
    assert in_days(filled, "p", TODAY + timedelta(days=29)) == Counts(1)
    assert in_days(filled, "p", TODAY + timedelta(days=30)) == Counts()


def test_a_listing_of_several_platforms_counts_for_each_public_one(filled: CatalogueFixture) -> None:
    kept, other = (public_id(filled, name) for name in "ac")
    with filled.database.writing() as session:
        judgements.judge(session, kept, other, JudgementVerdict.SAME, Word("c@sic.example", datetime(2026, 3, 1, tzinfo=UTC)))
    tally = VisitTally(filled.database)
    for id in (kept, other):
        tally.note(id, OPENED, TODAY)
    tally.write()
    assert in_days(filled, "p") == in_days(filled, "q") == Counts(2)
    with filled.database.writing() as session:
        platform_states.leave_platform(session, platform_id="q", actor="t")
    visit(filled, "a", OPENED)
    assert (in_days(filled, "p"), in_days(filled, "q")) == (Counts(3), Counts(2))


def test_what_was_counted_of_a_joined_listing_is_told_of_the_one_that_stands(filled: CatalogueFixture) -> None:
    kept, other = (public_id(filled, name) for name in "ac")
    visit(filled, "c", OPENED, *LED)
    with filled.database.writing() as session:
        judgements.judge(session, kept, other, JudgementVerdict.SAME, Word("c@sic.example", datetime(2026, 3, 1, tzinfo=UTC)))
    with filled.database.reading() as session:
        told = {platform: visit_counts.most_visited(session, platform, TODAY) for platform in "pq"}
    assert [(one.listing.public_id, one.counts) for one in told["q"]] == [(kept, Counts(1, 1, 1))]
    assert told["p"] == [], "it was no listing of theirs when it was opened"
    visit(filled, "a", OPENED)
    with filled.database.reading() as session:
        told = {platform: visit_counts.most_visited(session, platform, TODAY) for platform in "pq"}
    assert [one.counts for one in told["p"] + told["q"]] == [Counts(1), Counts(2, 1, 1)]


def test_the_most_opened_come_first_then_those_with_more_clicks(
    filled: CatalogueFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(filled, "c", *[OPENED] * 9)
    visit(filled, "a", OPENED, OPENED, LED[0])
    visit(filled, "b", OPENED, OPENED, *LED)
    assert names_of_most_visited(filled) == ["bbbbb", "aaaaa"]
    visit(filled, "a", OPENED)
    assert names_of_most_visited(filled) == ["aaaaa", "bbbbb"]
    monkeypatch.setattr(visit_counts, "MAX_LISTINGS", 1)
    assert names_of_most_visited(filled) == ["aaaaa"]
    assert names_of_most_visited(filled, TODAY + timedelta(days=30)) == []


def names_of_most_visited(catalogue: CatalogueFixture, today: date = TODAY) -> list[str]:
    with catalogue.database.reading() as session:
        told = visit_counts.most_visited(session, "p", today)
    return [one.listing.title("lv").text.removeprefix("Darbnīca ") for one in told]


def test_hidden_listings_are_not_among_the_most_opened(filled: CatalogueFixture) -> None:
    visit(filled, "a", OPENED)
    with filled.database.writing() as session:
        platform_states.leave_platform(session, platform_id="p", actor="t")
    assert names_of_most_visited(filled) == []


def test_months_are_told_to_the_thirteenth_with_those_without_visits(filled: CatalogueFixture) -> None:
    for day in (TODAY, TODAY.replace(day=1), date(2025, 3, 1), date(2025, 2, 28)):
        visit(filled, "a", OPENED, day=day)
    with filled.database.reading() as session:
        months = visit_counts.by_month(session, "p", TODAY)
    assert len(months) == 13
    assert (months[0], months[1], months[-1]) == (("2025-03", Counts(1)), ("2025-04", Counts()), ("2026-03", Counts(2)))


def test_days_are_told_from_the_oldest_to_today(filled: CatalogueFixture) -> None:
    visit(filled, "a", OPENED, day=date(2026, 2, 19))
    visit(filled, "a", *LED)
    with filled.database.reading() as session:
        days = visit_counts.by_day(session, "p", TODAY)
    assert (len(days), days[0], days[-1]) == (30, ("2026-02-19", Counts(1)), ("2026-03-20", Counts(0, 1, 1)))


def test_old_days_are_added_up_by_month_and_nothing_changes_in_what_is_told(filled: CatalogueFixture) -> None:
    for day in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)):
        visit(filled, "a", OPENED, *LED, day=day)
    visit(filled, "b", OPENED, day=date(2026, 1, 31))
    with filled.database.reading() as session:
        before = visit_counts.visits(session, "p", TODAY)
    for _night in range(2):
        with filled.database.writing() as session:
            visit_rows.add_up_months(session, datetime(2026, 3, 20, 3, tzinfo=UTC))
    with filled.database.reading() as session:
        assert visit_counts.visits(session, "p", TODAY) == before
        rows = session.execute(select(PlatformVisits.period, PlatformVisits.openings).order_by(PlatformVisits.period)).all()
        assert [tuple(row) for row in rows] == [("2026-01", 3), ("2026-02-01", 1)]
        listed = select(ListingVisits.period, ListingVisits.openings).order_by(ListingVisits.period, ListingVisits.openings)
        assert [tuple(row) for row in session.execute(listed)] == [("2026-01", 1), ("2026-01", 2), ("2026-02-01", 1)]


def test_what_comes_late_is_added_to_its_month(filled: CatalogueFixture) -> None:
    for _time in range(2):
        visit(filled, "a", OPENED, day=date(2026, 1, 31))
        with filled.database.writing() as session:
            visit_rows.add_up_months(session, datetime(2026, 3, 20, tzinfo=UTC))
    with filled.database.reading() as session:
        assert [(row.period, row.openings) for row in session.scalars(select(PlatformVisits))] == [("2026-01", 2)]


def test_a_month_is_forgotten_after_thirteen(filled: CatalogueFixture) -> None:
    for day in (date(2025, 2, 28), date(2025, 3, 1)):
        visit(filled, "a", OPENED, day=day)
    with filled.database.writing() as session:
        visit_rows.add_up_months(session, datetime(2026, 3, 20, tzinfo=UTC))
    with filled.database.reading() as session:
        assert list(session.scalars(select(PlatformVisits.period))) == list(session.scalars(select(ListingVisits.period)))
        assert list(session.scalars(select(PlatformVisits.period))) == ["2025-03"]


def test_words_are_told_from_five_days_on_to_the_platform_whose_listings_they_led_to(filled: CatalogueFixture) -> None:
    for back in range(MIN_DAYS):
        visit(filled, "a", OPENED, OPENED, day=TODAY - timedelta(days=back), searched="  Maize ")
        if back:
            visit(filled, "a", OPENED, day=TODAY - timedelta(days=back), searched="sula")
    with filled.database.reading() as session:
        assert [(one.words, one.times, one.days) for one in visit_counts.words(session, "p")] == [("maize", 10, 5)]
        assert visit_counts.words(session, "q") == []


@pytest.mark.parametrize("words", ["anna@x.example", "26 123 456", "010190-12345", "https://x.example/", "a" * 81])
def test_words_that_may_be_personal_are_not_kept_but_the_opening_counts(filled: CatalogueFixture, words: str) -> None:
    visit(filled, "a", OPENED, searched=words)
    assert in_days(filled, "p") == Counts(1)
    with filled.database.reading() as session:
        assert session.scalars(select(VisitWords)).all() == []


def test_more_different_words_than_fit_in_a_day_are_not_counted(
    filled: CatalogueFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit_tally, "MAX_WORDS_A_DAY", 2)
    for words in ("a", "b", "c", "a"):
        visit(filled, "a", OPENED, searched=words)
    visit(filled, "c", OPENED, searched="c")
    with filled.database.reading() as session:
        rows = session.execute(select(VisitWords.platform_id, VisitWords.words, VisitWords.times).order_by(VisitWords.words))
        assert sorted(map(tuple, rows)) == [("p", "a", 2), ("p", "b", 1), ("q", "c", 1)]


def test_words_are_forgotten_after_a_year(filled: CatalogueFixture) -> None:
    for day in (date(2025, 3, 19), date(2025, 3, 20)):
        visit(filled, "a", OPENED, day=day, searched="maize")
    with filled.database.writing() as session:
        visit_rows.add_up_months(session, datetime(2026, 3, 20, tzinfo=UTC))
    with filled.database.reading() as session:
        assert list(session.scalars(select(VisitWords.day))) == ["2025-03-20"]


def test_a_database_that_refuses_is_no_error_for_the_reader(catalogue: CatalogueFixture) -> None:
    tally = VisitTally(catalogue.database)
    tally.note("a" * 10, OPENED, TODAY)
    with catalogue.database.writing() as session:
        ListingVisits.__table__.drop(session.connection())  # type: ignore[attr-defined]
        session.add(Initiative(public_id="a" * 10, composed={}))
    tally.write()
    tally.write()

"""Searches are counted by day and question: no addresses, not more than needed, forgotten in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from platforma.catalogue.database import Database
from platforma.catalogue.models import FailedSearch, SearchDay
from platforma.catalogue.terms import failed_searches, searches
from platforma.catalogue.terms.failed_searches import FailedSearchTally
from platforma.catalogue.terms.searches import MIN_DAYS, SearchTally

FIRST = date(2026, 3, 1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def ask(database: Database, words: str, days: int, *, times: int = 1) -> None:
    tally = SearchTally(database)
    for day in range(days):
        for _ in range(times):
            tally.note(words, FIRST + timedelta(days=day))
    tally.write()


def asked(database: Database) -> list[tuple[str, int, int]]:
    with database.reading() as session:
        return [(one.words, one.days, one.times) for one in searches.most_asked(session)]


def test_a_question_is_told_only_from_five_days_on(database: Database) -> None:
    ask(database, "jaunieši", MIN_DAYS - 1, times=9)
    assert asked(database) == []
    SearchTally(database).write()
    ask(database, "  JAUNIEŠI ", MIN_DAYS)
    ask(database, "maize", MIN_DAYS, times=20)
    assert asked(database) == [("maize", 5, 100), ("jaunieši", 5, 41)]


@pytest.mark.parametrize("tally", [SearchTally, FailedSearchTally])
def test_what_two_processes_count_first_at_the_same_moment_is_added_up(
    database: Database, database_url: str, tally: type[SearchTally | FailedSearchTally]
) -> None:
    other = Database(database_url)
    key = (FIRST.isoformat(), "jaunieši") if tally is SearchTally else ("jaunieši", "lv")
    theirs = tally(other)
    for _ in range(3):
        theirs.count(key)
    with database.writing() as session:
        tally(database).add(session, Counter({key: 2}))
        writing = Thread(target=theirs.write)
        writing.start()
        writing.join(0.3)
    writing.join(30)
    other.dispose()
    with database.reading() as session:
        assert session.scalars(select(SearchDay.times if tally is SearchTally else FailedSearch.times)).all() == [5]


@pytest.mark.parametrize("words", ["anna@x.example", "tālrunis 26 123 456", "https://x.example/", "a" * 81, "  "])
def test_what_may_be_personal_or_is_a_message_is_not_stored(database: Database, words: str) -> None:
    ask(database, words, 1)
    with database.reading() as session:
        assert session.scalars(select(SearchDay)).all() == []


def test_everybody_is_told_only_names_of_our_own_lists(database: Database) -> None:
    for words in ("aprites ekonomika", "kaimiņš ir nelietis"):
        ask(database, words, MIN_DAYS)
    with database.reading() as session:
        assert [one.words for one in searches.most_asked_names(session)] == ["aprites ekonomika"]
        assert searches.most_asked_names(session, 2025) == []
        assert len(searches.most_asked_names(session, 2026)) == 1


def test_a_day_is_forgotten_after_a_year(database: Database) -> None:
    ask(database, "maize", 2)
    with database.writing() as session:
        searches.forget_old(session, datetime(2027, 3, 2, tzinfo=UTC))
    with database.reading() as session:
        assert [row.day for row in session.scalars(select(SearchDay))] == ["2026-03-02"]


def test_more_different_questions_than_fit_in_a_day_are_not_counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MAX_A_DAY", 2)
    for words in ("a", "b", "c", "a"):
        ask(database, words, 1)
    with database.reading() as session:
        assert [(row.words, row.times) for row in session.scalars(select(SearchDay).order_by(SearchDay.words))] == [
            ("a", 2),
            ("b", 1),
        ]


def vain(database: Database) -> dict[tuple[str, str], int]:
    with database.reading() as session:
        return {(row.words, row.lang): row.times for row in failed_searches.most_frequent(session)}


def test_searches_in_vain_are_counted_beside_the_request_and_by_language(database: Database) -> None:
    tally = FailedSearchTally(database)
    for text in ("Zebra ", "zebra", "raksti uz a@b.example", "zvani 29 123 456"):
        tally.note(text, "lv")
    tally.note("zebra", "en")
    assert vain(database) == {}, "a request does not wait for the database"
    tally.write()
    tally.note("zebra", "lv")
    tally.write()
    assert vain(database) == {("zebra", "lv"): 3, ("zebra", "en"): 1}


def test_of_many_searches_in_vain_those_made_last_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_searches, "MAX_FAILED_SEARCHES", 2)
    for words in ("viens", "divi", "viens", "trīs"):
        tally = FailedSearchTally(database)
        tally.note(words, "lv")
        tally.write()
    assert vain(database) == {("viens", "lv"): 2, ("trīs", "lv"): 1}

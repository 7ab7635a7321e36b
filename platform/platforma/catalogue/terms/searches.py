"""What people search for, in numbers that identify nobody: how often each question was asked on each day, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.counted_rows import add_rows
from platforma.catalogue.database import Database
from platforma.catalogue.models import SearchDay
from platforma.catalogue.tallies import Tally
from platforma.catalogue.terms.failed_searches import words_to_keep
from search.query.concepts import all_names
from vocabulary import fold

MIN_DAYS = 5
"""A question is shown only when it was asked on so many different days."""
MIN_DAYS_OFFERED, MAX_OFFERED = 10, 500
"""Everybody is offered a question only when it was asked on so many different days, and of these only so many."""
KEPT_DAYS = 365
MAX_A_DAY = 2_000
"""So many different questions are counted in a day; others of that day are not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked on at least MIN_DAYS days: on how many, and how often."""

    words: str
    days: int
    times: int


class SearchTally(Tally[tuple[str, str]]):
    """Counts the questions of each day, as (day, words)."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "searches", MAX_A_DAY)
        self._often_asked: tuple[date | None, tuple[str, ...]] = None, ()

    def note(self, text: str, day: date) -> None:
        """Count a question of a day, unless it may hold an address, a number or a whole message."""
        if words := words_to_keep(text):
            self.count((day.isoformat(), words))

    def often_asked(self, day: date) -> tuple[str, ...]:
        """The questions that were asked on at least MIN_DAYS_OFFERED days, the most frequent first; read once a day."""
        if self._often_asked[0] != day:
            with self._database.reading() as session:
                asked = most_asked(session, min_days=MIN_DAYS_OFFERED)[:MAX_OFFERED]
            self._often_asked = day, tuple(one.words for one in asked)
        return self._often_asked[1]

    def add(self, session: Session, counts: Counter[tuple[str, str]]) -> None:
        known = {
            day: set(session.scalars(select(SearchDay.words).where(SearchDay.day == day))) for day in {day for day, _ in counts}
        }
        rows: list[dict[str, object]] = []
        for (day, words), times in sorted(counts.items()):
            if words in known[day] or len(known[day]) < MAX_A_DAY:
                known[day].add(words)
                rows.append({"day": day, "words": words, "times": times})
        add_rows(session, SearchDay, ("day", "words"), ("times",), rows)


def _words_of(session: Session, day: str) -> set[str]:
    return set(session.scalars(select(SearchDay.words).where(SearchDay.day == day)))


def most_asked(session: Session, year: int | None = None, *, min_days: int = MIN_DAYS) -> Sequence[Asked]:
    """The questions that were asked on so many days, in all that is kept or in a year, the most frequent first."""
    days, times = func.count(), func.sum(SearchDay.times)
    query = select(SearchDay.words, days, times).group_by(SearchDay.words).having(days >= min_days)
    if year is not None:
        query = query.where(SearchDay.day.startswith(f"{year:04}-"))
    return [Asked(*row) for row in session.execute(query.order_by(times.desc(), SearchDay.words))]


def most_asked_names(session: Session, year: int | None = None) -> Sequence[Asked]:
    """Those of most_asked that are a name of the vocabulary or the thesaurus, so that nobody writes anything else there."""
    names = {fold(name) for concept in all_names() for name, _lang in concept}
    return [one for one in most_asked(session, year) if fold(one.words) in names]


def forget_old(session: Session, now: datetime) -> None:
    """Forget the days that are longer ago than KEPT_DAYS."""
    session.execute(delete(SearchDay).where(SearchDay.day < (now.date() - timedelta(days=KEPT_DAYS)).isoformat()))

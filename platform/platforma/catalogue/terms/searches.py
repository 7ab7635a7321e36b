"""What people search for, in numbers that identify nobody: how often each question was asked on each day, and nothing else."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from platforma.catalogue.database import Database
from platforma.catalogue.models import SearchDay
from platforma.catalogue.terms.failed_searches import words_to_keep
from search.query.concepts import all_names
from vocabulary import fold

log = logging.getLogger(__name__)
MIN_DAYS = 5
"""A question is shown only when it was asked on so many different days."""
KEPT_DAYS = 365
MAX_A_DAY = 2_000
"""So many different questions are counted in a day; others of that day are not."""
WRITING_INTERVAL_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked on at least MIN_DAYS days: on how many, and how often."""

    words: str
    days: int
    times: int


class SearchTally:
    """Counts searches of this process; they are written beside the requests, so that no reader waits for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: Counter[tuple[str, str]] = Counter()
        self._counting, self._writing = threading.Lock(), threading.Lock()

    def note(self, text: str, day: date) -> None:
        """Count a question of a day, unless it may hold an address, a number or a whole message."""
        words = words_to_keep(text)
        with self._counting:
            if words and (len(self._counts) < MAX_A_DAY or (day.isoformat(), words) in self._counts):
                self._counts[day.isoformat(), words] += 1

    def write_regularly(self) -> None:
        """Write each minute, and when the process ends; what a process had not written when it was killed is lost."""
        threading.Thread(target=self._write_for_ever, name="searches", daemon=True).start()
        atexit.register(self.write)

    def _write_for_ever(self) -> None:
        while True:
            time.sleep(WRITING_INTERVAL_SECONDS)
            self.write()

    def write(self) -> None:
        """Add what was counted to the database; an error of the database is logged only, and the counts are lost."""
        with self._writing:
            with self._counting:
                counts, self._counts = self._counts, Counter()
            try:
                self._add(counts)
            except SQLAlchemyError as error:
                log.warning("searches were not counted: %s", error)

    def _add(self, counts: Counter[tuple[str, str]]) -> None:
        if not counts:
            return
        with self._database.writing() as session:
            for (day, words), times in counts.items():
                _add(session, day, words, times)


def _add(session: Session, day: str, words: str, times: int) -> None:
    is_row = SearchDay.day == day, SearchDay.words == words
    more = update(SearchDay).where(*is_row).values(times=SearchDay.times + times)
    known = session.connection().execute(more).rowcount
    if known or _of_day(session, day) >= MAX_A_DAY:
        return
    session.add(SearchDay(day=day, words=words, times=times))
    session.flush()


def _of_day(session: Session, day: str) -> int:
    return session.scalar(select(func.count()).where(SearchDay.day == day)) or 0


def most_asked(session: Session, year: int | None = None) -> Sequence[Asked]:
    """The questions that were asked on enough days, in all that is kept or in a year, the most frequent first."""
    days, times = func.count(), func.sum(SearchDay.times)
    query = select(SearchDay.words, days, times).group_by(SearchDay.words).having(days >= MIN_DAYS)
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

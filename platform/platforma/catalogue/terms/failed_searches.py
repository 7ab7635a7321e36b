"""Searches without a result, counted for curators; texts that may hold personal data are not stored."""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.counted_rows import add_rows
from platforma.catalogue.database import Database
from platforma.catalogue.errors import BadState, NotFound
from platforma.catalogue.models import FailedSearch
from platforma.catalogue.tallies import Tally
from vocabulary.messages import N_

MAX_QUERY_CHARACTERS = 80
MAX_FAILED_SEARCHES = 1_000
"""The maximum number of different searches stored; beyond, the one whose last time is the longest ago is deleted."""
_PERSONAL_DATA = re.compile(r"@|\d[\d\s-]{5,}|https?:")


class FailedSearchTally(Tally[tuple[str, str]]):
    """Counts searches without a result, as (words, language)."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "searches without a result", MAX_FAILED_SEARCHES)

    def note(self, text: str, lang: str) -> None:
        """Count a search, unless it may hold an address, a number or a whole message."""
        if words := words_to_keep(text):
            self.count((words, lang))

    def add(self, session: Session, counts: Counter[tuple[str, str]]) -> None:
        now = utc_now()
        rows = [{"words": words, "lang": lang, "times": times, "last_at": now} for (words, lang), times in sorted(counts.items())]
        add_rows(session, FailedSearch, ("words", "lang"), ("times",), rows, replaced=("last_at",))
        _forget_oldest(session)


def words_to_keep(text: str) -> str:
    """The words of a search as they may be stored; empty where they may hold an address, a number or a whole message."""
    words = " ".join(text.lower().split())
    return "" if len(words) > MAX_QUERY_CHARACTERS or _PERSONAL_DATA.search(words) else words


def _forget_oldest(session: Session) -> None:
    """Keep MAX_FAILED_SEARCHES, those that were searched last."""
    count = session.scalar(select(func.count()).select_from(FailedSearch)) or 0
    if count > MAX_FAILED_SEARCHES:
        for row in session.scalars(select(FailedSearch).order_by(FailedSearch.last_at).limit(count - MAX_FAILED_SEARCHES)):
            session.delete(row)


def most_frequent(session: Session, limit: int = 50) -> list[FailedSearch]:
    """The most frequent searches that nobody dismissed; of equally frequent ones the latest come first."""
    query = select(FailedSearch).where(FailedSearch.dismissed_at.is_(None))
    return list(session.scalars(query.order_by(FailedSearch.times.desc(), FailedSearch.last_at.desc()).limit(limit)))


def dismissed(session: Session, limit: int = 50) -> list[FailedSearch]:
    """The searches that were dismissed, the latest first."""
    query = select(FailedSearch).where(FailedSearch.dismissed_at.is_not(None))
    return list(session.scalars(query.order_by(FailedSearch.dismissed_at.desc()).limit(limit)))


def dismiss(session: Session, *, words: str, lang: str, actor: str) -> None:
    """Ask nobody of a search any more. Raises NotFound, and BadState where somebody dismissed it already."""
    row = _row(session, words, lang)
    if row.dismissed_at is not None:
        raise BadState(N_("%(who)s has dismissed this search already"), who=row.dismissed_by)
    row.dismissed_at, row.dismissed_by = utc_now(), actor
    _record(session, row, actor, "dismiss_search")


def ask_again(session: Session, *, words: str, lang: str, actor: str) -> None:
    """Take a dismissal back. Raises NotFound."""
    row = _row(session, words, lang)
    row.dismissed_at = row.dismissed_by = None
    _record(session, row, actor, "ask_again_search")


def _row(session: Session, words: str, lang: str) -> FailedSearch:
    row = session.get(FailedSearch, (words, lang))
    if row is None:
        raise NotFound(f"{words} ({lang})")
    return row


def _record(session: Session, row: FailedSearch, actor: str, action: str) -> None:
    is_dismissed = action == "dismiss_search"
    before, after = {"dismissed": not is_dismissed}, {"dismissed": is_dismissed}
    record_event(
        session, actor=actor, action=action, object_type="search", object_id=f"{row.lang}:{row.words}", before=before, after=after
    )

"""Searches without a result, counted for curators; texts that may hold personal data are not stored."""

from __future__ import annotations

import logging
import re

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.models import FailedSearch

log = logging.getLogger(__name__)
MAX_QUERY_CHARACTERS = 80
MAX_FAILED_SEARCHES = 1_000
"""The maximum number of different searches stored; beyond, the one whose last time is the longest ago is deleted."""
_PERSONAL_DATA = re.compile(r"@|\d[\d\s-]{5,}|https?:")


def record_failed_search(database: Database, text: str, lang: str) -> None:
    """Count a search without a result, unless it may hold an address, a number or a whole message.

    An error of the database is logged only, since the reader loses nothing by it.
    """
    words = words_to_keep(text)
    if not words:
        return
    try:
        with database.writing() as session:
            _count(session, words, lang)
    except SQLAlchemyError as error:
        log.warning("a search without result was not remembered: %s", error)


def words_to_keep(text: str) -> str:
    """The words of a search as they may be stored; empty where they may hold an address, a number or a whole message."""
    words = " ".join(text.lower().split())
    return "" if len(words) > MAX_QUERY_CHARACTERS or _PERSONAL_DATA.search(words) else words


def _count(session: Session, words: str, lang: str) -> None:
    row = session.get(FailedSearch, (words, lang)) or FailedSearch(words=words, lang=lang, times=0)
    row.times, row.last_at = row.times + 1, utc_now()
    session.add(row)
    session.flush()
    if (session.scalar(select(func.count()).select_from(FailedSearch)) or 0) > MAX_FAILED_SEARCHES:
        oldest = session.scalars(select(FailedSearch).order_by(FailedSearch.last_at).limit(1)).one()
        session.execute(delete(FailedSearch).where(FailedSearch.words == oldest.words, FailedSearch.lang == oldest.lang))


def most_frequent(session: Session, limit: int = 50) -> list[FailedSearch]:
    """The most frequent searches; of equally frequent ones the latest come first."""
    query = select(FailedSearch).order_by(FailedSearch.times.desc(), FailedSearch.last_at.desc()).limit(limit)
    return list(session.scalars(query))

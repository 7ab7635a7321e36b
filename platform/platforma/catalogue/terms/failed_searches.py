"""Searches without a result, counted for curators; texts that may hold personal data are not stored."""

from __future__ import annotations

import logging
import re

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.errors import BadState, DatabaseUnavailable, NotFound
from platforma.catalogue.models import FailedSearch
from vocabulary.messages import N_

log = logging.getLogger(__name__)
MAX_QUERY_CHARACTERS = 80
MAX_FAILED_SEARCHES = 1_000
"""The maximum number of different searches stored; beyond, the one whose last time is the longest ago is deleted."""
_ONCE_MORE = (
    update(FailedSearch)
    .where(FailedSearch.words == bindparam("its_words"), FailedSearch.lang == bindparam("its_lang"))
    .values(times=FailedSearch.times + 1, last_at=bindparam("now"))
)
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
    except (SQLAlchemyError, DatabaseUnavailable) as error:
        log.warning("a search without result was not remembered: %s", error)


def words_to_keep(text: str) -> str:
    """The words of a search as they may be stored; empty where they may hold an address, a number or a whole message."""
    words = " ".join(text.lower().split())
    return "" if len(words) > MAX_QUERY_CHARACTERS or _PERSONAL_DATA.search(words) else words


def _count(session: Session, words: str, lang: str) -> None:
    now = utc_now()
    if session.connection().execute(_ONCE_MORE, {"its_words": words, "its_lang": lang, "now": now}).rowcount:
        return
    session.add(FailedSearch(words=words, lang=lang, times=1, last_at=now))
    session.flush()
    if (session.scalar(select(func.count()).select_from(FailedSearch)) or 0) > MAX_FAILED_SEARCHES:
        oldest = session.scalars(select(FailedSearch).order_by(FailedSearch.last_at).limit(1)).one()
        session.execute(delete(FailedSearch).where(FailedSearch.words == oldest.words, FailedSearch.lang == oldest.lang))


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

"""Public listings that say what they are in some language, and not in each of the interface's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Initiative
from vocabulary.languages import LANGUAGES

LAST = "9999-12-31"
"""Where what has no end, or is over, stands among what ends."""


def lacks(lang: str) -> ColumnElement[bool]:
    """Condition on Initiative: it says what it is in some language, and not in this one."""
    told = Initiative.text_languages
    return (told != "") & ~told.contains(f" {lang} ", autoescape=True)


def _lacks_one_of(langs: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(lacks(lang) for lang in langs))


def count_and_oldest() -> Select[int, Any]:
    """A statement: how many public listings lack a text, and when the oldest of them was published."""
    return select(func.count(Initiative.id), func.min(Initiative.published_at)).where(
        is_published(), _lacks_one_of(tuple(LANGUAGES))
    )


def counts(session: Session) -> dict[str, int]:
    """How many public listings lack a text in each interface language."""
    columns = [func.count().filter(lacks(lang)) for lang in LANGUAGES]
    return dict(zip(LANGUAGES, session.execute(select(*columns).where(is_published())).one(), strict=True))


def count(session: Session, langs: Sequence[str]) -> int:
    """How many public listings lack a text in one of these languages."""
    return session.scalar(select(func.count(Initiative.id)).where(is_published(), _lacks_one_of(langs))) or 0


def missing(session: Session, langs: Sequence[str], *, today: str, limit: int, offset: int = 0) -> list[Listing]:
    """Public listings without a text in one of these languages: calls and events that are still open first, those that end
    soonest before others, then the newest. `today` is YYYY-MM-DD."""
    ends_on = case((Initiative.open_until >= today, Initiative.open_until), else_=LAST)
    order = ends_on, Initiative.published_at.desc(), Initiative.id
    query = select(Initiative.id).where(is_published(), _lacks_one_of(langs))
    ids = session.scalars(query.order_by(*order).limit(limit).offset(offset)).all()
    rows = {row.id: row for row in session.scalars(select(Initiative).where(Initiative.id.in_(ids)))}
    return listing_queries.to_listings(session, [rows[id] for id in ids])

"""Public listings that say what they are in some language, and not in each of the interface's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Initiative
from vocabulary.languages import LANGUAGES

LAST = "9999-12-31"
"""Where what has no end, or is over, stands among what ends."""


@dataclass(frozen=True, slots=True)
class Missing:
    """How many public listings say what they are in which languages, by Initiative.text_languages."""

    by_languages: Mapping[str, int]

    def lacking(self, langs: Iterable[str]) -> list[str]:
        """Those values of Initiative.text_languages that lack one of these languages; a listing without any text lacks none."""
        langs = list(langs)
        return [told for told in self.by_languages if told and any(f" {lang} " not in told for lang in langs)]

    def count(self, langs: Iterable[str]) -> int:
        """How many listings lack a text in one of these languages."""
        return sum(self.by_languages[told] for told in self.lacking(langs))


def count_and_oldest() -> Select[int, Any]:
    """A statement: how many public listings lack a text in an interface language, and when the oldest of them was published.

    It is answered from an index alone: no other column is asked for.
    """
    told = Initiative.text_languages
    lacks_one = or_(*(~told.contains(f" {lang} ", autoescape=True) for lang in LANGUAGES))
    return select(func.count(), func.min(Initiative.published_at)).where(is_published(), told != "", lacks_one)


def missing(session: Session) -> Missing:
    """How many public listings lack what."""
    query = select(Initiative.text_languages, func.count()).where(is_published()).group_by(Initiative.text_languages)
    return Missing({row[0]: row[1] for row in session.execute(query)})


def listings(session: Session, told: Collection[str], *, today: str, limit: int, offset: int = 0) -> list[Listing]:
    """Public listings with these values of `text_languages`: calls and events that are still open first, those that end
    soonest before others, then the newest. `today` is YYYY-MM-DD."""
    ends_on = case((Initiative.open_until >= today, Initiative.open_until), else_=LAST)
    order = ends_on, Initiative.published_at.desc(), Initiative.id
    query = select(Initiative.id).where(is_published(), Initiative.text_languages.in_(told))
    ids = session.scalars(query.order_by(*order).limit(limit).offset(offset)).all()
    rows = {row.id: row for row in session.scalars(select(Initiative).where(Initiative.id.in_(ids)))}
    return listing_queries.to_listings(session, [rows[id] for id in ids])

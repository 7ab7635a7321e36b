"""Conflicts: a source newly says something else of a field than the person whose value stands over the sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.listings import groups
from platforma.catalogue.listings.layers import NOTHING, origin_key, shown_value, strongest
from platforma.catalogue.models import Initiative, InitiativeState, Value
from platforma.catalogue.shapes import Composed, FieldValue

TOGETHER = ""
"""Key of `Value.seen` for what the sources together said, in values of before each source was remembered on its own."""
DECIDABLE = (InitiativeState.NEW, InitiativeState.PUBLISHED, InitiativeState.ARCHIVED)
"""States of listings of which somebody is asked."""
_head = aliased(Initiative)
_IS_OPEN = Value.contested_at.is_not(None), _head.state.in_(DECIDABLE)
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the sources of a listing say without people: each platform on its own, by id, and all of them together."""

    by_platform: Mapping[str, Composed]
    together: Composed

    def said(self, field: str, lang: str) -> dict[str, FieldValue]:
        """What each platform says of a field (in a language for texts); those that say nothing are missing."""
        said = {id: shown_value(composed, field, lang) for id, composed in self.by_platform.items()}
        return {id: value for id, value in said.items() if value not in NOTHING}

    def speaker(self, field: str, lang: str) -> str | None:
        """The platform whose value is shown where no person says anything."""
        return self.together["origins"].get(origin_key(field, lang))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of a listing that waits for somebody since an instant, in UTC."""

    public_id: str
    field: str
    lang: str
    since: datetime


def news(value: Value, sources: Sources) -> dict[str, FieldValue]:
    """What platforms newly say of a person's field, by id: neither that value, nor what they said when it was set or kept.

    A platform that was no source then, and says something else, is news. Of a value that is kept for good there are none.
    """
    if value.is_kept_for_good:
        return {}
    said, seen = sources.said(value.field, value.lang), value.seen or {}
    if TOGETHER in seen:
        speaker = sources.speaker(value.field, value.lang)
        said = {id: words for id, words in said.items() if id == speaker and words != seen[TOGETHER]}
    return {id: words for id, words in said.items() if words != value.value and words != seen.get(id)}


def seen_after_keeping(value: Value, sources: Sources, platform_id: str | None) -> dict[str, FieldValue]:
    """What a value has seen once it is kept against what a platform says now, or against what all say (None)."""
    said, seen = sources.said(value.field, value.lang), value.seen or {}
    if platform_id is None or TOGETHER in seen:
        return said
    return seen | {id: words for id, words in said.items() if id == platform_id}


def note(values: Collection[Value], standing: Collection[Value], sources: Sources, now: datetime) -> None:
    """Note in the values of a group of which of them sources say something new, since now unless it was noted before."""
    contested = [value for value in strongest(standing).values() if news(value, sources)]
    for value in values:
        is_contested = any(value is one for one in contested)
        if is_contested != (value.contested_at is not None):
            value.contested_at = now if is_contested else None


def waiting(session: Session, *, limit: int, offset: int = 0) -> list[Conflict]:
    """The conflicts of all listings, those that wait longest first."""
    query = _open(select(_head.public_id, Value.field, Value.lang, Value.contested_at))
    rows = session.execute(query.order_by(Value.contested_at, Value.id).limit(limit).offset(offset))
    return [Conflict(id, field, lang, since) for id, field, lang, since in rows if since is not None]


def count_and_oldest() -> Select[int, Any]:
    """A statement: how many fields have a conflict, and the instant since when the oldest waits."""
    return _open(select(func.count(Value.id), func.min(Value.contested_at)))


def _open(query: Select[*Columns]) -> Select[*Columns]:
    """The values of which somebody is asked, with the listing that stands for each."""
    query = query.select_from(Value).join(Initiative, Initiative.id == Value.initiative_id)
    return query.join(_head, _head.id == groups.head_id()).where(*_IS_OPEN)

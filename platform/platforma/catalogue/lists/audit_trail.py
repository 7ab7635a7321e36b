"""Searching the audit: who did what to what, by person or rule, action, object, its name, and time; the newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from platforma.catalogue.listings.listing_names import names_by_public_id
from platforma.catalogue.models import Crawl, Event, Initiative, ListingFacts, Platform, User
from vocabulary import fold

MAX_CHOICES = 200
EXPORTED_AT_ONCE = 500
MAX_LOOKED_UP = 500
OF_PLATFORMS = ("platform", "recipe")
"""Types of objects whose id is a platform's."""
LISTING_KEYS = ("listing", "joined")
"""Keys of what stood before or after whose value is public ids of listings."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which events are meant; an empty one means all. `object_id` with an empty `object_type` is one of any type.

    `words` are of the object's name. `since` and `until` bound the instant, the latter excluded. With `before_id` only older
    events are meant.
    """

    actor: str = ""
    action: str = ""
    object_type: str = ""
    object_id: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An event. `before` and `after` are empty where it has none, or where they were erased with what it is about."""

    id: int
    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ObjectNames:
    """Names of objects by type and id: titles by language of listings, of which some have none; one name of all others."""

    listings: Mapping[str, Mapping[str, str]]
    others: Mapping[tuple[str, str], str]


def find(session: Session, question: Question, limit: int) -> list[AuditEntry]:
    """The events that are meant, the newest first, at most so many."""
    query = select(Event).where(*_conditions(session, question)).order_by(Event.id.desc()).limit(limit)
    return [
        AuditEntry(
            row.id, row.at, row.actor, row.action, row.object_type, row.object_id, row.before or {}, row.after or {}
        )
        for row in session.scalars(query)
    ]  # fmt: skip


def find_all(session: Session, question: Question) -> Iterator[AuditEntry]:
    """All events that are meant, the newest first, read in parts."""
    while entries := find(session, question, EXPORTED_AT_ONCE):
        yield from entries
        question = replace(question, before_id=entries[-1].id)


def actors(session: Session) -> list[str]:
    """All people and rules that have done something, by name."""
    return _distinct(session, Event.actor)


def actions(session: Session) -> list[str]:
    """All actions that there are events of, by name."""
    return _distinct(session, Event.action)


def names(session: Session, entries: Collection[AuditEntry]) -> ObjectNames:
    """The names of what the entries are about, and of the listings that they mention."""
    ids: dict[str, set[str]] = {}
    for entry in entries:
        ids.setdefault(entry.object_type, set()).add(entry.object_id)
    mentioned = {id for entry in entries for said in (entry.before, entry.after) for id in _mentioned(said)}
    listings = names_by_public_id(session, ids.get("initiative", set()) | mentioned)
    others = {**_platform_names(session, ids), **_crawl_names(session, ids), **_user_names(session, ids)}
    return ObjectNames({id: name.texts for id, name in listings.items()}, others)


def _mentioned(said: Mapping[str, Any]) -> Iterator[str]:
    for key in LISTING_KEYS:
        value = said.get(key)
        yield from [value] if isinstance(value, str) else value if isinstance(value, list) else ()


def _conditions(session: Session, question: Question) -> list[ColumnElement[bool]]:
    exact = {Event.actor: question.actor, Event.action: question.action, Event.object_type: question.object_type}
    found = [column == value for column, value in exact.items() if value]
    found += [Event.object_id == question.object_id] if question.object_id else []
    found += [Event.at >= question.since] if question.since else []
    found += [Event.at < question.until] if question.until else []
    found += [Event.id < question.before_id] if question.before_id is not None else []
    return found + ([_is_named(session, question.words)] if question.words.split() else [])


def _is_named(session: Session, words: str) -> ColumnElement[bool]:
    """Condition on Event: all words are in the name of the object, a listing, a platform or an account.

    The events of few listings are looked up in an index; where many listings have the words, they are soon met by age.
    """
    folded = [fold(word) for word in words.split()]
    having = select(ListingFacts.initiative_id).where(*(ListingFacts.words.contains(word, autoescape=True) for word in folded))
    few = session.scalars(select(Initiative.public_id).where(Initiative.id.in_(having.limit(MAX_LOOKED_UP + 1)))).all()
    if len(few) > MAX_LOOKED_UP:
        # no bare column: an index of types would be used, which is not in the order of age
        type: ColumnElement[str] = func.coalesce(Event.object_type, "")
        is_event_of = having.join(Initiative, Initiative.id == ListingFacts.initiative_id)
        is_listing = (type == "initiative") & is_event_of.where(Initiative.public_id == Event.object_id).exists()
    else:
        type = Event.object_type.expression
        is_listing = (type == "initiative") & Event.object_id.in_(few)
    platforms = [id for id, title in session.execute(select(Platform.id, Platform.title)) if _has_all(title, folded)]
    users = [str(id) for id, email in session.execute(select(User.id, User.email)) if _has_all(email, folded)]
    return or_(
        is_listing,
        type.in_(OF_PLATFORMS) & Event.object_id.in_(platforms),
        (type == "user") & Event.object_id.in_(users),
    )


def _has_all(name: str, folded: Sequence[str]) -> bool:
    return all(word in fold(name) for word in folded)


def _distinct(session: Session, column: InstrumentedAttribute[str]) -> list[str]:
    """The values of an indexed column, each looked up in the index after the one before: there are few among many rows."""
    found: list[str] = []
    value = session.scalar(select(func.min(column)))
    while value is not None and len(found) < MAX_CHOICES:
        found.append(value)
        value = session.scalar(select(func.min(column)).where(column > value))
    return found


def _platform_names(session: Session, ids: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    wanted = {id for type in OF_PLATFORMS for id in ids.get(type, ())}
    rows = session.execute(select(Platform.id, Platform.title).where(Platform.id.in_(wanted))).all()
    return {(type, id): title for type in OF_PLATFORMS for id, title in rows}


def _crawl_names(session: Session, ids: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    wanted = [int(id) for id in ids.get("crawl", ()) if id.isdecimal()]
    query = select(Crawl.id, Platform.title).join(Platform, Platform.id == Crawl.platform_id).where(Crawl.id.in_(wanted))
    return {("crawl", str(id)): f"{title} ({id})" for id, title in session.execute(query)}


def _user_names(session: Session, ids: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    wanted = [int(id) for id in ids.get("user", ()) if id.isdecimal()]
    return {("user", str(id)): email for id, email in session.execute(select(User.id, User.email).where(User.id.in_(wanted)))}

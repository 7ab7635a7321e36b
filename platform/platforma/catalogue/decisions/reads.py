"""Reads of decisions: lately, one, and the last of an object; each with the names of what it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import undoing
from platforma.catalogue.listings.listing_names import ListingName, names_by_public_id
from platforma.catalogue.models import Correction, Crawl, Decision, DecisionObject, Initiative, Platform
from platforma.catalogue.pending import REMOVAL

MAX_NAMED = 3
"""Of a decision on many objects so many are named."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about: a listing by its name, or a platform, a platform's crawl or recipe, by the platform's title.

    Of a message `topic` is set, and `title` or `listing` where it is about one.
    """

    kind: str
    id: str
    title: str = ""
    listing: ListingName | None = None
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision; `subjects` are the first of `count`. Instants are in UTC; `failed`: it could not be carried out."""

    id: int
    kind: str
    verb: str
    by: str
    at: datetime
    due_at: datetime | None
    done_at: datetime | None
    undone_at: datetime | None
    undone_by: str | None
    subjects: Sequence[Subject]
    count: int
    has_mail: bool
    failed: bool

    @property
    def can_be_undone(self) -> bool:
        """Whether its time is not over; what else was changed since is found out by trying."""
        is_over = self.done_at is not None or (self.due_at is not None and self.due_at <= utc_now())
        return self.undone_at is None and not is_over


def latest(session: Session, *, limit: int, offset: int = 0) -> list[Decided]:
    """The last decisions, undone or not; the newest first."""
    query = select(Decision).order_by(Decision.id.desc()).limit(limit).offset(offset)
    return _decided(session, session.scalars(query).all())


def count(session: Session) -> int:
    """How many decisions there are."""
    return session.scalar(select(func.count()).select_from(Decision)) or 0


def decision(session: Session, id: int) -> Decided | None:
    """One decision; None where there is none."""
    row = session.get(Decision, id)
    return _decided(session, [row])[0] if row is not None else None


def waiting_removal(session: Session, public_id: str) -> Decided | None:
    """The decision to remove a listing for good that still waits; None without one."""
    found = last_about(session, "initiative", public_id)
    return found if found is not None and found.kind == REMOVAL and found.done_at is None else None


def last_about(session: Session, kind: str, object_id: str) -> Decided | None:
    """The newest decision about an object that stands; None without one."""
    query = select(Decision).join(DecisionObject, DecisionObject.decision_id == Decision.id)
    is_about = DecisionObject.kind == kind, DecisionObject.object_id == object_id, DecisionObject.is_subject
    row = session.scalar(query.where(*is_about, Decision.undone_at.is_(None)).order_by(Decision.id.desc()).limit(1))
    return _decided(session, [row])[0] if row is not None else None


def _decided(session: Session, rows: Sequence[Decision]) -> list[Decided]:
    about = {row.id: _objects(session, row.id) for row in rows}
    subjects = _subjects(session, [place for places, _count in about.values() for place in places])
    return [
        Decided(
            id=row.id, kind=row.kind, verb=row.verb, by=row.by, at=row.at, due_at=row.due_at, done_at=row.done_at,
            undone_at=row.undone_at, undone_by=row.undone_by, subjects=[subjects[place] for place in about[row.id][0]],
            count=about[row.id][1], has_mail=bool(row.details.get("mails")), failed=undoing.FAILED in row.details,
        )
        for row in rows
    ]  # fmt: skip


def _objects(session: Session, decision_id: int) -> tuple[list[tuple[str, str]], int]:
    """The first subjects of a decision, and how many there are."""
    is_of_it = DecisionObject.decision_id == decision_id, DecisionObject.is_subject
    query = select(DecisionObject.kind, DecisionObject.object_id, func.count().over()).where(*is_of_it)
    found = session.execute(query.order_by(DecisionObject.kind, DecisionObject.object_id).limit(MAX_NAMED)).all()
    return [(kind, id) for kind, id, _all in found], found[0][2] if found else 0


def _subjects(session: Session, places: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Subject]:
    ids: dict[str, set[str]] = {kind: {id for of, id in places if of == kind} for kind, _id in places}
    messages = _messages(session, {int(id) for id in ids.get("correction", ())})
    crawls = _rows(session, select(Crawl.id, Crawl.platform_id).where(Crawl.id.in_([int(id) for id in ids.get("crawl", ())])))
    wanted = {*ids.get("platform", ()), *ids.get("recipe", ()), *crawls.values(), *(row.platform_id for row in messages.values())}
    titles = _rows(session, select(Platform.id, Platform.title).where(Platform.id.in_(wanted)))
    listed = {id: row.public_id for id, row in messages.items() if row.public_id}
    names = names_by_public_id(session, {*ids.get("initiative", ()), *listed.values()})

    def subject(kind: str, id: str) -> Subject:
        if kind == "initiative":
            return Subject(kind, id, listing=names.get(id))
        if kind == "correction":
            row = messages.get(int(id))
            of = names.get(listed.get(int(id), ""))
            return Subject(kind, id, titles.get(row.platform_id, "") if row else "", of, row.topic if row else "")
        return Subject(kind, id, titles.get(crawls.get(int(id), "") if kind == "crawl" else id, ""))

    return {place: subject(*place) for place in places}


def _messages(session: Session, ids: Collection[int]) -> dict[int, Any]:
    query = select(Correction.id, Correction.topic, Correction.platform_id, Initiative.public_id)
    query = query.outerjoin(Initiative, Initiative.id == Correction.initiative_id).where(Correction.id.in_(ids))
    return {row.id: row for row in session.execute(query)}


def _rows(session: Session, query: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in session.execute(query)}

"""Saved views of the staff's list: a search with its filters under a name, for oneself or for all of the staff."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.models import SavedView
from vocabulary.characters import single_line
from vocabulary.messages import N_

MAX_NAME_CHARACTERS = 80
NOT_YOURS = N_("Only %(who)s can delete this view")


@dataclass(frozen=True, slots=True)
class View:
    """A saved view; `query` is the query of its address, `by` who saved it."""

    id: int
    name: str
    query: str
    by: str
    is_shared: bool


def views_for(session: Session, person: str) -> list[View]:
    """A person's own views and those that are shared, the oldest first."""
    query = select(SavedView).where(or_(SavedView.by == person, SavedView.is_shared)).order_by(SavedView.id)
    return [View(row.id, row.name, row.query, row.by, row.is_shared) for row in session.scalars(query)]


def save(session: Session, *, name: str, query: str, by: str, is_shared: bool) -> None:
    """Save a view; one of the same person with the same name is replaced. Raises BadValue for no name or too long a one."""
    text = single_line(name)
    if not text or len(text) > MAX_NAME_CHARACTERS:
        raise BadValue("name", N_("Give the view a name of at most 80 characters"))
    row = session.scalar(select(SavedView).where(SavedView.by == by, SavedView.name == text))
    before = {"query": row.query, "shared": row.is_shared} if row is not None else None
    if row is None:
        row = SavedView(name=text, by=by)
        session.add(row)
    row.query, row.is_shared = query, is_shared
    session.flush()
    after = {"name": text, "query": query, "shared": is_shared}
    record_event(session, actor=by, action="save_view", object_type="view", object_id=str(row.id), before=before, after=after)


def delete(session: Session, view_id: int, *, by: str) -> None:
    """Delete a view of one's own. Raises NotFound, and BadState for somebody else's."""
    row = session.get(SavedView, view_id)
    if row is None or (row.by != by and not row.is_shared):
        raise NotFound(str(view_id))
    if row.by != by:
        raise BadState(NOT_YOURS, who=row.by)
    before = {"name": row.name, "query": row.query, "shared": row.is_shared}
    session.delete(row)
    record_event(session, actor=by, action="delete_view", object_type="view", object_id=str(view_id), before=before)

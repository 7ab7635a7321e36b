"""What stood before and after a decision: the columns of the rows that decisions change, as JSON; and restoring them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadState
from platforma.catalogue.listings import groups
from platforma.catalogue.models import Base, Correction, Crawl, Event, Initiative, Platform
from vocabulary.messages import N_

CHANGED = N_("Since then %(who)s changed “%(name)s” (%(when)s), so this cannot be undone. Nothing has been changed.")
BY_NOBODY = N_("a crawl")
Place = tuple[str, str]
"""The kind of a row, and its id as decisions name it."""
Columns = Mapping[str, Any]
Snapshot = dict[Place, Columns]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows: its table, the column that names a row, and the columns that decisions change."""

    table: type[Base]
    name: str
    columns: Sequence[str]
    compared: Sequence[str]

    def id_of(self, row: Any) -> str:
        return str(getattr(row, self.name))

    def columns_of(self, row: Any) -> dict[str, Any]:
        """The columns of a row as JSON; instants as ISO 8601."""
        return {name: _as_json(getattr(row, name)) for name in self.columns}


_OF_LISTING = ("state", "reason", "published_at", "merged_into_id", "state_apart")
KINDS = {
    "initiative": Kind(Initiative, "public_id", _OF_LISTING, _OF_LISTING),
    "platform": Kind(Platform, "id", ("state", "reason", "next_crawl_at", "asked_at"), ("state", "reason")),
    "crawl": Kind(Crawl, "id", ("state",), ("state",)),
    "correction": Kind(Correction, "id", ("state", "closed_at"), ("state", "closed_at")),
}
NEVER_PUBLIC = {"state": "new", "reason": None, "published_at": None, "merged_into_id": None, "state_apart": None}
"""What stood before of a listing that a decision has made: it goes back to waiting, hidden with its platform."""


def of_listings(session: Session, initiative_ids: Collection[int]) -> Snapshot:
    """How the listings of these row ids and all members of their groups stand."""
    heads = set(groups.heads(session, initiative_ids).values())
    ids = [row.id for group in groups.members(session, heads).values() for row in group]
    kind = KINDS["initiative"]
    found: Snapshot = {}
    for batch in groups.batched(sorted(ids)):
        query = select(Initiative.public_id, *(getattr(Initiative, name) for name in kind.columns))
        for row in session.execute(query.where(Initiative.id.in_(batch))):
            found["initiative", row.public_id] = {name: _as_json(getattr(row, name)) for name in kind.columns}
    return found


def of_rows(kind: str, rows: Iterable[Any]) -> Snapshot:
    """How these rows of one kind stand."""
    return {(kind, KINDS[kind].id_of(row)): KINDS[kind].columns_of(row) for row in rows}


def rows_of(session: Session, kind: str, ids: Collection[str]) -> dict[str, Any]:
    """The rows of a kind by their ids, locked."""
    one = KINDS[kind]
    column, found = getattr(one.table, one.name), {}
    keys: list[Any] = sorted(map(int, ids)) if kind in ("crawl", "correction") else sorted(ids)
    for batch in groups.batched(keys):
        for row in session.scalars(select(one.table).where(column.in_(batch)).order_by(column).with_for_update()):
            found[one.id_of(row)] = row
    return found


def check_unchanged(session: Session, after: Snapshot) -> dict[Place, Any]:
    """The rows of a snapshot, locked. Raises BadState, naming who did what since, where one stands otherwise now."""
    found: dict[Place, Any] = {}
    for kind in KINDS:
        for id, row in rows_of(session, kind, [id for of, id in after if of == kind]).items():
            found[kind, id] = row
    for place, columns in after.items():
        row, compared = found.get(place), KINDS[place[0]].compared
        if row is None or any(_as_json(getattr(row, name)) != columns[name] for name in compared):
            raise _changed(session, place, row)
    return found


def restore(rows: Mapping[Place, Any], before: Snapshot) -> None:
    """Give the rows the columns of a snapshot."""
    for place, columns in before.items():
        for name, value in columns.items():
            setattr(rows[place], name, _from_json(name, value))


def _changed(session: Session, place: Place, row: Any) -> BadState:
    is_of_row = Event.object_type == place[0], Event.object_id == place[1]
    last = session.scalar(select(Event).where(*is_of_row).order_by(Event.id.desc()).limit(1))
    return BadState(CHANGED, who=last.actor if last else BY_NOBODY, name=_name(row, place[1]), when=last.at if last else "–")


def _name(row: Any, id: str) -> str:
    if isinstance(row, Platform):
        return row.title
    titles = row.composed.get("texts", {}).get("title", {}) if isinstance(row, Initiative) else {}
    return next(iter(titles.values()), id)


def _as_json(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, datetime)
        else None
        if value is None
        else value
        if isinstance(value, int)
        else str(value)
    )


def _from_json(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value

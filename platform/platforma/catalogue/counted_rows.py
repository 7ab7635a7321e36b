"""Rows that hold counts: what was counted is added to what is there, whoever writes at the same moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from platforma.catalogue.models.base import Base

Insert = sqlite.Insert | postgresql.Insert


def add_rows(
    session: Session,
    table: type[Base],
    key: Sequence[str],
    numbers: Collection[str],
    rows: Sequence[Mapping[str, object]],
    *,
    replaced: Collection[str] = (),
) -> None:
    """Insert rows of which `key` tells which is which; where it is there, perhaps since a moment and by another process, the
    numbers are added to its own, and the columns `replaced` take the new values.

    All processes should bring rows in one order, so that none waits for the other.
    """
    if rows:
        session.connection().execute(adding(insert_into(session, table), key, numbers, replaced), rows)


def insert_into(session: Session, table: type[Base] | Table) -> Insert:
    """An insert of the kind of database, which can say what to do where a row is there."""
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def adding(insert: Insert, key: Sequence[str], numbers: Collection[str], replaced: Collection[str] = ()) -> Insert:
    """The statement that adds the numbers where a row of the same key is there, and replaces other columns."""
    changes = {name: insert.table.c[name] + insert.excluded[name] for name in numbers}
    changes |= {name: insert.excluded[name] for name in replaced}
    return insert.on_conflict_do_update(index_elements=list(key), set_=changes)

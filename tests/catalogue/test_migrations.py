"""Every migration, down to the first and up again, with a row in each table: nothing fails, and no row is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Connection, Enum, func, inspect, select, table

from platforma.catalogue.column_types import UtcDateTime
from platforma.catalogue.database import Database, alembic_config
from platforma.catalogue.models import Base

SOME_TIME = datetime(2026, 5, 1, 12, tzinfo=UTC)
TABLES = Base.metadata.sorted_tables
Row = Mapping[str, Any]
EMPTY = {"unsubscribe_url", "more_secrets"}
"""Mails that have one are digests or have several secrets, and go on the way down: an earlier version cannot send them rightly."""


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A connection to a database at the last version, with one row in each table."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        fill(connection)
        connection.commit()
        yield connection
    database.dispose()


def fill(connection: Connection) -> None:
    rows: dict[str, Row] = {}
    for one in TABLES:
        rows[one.name] = {column.name: value_of(column, rows) for column in one.columns}
        connection.execute(one.insert().values(rows[one.name]))


def value_of(column: Column[Any], rows: Mapping[str, Row]) -> Any:
    """What the row of the table that is referred to has, else some value of the type; nothing where a row refers to its own table."""
    if column.name in EMPTY:
        return None
    for key in column.foreign_keys:
        return rows[key.column.table.name][key.column.name] if key.column.table is not column.table else None
    if isinstance(column.type, Enum):
        return column.type.enums[0] if column.type.enum_class is None else next(iter(column.type.enum_class))
    if isinstance(column.type, JSON):
        return {"lv": ["vārds"]}
    if isinstance(column.type, UtcDateTime):
        return SOME_TIME
    return {int: 1, bool: True, float: 0.5, bytes: b"\x01"}.get(column.type.python_type, "vārds")


def step(connection: Connection, move: Callable[..., None], revision: str) -> None:
    move(alembic_config(connection), revision)
    connection.commit()


def counts(connection: Connection) -> dict[str, int]:
    """The number of rows by table, without Alembic's own."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(names)}


def test_each_step_down_and_up_keeps_the_rows_of_every_table_that_stays(connection: Connection) -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()]
    assert counts(connection) == {one.name: 1 for one in TABLES}
    for revision in revisions[1:]:
        step(connection, command.downgrade, revision)
        assert {name for name, number in counts(connection).items() if not number} == set(), revision
    first = counts(connection)
    for revision in reversed(revisions[:-1]):
        step(connection, command.upgrade, revision)
        found = counts(connection)
        assert {name: found[name] for name in first} == first, revision
    assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []
    step(connection, command.downgrade, "base")
    assert counts(connection) == {}

"""What a backup holds: the tables in the order in which they can be filled, and those that it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Column, MetaData, Table

from platforma.catalogue.backup import wire

LEFT_OUT: Mapping[str, str] = {
    "sessions": "people sign in again",
    "link_requests": "budgets of links begin anew",
    "leases": "no crawl is running where a backup is restored",
    "outbox": "the search index is built anew",
    "mails": "what was sent meanwhile must not be sent twice, and mails hold links that sign people in",
}
"""The tables that no backup holds, each with the reason."""


class StoredTable(BaseModel):
    """A table in a backup: its columns in the order of each row's values, each with its kind (see wire.TYPES).

    `later` are columns that name a row of the same table, or of one that comes after it, so that they are filled in last.
    `sha256` is of the member's bytes before packing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern="^[a-z_]+$")
    columns: dict[str, str]
    key: tuple[str, ...]
    later: tuple[str, ...]
    rows: int = Field(ge=0)
    sha256: str


class Manifest(BaseModel):
    """What stands first in an archive: by which version and when it was made, and what its tables are, in order.

    `migration` is the database's revision. `key_mark` tells whether two installations have the same secret key, and nothing
    of the key. `settings` are those that are not secret, by the name of their variable.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    version: str
    made_at: str
    migration: str
    key_mark: str
    settings: dict[str, str]
    tables: tuple[StoredTable, ...]


def kept_tables(metadata: MetaData) -> list[Table]:
    """The tables of a backup, each after those that its rows name."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def columns_filled_later(table: Table) -> tuple[str, ...]:
    """The columns that name a row of the table itself."""
    return tuple(column.name for column in table.columns if _names_own_row(column))


def kinds(table: Table) -> dict[str, str]:
    """The kind of each column, by name."""
    return {column.name: wire.kind_of(column) for column in table.columns}


def _names_own_row(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)

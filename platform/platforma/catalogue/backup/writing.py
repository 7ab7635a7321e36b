"""Writing a backup, as the database is at one moment, while others go on reading and writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from platforma.catalogue.backup import archive, contents, wire
from platforma.catalogue.backup.contents import Manifest, StoredTable
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Base

ROWS_AT_ONCE = 500
Progress = Callable[[str, int], None]
"""Called with the name of each table and the number of its rows."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What a backup tells of where it was made: the version, a mark of the secret key, and the settings that are not secret."""

    version: str
    key_mark: str
    settings: Mapping[str, str]


def write_backup(session: Session, path: Path, installation: Installation, progress: Progress) -> Manifest:
    """Write all but contents.LEFT_OUT to a file, which takes the place of a file of that name once it is whole.

    `session` is a snapshot (see Database.snapshot).
    """
    revision = MigrationContext.configure(session.connection()).get_current_revision() or ""
    with archive.writing(path) as target:
        tables = [_write_table(session, target, table, progress) for table in contents.kept_tables(Base.metadata)]
        manifest = Manifest(
            format=archive.FORMAT,
            version=installation.version,
            made_at=utc_now().isoformat(timespec="seconds"),
            migration=revision,
            key_mark=installation.key_mark,
            settings=dict(installation.settings),
            tables=tuple(tables),
        )
        target.finish(manifest)
    return manifest


def _write_table(session: Session, target: archive.ArchiveWriter, table: Table, progress: Progress) -> StoredTable:
    kinds = contents.kinds(table)
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS_AT_ONCE)
    with target.table(table.name) as member:
        for row in session.execute(query):
            member.add(wire.to_json(row, list(kinds.values())))
    progress(table.name, member.rows)
    return StoredTable(
        name=table.name, columns=kinds, key=tuple(table.primary_key.columns.keys()), later=contents.columns_filled_later(table),
        rows=member.rows, sha256=member.sha256,
    )  # fmt: skip

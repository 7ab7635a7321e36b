"""Restoring a backup into an empty database: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import bindparam, column, delete, func, insert, select, table, text, update
from sqlalchemy import inspect as inspected
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import TableClause

from platforma.catalogue.backup import wire
from platforma.catalogue.backup.archive import Archive, BadBackup
from platforma.catalogue.backup.contents import Manifest, StoredTable
from platforma.catalogue.database import MIGRATIONS, Database, alembic_config
from platforma.catalogue.errors import CatalogueError
from platforma.locks import lock
from platforma.settings import Settings

ROWS_AT_ONCE = 500
FILLED = ("users", "platforms", "initiatives", "events")
"""Tables of which a directory that anybody has used has rows in one."""
Progress = Callable[[str, int], None]
"""Called with the name of each table and the number of its rows."""


class NotEmpty(CatalogueError):
    """There is a directory already where a backup was to be restored."""


def restore(settings: Settings, archive: Archive, progress: Progress) -> None:
    """Fill the settings' database, which has no rows or is not there yet, with a checked archive, and bring it to this version.

    Raises NotEmpty, and BadBackup where the archive is of a newer version or the database does not take its rows. Whatever
    fails, the database holds nothing afterwards that it did not hold before.
    """
    manifest = archive.manifest
    _check_revision(manifest)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with lock(settings, "migrations"):
        database = Database(settings.database_url)
        _check_empty(database)
        try:
            _begin_at(database, manifest.migration)
            with database.writing() as session:
                _fill_all(session, archive, progress)
        except SQLAlchemyError as error:
            raise BadBackup(f"the database does not take this backup: {getattr(error, 'orig', error)}") from error
        finally:
            _upgrade(database, "head")
            database.dispose()


def _fill_all(session: Session, archive: Archive, progress: Progress) -> None:
    for stored in reversed(archive.manifest.tables):
        session.execute(delete(table(stored.name)))  # what migrations put in
    for stored in archive.manifest.tables:
        _fill(session, archive, stored)
        progress(stored.name, stored.rows)


def _check_revision(manifest: Manifest) -> None:
    try:
        ScriptDirectory(str(MIGRATIONS)).get_revision(manifest.migration)
    except CommandError as error:
        raise BadBackup(
            f"the backup is of the newer version {manifest.version}; install that one, and restore with it"
        ) from error


def _check_empty(database: Database) -> None:
    known = set(inspected(database.engine).get_table_names())
    with database.reading() as session:
        filled = [name for name in FILLED if name in known and session.scalar(select(func.count()).select_from(table(name)))]
    if filled:
        raise NotEmpty(
            f"there is a directory here already (rows in {', '.join(filled)});"
            " restore into an empty database, or another folder by --data"
        )


def _begin_at(database: Database, revision: str) -> None:
    """Bring a database that nobody has used to a revision, be it older or newer than its own."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current not in (None, revision):
            command.downgrade(alembic_config(connection), "base")
            connection.commit()
    _upgrade(database, revision)


def _upgrade(database: Database, revision: str) -> None:
    with database.engine.connect() as connection:
        command.upgrade(alembic_config(connection), revision)
        connection.commit()


def _fill(session: Session, archive: Archive, stored: StoredTable) -> None:
    """Insert the rows of a table; then what names rows of the same table; then the next number that the database gives."""
    target, names = _table(stored), list(stored.columns)
    later = [names.index(name) for name in stored.later]
    put_off: list[dict[str, Any]] = []
    for rows in _batches(archive.rows(stored)):
        values = [dict(zip(names, row, strict=True)) for row in rows]
        if later:
            put_off += [_put_off(stored, one) for one in values if any(one[name] is not None for name in stored.later)]
        session.execute(insert(target), values)
    if put_off:
        is_row = [target.c[name] == bindparam(f"key_{name}") for name in stored.key]
        session.connection().execute(
            update(target).where(*is_row).values({name: bindparam(f"new_{name}") for name in stored.later}), put_off
        )
    _set_next_number(session, stored)


def _put_off(stored: StoredTable, values: dict[str, Any]) -> dict[str, Any]:
    """Take what names rows of the same table out of a row's values; return it with the row's key."""
    put_off = {f"key_{name}": values[name] for name in stored.key}
    for name in stored.later:
        put_off[f"new_{name}"], values[name] = values[name], None
    return put_off


def _table(stored: StoredTable) -> TableClause:
    """The table as the archive's version knew it."""
    return table(stored.name, *(column(name, wire.TYPES[kind]) for name, kind in stored.columns.items()))


def _batches(rows: Iterator[list[Any]]) -> Iterator[Sequence[list[Any]]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _set_next_number(session: Session, stored: StoredTable) -> None:
    """On PostgreSQL, let the numbers that the database gives go on after the highest; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql" or stored.key != ("id",) or not stored.rows:
        return
    sequence = session.scalar(text("select pg_get_serial_sequence(:name, 'id')"), {"name": stored.name})
    if sequence is not None:
        highest = select(func.max(table(stored.name, column("id")).c.id)).scalar_subquery()
        session.execute(select(func.setval(sequence, highest)))

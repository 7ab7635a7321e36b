"""What stands for all that is committed to a database, by whatever process and machine."""

from __future__ import annotations

import sqlite3
from threading import Lock
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection

from platforma.catalogue.errors import DatabaseUnavailable


class CommitStamp(Protocol):
    """Tells whether anything was committed between two looks."""

    def read(self) -> str:
        """Another text than before whenever a transaction was committed since, and at times without one.

        What is read from the database afterwards is at least as new as the text. Raises DatabaseUnavailable, and
        errors that connecting.translated_errors turns into it.
        """

    def close(self) -> None:
        """Let go of what it holds."""


def commit_stamp(engine: Engine) -> CommitStamp:
    """The one for the kind of database."""
    return _OfSqlite(engine) if engine.dialect.name == "sqlite" else _OfPostgresql(engine)


class _OfSqlite:
    """The data version, which SQLite counts for each connection by what others commit; so one is kept that never writes.

    https://www.sqlite.org/pragma.html#pragma_data_version
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._connection: PoolProxiedConnection | None = None
        self._closed = 0

    def read(self) -> str:
        with self._lock:
            try:
                return f"{self._closed}:{self._data_version()}"
            except sqlite3.Error as error:
                self._close()
                raise DatabaseUnavailable(f"the database cannot be used now: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._close()

    def _data_version(self) -> int:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
            self._connection.detach()
        cursor = self._connection.cursor()
        cursor.execute("PRAGMA data_version")
        version = int(cursor.fetchall()[0][0])
        cursor.close()
        return version

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection, self._closed = None, self._closed + 1


class _OfPostgresql:
    """The snapshot that a statement would see now: it names each transaction that is not over, so that any commit changes it.

    PostgreSQL documentation, 9.27.8.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def read(self) -> str:
        with self._engine.connect() as connection:
            return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one())

    def close(self) -> None:
        """Nothing is held."""

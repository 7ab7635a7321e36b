"""Connections to the database: how each kind is set up, and which of its errors say that it cannot be used now."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import ConnectionPoolEntry

from platforma.catalogue.errors import DatabaseUnavailable
from search.breaker import Breaker

BUSY_TIMEOUT_MS = 10_000
CONNECT_SECONDS = 5
CUT_LINE_SECONDS = 15
"""A server whose machine or line is gone, so that nothing comes back at all, is given up after so long."""
KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": CUT_LINE_SECONDS * 1000}
"""Parameters of libpq (PostgreSQL documentation, 34.1.2)."""
UNAVAILABLE_STATES = ("08", "57P", "57014", "53", "25006", "40001", "40P01", "55P03")
"""Beginnings of SQLSTATE codes: no connection, shutting down or starting, given up, full, read-only, and waited for others in
vain."""
UNAVAILABLE_RESULTS = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
"""Beginnings of result codes of SQLite: others write, the disk is full, broken, read-only or not there."""


def connect(url: str, patience_seconds: float | None = None) -> Engine:
    """The connections to a database, made when they are first asked for.

    `patience_seconds`: a server that is silent for longer within one statement is given up (PostgreSQL), and after some that
    were, most calls fail at once (see Breaker). For processes in which people wait; long work has no such limit.
    Values of statements are in no error's text: they may be personal.
    """
    return _sqlite(url) if url.startswith("sqlite") else _postgresql(url, patience_seconds)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn errors that say that the database cannot be used now into DatabaseUnavailable; others are faults, and stay."""
    try:
        yield
    except NoConnectionFree as error:
        raise DatabaseUnavailable("the database is busy: no connection became free") from error
    except DBAPIError as error:
        if is_unavailable(error):
            raise DatabaseUnavailable(f"the database cannot be used now: {str(error.orig).strip()}") from error
        raise


def is_unavailable(error: DBAPIError) -> bool:
    """Whether an error is none of the statement's, but of the database's state, which may pass."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "").startswith(UNAVAILABLE_RESULTS)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # no server said it
        return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
    return str(state).startswith(UNAVAILABLE_STATES)


def _postgresql(url: str, patience_seconds: float | None) -> Engine:
    parameters = {"connect_timeout": CONNECT_SECONDS, **KEEPALIVE}
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=parameters)
    if patience_seconds is not None:
        _limit_waiting(engine, patience_seconds)

    @event.listens_for(engine, "handle_error")
    def leave_values_out(context: ExceptionContext) -> None:
        """The detail of an error of PostgreSQL is the row that it did not take."""
        detail = getattr(getattr(context.original_exception, "diag", None), "message_detail", None)
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error and detail:
                error.args = tuple(str(arg).replace(detail, "(left out)") for arg in error.args)

    return engine


def _limit_waiting(engine: Engine, patience_seconds: float) -> None:
    """Give up a silent server after so long, and do not connect to it again and again while it is silent."""
    breaker = Breaker()

    class PatientConnection(psycopg.Connection[Any]):
        """A connection that is closed when its server says nothing for too long."""

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval, patience_seconds if timeout is None else timeout)
            except psycopg.errors._WaitTimeout as error:  # of the timeout that `wait` documents; it has no public name
                self.close()
                breaker.failed()
                raise psycopg.OperationalError(f"no answer within {patience_seconds:g} seconds") from error

    @event.listens_for(engine, "do_connect")
    def connect_unless_silent(_dialect: object, _record: object, words: Any, parameters: Any) -> PatientConnection:
        if not breaker.may_ask():
            raise psycopg.OperationalError("it did not answer a moment ago")
        try:
            connection = PatientConnection.connect(*words, **parameters)
        except psycopg.OperationalError:
            breaker.failed()
            raise
        breaker.answered()
        return connection


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        path = Path(str(engine.url.database))
        record.info["is_read_only"] = path.exists() and not os.access(path, os.W_OK)
        connection.isolation_level = None  # transactions are begun by the listener below, not by the driver
        for pragma in ("journal_mode = WAL", "foreign_keys = ON", f"busy_timeout = {BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "checkin")
    def keep_none_that_cannot_write(_connection: object, record: ConnectionPoolEntry) -> None:
        """One that was opened while its file was read-only stays so when the file can be written again."""
        if record.info.get("is_read_only"):
            record.invalidate()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_writing = connection.get_execution_options().get("is_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine

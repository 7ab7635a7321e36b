"""Locks between processes: file locks where the database is SQLite, else advisory locks of PostgreSQL."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from platforma.settings import Settings


class LockHeld(Exception):
    """Another process holds the lock; the text is the name of the lock."""


@contextmanager
def lock(settings: Settings, name: str, *, wait: bool = True) -> Iterator[None]:
    """Hold the named lock of this installation; a process that dies releases it. Raises LockHeld at once if not `wait`."""
    with _file_lock(settings.data_dir, name, wait) if settings.is_sqlite else _advisory_lock(settings, name, wait):
        yield


def is_held(settings: Settings, name: str) -> bool:
    """Whether a process, be it this one, holds the named lock now."""
    try:
        with lock(settings, name, wait=False):
            return False
    except LockHeld:
        return True


@contextmanager
def _file_lock(folder: Path, name: str, wait: bool) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise LockHeld(name) from error
        yield


@contextmanager
def _advisory_lock(settings: Settings, name: str, wait: bool) -> Iterator[None]:
    """The lock belongs to its connection, which therefore stands outside of any pool and transaction."""
    engine = create_engine(settings.database_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    key = zlib.crc32(f"platforma:{name}".encode())
    with engine.connect() as connection:
        if wait:
            connection.execute(text("select pg_advisory_lock(:key)"), {"key": key})
        elif not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": key}):
            raise LockHeld(name)
        yield

"""Databases of a running PostgreSQL server, which go when they are not needed any more."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import create_engine, text


class NewPostgres(Protocol):
    """Makes a database, empty or as a template is, and gives its address; it goes at the end."""

    def __call__(self, template: str = "template1") -> str: ...


@contextmanager
def databases(server: str) -> Iterator[NewPostgres]:
    names: list[str] = []
    admin = create_engine(server, isolation_level="AUTOCOMMIT")

    def make(template: str = "template1") -> str:
        names.append(f"t{secrets.token_hex(6)}")
        with admin.connect() as connection:
            connection.execute(text(f'create database "{names[-1]}" template "{template}"'))
        return f"{server.rsplit('/', 1)[0]}/{names[-1]}"

    yield make
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f'drop database "{name}" with (force)'))
    admin.dispose()

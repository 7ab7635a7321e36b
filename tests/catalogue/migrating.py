"""Steps from one version of the database to another."""

from __future__ import annotations

from collections.abc import Callable

from platforma.catalogue.database import Database, alembic_config


def migrate(database: Database, step: Callable[..., None], revision: str) -> None:
    """Take a step (alembic's upgrade or downgrade) to a revision."""
    with database.engine.connect() as connection:
        step(alembic_config(connection), revision)
        connection.commit()

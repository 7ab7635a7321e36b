"""Mails of an installation from before links were kept out of the database, brought to this version and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import text

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database, alembic_config
from platforma.settings import load_settings

OLD = """insert into mails (id, "to", lang, subject, body, created_at, attempts, sent_at)
values (:id, 'a@a.example', 'lv', 'S', 'https://x.example/lv/sign-in/secret', :now, :attempts, :sent)"""


def migrate(database: Database, revision: str) -> None:
    with database.engine.connect() as connection:
        step = command.upgrade if revision == "head" or (revision == "0006" and not _is_made(database)) else command.downgrade
        step(alembic_config(connection), revision)
        connection.commit()


def _is_made(database: Database) -> bool:
    with database.engine.connect() as connection:
        return database.engine.dialect.has_table(connection, "mails")


def test_sent_links_go_and_what_was_lost_is_shown(tmp_path: Path, database_url: str) -> None:
    load_settings(data_dir=tmp_path)
    database = Database(database_url)
    migrate(database, "0006")
    now = utc_now().isoformat(" ")
    with database.engine.connect() as connection:
        for id, attempts, sent in ((1, 1, now), (2, 10, None), (3, 2, None)):
            connection.execute(text(OLD), {"id": id, "now": now, "attempts": attempts, "sent": sent})
        connection.commit()
    migrate(database, "head")
    with database.engine.connect() as connection:
        rows = connection.execute(text("select state, body = '', ended_at is null from mails order by id")).all()
        assert [tuple(map(str, (row[0], bool(row[1]), bool(row[2])))) for row in rows] == [
            ("sent", "True", "False"),
            ("failed", "False", "False"),
            ("waiting", "False", "True"),
        ]
    migrate(database, "0006")
    with database.engine.connect() as connection:
        rows = connection.execute(text("select id, attempts from mails where sent_at is null order by id")).all()
        assert [tuple(row) for row in rows] == [(2, 10), (3, 2)]
    database.dispose()

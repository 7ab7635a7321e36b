"""Curators' concepts of an installation that had a column for each language, brought to this version and back."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import JsonType, UtcDateTime, utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.models import ConceptEdit
from platforma.settings import load_settings
from tests.catalogue.migrating import migrate

OLD = sa.table(
    "concept_edits", sa.column("id", sa.String()), sa.column("lv", JsonType), sa.column("en", JsonType), sa.column("source", sa.String()),
    sa.column("is_removed", sa.Boolean()), sa.column("version", sa.Integer()), sa.column("at", UtcDateTime()),
)  # fmt: skip


def test_names_move_into_one_column_and_back(tmp_path: Path, database_url: str) -> None:
    load_settings(data_dir=tmp_path)
    database = Database(database_url)
    migrate(database, command.downgrade, "0008")
    with database.engine.connect() as connection:
        for id, lv, en in (("own-1", ["cepējs", "maizes meistars"], ["baker"]), ("wise", [], ["WISE"])):
            values = {"id": id, "lv": lv, "en": en, "source": "use", "is_removed": False, "version": 3, "at": utc_now()}
            connection.execute(OLD.insert().values(values))
        connection.commit()
    migrate(database, command.upgrade, "head")
    with Session(database.engine) as session:
        assert session.get_one(ConceptEdit, "own-1").names == {"lv": ["cepējs", "maizes meistars"], "en": ["baker"]}
        wise = session.get_one(ConceptEdit, "wise")
        assert (wise.names, wise.version) == ({"lv": [], "en": ["WISE"]}, 3)
        wise.names = {"et": ["Tööintegratsiooni ettevõte"], "en": ["WISE"]}
        session.commit()
    migrate(database, command.downgrade, "0008")
    with database.engine.connect() as connection:
        rows = connection.execute(sa.select(OLD.c.id, OLD.c.lv, OLD.c.en, OLD.c.version).order_by(OLD.c.id)).all()
    assert [tuple(row) for row in rows] == [("own-1", ["cepējs", "maizes meistars"], ["baker"], 3), ("wise", [], ["WISE"], 3)]
    database.dispose()

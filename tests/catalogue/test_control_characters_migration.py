"""Listings that came in before control characters were left out, brought to this version."""

from __future__ import annotations

from alembic import command
from sqlalchemy import column, delete, select, table, update

from platforma.catalogue.column_types import OrderedJsonType
from platforma.catalogue.models import Initiative, Outbox, Record
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.migrating import migrate

RECORDS = table("records", column("remote_id"), column("initiative_id"), column("payload", OrderedJsonType))
INITIATIVES = table("initiatives", column("id"), column("version"), column("composed", OrderedJsonType))
"""The columns as they are at the former version; the models have those of this one."""


def test_what_is_listed_already_loses_its_control_characters(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("odd", "Zvans"), record("even", "Žagars")])
    migrate(catalogue.database, command.downgrade, "0013")
    with catalogue.database.writing() as session:
        session.execute(delete(Outbox))
        odd_id, payload = session.execute(
            select(RECORDS.c.initiative_id, RECORDS.c.payload).where(RECORDS.c.remote_id == "odd")
        ).one()
        changed = {**payload, "title": {"lv": "Zvans\x07"}}
        session.execute(update(RECORDS).where(RECORDS.c.remote_id == "odd").values(payload=changed))
        composed = session.scalars(select(INITIATIVES.c.composed).where(INITIATIVES.c.id == odd_id)).one()
        composed = {**composed, "slug": "report", "texts": {"title": {"lv": "Zvans\ufffe", "en": "Bell"}}}
        session.execute(update(INITIATIVES).where(INITIATIVES.c.id == odd_id).values(composed=composed))
        versions = {row.id: row.version for row in session.execute(select(INITIATIVES.c.id, INITIATIVES.c.version))}
    migrate(catalogue.database, command.upgrade, "head")
    with catalogue.database.reading() as session:
        odd = session.scalars(select(Record).where(Record.remote_id == "odd")).one()
        assert odd.payload["title"] == {"lv": "Zvans"}
        assert list(odd.initiative.composed["texts"]["title"].items()) == [("lv", "Zvans"), ("en", "Bell")]
        assert odd.initiative.composed["slug"] == "report-1"
        assert list(session.scalars(select(Outbox.initiative_id))) == [odd_id]
        assert {row.id for row in session.scalars(select(Initiative)) if row.version < versions[row.id]} == set()

"""Listings that came in before control characters were left out, brought to this version."""

from __future__ import annotations

from alembic import command
from sqlalchemy import delete, select

from platforma.catalogue.models import Initiative, Outbox, Record
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.migrating import migrate


def test_what_is_listed_already_loses_its_control_characters(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("odd", "Zvans"), record("even", "Žagars")])
    migrate(catalogue.database, command.downgrade, "0013")
    with catalogue.database.writing() as session:
        session.execute(delete(Outbox))
        odd = session.scalars(select(Record).where(Record.remote_id == "odd")).one()
        odd.payload = {**odd.payload, "title": {"lv": "Zvans\x07"}}
        odd.initiative.composed = {
            **odd.initiative.composed,
            "slug": "report",
            "texts": {"title": {"lv": "Zvans\ufffe", "en": "Bell"}},
        }
        odd_id, versions = odd.initiative_id, {row.id: row.version for row in session.scalars(select(Initiative))}
    migrate(catalogue.database, command.upgrade, "head")
    with catalogue.database.reading() as session:
        odd = session.scalars(select(Record).where(Record.remote_id == "odd")).one()
        assert odd.payload["title"] == {"lv": "Zvans"}
        assert list(odd.initiative.composed["texts"]["title"].items()) == [("lv", "Zvans"), ("en", "Bell")]
        assert odd.initiative.composed["slug"] == "report-1"
        assert list(session.scalars(select(Outbox.initiative_id))) == [odd_id]
        assert {row.id for row in session.scalars(select(Initiative)) if row.version < versions[row.id]} == set()

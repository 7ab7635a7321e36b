"""Values and listings of platforms of before sources were told apart, brought to this version, and back."""

from __future__ import annotations

from alembic import command
from sqlalchemy import column, delete, select, table, update

from platforma.catalogue.column_types import JsonType, utc_now
from platforma.catalogue.listings import compose, edits, listing_queries
from platforma.catalogue.listings.conflicts import TOGETHER
from platforma.catalogue.models import Initiative, Outbox, Platform, Record, Value
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.migrating import migrate

VALUES = table("values", column("field"), column("source_value_seen", JsonType))
FORMER = "0018"


def test_what_sources_together_said_is_remembered_as_that_and_the_other_way_round(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("1", place="Cēsis", themes=("youth",))], "p")
    (listing,) = catalogue.shown().values()
    for field, said in (("place", "Ogre"), ("themes", ["culture"])):
        with catalogue.database.writing() as session:
            version = listing_queries.listings(session, [listing.public_id])[0].version
            edits.set_value(session, edits.Edit(listing.public_id, field, "", "c", version), said)
    migrate(catalogue.database, command.downgrade, FORMER)
    with catalogue.database.writing() as session:
        seen = {row.field: row.source_value_seen for row in session.execute(select(VALUES))}
        assert seen == {"place": "Cēsis", "themes": ["youth"]}
        session.execute(update(VALUES).where(VALUES.c.field == "place").values(source_value_seen="Talsi"))
    migrate(catalogue.database, command.upgrade, "head")
    with catalogue.database.reading() as session:
        rows = {value.field: value for value in session.scalars(select(Value))}
        assert {field: row.seen for field, row in rows.items()} == {"place": {TOGETHER: "Talsi"}, "themes": {TOGETHER: ["youth"]}}
        assert {(row.is_kept_for_good, row.contested_at) for row in rows.values()} == {(False, None)}
        lines = {line.field: line.news for line in listing_queries.values_of(session, listing.public_id)}
        assert ([(news.platform_id, news.value) for news in lines["place"]], lines["themes"]) == ([("p", "Cēsis")], ())


def test_platforms_that_are_only_a_name_are_marked_and_leave_the_index(catalogue: CatalogueFixture) -> None:
    for id in ("name", "described", "listed"):
        catalogue.propose(id)
    catalogue.load([record("1")], "listed")
    with catalogue.database.writing() as session:
        own = {id: session.get_one(Platform, id).initiative_id or 0 for id in ("name", "described", "listed")}
        session.add(Value(initiative_id=own["described"], field="summary", lang="lv", value="Par visu", layer="curator", by="c"))
        session.scalars(select(Record)).one().initiative_id = own["listed"]
        session.flush()
        compose.recompose(session, set(own.values()), utc_now())
    migrate(catalogue.database, command.downgrade, FORMER)
    with catalogue.database.writing() as session:
        session.execute(delete(Outbox))
    migrate(catalogue.database, command.upgrade, "head")
    with catalogue.database.reading() as session:
        marked = session.scalars(select(Initiative.id).where(Initiative.is_only_name)).all()
        assert (marked, session.scalars(select(Outbox.initiative_id)).all()) == ([own["name"]], [own["name"]])

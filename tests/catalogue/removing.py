"""Removals for tests: two namesakes, the removal of a listing, and all that a database holds afterwards."""

from __future__ import annotations

from sqlalchemy import select

from crawlers.record import Identifier
from platforma.catalogue.listings import removal
from platforma.catalogue.models import Base, Initiative
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

NAME = "Kopienas nams"
OGRE = record(
    "1", NAME, url="https://reg.example/ogre", website="https://www.ogresnams.example/", place="Ogre",
    identifiers=(Identifier("LV-RE", "40008000001"),), description={"lv": "Saulcerīte Ogrē"}, email="saulcerite@ogresnams.example",
)  # fmt: skip
TALSI = record("2", NAME, url="https://reg.example/talsi", website="https://talsunams.example", place="Talsi")


def remove(catalogue: CatalogueFixture, title: str = NAME, *, where: str | None = None) -> str:
    """Remove the listing of a title (and a place); its public id."""
    with catalogue.database.writing() as session:
        rows = session.scalars(select(Initiative).where(Initiative.merged_into_id.is_(None)).order_by(Initiative.id))
        row = next(
            listing for listing in rows
            if title in listing.composed.get("texts", {}).get("title", {}).values()
            and where in (None, listing.composed["fields"].get("place"))
        )  # fmt: skip
        removal.suppress(session, public_id=row.public_id, actor="c", reason="asked", key=secret_key(catalogue.settings))
        return row.public_id


def everything(catalogue: CatalogueFixture) -> str:
    """All that the database holds, as one text."""
    with catalogue.database.reading() as session:
        return str([list(session.execute(select(table))) for table in Base.metadata.sorted_tables])

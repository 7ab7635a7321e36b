"""Listings of all sorts for the staff's list, and what is chosen of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crawlers.record import Identifier
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.listings import edits, judgements
from platforma.catalogue.lists import choosing
from platforma.catalogue.lists.choosing import Choice
from platforma.catalogue.models import Initiative, JudgementVerdict, Record
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

EDITOR, COLLEAGUE = "a@sic.example", "b@sic.example"


def fill(catalogue: CatalogueFixture) -> None:
    """Six listings of two platforms: by title, place, theme and the rest as below."""
    catalogue.load(
        [
            record("1", "Ķieģeļu māja", place="Rīga", country="LV", countries=("LV",), themes=("youth",), sectors=("ngo",), kind="project"),
            record("2", "Čiekuru skola", country="EE", countries=("EE",), themes=("youth", "culture"), kind="project"),
            record("3", "Ābolu dārzs", country="LV", countries=("LV",), organisation="Biedrība „Zaļais”"),
        ],
        "p",
    )  # fmt: skip
    catalogue.load(
        [
            record("4", "Zvaigzne", identifiers=(Identifier("LV-RE", "40003032949"),)),
            record("5", "Ciemats", website="https://ciemats.example/par"),
            record("6", "Ķieģeļu māja un dārzs", themes=("culture",)),
        ],
        "q",
    )


def public_id(database: Database, remote_id: str) -> str:
    with database.reading() as session:
        query = select(Initiative.public_id).join(Record, Record.initiative_id == Initiative.id)
        return session.scalars(query.where(Record.remote_id == remote_id)).one()


def chosen(
    database: Database, lang: str = "lv", sort: str = "title", limit: int = 50, offset: int = 0, **choice: Any
) -> list[str]:
    """The titles of what is chosen, in order; platforms' own listings are left out."""
    with database.reading() as session:
        rows, _total = choosing.page(session, Choice(**choice), lang=lang, sort=sort, limit=limit, offset=offset)
    return [row.title.text for row in rows if row.fields.get("kind") != "platform"]


def set_field(database: Database, id: str, field: str, value: object, by: str = EDITOR) -> None:
    with database.writing() as session:
        row = session.scalars(select(Initiative).where(Initiative.public_id == id)).one()
        edits.set_value(session, edits.Edit(id, field, "", by, row.version), value)


def join(database: Database, left: str, right: str) -> None:
    with database.writing() as session:
        judgements.judge(session, left, right, JudgementVerdict.SAME, judgements.Word(EDITOR, utc_now()))

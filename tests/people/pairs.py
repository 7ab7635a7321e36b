"""Two platforms that tell of the same initiatives in other words, so that pairs wait at the desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.database import Database
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import duplicate_queue
from platforma.catalogue.listings.duplicate_queue import WaitingPair
from platforma.catalogue.models import Initiative, Judgement
from platforma.catalogue.models import Record as StoredRecord
from tests.people.site_fixture import SiteFixture

LATVIA: dict[str, Any] = {"country": "LV", "countries": ("LV",)}
FIRST = [
    Record(
        "a1", url="https://viens.example/dejas", kind="organisation", title={"lv": "Deju studija Vējš"}, place="Cēsis", lat=57.312, lon=25.271,
        website="https://vejs.example", email="info@vejs.example", phone="+371 26000002", summary={"lv": "Dejas bērniem un jauniešiem Cēsīs."}, **LATVIA,
    ),
    Record("a2", kind="organisation", title={"lv": "Biedrība „Kalnu bites”"}, place="Ogre", **LATVIA),
    Record("a3", kind="project", title={"lv": "Zaļais pagalms"}, place="Liepāja", start_date="2025-03", **LATVIA),
]  # fmt: skip
SECOND = [
    Record(
        "b1", url="https://divi.example/dance", kind="organisation", title={"lv": "Studija „Vējš”", "en": "Dance studio Vējš"}, place="Valmiera", lat=57.541, lon=25.427,
        website="https://www.vejs.example/", email="info@vejs.example", phone="26000002", summary={"lv": "Dejas bērniem un pieaugušajiem Cēsīs."}, **LATVIA,
    ),
    Record("b2", kind="organisation", title={"lv": "Kalnu bites"}, **LATVIA),
    Record("b3", kind="project", title={"lv": "Zaļais pagalms"}, **LATVIA),
]  # fmt: skip


def add_pairs(site: SiteFixture, first: list[Record] = FIRST, second: list[Record] = SECOND) -> None:
    """Import what the two platforms tell."""
    for platform, records in (("viens", first), ("divi", second)):
        import_records(site.database, platform, records, actor="test", secret_key=site.services.secret_key)


def waiting(database: Database) -> list[WaitingPair]:
    with database.reading() as session:
        return duplicate_queue.waiting_pairs(session)


def id_of(site: SiteFixture, remote_id: str) -> str:
    """The public id of the listing that a record was first given."""
    with site.database.reading() as session:
        query = select(Initiative.public_id).join(StoredRecord, StoredRecord.initiative_id == Initiative.id)
        return session.scalars(query.where(StoredRecord.remote_id == remote_id)).one()


def judgements(site: SiteFixture) -> list[tuple[str, str, bool]]:
    """(verdict, by, whether it stands) of all judgements, by age."""
    with site.database.reading() as session:
        rows = session.scalars(select(Judgement).order_by(Judgement.id))
        return [(str(row.verdict), row.by, row.undone_at is None) for row in rows]

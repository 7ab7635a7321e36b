"""What visitors and curators made of the directory survives an export: added listings, corrected values, pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from crawlers.record import Identifier, Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import edits
from platforma.catalogue.models import Addition, Initiative, ListingPicture, PictureSource
from platforma.catalogue.pictures import fetched
from platforma.catalogue.pictures.fetched import Encoded
from platforma.catalogue.visitors import additions
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.directory import export, load, picture, say_as

IMAGE = "https://darbnica.example/foto.jpg"
ADDED = Record(
    "new", kind="social_enterprise", title={"lv": "Liepājas darbnīca", "en": "Workshop"}, summary={"lv": "Labojam velosipēdus"},
    description={"lv": "Gara vēsture. " * 40}, country="LV", countries=("LV",), place="Liepāja", website="https://darbnica.example/",
    email="info@darbnica.example", sectors=("private",), themes=("environment",), legal_form="SIA", identifiers=(Identifier("LV-RE", "40001234567"),),
)  # fmt: skip


def add(catalogue: CatalogueFixture, record: Record = ADDED) -> str:
    """Add a listing as a visitor, publish it as a curator; return its public id."""
    with catalogue.database.writing() as session:
        id = additions.enter(session, record, email="anna@darbnica.example", lang="lv").public_id
        listing = session.scalars(select(Initiative).where(Initiative.public_id == id)).one()
        edits.publish(session, public_id=id, actor="c", version=listing.version)
    return id


def correct(catalogue: CatalogueFixture, id: str, field: str, value: object, lang: str = "") -> None:
    with catalogue.database.writing() as session:
        say_as(session, session.scalars(select(Initiative).where(Initiative.public_id == id)).one(), field, value, lang=lang)


def survives(catalogue: CatalogueFixture, copy: CatalogueFixture, path: Path) -> None:
    """Assert that an export makes the same directory elsewhere, and that neither it nor a second import changes anything."""
    export(catalogue, path)
    before = picture(catalogue)
    assert (load(copy, path).new, picture(copy)) == (len(before["listings"]), before)
    for here in (copy, catalogue):
        again = load(here, path)
        assert (again.new, again.changed, again.refused, again.problems) == (0, 0, 0, [])
        assert picture(here) == before
    assert export(copy, path.with_stem("again")).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_an_added_listing_and_a_corrected_one_survive_an_export(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path, suffix: str
) -> None:
    add(catalogue)
    id = add(catalogue, Record("new", title={"lv": "Otrā"}, description={"lv": "Īss"}, summary={"lv": "Cita"}, country="LV"))
    correct(catalogue, id, "description", "Redaktora vārdi", "lv")
    correct(catalogue, id, "place", "Cēsis")
    correct(catalogue, id, "country", "")
    survives(catalogue, another(), tmp_path / f"all{suffix}")


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_listing_keeps_its_wish_for_a_picture(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path, suffix: str
) -> None:
    licensed = Record("1", title={"lv": "Ar licenci"}, image="https://a.example/1.png", licence="CC0-1.0")
    catalogue.load([licensed, Record("2", title={"lv": "Bez licences"}, image="https://a.example/2.png")])
    correct(catalogue, add(catalogue), "image", IMAGE)
    wanted = wishes(catalogue)
    assert set(wanted) == {"https://a.example/1.png", IMAGE}
    with catalogue.database.writing() as session:
        for due in fetched.due_images(session, utc_now(), 10):
            fetched.keep_picture(session, due, Encoded(1, 1, b"thumb"), Encoded(2, 2, b"page"), utc_now())
    copy = another()
    survives(catalogue, copy, tmp_path / f"all{suffix}")
    assert wishes(copy) == wishes(catalogue) == wanted


def wishes(catalogue: CatalogueFixture) -> dict[str, str]:
    """The public ids of listings that want an image, by its address."""
    query = (
        select(PictureSource.url, Initiative.public_id)
        .join(ListingPicture, ListingPicture.source_key == PictureSource.key)
        .join(Initiative, Initiative.id == ListingPicture.initiative_id)
    )
    with catalogue.database.reading() as session:
        return {row.url: row.public_id for row in session.execute(query)}


def test_who_added_a_listing_is_in_no_export(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    add(catalogue)
    with catalogue.database.reading() as session:
        assert session.scalars(select(Addition.email)).one() == "anna@darbnica.example"
    for suffix in (".jsonl", ".csv"):
        text = export(catalogue, tmp_path / f"all{suffix}").read_text("utf-8")
        assert "Liepājas darbnīca" in text and "anna@" not in text

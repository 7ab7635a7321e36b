"""The desk says what became of a listing's image, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update

from crawlers.images.fetching import REASONS
from crawlers.images.recoding import ImageFault
from crawlers.record import Record
from platforma.catalogue.models import Initiative, ListingPicture, PictureSource, PictureState
from platforma.catalogue.models import Record as Row
from platforma.catalogue.platforms import platform_queries
from tests.people.desk import Desk
from tests.people.editing import saved
from tests.web.keeping import keep_all

IS_OURS = Row.platform_id == "v"
IMAGE = "https://v.example/a.png"
WAITS, NO_LICENCE, KEPT = "It is fetched within some minutes", "its source names no licence", "Our copy of it is shown"


def image_form(desk: Desk, record: Record, state: PictureState = PictureState.WAITING, reason: str | None = None,
               values: Mapping[str, str] | None = None) -> str:  # fmt: skip
    """The form of the image on the page of a record's listing, once its fetching went so."""
    desk.crawl([record])
    with desk.database.writing() as session:
        session.execute(update(PictureSource).values(state=state, reason=reason, values=dict(values or {})))
        id = session.scalars(select(Initiative.public_id).join(Row).where(IS_OURS)).one()
    page = desk.text(desk.signed_in(), f"/en/desk/initiatives/{id}")
    return str(BeautifulSoup(page, "lxml").select_one("div.field:has(#image)"))


def pictured(licence: str | None = "CC0-1.0", image: str | None = IMAGE) -> Record:
    return Record("1", title={"en": "One"}, image=image, licence=licence)


@pytest.mark.parametrize(
    ("state", "reason", "values", "said"),
    [
        (PictureState.WAITING, None, {}, [WAITS]),
        (PictureState.KEPT, None, {}, [KEPT]),
        (PictureState.REFUSED, REASONS[ImageFault.TOO_SMALL], {}, ["It was refused: The image is too small", "Publish a larger one.", "another one here"]),
        (PictureState.REFUSED, REASONS[ImageFault.UNREADABLE], {}, ["It was refused: This is no PNG"]),
        (PictureState.WAITING, "the server answered with status %(status)s", {"status": "503"}, ["is tried again: ", "503"]),
    ],
)  # fmt: skip
def test_the_state_of_an_image_is_said(
    desk: Desk, state: PictureState, reason: str | None, values: dict[str, str], said: list[str]
) -> None:
    form = image_form(desk, pictured(), state, reason, values)
    assert all(words in form for words in said), form
    assert NO_LICENCE not in form


def test_an_image_without_a_licence_says_so_until_a_curator_gives_it(desk: Desk) -> None:
    form = image_form(desk, pictured(licence=None))
    assert NO_LICENCE in form and IMAGE in form
    with desk.database.reading() as session:
        id = session.scalars(select(Initiative.public_id).join(Row).where(IS_OURS)).one()
    curator = desk.signed_in()
    assert saved(curator, id, confirmed_image="1").status_code == 302
    with desk.database.reading() as session:
        assert session.scalars(select(ListingPicture)).one()
    assert WAITS in desk.text(curator, f"/en/desk/initiatives/{id}")


def test_a_listing_without_an_image_has_no_note(desk: Desk) -> None:
    form = image_form(desk, pictured(image=None))
    assert 'class="quiet"' not in form


def test_a_logo_that_a_curator_gives_is_shown_on_the_page_of_the_platform(desk: Desk) -> None:
    curator, visitor = desk.signed_in(), desk.app.test_client()
    with desk.database.reading() as session:
        card = platform_queries.platform_by_id(session, "v")
    page = f"/en/platforms/{card.public_id}/{card.slug}"
    assert 'class="face tint-' in desk.text(visitor, page)
    source = desk.text(curator, "/en/desk/sources/v")
    own = re.search(r'href="(/en/desk/initiatives/\w+)">What is said of the platform itself', source)[1]  # type: ignore[index]
    assert saved(curator, own.rpartition("/")[2], image="https://v.example/logo.png").status_code == 302
    keep_all(desk.database)
    (image,) = re.findall(r"<img[^>]*/pictures/[^>]*>", desk.text(visitor, page))
    assert all(part in image for part in ('class="face"', 'alt=""', 'width="120"', "-thumb.webp")) and "v.example" not in image

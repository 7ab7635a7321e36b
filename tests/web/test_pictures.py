"""Pictures of listings on pages: ours, with their sizes, kept by browsers, and never from another site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.listings import listing_queries, removal
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import Initiative
from tests.web.keeping import keep_all
from tests.web.site import make_site

FOREIGN = "https://bildes.example"
RECORDS = [
    Record("1", kind="project", title={"lv": "Ar bildi"}, image=f"{FOREIGN}/1.jpg", licence="CC-BY-4.0", country="LV"),
    Record("2", kind="project", title={"lv": "Bez licences"}, image=f"{FOREIGN}/2.jpg", country="LV"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = make_site(Path(tmp_path_factory.mktemp("site")), RECORDS)
    keep_all(app.extensions["platforma"].database)
    return app


def listing(app: Flask, title: str) -> Listing:
    with app.extensions["platforma"].database.reading() as session:
        return next(one for one in listing_queries.newest(session, 10) if one.title("lv").text == title)


def pictures_in(page: str) -> list[str]:
    return re.findall(r'<img[^>]* src="(/pictures/[^"]+)"', page)


def test_a_row_shows_the_small_one_with_its_size_and_hides_it_from_readers(client: FlaskClient) -> None:
    page = client.get("/lv/search").get_data(as_text=True)
    (image,) = re.findall(r"<img[^>]*/pictures/[^>]*>", page)
    assert all(part in image for part in ('alt=""', 'width="120"', 'height="120"', 'loading="lazy"', "-thumb.webp"))


def test_a_listing_shows_the_large_one_with_its_size(app: Flask, client: FlaskClient) -> None:
    one = listing(app, "Ar bildi")
    page = client.get(f"/lv/initiatives/{one.public_id}/{one.slug}").get_data(as_text=True)
    assert any(address.endswith("-page.webp") for address in pictures_in(page))
    assert re.search(r'<img[^>]*-page\.webp"[^>]* width="640" height="480"', page)


@pytest.mark.parametrize("path", ["/lv/", "/lv/search", "/en/search", "/lv/platforms/", "/lv/atom.xml", "/lv/search?q=bilde"])
def test_no_page_names_the_address_at_the_source(client: FlaskClient, path: str) -> None:
    """Whoever reads a page is seen by nobody else; what a page may load at all, the linting client asks of every page."""
    assert FOREIGN not in client.get(path).get_data(as_text=True)


def test_the_page_of_a_listing_without_a_licence_names_no_image(app: Flask, client: FlaskClient) -> None:
    one = listing(app, "Bez licences")
    page = client.get(f"/lv/initiatives/{one.public_id}/{one.slug}").get_data(as_text=True)
    assert FOREIGN not in page
    assert not [address for address in pictures_in(page) if "-page" in address]


def test_a_picture_is_kept_for_a_year_under_an_address_that_never_changes(app: Flask, client: FlaskClient) -> None:
    kept = listing(app, "Ar bildi").picture
    assert kept
    for size in ("thumb", "page"):
        answer = client.get(f"/pictures/{kept.hash}-{size}.webp")
        assert answer.status_code == 200
        assert answer.data[8:12] == b"WEBP"
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["0" * 64 + "-page.webp", "../../etc/passwd-page.webp", "%27-page.webp", "x-thumb.webp", "HASH-huge.webp"]
)
def test_any_other_address_is_a_page_not_found(app: Flask, client: FlaskClient, name: str) -> None:
    kept = listing(app, "Ar bildi").picture
    assert kept
    assert client.get(f"/pictures/{name.replace('HASH', kept.hash)}").status_code == 404


def test_the_picture_of_a_removed_listing_is_gone(tmp_path: Path) -> None:
    app = make_site(tmp_path, RECORDS)
    services = app.extensions["platforma"]
    keep_all(services.database)
    one = listing(app, "Ar bildi")
    assert one.picture
    with services.database.writing() as session:
        removal.suppress(session, public_id=one.public_id, actor="a", reason="r", key=services.secret_key)
        assert session.scalars(select(Initiative.public_id).where(Initiative.state == "suppressed")).all()
    assert app.test_client().get(f"/pictures/{one.picture.hash}-page.webp").status_code == 404

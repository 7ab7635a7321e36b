"""What is shown of a page where it is shared: its tags, and the card that they name."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from crawlers.record import Record
from platforma.catalogue.listings import listing_queries, removal
from platforma.catalogue.platforms import platform_queries
from tests.web.site import RECORDS, make_site


def tags(client: FlaskClient, path: str) -> dict[str, str]:
    page = client.get(path).get_data(as_text=True)
    return {name: unescape(value) for name, value in re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)"', page)}


def card_path(client: FlaskClient, path: str) -> str:
    """The address of a page's card, without the host."""
    parts = urlsplit(tags(client, path)["og:image"])
    return f"{parts.path}?{parts.query}"


def listing_path(app: Flask, title: str = "Saules maize") -> str:
    with app.extensions["platforma"].database.reading() as session:
        one = next(one for one in listing_queries.newest(session, 10) if one.title("lv").text == title)
    return f"/initiatives/{one.public_id}/{one.slug}"


def platform_path(app: Flask) -> str:
    with app.extensions["platforma"].database.reading() as session:
        card = platform_queries.public_platforms(session)[0]
    return f"/platforms/{card.public_id}/{card.slug}"


def paths(app: Flask) -> list[str]:
    return ["/", "/search", "/search?q=maize", "/search?country=LV&kind=project", "/platforms/", "/about", "/register",
            listing_path(app), platform_path(app)]  # fmt: skip


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_page_says_what_it_is_and_names_a_card_that_is_there(app: Flask, client: FlaskClient, lang: str) -> None:
    for path in paths(app):
        found = tags(client, f"/{lang}{path}")
        assert found["og:title"] and found["og:description"] and found["og:image:alt"]
        assert found["og:locale"] == {"lv": "lv_LV", "en": "en_GB"}[lang]
        assert found["og:locale:alternate"] == {"lv": "en_GB", "en": "lv_LV"}[lang]
        assert found["og:url"] == f"http://127.0.0.1:8000/{lang}{path}"
        assert found["og:type"] == ("article" if "initiatives/" in path else "website")
        assert found["twitter:card"] == "summary_large_image"
        answer = client.get(card_path(client, f"/{lang}{path}"))
        assert answer.status_code == 200, path
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"].endswith("immutable")
        image = Image.open(io.BytesIO(answer.data))
        assert image.size == (1200, 630) == (int(found["og:image:width"]), int(found["og:image:height"]))
        assert len(answer.data) < 100_000


def test_an_error_page_has_the_card_of_the_site(client: FlaskClient) -> None:
    found = tags(client, "/lv/nowhere")
    assert "og:url" not in found
    assert found["og:image"] == tags(client, "/lv/about")["og:image"]


def test_cards_differ_by_what_is_shared_and_by_language(app: Flask, client: FlaskClient) -> None:
    found = [
        card_path(client, f"/{lang}{path}") for lang in ("lv", "en") for path in ("/", listing_path(app), "/search?country=LV")
    ]
    assert len(set(found)) == len(found)


def test_words_that_somebody_put_into_an_address_are_never_drawn(client: FlaskClient) -> None:
    assert card_path(client, "/lv/search?q=Valde+atkāpjas&country=LV") == card_path(client, "/lv/about")
    assert client.get("/lv/sharing/search-0.png?q=Valde").status_code == 404


def test_an_address_that_is_out_of_date_leads_to_the_card_of_today(app: Flask, client: FlaskClient) -> None:
    for path in ("/", "/search?country=LV", listing_path(app), platform_path(app)):
        current = card_path(client, f"/lv{path}").rstrip("?")
        former = re.sub(r"[0-9a-f]{16}(?=\.png)", "0" * 16, current)
        answer = client.get(former)
        assert answer.status_code == 302
        assert answer.headers["Location"] == current


def test_the_card_of_a_removed_listing_is_gone(tmp_path: Path) -> None:
    app = make_site(tmp_path)
    services, client = app.extensions["platforma"], app.test_client()
    path = listing_path(app)
    card = card_path(client, f"/lv{path}")
    with services.database.writing() as session:
        removal.suppress(session, public_id=path.split("/")[2], actor="a", reason="r", key=services.secret_key)
    assert client.get(card).status_code == 410


HOSTILE = {
    "turned around": "\u202egnp.exe\u202c\u2066x\u2069",
    "endless": "Ķ" * 10_000,
    "many words": "vārds " * 3_000,
    "faces": "😀👩‍👩‍👧 🇱🇻 Kopā",
    "no letter that is drawn": "中文 日本語",
    "accents without end": "Z" + "\u0338\u0321\u031b" * 500,
    "right to left": "مبادرة اجتماعية",
    "a page": '"><script>alert(1)</script>',
}


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    records = [Record(str(n), title={"lv": title}, kind="project") for n, title in enumerate(HOSTILE.values())]
    return make_site(Path(tmp_path_factory.mktemp("hostile")), records)


def test_no_title_breaks_a_card(hostile_app: Flask) -> None:
    client = hostile_app.test_client()
    with hostile_app.extensions["platforma"].database.reading() as session:
        found = [one for one in listing_queries.newest(session, 100) if one.get("kind") == "project"]
    assert len(found) == len(HOSTILE)
    for one in found:
        answer = client.get(card_path(client, f"/lv/initiatives/{one.public_id}/{one.slug}"))
        assert answer.status_code == 200
        assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)


def test_the_samples_are_those_of_the_small_site() -> None:
    """The tests above look for one of them by name."""
    assert any(record.title.get("lv") == "Saules maize" for record in RECORDS)

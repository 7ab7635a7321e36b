"""Control characters in what a source writes reach no page and no file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from crawlers.record import Identifier, Record
from platforma.catalogue.files import exporting, formats
from platforma.web.public.take.formats import FORMATS
from tests.web.site import make_site
from vocabulary.characters import CONTROLS

ODD = "\x00\x07\x0b\x1b\x7f\x81\x85\ud800\ufdd0\ufffe\uffff\U0001fffe"
FORBIDDEN = re.compile(f"[\x85{CONTROLS}]")
LINE = f"Zvans{ODD}s"
RECORDS = [
    Record(kind, url=f"https://avots.example/{kind}", kind=kind, title={"lv": LINE, "en": LINE}, summary={"lv": LINE},
           description={"lv": LINE}, country="LV", countries=("LV",), region=LINE, place=LINE, address=LINE, lat=57.3, lon=25.2,
           legal_form=LINE, organisation=LINE, identifiers=(Identifier(f"LV{ODD}-RE", LINE),), tags=(LINE,), phone=LINE, licence=LINE,
           start_date="2999-05-01", end_date="2999-05-02", derived={"sectors": f"legal form {LINE}"}, raw={LINE: [LINE]})
    for kind in ("organisation", "event", "funding")
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("odd")), RECORDS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def texts(value: object) -> Iterator[str]:
    """The texts of a JSON value and of its names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in texts(part))


def xml_text(data: bytes) -> str:
    return "".join(map(str, etree.fromstring(data).itertext()))


def all_texts(data: bytes, suffix: str) -> str:
    """All texts of a file; XML is read by a strict parser."""
    match suffix:
        case "xlsx":
            with ZipFile(io.BytesIO(data)) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
            return "".join(xml_text(part) for part in parts)
        case "atom" | "xml":
            return xml_text(data)
        case "jsonl":
            return "".join(text for line in data.splitlines() for text in texts(json.loads(line)))
        case "json" | "jsonld" | "geojson":
            return "".join(texts(json.loads(data)))
    return data.decode()


ADDRESSES = [
    *((f"/lv/search.{format}", format) for format in FORMATS),
    ("/dumps/initiatives.csv", "csv"), ("/dumps/initiatives.jsonl", "jsonl"), ("/dumps/initiatives.jsonld", "jsonld"),
    ("/api/v1/initiatives", "json"), ("/lv/atom.xml", "atom"), ("/sitemaps/initiatives-0.xml", "xml"), ("/lv/search", "html"),
    ("/lv/table", "html"), ("/lv/map", "html"), ("/lv/", "html"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "suffix"), ADDRESSES)
def test_no_answer_holds_a_control_character(client: FlaskClient, address: str, suffix: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    found = all_texts(answer.data, suffix)
    assert FORBIDDEN.findall(found) == []
    assert "zvans" in found.lower() or suffix == "xml"


@pytest.mark.parametrize("suffix", formats.FORMATS)
def test_no_exported_file_holds_a_control_character(app: Flask, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"all{suffix}"
    with app.extensions["platforma"].database.reading() as session:
        exporting.export(session, path)
    found = all_texts(path.read_bytes(), suffix.removeprefix("."))
    assert FORBIDDEN.findall(found) == []
    assert "Zvans s" in found


def test_the_page_of_a_listing_is_valid(client: FlaskClient) -> None:
    for item in client.get("/api/v1/initiatives").get_json()["items"]:
        page = client.get(f"/lv/initiatives/{item['id']}/{item['slug']}").get_data(as_text=True)
        assert FORBIDDEN.findall(page) == []
        assert "Zvans s" in page

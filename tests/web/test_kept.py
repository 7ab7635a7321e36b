"""What is kept until the index changes, below pages kept whole: read once, the same packed and as it is, and new after a change."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask

from crawlers.record import Record
from platforma.catalogue.files.imports import import_records
from platforma.services import Services
from platforma.worker.indexing import drain_outbox
from search.port import Page, Query
from tests.web.site import make_site

PAGES = ("/lv/", "/lv/browse", "/lv/kinds/project", "/lv/map.json", "/sitemaps/pages.xml")
FIRST = [
    Record(f"p{n}", title={"lv": f"Projekts {n}"}, kind="project", country="LV", countries=("LV",), lat=57.0, lon=24.0 + n)
    for n in range(6)
]
MORE = [
    Record(f"e{n}", title={"lv": f"Jauns {n}"}, kind="project", country="EE", countries=("EE",), lat=59.0, lon=24.0 + n)
    for n in range(6)
]


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return make_site(tmp_path, FIRST, page_cache_mb=0)


def services_of(app: Flask) -> Services:
    services: Services = app.extensions["platforma"]
    return services


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_the_engine_once_and_again_when_the_index_has_changed(
    app: Flask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, asked = services_of(app), list[Query]()
    search = services.engine.search

    def counted(query: Query) -> Page:
        asked.append(query)
        return search(query)

    monkeypatch.setattr(services.engine, "search", counted)
    client = app.test_client()
    before = client.get(path).text
    asked.clear()
    assert client.get(path).text == before and not asked
    import_records(services.database, "otrs", MORE, actor="t", secret_key=services.secret_key)
    drain_outbox(services)
    assert client.get(path).text != before


def test_packed_points_are_those_that_are_sent_as_they_are(app: Flask) -> None:
    client = app.test_client()
    plain = client.get("/lv/map.json", headers={"Accept-Encoding": "identity"})
    packed = client.get("/lv/map.json", headers={"Accept-Encoding": "gzip"})
    assert [answer.headers.get("Content-Encoding") for answer in (plain, packed)] == [None, "gzip"]
    assert gzip.decompress(packed.data) == plain.data and len(plain.get_json()["points"]) == 6
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]


def test_points_are_kept_for_each_language_and_part_of_the_map(app: Flask) -> None:
    client = app.test_client()
    paths = ("/lv/map.json", "/en/map.json", "/lv/map.json?area=23,56,25.5,58", "/lv/map.json?near=57,24&km=20")
    assert len({client.get(path).text for path in paths}) == len(paths)


def test_what_an_engine_does_not_tell_is_not_kept(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    pointer = next(tmp_path.rglob("current"))
    hidden = pointer.rename(pointer.with_name("hidden"))
    without = client.get("/lv/").text
    hidden.rename(pointer)
    assert "Projekts 5" in without
    assert client.get("/lv/").text != without

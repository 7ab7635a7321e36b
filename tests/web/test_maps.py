"""The maps of pages: that of the region, that of a listing's place, and that of a search."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from itertools import combinations
from math import dist
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from crawlers.record import Record
from platforma.settings import SettingsError, load_settings
from platforma.web.public import map_points
from platforma.web.public.geography.mini_map import mini_map
from platforma.web.public.geography.region_map import region_map
from search.port import FacetCount, PositionCount
from tests.web.site import HOSTILE, make_site

PACKED_BUDGET = 12_000
COUNTS = [
    FacetCount(value, count)
    for value, count in (("LV", 1200), ("EE", 30), ("LT", 9), ("FI", 8), ("PL", 8), ("DK", 7), ("SE", 7), ("NO", 6), ("DE", 6),
                         ("unknown", 86), ("UA", 3), ("FR", 2), ("UG", 1), ("ES", 1), ("IT", 1), ("GB", 1), ("NL", 1))
]  # fmt: skip
RECORDS = [
    Record("1", kind="social_enterprise", title={"lv": "Saules maize", "en": "Sun Bread"}, country="LV", countries=("LV",), place="Cēsis", lat=57.312, lon=25.275),
    Record("2", kind="project", title={"en": "Repair Map"}, country="EE", countries=("EE",), lat=59.437, lon=24.753),
    Record("3", kind="event", title={"lv": HOSTILE}, country="LV", countries=("LV",), lat=56.949, lon=24.105),
    Record("4", title={"und": "Čiekurs"}, country="LV", countries=("LV",)),
    Record("5", kind="project", title={"lv": "Garāža"}, country="LV", countries=("LV",), lat=56.949, lon=24.105),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("maps")), RECORDS)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def drawn(app: Flask, lang: str, counts: list[FacetCount]) -> str:
    with app.test_request_context(f"/{lang}/"):
        app.preprocess_request()
        model = region_map(counts, lang, lambda code: f"/{lang}/search?country={code}")
        macro = '{% from "components/region_map.html" import region_map with context %}{{ region_map(map) }}'
        return render_template_string(macro, map=model)


def test_the_map_of_the_region_fits_its_budget(app: Flask) -> None:
    assert len(gzip.compress(drawn(app, "lv", COUNTS).encode())) <= PACKED_BUDGET


@pytest.mark.parametrize(
    ("lang", "name", "elsewhere"), [("lv", "Latvija: 1 200", "Citur:"), ("en", "Latvia: 1,200", "Elsewhere:")]
)
def test_each_country_on_the_map_is_a_link_with_its_name_and_number(app: Flask, lang: str, name: str, elsewhere: str) -> None:
    text = drawn(app, lang, COUNTS).replace("\xa0", " ")
    assert f'<a href="/{lang}/search?country=LV" aria-label="{name}">' in text
    assert text.count('class="mark"') == 9
    assert elsewhere in text


def test_the_numbers_of_the_map_are_those_of_the_filter(app: Flask) -> None:
    with app.test_request_context("/lv/"):
        app.preprocess_request()
        model = region_map(COUNTS, "lv", str)
    shown = [mark.country.count for mark in model.marks] + [link.count for link in model.elsewhere]
    assert sorted(shown) == sorted(facet.count for facet in COUNTS)
    assert model.elsewhere[-1].url == "unknown"


def test_names_and_marks_of_large_numbers_do_not_lie_on_each_other(app: Flask) -> None:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        model = region_map([FacetCount(facet.value, facet.count * 40) for facet in COUNTS], "en", str)
    marks = [mark.mark for mark in model.marks]
    labels = [mark.label.box for mark in model.marks if mark.label]
    assert len(labels) >= 7
    assert not any(label.overlaps(other) for label in labels for other in labels if other is not label)
    assert not any(label.overlaps(mark.box) for label in labels for mark in marks)
    assert all(dist((a.x, a.y), (b.x, b.y)) >= a.radius + b.radius for a, b in combinations(marks, 2))


def test_a_map_without_listings_shows_the_lands_alone(app: Flask) -> None:
    text = drawn(app, "lv", [])
    assert "<path" in text
    assert "<a " not in text
    assert "Citur" not in text


def test_a_hostile_name_of_a_town_stays_text(app: Flask) -> None:
    with app.test_request_context("/lv/"):
        app.preprocess_request()
        model = mini_map(56.95, 24.1, "LV", "<b>", HOSTILE)
        macro = '{% from "components/mini_map.html" import mini_map with context %}{{ mini_map(map) }}'
        text = render_template_string(macro, map=model)
        assert render_template_string(macro, map=None).strip() == ""
    assert "&lt;b&gt;" in text
    assert "<script>" not in text
    assert len(gzip.compress(text.encode())) <= 4_000


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("query", ["", "?q=maize", "?country=EE", "?area=20,55,29,58.2", "?q=nekas", "?page=2"])
def test_the_map_page_is_well_formed(client: FlaskClient, lang: str, query: str) -> None:
    answer = client.get(f"/{lang}/map{query}")
    assert answer.status_code == 200
    assert HOSTILE not in answer.text


def test_the_map_page_has_the_list_the_map_and_what_is_only_in_the_list(client: FlaskClient) -> None:
    text = client.get("/lv/map").text
    assert "Saules maize" in text
    assert text.index("Saules maize") < text.index('id="map"')
    assert 'data-points="/lv/map.json"' in text
    assert 'aria-label="Latvija: 4"' in text
    assert 'href="/lv/map?country=LV"' in text
    assert "1 rezultātam vieta nav zināma" in text
    assert "vieta nav zināma" not in client.get("/lv/map?area=20,55,29,58.2").text


def test_a_part_of_the_map_has_what_lies_in_it(client: FlaskClient) -> None:
    text = client.get("/en/map?area=20,55,29,58.2").text
    assert "Sun Bread" in text
    assert "Repair Map" not in text
    assert 'data-area="20.0,55.0,29.0,58.2"' in text
    found = client.get("/en/map.json?area=20,55,29,58.2").get_json()
    assert {point["title"] for point in found["points"]} == {"Sun Bread", HOSTILE, "Garāža"}


@pytest.mark.parametrize("area", ["1,2,3", "x,1,2,3", "30,55,20,58", "nan,1,2,3", "-500,0,500,10"])
def test_a_part_that_is_none_is_refused(client: FlaskClient, area: str) -> None:
    assert client.get(f"/lv/map?area={area}").status_code == 400
    assert client.get(f"/lv/map.json?area={area}").status_code == 400


def test_points_are_all_results_with_coordinates(client: FlaskClient) -> None:
    answer = client.get("/lv/map.json")
    assert answer.mimetype == "application/json"
    found = answer.get_json()
    assert found["cells"] == []
    by_title = {point["title"]: point for point in found["points"]}
    assert set(by_title) == {"Saules maize", "Repair Map", HOSTILE, "Garāža"}
    bread = by_title["Saules maize"]
    assert (bread["lat"], bread["lon"], bread["kind"], bread["lang"]) == (57.312, 25.275, "sociālais uzņēmums", None)
    assert client.get(bread["url"]).status_code == 200
    assert by_title["Repair Map"]["lang"] == "en"
    assert answer.headers["X-Content-Type-Options"] == "nosniff", "titles hold what a browser could take for a page"


def test_points_of_nothing_are_none(client: FlaskClient) -> None:
    assert client.get("/lv/map.json?q=nekas").get_json() == {"points": [], "cells": []}


def test_very_many_points_come_as_cells_that_have_all_of_them(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_points, "MAX_POINTS", 2)
    found = client.get("/lv/map.json?sort=name").get_json()
    assert found["points"] == []
    assert sum(count for _, _, count in found["cells"]) == 4
    assert [56.949, 24.105, 2] in found["cells"]


def test_cells_are_as_large_as_asked() -> None:
    places = [(57.01, 24.01, 3), (57.02, 24.02, 1), (57.3, 24.01, 1), (-0.1, -0.1, 1)]
    cells = sorted(map_points.grid([PositionCount(*place) for place in places], 0.5))
    assert [count for _, _, count in cells] == [1, 4, 1]
    assert cells[1][:2] == pytest.approx((57.0125, 24.0125)), "the middle of all results, not of their places"


def test_the_maps_files_have_hashed_names(client: FlaskClient) -> None:
    text = client.get("/lv/map").text
    for name in ("leaflet", "map", "countries", "areas"):
        found = re.search(rf'"(/assets/{name}\.[0-9a-f]+\.\w+)"', text)
        assert found, name
        assert client.get(found.group(1)).status_code == 200


def test_no_other_server_is_named_unless_an_operator_names_one(client: FlaskClient, tmp_path: Path) -> None:
    plain = client.get("/lv/map")
    assert 'data-tiles=""' in plain.text
    assert "img-src 'self' data:;" in plain.headers["Content-Security-Policy"]
    tiles = {
        "map_tiles": "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "map_attribution": '© <a href="https://t.example">T</a><script>',
    }
    with_tiles = make_site(tmp_path, RECORDS, **tiles).test_client().get("/lv/map")
    assert "img-src 'self' data: https://*.tiles.example;" in with_tiles.headers["Content-Security-Policy"]
    assert "{s}.tiles.example" in with_tiles.text
    assert "&lt;a href=&#34;https://t.example" in with_tiles.text
    assert "<script>" not in with_tiles.text


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example/{z}/{x}/{y}",
        "https://tiles.example/",
        "https://a b.example/{z}/{x}/{y}",
        "https://x.example;script-src */{z}/{x}/{y}",
    ],
)
def test_an_address_that_is_none_of_tiles_is_refused_at_start(url: str) -> None:
    with pytest.raises(SettingsError, match="PLATFORMA_MAP_TILES"):
        load_settings(map_tiles=url)

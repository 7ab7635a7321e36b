"""Pages that carry their entries as JSON for their own scripts: maps, single-page applications, attributes."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from crawlers.errors import CrawlError
from crawlers.markup import Html
from crawlers.reading.scripts import MAX_SCRIPT_CHARACTERS, json_in
from tests.crawlers.places_in_scripts import FOUND, PLACES, TEXT, URL, named, read

DATA = json.dumps(PLACES).replace("</", "<\\/")
LITERAL = ", ".join(
    f"{{name: {json.dumps(one['name'])!s}, country: '{one['country']}', lat: 57.1, lng: 25.2, /* a note */}}" for one in PLACES
).replace("</", "<\\/")
FEATURES = json.dumps(
    {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": one, "geometry": {"type": "Point", "coordinates": [25.3, 57.3]}} for one in PLACES]}
).replace("</", "<\\/")  # fmt: skip
NEXT = json.dumps({"props": {"pageProps": {"menu": [{"title": "Home"}] * 5, "data": {"places": PLACES}}}}).replace("</", "<\\/")
QUOTED = DATA.replace("&", "&amp;").replace("'", "&#39;").replace('"', "&quot;")
FORMS = {
    "a script of JSON": f'<script type="application/json" id="places">{DATA}</script>',
    "Next": f'<script id="__NEXT_DATA__" type="application/json">{NEXT}</script>',
    "a variable": f"<script>var zoom = 7;\nvar places = {DATA};\nshow(places);</script>",
    "a window's property": f"<script>window.__DATA__ = {{\"places\": {DATA}}};</script>",
    "an object literal": f"<script>const places = [{LITERAL},];</script>",
    "an option of a call": f"<script>new Map({{el: document.body, places: {DATA}, draw() {{ return [{{}}]; }}}});</script>",
    "GeoJSON": f"<script>L.geoJSON({FEATURES}).addTo(map);</script>",
    "a text to parse": f"<script>var d = JSON.parse({json.dumps(DATA)});</script>",
    "an attribute": f'<div id="map" data-places="{QUOTED}"></div>',
    "code before it": f"<script>if (a == b) {{ x = {{'a': f()}}; y = [{{}}, g]; }} p = {DATA}</script>",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_entries_in_the_scripts_of_a_page_are_found_by_its_address(form: str) -> None:
    adapter, records = read({"/": f"<div id=app></div>{FORMS[form]}"})
    assert (adapter, named(records)) == ("json", FOUND)


def test_a_page_near_the_front_is_looked_at_and_links_of_its_entries_lead_into_the_site() -> None:
    _, records = read({"/": '<h1>Welcome</h1><a href="/map">Map</a>', "/map": FORMS["a variable"]})
    assert named(records) == FOUND
    assert [str(record.url).rpartition("/places/")[2] for record in records] == ["7", "8", "9"]


def test_cards_that_say_more_than_the_map_beside_them_are_read() -> None:
    cards = "".join(
        f'<div class="card"><h3>{place["name"]}</h3><p class="country">{place["country"]}</p><p>{TEXT}</p></div>'
        for place in PLACES
    )
    pins = json.dumps([{"name": place["name"], "lat": 57.1, "lng": 25.2} for place in PLACES]).replace("</", "<\\/")
    adapter, records = read({"/": f"<main>{cards}</main><script>var pins = {pins};</script>"})
    assert (adapter, named(records)) == ("html", FOUND)
    assert all(TEXT in next(iter(record.description.values())) for record in records)


@pytest.mark.parametrize("item", [{"title": "Home", "url": "/"}, {"name": "_ga", "description": TEXT}])
def test_menus_and_cookies_are_no_initiatives(item: dict[str, str]) -> None:
    items = json.dumps([{name: f"{value} {n}" for name, value in item.items()} for n in range(20)])
    with pytest.raises(CrawlError, match="no initiatives"):
        read({"/": f"<script>var items = {items};</script>"})


def linked(name: str, hosts: int, **fields: str) -> dict[str, str]:
    """The pages of a front page whose script has a list of six with links to so many other sites."""
    things = [{"title": f"Fonds {n}", "link": f"https://site{n % hosts}.example/{n}", **fields} for n in range(6)]
    return {"/": f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {name: things}})}</script>'}


def test_entries_that_lead_each_to_a_site_of_its_own_have_it_as_their_website() -> None:
    adapter, records = read(linked("donations", 6, description=TEXT))
    assert adapter == "json"
    assert [record.website for record in records] == [f"https://site{n}.example/{n}" for n in range(6)]
    assert {urlsplit(str(record.url)).path for record in records} == {"/"}


@pytest.mark.parametrize(
    "pages",
    [linked("press", 6, description=TEXT), linked("jaunumi", 6, description=TEXT), linked("shares", 6), linked("seen", 2, description=TEXT)],
    ids=["press", "news", "a menu", "reports in two newspapers"],
)  # fmt: skip
def test_links_to_other_sites_without_entries_are_no_initiatives(pages: dict[str, str]) -> None:
    with pytest.raises(CrawlError, match="no initiatives"):
        read(pages)


def test_a_longer_list_of_something_else_hides_no_places() -> None:
    cookies = json.dumps([{"name": f"_c{n}", "description": TEXT} for n in range(50)])
    assert named(read({"/": f"<script>var c = {cookies};</script>{FORMS['a variable']}"})[1]) == FOUND


def test_json_ld_is_left_to_its_own_adapter() -> None:
    assert json_in(Html(URL, f'<script type="application/ld+json">{DATA}</script>')) == {}


@pytest.mark.parametrize(
    "hostile",
    [
        "x=" + "[" * MAX_SCRIPT_CHARACTERS,
        "x=" + '[{"a":' * (MAX_SCRIPT_CHARACTERS // 6),
        "x=" + '[{"a":' * 900 + "1" + "}]" * 900,
        "=[{" * (MAX_SCRIPT_CHARACTERS // 3),
        '=[{"a":1},' * (MAX_SCRIPT_CHARACTERS // 10),
        '=[{"=[{' * (MAX_SCRIPT_CHARACTERS // 7),
        "=[{" + " " * MAX_SCRIPT_CHARACTERS,
        "= " * (MAX_SCRIPT_CHARACTERS // 2),
        'x=[{"a":' + "9" * MAX_SCRIPT_CHARACTERS + "}]",
        'JSON.parse("' * (MAX_SCRIPT_CHARACTERS // 12),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_scripts_end_at_once_and_hide_nothing_else(hostile: str) -> None:
    values = json_in(Html(URL, f"<script type=application/json id=good>{DATA}</script><script>{hostile}</script>"))
    assert [place["id"] for place in values.pop("good")] == [7, 8, 9]
    assert not values


def test_odd_values_in_one_entry_cost_no_other() -> None:
    odd = '{"name": "Odd \\ud800", "country": [[[{}]]], "lat": NaN, "lng": 1e999, "url": "//[", "id": {}}'
    _, records = read({"/": f"<script>var places = [{odd}, {DATA[1:]}</script>"})
    assert set(FOUND) <= set(named(records))

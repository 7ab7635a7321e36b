"""The filters of a search: every number is that of a click, no box is useless, wrong values are explained, all views agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawlers.record import Record
from tests.web.site import HOSTILE, make_site

PAST, TO_COME = "2020-01-01", "2999-12-31"
CESIS, RIGA, TARTU = (57.3119, 25.2749), (56.946, 24.1059), (58.3806, 26.7251)


def record(number: int, at: tuple[float, float] | None = None, **more: Any) -> Record:
    place = {"lat": at[0], "lon": at[1]} if at else {}
    texts = {"title": {"lv": f"Nosaukums {number}"}, "summary": {"en": "A summary"} if number % 2 else {}}
    return Record(str(number), **{**texts, **place, **more})


RECORDS = [
    record(1, CESIS, kind="event", country="LV", countries=("LV",), place="Cēsis", end_date=PAST, themes=("youth",)),
    record(2, CESIS, kind="event", country="LV", countries=("LV", "EE"), place="Cēsis", start_date=TO_COME, end_date=TO_COME),
    record(3, RIGA, kind="funding", country="LV", countries=("LV",), place="Rīga", end_date=PAST, legal_form="biedrība"),
    record(4, RIGA, kind="funding", country="LV", countries=("LV",), place="Rīga", end_date=TO_COME, themes=("youth", "education")),
    record(5, TARTU, kind="project", country="EE", countries=("EE",), place="Tartu", sectors=("ngo",), legal_form="MTÜ"),
    record(6, kind="social_enterprise", country="LT", countries=("LT",), themes=("education",), sectors=("private",), legal_form="SIA"),
    record(7, kind="social_enterprise", country="LV", countries=("LV",), title={"lv": HOSTILE}),
    record(8),
]  # fmt: skip
SEARCHES = (
    "", "when=all", "when=past", "when=upcoming", "when=open", "q=nosaukums", "country=LV&when=all", "kind=-event&country=EE", "theme=youth&when=all",
    "near=Cēsis&km=30", "near=Cēsis&when=all&kind=event", "area=21,55.6,28.3,58.1&when=all", "region=LV-vidzeme&when=all", "place=LV-riga",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("filters")), RECORDS)


def total(client: FlaskClient, address: str) -> int:
    """How many results a view of a search says that it has."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    match = re.search(r'id="found-number"[^>]*><strong>(\d+)', answer.get_data(as_text=True))
    assert match, address
    return int(match[1])


def counted_choices(page: str) -> Iterator[tuple[str, str, int]]:
    """Name, value and number of each value that is not chosen."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    for label in root.iter("label"):
        box, number = label.find("input"), label.find("span[@class='number']")
        if box is not None and number is not None and box.get("checked") is None:
            yield str(box.get("name")), str(box.get("value")), int(number.text or "")


@pytest.mark.parametrize("search", SEARCHES)
def test_every_number_beside_a_value_is_that_of_a_click(site: Flask, search: str) -> None:
    """The API tells the number behind the click: it is quicker, and finds as many as the pages (the next test)."""
    client = site.test_client()
    page = client.get(f"/lv/search?{search}").get_data(as_text=True)
    chosen = parse_qsl(search)
    names = set()
    for name, value, number in counted_choices(page):
        rest = [pair for pair in chosen if pair[0] != name or pair[1].startswith("-")]
        found = client.get("/api/v1/initiatives", query_string=urlencode([("lang", "lv"), *rest, (name, value)])).get_json()
        assert found["total"] == number, (name, value)
        names.add(name)
    if not search:
        assert names == {"country", "kind", "theme", "sector", "region", "place", "legal_form", "language", "platform"}


@pytest.mark.parametrize("search", SEARCHES)
def test_every_view_and_the_api_find_as_many(site: Flask, search: str) -> None:
    client = site.test_client()
    found = total(client, f"/lv/search?{search}")
    assert (
        total(client, f"/lv/table?{search}")
        == total(client, f"/en/search?{search}")
        == total(client, f"/lv/map?{search}")
        == found
    )
    assert client.get(f"/api/v1/initiatives?lang=lv&{search}").get_json()["total"] == found
    assert client.get(f"/lv/table?{search}").get_data(as_text=True).count('<th scope="row">') == found


def test_a_box_without_a_known_value_is_left_out_unless_it_is_used(site: Flask) -> None:
    client = site.test_client()
    assert 'id="box-sector"' not in client.get("/lv/search?place=LV-riga").get_data(as_text=True)
    assert 'id="box-sector"' in client.get("/lv/search?place=LV-riga&sector=unknown").get_data(as_text=True)


def test_time_is_asked_for_only_where_something_has_dates(site: Flask) -> None:
    client = site.test_client()
    assert 'id="box-when"' in client.get("/lv/search?kind=event").get_data(as_text=True)
    for search in ("kind=project", "country=LT"):
        page = client.get(f"/lv/search?{search}").get_data(as_text=True)
        assert 'id="box-when"' not in page and "sort=soonest" not in page
    assert 'id="box-when"' in client.get("/lv/search?kind=project&when=all").get_data(as_text=True), "to take it back"


def test_distances_stand_in_the_rows_and_order_them(site: Flask) -> None:
    page = site.test_client().get("/lv/search?near=cesis&km=200&when=all").get_data(as_text=True)
    assert re.findall(r"(Cēsis|Rīga|Tartu), (?:Latvija|Igaunija|\d valstis) · ", page)[:2] == ["Cēsis", "Cēsis"]
    assert '<input type="text" id="near" name="near" value="Cēsis"' in page and "attāluma" in page
    assert "(200 km apkārtnē)" in page


@pytest.mark.parametrize(
    ("search", "lv", "en", "meant"),
    [
        ("kind=foo", "Filtram „Veids” nav vērtības „foo”.", "The filter “Kind” has no value “foo”.", None),
        ("country=Latvia&q=maize", "Filtram „Valsts” nav vērtības „Latvia”.", "The filter “Country” has no value “Latvia”.", "?q=maize&country=LV"),
        ("country=-lv", "„lv”", "“lv”", "?country=-LV"),
        ("kind=Sociālais uzņēmums&kind=event", "„Sociālais uzņēmums”", "“Sociālais uzņēmums”", "?kind=social_enterprise&kind=event"),
        ("near=Nekurciems&q=a", "Vieta „Nekurciems” nav atrasta", "The place “Nekurciems” is not found", None),
        ("when=tomorrow", "when", "when", None), ("page=0", "page", "page", None), ("area=1,2", "area", "area", None), ("km=x", "km", "km", None),
        (f"kind={HOSTILE}", "&lt;script&gt;", "&lt;script&gt;", None),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_explained_in_the_readers_language(
    site: Flask, search: str, lv: str, en: str, meant: str | None
) -> None:
    for lang, view, text in (("lv", "search", lv), ("en", "table", en)):
        answer = site.test_client().get(f"/{lang}/{view}?{search}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400 and text in page and "<script>alert" not in page
        links = [unescape(link) for link in re.findall(rf'href="(/{lang}/{view}[^"]*)"', page.split("<main")[1])]
        if meant:
            assert f"/{lang}/{view}{meant}" in links
        assert all(site.test_client().get(way).status_code == 200 for way in links), links


def test_a_wrong_place_leaves_the_rest_of_the_search_standing(site: Flask) -> None:
    page = site.test_client().get("/lv/search?near=Nekurciems&q=a&country=LV").get_data(as_text=True)
    assert 'href="/lv/search?q=a&amp;country=LV">Meklēt bez tā</a>' in page


def test_the_table_has_the_columns_of_the_address_and_keeps_them(site: Flask) -> None:
    client = site.test_client()

    def columns(address: str) -> list[str]:
        return re.findall(r'<th scope="col"[^>]*>\s*(?:<a [^>]*>)?([^<]+)', client.get(address).get_data(as_text=True))

    assert columns("/en/table?country=LT") == ["Title", "Kind", "Country", "Place", "Theme", "Source"]
    assert columns("/en/table?kind=event") == ["Title", "Begins", "Ends", "Country", "Place", "Theme", "Source"]
    assert columns("/en/table?col=website&col=kind&col=nonsense") == ["Title", "Kind", "Website"]
    page = client.get("/en/table?col=website&country=LV").get_data(as_text=True)
    assert 'href="/en/table?country=LV&amp;sort=name&amp;col=website">Title' in page
    assert 'href="/en/table?col=website">Latvia' in page, "the chip keeps the columns"
    assert "<script>alert" not in page


def test_the_table_tells_what_it_is_sorted_by(site: Flask) -> None:
    client = site.test_client()
    for search, heading, order in (
        ("sort=name", "Title", "ascending"),
        ("col=added", "Added", "descending"),
        ("kind=event", "Begins", "ascending"),
    ):
        page = client.get(f"/en/table?{search}").get_data(as_text=True)
        assert re.findall(r'aria-sort="(\w+)">\s*<a [^>]*>(\w+)', page) == [(order, heading)]


def test_pages_are_numbered_in_heading_title_and_links(tmp_path: Path) -> None:
    client = make_site(tmp_path, [record(number) for number in range(45)]).test_client()
    for lang, title, numbers in (
        ("lv", "Visas iniciatīvas – 2. lapa", "21.–40. no 45"),
        ("en", "All initiatives – page 2", "21–40 of 45"),
    ):
        page = client.get(f"/{lang}/search?page=2").get_data(as_text=True)
        assert f"<title>{title} – " in page and numbers in page
        links = re.findall(
            rf'<a (?:rel="(\w+)" )?href="/{lang}/search(\?page=\d)?"(?: aria-label="[^"]*")?( aria-current="page")?>', page
        )
        assert [(rel, path) for rel, path, _current in links if rel] == [("prev", ""), ("next", "?page=3")]
        assert 'href="?' not in page
    assert (
        "lapa"
        not in client.get("/lv/search?q=Nosaukums+7&exact=1").get_data(as_text=True).split("<title>")[1].split("</title>")[0]
    )
    last = client.get("/lv/table?page=3&sort=name").get_data(as_text=True)
    assert "41.–45. no 45" in last and 'rel="next"' not in last


def test_what_leads_out_of_nothing_finds_something(site: Flask) -> None:
    client = site.test_client()
    page = client.get("/lv/search?near=Tartu&km=5&kind=event&country=LT&when=past").get_data(as_text=True)
    wider = re.findall(r'<li><a href="([^"]+)">[^<]+</a> <span class="quiet">(\d+)</span>', page)
    assert wider
    for address, number in wider:
        assert total(client, unescape(address)) == int(number) > 0

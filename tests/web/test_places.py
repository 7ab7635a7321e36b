"""Places in searches: town and region as filters, what is near, and wrong values with what was meant."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from platforma.web.public.filters import label_of, query_of
from platforma.web.public.parameters import DEFAULT_KM
from platforma.web.public.search_addresses import query_address, query_string


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Rīga", "LV-riga"), ("riga", "LV-riga"), ("RIGA", "LV-riga"), ("Rīgā", "LV-riga"), ("LV-riga", "LV-riga"), ("Kauņa", "LT-kaunas"),
        ("Kaunas", "LT-kaunas"), ("Varšava", "PL-warsaw"), ("Warszawa", "PL-warsaw"), ("Cēsis", "LV-cesis"), ("cesis", "LV-cesis"),
        (" Visby  ", "SE-visby"),
    ],
)  # fmt: skip
def test_a_town_is_named_in_any_language_and_case(app: Flask, text: str, place: str) -> None:
    with app.test_request_context("/lv/search"):
        near = query_of(MultiDict({"near": text}), "lv").near
        assert near and (near.place, near.km) == (place, DEFAULT_KM)


@pytest.mark.parametrize(
    "args",
    [
        "near=Kau%C5%86a&km=40", "near=56.95,24.1&km=7", "area=21,55.6,28.3,58.12345", "when=upcoming&sort=soonest", "past=1",
        "near=LV-riga&sort=distance&kind=event&kind=-project&q=x&exact=1", "region=LV-latgale&place=LV-riga&legal_form=LV-sia",
    ],
)  # fmt: skip
def test_an_address_gives_the_query_that_it_came_from(app: Flask, args: str) -> None:
    with app.test_request_context(f"/lv/search?{args}"):
        query = query_of(MultiDict(parse_qs(args)), "lv")
        again = query_of(MultiDict(parse_qs(query_string(query))), "lv")
        assert again == query
        assert parse_qs(urlsplit(query_address(query)).query) == parse_qs(query_string(query))


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        ("kind=Project", "project"), ("kind=projekti", "project"), ("country=Latvia", "LV"), ("country=lv", "LV"), ("country=-Latvija", "LV"),
        ("region=Latgales+reģions", "LV-latgale"), ("region=lv-latgale", "LV-latgale"), ("theme=nekas", None), ("region=LV-nekas", None),
        ("legal_form=SIA", "LV-sia"), ("near=Nekurciems", None), ("near=99,24", None), ("near=nan,24", None), ("km=0", None),
        ("km=501", None), ("area=1,2,3", None), ("area=3,2,1,4", None), ("area=a,b,c,d", None), ("area=0,0,inf,1", None), ("when=vakar", None),
        ("sort=x", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_readers_language_with_what_was_meant(
    client: FlaskClient, args: str, hint: str | None
) -> None:
    page = client.get(f"/lv/search?{args}")
    assert page.status_code == 400
    value = args.partition("=")[2].removeprefix("-").replace("+", " ")
    if args.startswith(("kind", "country", "region", "theme", "legal_form")):
        assert f"„{value}”" in page.text
    if args.startswith("near"):
        assert "nav atrasta" in page.text
    if hint:
        assert f"={hint}" in page.text or f"=-{hint}" in page.text
    problem = client.get(f"/api/v1/initiatives?{args}")
    assert (problem.status_code, problem.mimetype) == (400, "application/problem+json")
    assert problem.get_json().get("hint") == hint


def test_the_corrected_address_works_and_keeps_the_rest(client: FlaskClient) -> None:
    page = client.get("/en/search?q=x&country=EE&country=-latvia&page=2")
    links = (urlsplit(link) for link in re.findall(r'href="([^"]+)"', page.text.replace("&amp;", "&")))
    wanted = {"q": ["x"], "country": ["EE", "-LV"], "page": ["2"]}
    corrected = [link.geturl() for link in links if link.path == "/en/search" and parse_qs(link.query) == wanted]
    assert corrected
    assert client.get(corrected[0]).status_code == 200


@pytest.mark.parametrize("path", ["/lv/search.csv", "/lv/subscribe", "/lv/map.json", "/lv/table"])
def test_every_view_of_a_search_says_what_is_wrong_and_leads_to_what_was_meant(client: FlaskClient, path: str) -> None:
    page = client.get(f"{path}?q=x&country=Latvia")
    assert page.status_code == 400
    assert f'href="{path}?q=x&amp;country=LV"' in page.text and "Latvia" in page.text


def test_places_have_labels_in_both_languages() -> None:
    labels = {(name, id): tuple(label_of(name, id, lang, {}) for lang in ("lv", "en")) for name, id in (
        ("place", "LT-kaunas"), ("place", "LV-cesis"), ("region", "LV-cesu-novads"), ("legal_form", "EE-mtu"), ("place", "XX-nowhere"))}  # fmt: skip
    assert list(labels.values()) == [
        ("Kauņa", "Kaunas"), ("Cēsis", "Cēsis"), ("Cēsu novads", "Cēsis Municipality"),
        ("MTÜ – biedrība (Igaunija)", "MTÜ – non-profit association (Estonia)"), ("XX-nowhere", "XX-nowhere"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "typed", "address"),
    [
        ("lv", "Cēs", "place=LV-cesis"), ("lv", "cesi", "place=LV-cesis"), ("en", "cesis", "place=LV-cesis"),
        ("lv", "vidz", "region=LV-vidzeme"), ("en", "Vidzeme", "region=LV-vidzeme"), ("lv", "Cēsu nov", "region=LV-cesu-novads"),
        ("lv", "sociālie uzņ", "kind=social_enterprise"), ("lv", "socialais uz", "kind=social_enterprise"),
        ("en", "social enterprises", "kind=social_enterprise"), ("lv", "social enterp", "kind=social_enterprise"),
    ],
)  # fmt: skip
def test_towns_regions_and_kinds_in_the_plural_are_suggested(client: FlaskClient, lang: str, typed: str, address: str) -> None:
    items = client.get(f"/{lang}/suggest", query_string={"q": typed}).get_json()["items"]
    assert f"/{lang}/search?{address}" in [item["url"] for item in items]


def test_towns_and_regions_without_listings_are_not_suggested(client: FlaskClient) -> None:
    addresses = [
        item["url"]
        for typed in ("Liepāj", "kurzem", "konkursi")
        for item in client.get(f"/lv/suggest?q={typed}").get_json()["items"]
    ]
    assert not [url for url in addresses if "place=" in url or "region=" in url or "kind=" in url]

"""What search engines find: landing pages, the sitemap, addresses that stand for themselves, and the same numbers everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawlers.record import Record
from platforma.catalogue.listings import sitemap_queries
from tests.web.site import make_site
from vocabulary.languages import LANGUAGES

HOST = "http://127.0.0.1:8000"
KINDS, THEMES = ("social_enterprise", "project", "event"), ("youth", "education", "environment")
NAMESPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def record(number: int) -> Record:
    """One of many listings: six of each of the first kinds in each of two countries, and few in a third."""
    country = "LT" if number >= 36 else ("LV", "EE")[number % 2]
    kind = KINDS[number // 2 % 3]
    return Record(
        str(number), kind=kind, title={"lv": f"Lieta {number}", "en": f"Thing {number}"}, country=country, countries=(country,),
        summary={"lv": f"Apraksts par lietu {number}.", "en": f"What thing {number} is."}, themes=(THEMES[number % 3],),
        start_date="2999-05-01" if kind == "event" else None, end_date="2999-05-02" if kind == "event" else None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("found")), [record(number) for number in range(39)])


def sitemap(client: FlaskClient) -> Iterator[tuple[str, dict[str, str]]]:
    """Each address of the sitemap with its translations."""
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    for part in index.findall("s:sitemap/s:loc", NAMESPACES):
        answer = client.get(str(part.text).removeprefix(HOST))
        assert answer.status_code == 200 and answer.mimetype == "application/xml"
        for entry in ElementTree.fromstring(answer.data).findall("s:url", NAMESPACES):
            links = entry.findall("x:link", NAMESPACES)
            yield str(entry.findtext("s:loc", "", NAMESPACES)), {link.get("hreflang", ""): link.get("href", "") for link in links}


def in_head(text: str, pattern: str) -> list[str]:
    return [unescape(found) for found in re.findall(pattern, text.partition("</head>")[0])]


def alternates(text: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', text))


def number_of(client: FlaskClient, parameters: str) -> int:
    return int(client.get(f"/api/v1/initiatives?{parameters}").get_json()["total"])


def test_every_address_of_the_sitemap_stands_for_itself(client: FlaskClient) -> None:
    seen: dict[tuple[str, str], str] = {}
    translations = dict(sitemap(client))
    for address, links in translations.items():
        answer = client.get(address.removeprefix(HOST))
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200 and "noindex" not in text, address
        assert in_head(text, r'rel="canonical" href="([^"]+)"') == [address]
        assert alternates(text) == links and set(links) == {*LANGUAGES, "x-default"}
        assert all(translations[links[lang]] == links for lang in LANGUAGES), "translations name each other"
        lang = re.findall(r'<html lang="(\w+)"', text)[0]
        for what in (r"<title>([^<]+)", r'<meta name="description" content="([^"]+)"'):
            (found,) = in_head(text, what)
            assert seen.setdefault((lang, what + found), address) == address, f"{found} stands on two pages"


def test_every_landing_page_has_the_numbers_of_the_search_and_is_in_the_sitemap(client: FlaskClient) -> None:
    listed = {address.removeprefix(HOST) for address, _ in sitemap(client)}
    browsed = set(re.findall(r'href="(/en/(?:kinds|themes|countries)/[^"]+)"', client.get("/en/browse").get_data(as_text=True)))
    assert browsed == {address for address in listed if re.match("/en/(kinds|themes|countries)/", address)}
    assert {"/en/kinds/project/ee", "/en/themes/youth/lv", "/en/countries/lv", "/en/kinds/event"} <= browsed
    assert not any("/lt" in address for address in browsed), "three listings are too few"
    for address in browsed:
        text = client.get(address).get_data(as_text=True)
        (told,) = re.findall(r"In the directory: (\d+) initiatives", text.partition("<main")[2])
        (searched,) = re.findall(r'href="/en/search\?([^"]*)"><svg', text)
        assert number_of(client, unescape(searched)) == int(told), address
        found = client.get(f"/en/search?{unescape(searched)}").get_data(as_text=True)
        assert f"<strong>{told} results</strong>" in found
        for url, count in re.findall(r'<li><a href="([^"]+)">[^<]+<span>(\d+)</span>', text):
            narrower = client.get(unescape(url)).get_data(as_text=True)
            assert re.search(rf"\b{count} (results?|initiatives?)\b", narrower), url


@pytest.mark.parametrize(
    ("lang", "path", "words"),
    [
        ("lv", "kinds/project/ee", ("Projekti Igaunijā", "Katalogā: 6 iniciatīvas no 1 platformas.", "Galvenās jomas: ")),
        ("lv", "countries/lv", ("Iniciatīvas Latvijā", "Veidi: ", "(6)", "Tuvākais pasākums", "Citas valstis")),
        ("en", "themes/education", ("Initiatives: education", "In the directory: 13 initiatives from 1 platform.", "Next event")),
        ("en", "kinds/event", ("Events", "12 initiatives")),
    ],
)
def test_a_landing_page_speaks_in_its_language(client: FlaskClient, lang: str, path: str, words: tuple[str, ...]) -> None:
    text = unescape(client.get(f"/{lang}/{path}").get_data(as_text=True))
    assert [word for word in words if word not in text] == []


def test_pages_with_too_few_are_not_for_search_engines(client: FlaskClient) -> None:
    text = client.get("/lv/countries/lt").get_data(as_text=True)
    assert '<meta name="robots" content="noindex, follow">' in text and "Lieta 36" in text and "3 iniciatīvas" in text
    assert "canonical" not in text


def test_wrong_and_empty_landing_pages(client: FlaskClient) -> None:
    for path in ("kinds/nothing", "themes/youth/xx", "countries/xx", "kinds/project/lv/x"):
        assert client.get(f"/lv/{path}").status_code == 404
    answer = client.get("/lv/themes/youth/EE")
    assert (answer.status_code, answer.location) == (301, "/lv/themes/youth/ee")
    answer = client.get("/lv/kinds/funding/se")
    assert (answer.status_code, answer.location) == (302, "/lv/search?country=SE&kind=funding")


def test_robots_may_read_landing_pages_and_no_searches(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").get_data(as_text=True).splitlines()
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    for path in (
        "/lv/search?q=x",
        "/en/table?q=x",
        "/lv/map?kind=event",
        "/lv/map.json",
        "/en/search.csv",
        "/lv/desk/",
        "/lv/sign-in",
    ):
        assert any(path.startswith(beginning) for beginning in closed), path
    for address, _ in sitemap(client):
        assert not any(address.removeprefix(HOST).startswith(beginning) for beginning in closed), address


def test_parameters_that_a_page_does_not_know_do_not_make_another_page(client: FlaskClient) -> None:
    text = client.get("/lv/about?utm_source=x").get_data(as_text=True)
    assert in_head(text, r'rel="canonical" href="([^"]+)"') == [f"{HOST}/lv/about"]


def test_the_sitemap_is_parted_by_row_ids(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sorted(address for address, _ in sitemap(client))
    monkeypatch.setattr(sitemap_queries, "ROWS_PER_PART", 10)
    parts = re.findall(r"initiatives-(\d+)\.xml", client.get("/sitemap.xml").get_data(as_text=True))
    assert parts == ["0", "1", "2", "3"]
    assert sorted(address for address, _ in sitemap(client)) == whole
    assert client.get("/sitemaps/initiatives-4.xml").status_code == 404


def test_a_listing_leads_to_the_landing_pages_of_its_kind_and_country(client: FlaskClient) -> None:
    address = next(address for address, _ in sitemap(client) if "/en/initiatives/" in address).removeprefix(HOST)
    text = client.get(address).get_data(as_text=True)
    crumbs = re.findall(r'<li><a href="([^"]+)">', text.split('class="crumbs"')[1].split("</nav>")[0])
    assert crumbs == ["/en/search", "/en/kinds/social_enterprise", "/en/kinds/social_enterprise/lv"]
    assert all(client.get(crumb).status_code == 200 for crumb in crumbs)


def test_the_way_to_a_landing_page_is_told_to_machines(client: FlaskClient) -> None:
    text = client.get("/en/kinds/project/ee").get_data(as_text=True)
    (data,) = (json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text))
    assert data["@type"] == "BreadcrumbList"
    assert [step["item"].removeprefix(HOST) for step in data["itemListElement"]] == [
        "/en/browse", "/en/kinds/project", "/en/kinds/project/ee"
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_browser_can_add_the_search(client: FlaskClient, lang: str) -> None:
    (linked,) = in_head(client.get(f"/{lang}/about").get_data(as_text=True), r'<link rel="search" [^>]*href="([^"]+)"')
    answer = client.get(linked)
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.data)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert root.findtext("o:Language", "", space) == lang
    assert 0 < len(root.findtext("o:ShortName", "", space)) <= 16, "the specification allows sixteen characters"
    templates = {url.get("type"): str(url.get("template")).removeprefix(HOST) for url in root.findall("o:Url", space)}
    typed = "thing 7" if lang == "en" else "lieta 7"
    filled = {type_: template.replace("{searchTerms}", typed.replace(" ", "%20")) for type_, template in templates.items()}
    assert "<mark>7</mark>" in client.get(filled["text/html"]).get_data(as_text=True)
    assert b"<entry>" in client.get(filled["application/atom+xml"]).data
    suggested = client.get(filled["application/x-suggestions+json"])
    question, labels, abouts, addresses = json.loads(suggested.data)
    assert suggested.mimetype == "application/x-suggestions+json" and question == typed
    assert typed.capitalize() in labels and len(labels) == len(abouts) == len(addresses)
    assert all(client.get(address.removeprefix(HOST)).status_code == 200 for address in addresses)
    assert client.get(filled["application/opensearchdescription+xml"]).data == answer.data


def test_the_start_page_tells_machines_of_the_site_its_search_and_its_data(client: FlaskClient) -> None:
    text = client.get("/en/").get_data(as_text=True)
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    graph = {node["@type"]: node for node in json.loads(found)["@graph"]}
    assert set(graph) == {"WebSite", "Organization", "Dataset"}
    template = graph["WebSite"]["potentialAction"]["target"]["urlTemplate"].removeprefix(HOST)
    assert "<mark>7</mark>" in client.get(template.replace("{search_term_string}", "thing%207")).get_data(as_text=True)
    for file in graph["Dataset"]["distribution"]:
        answer = client.get(file["contentUrl"].removeprefix(HOST))
        assert (answer.status_code, answer.mimetype) == (200, file["encodingFormat"])

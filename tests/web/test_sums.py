"""One catalogue, and one sum wherever it is told: pages, filters, maps, files, dumps, interface, sitemap, device."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.listings import edits, listing_queries, removal
from platforma.catalogue.platforms import platform_states
from platforma.services import Services
from platforma.web.public.landings import MIN_LISTINGS
from platforma.worker.indexing import drain_outbox
from tests.web.site import make_site

PAST, TO_COME = "2020-01-01", "2999-12-31"
RIGA, TALLINN = {"lat": 56.949, "lon": 24.105}, {"lat": 59.437, "lon": 24.753}
LATVIA, ESTONIA = {"country": "LV", "countries": ("LV",)}, {"country": "EE", "countries": ("EE",)}
SAME = {"website": "https://saule.example", "email": "saule@saule.example", "kind": "organisation", "themes": ("youth",)}


def titled(remote_id: str, **more: object) -> Record:
    return Record(remote_id, **({"title": {"lv": f"Nosaukums {remote_id}", "en": f"Title {remote_id}"}} | more))  # type: ignore[arg-type]


LISTED = [
    titled("saule", title={"lv": "Biedrība „Saule”"}, **LATVIA, **RIGA, **SAME),
    *(titled(f"p{number}", kind="project", themes=("youth", "education"), **LATVIA, **RIGA) for number in range(5)),
    titled("both", kind="project", themes=("education",), country="EE", countries=("EE", "LV"), **TALLINN),
    titled("coming", kind="event", end_date=TO_COME, **ESTONIA, **TALLINN),
    titled("past", kind="event", end_date=PAST, themes=("youth",), **LATVIA, **RIGA),
    titled("past-call", kind="funding", end_date=PAST, **ESTONIA),
    titled("latvian", title={"lv": "Tikai latviski"}, kind="project", **LATVIA),
    titled("unmarked", title={"und": "Čiekurs"}),
    titled("german", title={"de": "Nur auf Deutsch"}, kind="resource", country="DE", countries=("DE",)),
]
"""What visitors may see, some of it past, some without a translation, some without a place."""
REMOVED = titled("removed", kind="project", themes=("youth",), **LATVIA, **RIGA)
REFUSED = titled("refused", kind="project", themes=("youth",), **LATVIA, **RIGA)
JOINED = titled("saule-2", title={"lv": "Biedrība „Saule”"}, **LATVIA, **RIGA, **SAME)
HELD = [titled(f"held{number}", kind="project", themes=("youth",), **LATVIA, **RIGA) for number in range(12)]
PLATFORM = titled("tresa", kind="platform")
"""A platform that is described is a listing too; the platform of JOINED, of which there is only a name, is none."""


def propose(services: Services, platform_id: str) -> None:
    recipe = {"platform": platform_id, "title": platform_id, "url": f"https://{platform_id}.example/"}
    with services.database.writing() as session:
        proposal = platform_states.Proposal(url=str(recipe["url"]), title=platform_id, recipe=recipe)
        platform_states.propose_platform(session, proposal, actor="test")
        platform_states.approve_platform(session, platform_id=platform_id, actor="test")


def crawl(services: Services, platform_id: str, records: list[Record]) -> str:
    """Crawl a platform; gives the state of the crawl."""
    stored = staging.start_crawl(services.database, platform_id)
    for record in records:
        stored.stage(record, None)
    result = CrawlResult(complete=True, found=len(records), refused=0)
    return crawl_end.finish_crawl(services.database, stored, result, secret_key=services.secret_key).state


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = make_site(Path(tmp_path_factory.mktemp("sums")), [*LISTED, REMOVED, REFUSED])
    services: Services = app.extensions["platforma"]
    ids = {line["sources"][0]["remote_id"]: line["id"] for line in dumped(app.test_client())}
    propose(services, "otra")
    assert crawl(services, "otra", [JOINED]) == "done"
    assert crawl(services, "otra", [JOINED, *HELD]) == "held"
    propose(services, "tresa")
    with services.database.writing() as session:
        own = listing_queries.listing_of_platform(session, "tresa")
        assert own is not None
        edits.set_value(session, edits.Edit(own.public_id, "description", "lv", "test", own.version), "Platforma par visu")
    with services.database.writing() as session:
        removal.suppress(session, public_id=ids["removed"], actor="test", reason="a wish", key=services.secret_key)
        edits.refuse(session, public_id=ids["refused"], actor="test", reason="no social innovation")
    drain_outbox(services)
    return app


@dataclass(frozen=True)
class Sum:
    """A search by its parameters, and the records that it has."""

    query: str
    has: Callable[[Record], bool]

    @property
    def number(self) -> int:
        return sum(map(self.has, [*LISTED, PLATFORM]))

    @property
    def placed(self) -> int:
        return sum(self.has(record) and record.lat is not None for record in LISTED)


def is_current(record: Record) -> bool:
    return record.end_date != PAST


SUMS = [
    Sum("", is_current),
    Sum("when=all", lambda record: True),
    Sum("when=past", lambda record: not is_current(record)),
    Sum("country=LV", lambda record: is_current(record) and "LV" in record.countries),
    Sum("country=LV&when=all", lambda record: "LV" in record.countries),
    Sum("kind=project&theme=youth", lambda record: record.kind == "project" and "youth" in record.themes),
    Sum("kind=unknown", lambda record: record.kind is None),
    Sum("theme=youth&country=-EE", lambda record: is_current(record) and "youth" in record.themes and "EE" not in record.countries),
]  # fmt: skip
BY_QUERY = pytest.mark.parametrize("expected", SUMS, ids=[one.query or "everything" for one in SUMS])
BY_LANGUAGE = pytest.mark.parametrize("lang", ["lv", "en"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def told(page: str) -> int:
    """The number of results that a page says at its head."""
    match = re.search(r"(\d+) (?:result|rezultāt|initiative|iniciatīv)", page)
    assert match
    return int(match[1])


def dumped(client: FlaskClient) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text(client, "/dumps/initiatives.jsonl").splitlines()]


@BY_LANGUAGE
@BY_QUERY
def test_views_and_interface_tell_the_same_number(client: FlaskClient, expected: Sum, lang: str) -> None:
    found = client.get(f"/api/v1/initiatives?lang={lang}&per_page=100&{expected.query}").get_json()
    views = {view: told(text(client, f"/{lang}/{view}?{expected.query}")) for view in ("search", "table", "map")}
    assert found["total"] == len(found["items"]) == expected.number
    assert set(views.values()) == {expected.number}, views
    assert rows_of_table(client, f"/{lang}/table?{expected.query}") == expected.number


def rows_of_table(client: FlaskClient, address: str) -> int:
    root = html5lib.parse(text(client, address), namespaceHTMLElements=False)
    return sum(1 for _ in root.iterfind(".//tbody/tr"))


@BY_LANGUAGE
@BY_QUERY
def test_files_of_a_search_have_as_many(client: FlaskClient, expected: Sum, lang: str) -> None:
    assert dict(lengths(client, f"/{lang}/search", expected.query)) == dict.fromkeys(
        ("csv", "xlsx", "json", "jsonld", "geojson", "atom"), expected.number
    )


def lengths(client: FlaskClient, stem: str, query: str) -> Iterator[tuple[str, int]]:
    """How many listings each file has, by its format; the file of a map says how many it leaves out."""
    yield "csv", rows_of_csv(text(client, f"{stem}.csv?{query}"))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{stem}.xlsx?{query}").data))
    yield "xlsx", len(workbook.get_sheet_by_index(0).to_python()) - 1
    yield "json", len(json.loads(text(client, f"{stem}.json?{query}"))["items"])
    yield "jsonld", len(json.loads(text(client, f"{stem}.jsonld?{query}"))["mainEntity"]["itemListElement"])
    points = json.loads(text(client, f"{stem}.geojson?{query}"))
    yield "geojson", len(points["features"]) + points["without_coordinates"]
    yield "atom", text(client, f"{stem}.atom?{query}").count("<entry>")


def rows_of_csv(content: str) -> int:
    return sum(1 for _ in csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


@BY_LANGUAGE
@BY_QUERY
def test_points_and_what_has_no_place_are_all_of_them(client: FlaskClient, expected: Sum, lang: str) -> None:
    points = client.get(f"/{lang}/map.json?{expected.query}").get_json()["points"]
    page = text(client, f"/{lang}/map?{expected.query}")
    without = re.search(r"(\d+) (?:rezultāt\w+ vieta nav|results? ha)", page)
    assert len(points) == len(client.get(f"/api/v1/gogocarto.json?{expected.query}").get_json()["data"]) == expected.placed
    assert int(without[1] if without else 0) == expected.number - expected.placed


def counted(name: str) -> Counter[str]:
    """How many current listings each value of a filter has."""
    return Counter(value for record in [*LISTED, PLATFORM] if is_current(record) for value in VALUES[name](record))


def known_counts(name: str) -> dict[str, int]:
    return {value: number for value, number in counted(name).items() if value != "unknown"}


VALUES: dict[str, Callable[[Record], Sequence[str]]] = {
    "kind": lambda record: [record.kind or "unknown"],
    "country": lambda record: record.countries or ["unknown"],
    "theme": lambda record: record.themes or ["unknown"],
}


@BY_LANGUAGE
@pytest.mark.parametrize("name", list(VALUES))
def test_a_filter_counts_what_is_there_on_the_page_and_in_the_interface(client: FlaskClient, name: str, lang: str) -> None:
    box = text(client, f"/{lang}/search").split(f'id="box-{name}"')[1].split("</fieldset>")[0]
    ticks = re.findall(r'type="checkbox" name="\w+" value="(\w+)".*?class="number">(\d+)<', box, re.S)
    facet = client.get(f"/api/v1/initiatives?lang={lang}").get_json()["facets"][name]
    assert {one["value"]: one["count"] for one in facet} == counted(name)
    assert {value: int(number) for value, number in ticks} == counted(name)


@BY_LANGUAGE
def test_the_start_page_counts_what_is_there(client: FlaskClient, lang: str) -> None:
    page = text(client, f"/{lang}/")
    known = {name: known_counts(name) for name in VALUES}
    assert re.findall(r"<dd>(\d+)</dd>", page) == [str(SUMS[0].number), "3", str(len(known["country"]))]
    for name, numbers in known.items():
        links = numbers_of_links(page.split('class="hero')[1].split("</svg>", 1)[1])
        assert {value: links[f"{name}={value}"] for value in numbers} == numbers
    region = page.split('class="region-map"')[1].split("</div>")[0]
    marks = dict(re.findall(r'country[=s/]+(\w\w)" aria-label="[^"]+: (\d+)"', region))
    assert {value.upper(): int(number) for value, number in marks.items()} == known["country"]


def numbers_of_links(page: str) -> dict[str, int]:
    """The number in each link to a search by one filter or to its landing page, by `name=value`."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    found = {}
    for link in root.iter("a"):
        number = link.find("span")
        if number is not None and (number.text or "").isdigit():
            found[filter_of(str(link.get("href")))] = int(str(number.text))
    return found


def filter_of(address: str) -> str:
    if "?" in address:
        return address.split("?")[1]
    folder, value = address.split("/")[-2:]
    name = {"kinds": "kind", "themes": "theme", "countries": "country"}.get(folder, folder)
    return f"{name}={value.upper() if name == 'country' else value}"


@BY_LANGUAGE
def test_landing_pages_of_the_sitemap_and_the_page_that_lists_them_count_the_same(client: FlaskClient, lang: str) -> None:
    pages = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", text(client, "/sitemaps/pages.xml"))
    landings = [page for page in pages if re.match(rf"/{lang}/(kinds|themes|countries)/", page)]
    numbers = {page: told(text(client, page)) for page in landings}
    singles = {filter_of(page): number for page, number in numbers.items() if page.count("/") == 3}
    assert singles == {f"{name}={value}": n for name in VALUES for value, n in known_counts(name).items() if n >= MIN_LISTINGS}
    listed = text(client, f"/{lang}/browse")
    assert {page: int(shown_at(listed, page)) for page in landings} == numbers
    for page, number in numbers.items():
        assert number == told(text(client, f"/{lang}/search?{urlencode(parts_of(page))}")), page


def shown_at(page: str, address: str) -> str:
    """The number in or beside the link to an address."""
    match = re.search(rf'href="{address}">[^<]*(?:</a>)?\s*<span[^>]*>(\d+)<', page)
    assert match, address
    return match[1]


def parts_of(landing: str) -> dict[str, str]:
    """The filters of a landing page's address."""
    _, _, folder, value, *country = landing.split("/")
    name = {"kinds": "kind", "themes": "theme", "countries": "country"}[folder]
    first = {name: value.upper() if name == "country" else value}
    return first | ({"country": country[0].upper()} if country else {})


def test_dumps_sitemap_device_and_platforms_have_every_listing_past_ones_too(client: FlaskClient) -> None:
    number = SUMS[1].number
    found = {item["id"] for item in client.get("/api/v1/initiatives?when=all&per_page=100").get_json()["items"]}
    assert len(found) == number
    assert {line["id"] for line in dumped(client)} == found
    assert {
        row["id"] for row in csv.DictReader(io.StringIO(text(client, "/dumps/initiatives.csv").removeprefix("\ufeff")))
    } == found
    assert {listing["id"] for listing in json.loads(text(client, "/offline/catalogue.json"))["listings"]} == found
    for lang in ("lv", "en"):
        assert set(re.findall(rf"<loc>[^<]+/{lang}/initiatives/(\w+)/", text(client, "/sitemaps/initiatives-0.xml"))) == found
    platforms = {one["id"]: one["initiatives"] for one in client.get("/api/v1/platforms").get_json()["platforms"]}
    assert platforms == {"avots": len(LISTED), "otra": 1, "tresa": 0}


def test_what_is_only_the_name_of_a_platform_is_its_page_and_in_no_list(client: FlaskClient, app: Flask) -> None:
    with app.extensions["platforma"].database.reading() as session:
        own = listing_queries.listing_of_platform(session, "otra")
    assert own is not None and own.is_only_name
    answer = client.get(f"/lv/initiatives/{own.public_id}/{own.slug}")
    assert (answer.status_code, re.sub(r"/\w{10}/", "/ID/", answer.location)) == (301, "/lv/platforms/ID/otra")
    assert client.get(answer.location).status_code == 200
    lists = (
        "/dumps/initiatives.jsonl",
        "/offline/catalogue.json",
        "/lv/atom.xml",
        "/lv/",
        "/sitemaps/initiatives-0.xml",
        "/lv/search.csv",
    )
    assert not [address for address in lists if own.public_id in text(client, address)]


def test_what_was_removed_refused_or_held_is_in_no_list_whatever_its_sum(client: FlaskClient) -> None:
    everything = text(client, "/dumps/initiatives.jsonl") + text(client, "/offline/catalogue.json") + text(client, "/lv/atom.xml")
    assert not re.search(r"removed|refused|held\d", everything)


@BY_LANGUAGE
@pytest.mark.parametrize("name", [*VALUES, "sector"])
def test_statistics_count_as_the_interface_does_with_what_is_past(client: FlaskClient, name: str, lang: str) -> None:
    found = client.get(f"/api/v1/initiatives?lang={lang}&when=all").get_json()
    facet = {one["label"]: one["count"] for one in found["facets"][name]}
    grown: Counter[str] = Counter()
    for _month, label, number in statistics(client, lang, f"growth-{name}"):
        grown[label] += int(number)
    assert {label: int(number) for label, number in statistics(client, lang, name)} == facet == grown
    assert int(statistics(client, lang, "growth")[-1][2]) == found["total"]


@BY_LANGUAGE
def test_statistics_of_countries_and_themes_are_the_counts_of_filters(client: FlaskClient, lang: str) -> None:
    head, *lines = csv.reader(io.StringIO(text(client, f"/{lang}/statistics/coverage.csv")))
    found = client.get(f"/api/v1/initiatives?lang={lang}&when=all&country=LV").get_json()["facets"]
    latvia = next(one["label"] for one in found["country"] if one["value"] == "LV")
    known = {line[0]: int(line[head.index(latvia)]) for line in lines if line[head.index(latvia)] != "0"}
    assert known == {one["label"]: one["count"] for one in found["theme"] if one["value"] != "unknown"}


def statistics(client: FlaskClient, lang: str, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text(client, f"/{lang}/statistics/{name}.csv"))))[1:]

"""What pages say is so: counts are those behind their links, nothing is promised that is not done, marks tell conclusions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, Platform, Role
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms import platform_states
from platforma.secret_key import secret_key
from platforma.worker.indexing import drain_outbox
from tests.web.site import make_site

PAST, TO_COME = "2020-01-01", "2999-12-31"


def record(remote_id: str, **more: Any) -> Record:
    return Record(remote_id, title={"lv": f"Nosaukums {remote_id}"}, **more)


VARIED = [
    record("1", kind="event", country="EE", countries=("EE",), end_date=PAST),
    record("2", kind="event", country="EE", countries=("EE", "LV"), end_date=TO_COME),
    record("3", kind="funding", countries=("LV",), end_date=PAST, themes=("youth",)),
    record("4", kind="funding", country="LV", countries=("LV",), themes=("youth", "education")),
    record("5", kind="project", country="FI", countries=("FI",), end_date=PAST, themes=("science",)),
    record("6", country="LT", countries=("LT",), themes=("education",)),
    record("7", kind="network"),
]


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Past and current listings of three platforms, some gone, archived or refused; platforms that are listings themselves."""
    app = make_site(Path(tmp_path_factory.mktemp("varied")), VARIED)
    services = app.extensions["platforma"]
    database, settings = services.database, services.settings
    for platform_id, records in {
        "otra": VARIED[3:],
        "tresa": [record("x1"), record("x2", country="SE", countries=("SE",))],
    }.items():
        with database.writing() as session:
            recipe = {"platform": platform_id, "title": platform_id, "url": f"https://{platform_id}.example/"}
            platform_states.propose_platform(
                session, platform_states.Proposal(url=recipe["url"], title=platform_id, recipe=recipe), actor="t"
            )
            platform_states.approve_platform(session, platform_id=platform_id, actor="t")
        import_records(database, platform_id, records, actor="t", secret_key=secret_key(settings))
    with database.writing() as session:
        for title, state in (("Nosaukums 6", "refused"), ("Nosaukums x2", "archived")):
            listings = session.scalars(select(Initiative).order_by(Initiative.id))
            listing = next(row for row in listings if title in str(row.composed))
            listing.state = InitiativeState(state)
            session.add(Outbox(initiative_id=listing.id))
    drain_outbox(services)
    return app


def counted_links(page: str) -> Iterator[tuple[str, int]]:
    """Addresses of the links of lists that have a number in them."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    for link in (item.find("a") for item in root.iter("li")):
        number = link.find("span") if link is not None else None
        if link is not None and number is not None and (number.text or "").strip().isdigit():
            yield str(link.get("href")), int(str(number.text))


def figures(page: str) -> list[int]:
    """The numbers at the head of the start page: initiatives, platforms, countries."""
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd>", page)]


def number_of_results(client: FlaskClient, address: str) -> int:
    """What the page behind an address says that it has."""
    page = client.get(address).get_data(as_text=True)
    match = re.search(r"(\d+) (?:result|rezultāt|initiative|iniciatīv)", page)
    assert match, address
    return int(match[1])


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_number_of_the_start_page_is_that_behind_its_link(varied: Flask, lang: str) -> None:
    client = varied.test_client()
    page = client.get(f"/{lang}/").get_data(as_text=True)
    links = dict(counted_links(page))
    assert {"kind=event", "country=EE", "theme=youth"} <= {address.split("?")[-1] for address in links}
    assert len([address for address in links if "/platforms/" in address]) == 3
    assert {address: number_of_results(client, address) for address in links} == links
    countries = len([address for address in links if "country=" in address])
    assert figures(page) == [number_of_results(client, f"/{lang}/search"), 3, countries]


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_map_has_the_number_behind_each_of_its_links(varied: Flask, lang: str) -> None:
    client = varied.test_client()
    region = client.get(f"/{lang}/").get_data(as_text=True).split('class="region-map"')[1].split("</div>")[0]
    marks = dict(re.findall(r'<a href="([^"]+)" aria-label="[^"]+: (\d+)"', region))
    assert len(marks) >= 3
    assert {address: number_of_results(client, address) for address in marks} == {a: int(n) for a, n in marks.items()}


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_number_of_a_platform_is_that_behind_its_link(varied: Flask, lang: str) -> None:
    client = varied.test_client()
    page = client.get(f"/{lang}/platforms/").get_data(as_text=True)
    address = re.findall(rf'href="(/{lang}/platforms/\w{{10}}/otra)"', page)[0]
    links = dict(counted_links(client.get(address).get_data(as_text=True)))
    assert {"country=LT", "theme=education", "kind=network"} <= {address.split("&")[-1] for address in links}
    assert all("platform=otra" in address for address in links)
    assert {address: number_of_results(client, address.replace("&amp;", "&")) for address in links} == links


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_number_of_a_platform_is_that_of_a_search_for_its_own(varied: Flask, lang: str) -> None:
    client = varied.test_client()
    page = client.get(f"/{lang}/platforms/").get_data(as_text=True)
    addresses = re.findall(rf'href="(/{lang}/platforms/\w{{10}}/[^"]*)"', page)
    shown = [int(number) for number in re.findall(r"(\d+) (?:initiative|iniciatīv)", page)]
    assert len(addresses) == len(shown) == 3
    for address, number in zip(addresses, shown, strict=True):
        own = client.get(address).get_data(as_text=True)
        (all_of_them,) = set(re.findall(rf'href="(/{lang}/search\?platform=\w+)"', own))
        assert number == number_of_results(client, address) == number_of_results(client, all_of_them)


def test_no_suggestion_leads_to_nothing(varied: Flask) -> None:
    client = varied.test_client()
    for typed in ("zin", "som", "iga", "pas", "fin", "nosaukums 3", "nosaukums 5"):
        for item in client.get(f"/lv/suggest?q={typed}").get_json()["items"]:
            assert "/initiatives/" in item["url"] or number_of_results(client, item["url"]) > 0
    labels = [item["label"] for item in client.get("/lv/suggest?q=nosaukums").get_json()["items"]]
    assert "Nosaukums 3" not in labels and "Nosaukums 4" in labels


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("query", ["", "?country=LV", "?kind=event&when=all", "?theme=youth&theme=-education", "?q=nosaukums"])
def test_files_of_a_search_have_as_many_as_its_page(varied: Flask, query: str, lang: str) -> None:
    client = varied.test_client()
    total = number_of_results(client, f"/{lang}/search{query}")
    found = client.get(f"/{lang}/search.json{query}").get_json()
    rows = client.get(f"/{lang}/search.csv{query}").get_data(as_text=True).splitlines()
    points = client.get(f"/{lang}/search.geojson{query}").get_json(force=True)
    assert found["total"] == len(found["items"]) == len(rows) - 1 == total
    assert len(points["features"]) + points["without_coordinates"] == total
    assert client.get(f"/{lang}/search.atom{query}").data.count(b"<entry>") == total


def empty_site(folder: Path, *, state: str | None = None, due_in: timedelta | None = None) -> Flask:
    """A site without listings, maybe with one platform that has no listing of its own either."""
    app = make_site(folder, [])
    with app.extensions["platforma"].database.writing() as session:
        if state:
            platform_states.propose_platform(session, platform_states.Proposal(url="https://p.example/", title="P", recipe={"platform": "p", "title": "P", "url": "https://p.example/"}), actor="t")  # fmt: skip
            at = None if due_in is None else utc_now() + due_in
            session.execute(update(Platform).values(state=state, next_crawl_at=at))
    return app


SOON, LATER = timedelta(seconds=-1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "due_in", "is_collecting"),
    [(None, None, False), ("proposed", SOON, False), ("paused", SOON, False), ("refused", SOON, False), ("trusted", None, False),
     ("trusted", LATER, False), ("trusted", SOON, True), ("probation", SOON, True)],
)  # fmt: skip
def test_collecting_is_promised_only_where_it_is_so(
    tmp_path: Path, state: str | None, due_in: timedelta | None, is_collecting: bool
) -> None:
    client = empty_site(tmp_path, state=state, due_in=due_in).test_client()
    for lang, promise, advice in (("lv", "lasām", "Pieteikt platformu"), ("en", "being read", "Register a platform")):
        notice = client.get(f"/{lang}/").get_data(as_text=True).split('class="notice"')[1].split("</div>")[0]
        assert (promise in notice, advice in notice) == (is_collecting, not is_collecting)


def test_where_all_is_past_the_way_to_it_is_shown(tmp_path: Path) -> None:
    client = make_site(tmp_path, [VARIED[0]]).test_client()
    page = client.get("/en/").get_data(as_text=True)
    assert "Nothing current is listed." in page and "Nothing is listed yet" not in page
    assert number_of_results(client, "/en/search?when=past") == 1
    assert 'href="/en/search?when=past"' in page


def sign_in(app: Flask) -> FlaskClient:
    """A curator's client, of an application that asks for no form token."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.extensions["platforma"].database.writing() as session:
        user = accounts.add_user(session, email="redaktors@sic.example", role=Role.CURATOR, actor="t")
        token = accounts.issue_sign_in(session, user_id=user.id)
    client = app.test_client()
    client.post(f"/lv/sign-in/{token}")
    return client


def test_a_curator_of_an_empty_directory_is_led_to_what_waits(tmp_path: Path) -> None:
    app = empty_site(tmp_path, state="proposed")
    for client, is_led in ((app.test_client(), False), (sign_in(app), True)):
        page = client.get("/lv/").get_data(as_text=True)
        assert ("1 pieteikta platforma gaida" in page) is is_led


def test_samples_of_a_proposal_lead_to_their_pages_at_the_desk(tmp_path: Path) -> None:
    app = make_site(tmp_path)
    services = app.extensions["platforma"]
    with services.database.writing() as session:
        platform_states.propose_platform(session, platform_states.Proposal(url="https://p.example/", title="P", recipe={"platform": "p", "title": "P", "url": "https://p.example/"}), actor="t")  # fmt: skip
    stored = staging.start_crawl(services.database, "p")
    for one in VARIED[:3]:
        stored.stage(one, None)
    result = CrawlResult(complete=True, found=3, refused=0)
    crawl_end.finish_crawl(services.database, stored, result, secret_key=secret_key(services.settings))
    client = sign_in(app)
    page = client.get("/lv/desk/platforms").get_data(as_text=True)
    addresses = re.findall(r'<h3><a href="([^"]+)"', page)
    assert len(addresses) == 3
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)

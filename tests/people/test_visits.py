"""Visits are counted when a person opens the page of a listing or goes on from there; its partner sees the numbers."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from platforma.catalogue.models import ListingVisits, Platform, PlatformState, Role, VisitWords
from platforma.catalogue.partners.visit_tally import Act
from platforma.catalogue.terms.searches import MIN_DAYS
from platforma.i18n import today
from platforma.web.public import visits
from tests.people.desk import Desk, records
from tests.people.members import member, page_of
from tests.people.site_fixture import SiteFixture, public_id

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
RESULTS = {"Referer": "http://localhost/lv/search?q=Maize&page=2"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The desk with two public listings."""
    desk.crawl(records(2, website="https://maize.example/"))
    return desk


def listing_path(site: SiteFixture, remote_id: str = "r00") -> str:
    """The page of a listing."""
    return site.app.test_client().get(f"/lv/initiatives/{public_id(site, remote_id)}/").location


def counted(desk: SiteFixture) -> list[tuple[int, int, int]]:
    desk.services.visits.write()
    with desk.database.reading() as session:
        return [(row.openings, row.websites, row.sources) for row in session.scalars(select(ListingVisits))]


def words_counted(desk: Desk) -> list[tuple[str, int]]:
    desk.services.visits.write()
    with desk.database.reading() as session:
        return [(row.words, row.times) for row in session.scalars(select(VisitWords))]


@pytest.mark.parametrize(
    ("headers", "times"),
    [
        (BROWSER, 1),
        (BROWSER | {"Sec-Fetch-Mode": "navigate"}, 1),
        (BROWSER | {"Sec-Fetch-Mode": "cors"}, 0),
        (BROWSER | {"Sec-Purpose": "prefetch;prerender"}, 0),
        (BROWSER | {"Purpose": "prefetch"}, 0),
        (BROWSER | {"X-Moz": "prefetch"}, 0),
        ({"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}, 0),
        ({"User-Agent": ""}, 0),
    ],
)
def test_a_page_that_a_person_opens_is_counted(desk: Desk, headers: dict[str, str], times: int) -> None:
    assert desk.app.test_client().get(listing_path(desk), headers=headers).status_code == 200
    assert counted(desk) == [(1, 0, 0)] * times


def test_head_redirects_and_other_forms_of_a_listing_are_not_counted(desk: Desk) -> None:
    client, path = desk.app.test_client(), listing_path(desk)
    id = path.split("/")[3]
    assert client.head(path, headers=BROWSER).status_code == 200
    assert client.get(f"/lv/initiatives/{id}/other", headers=BROWSER).status_code == 301
    assert client.get(f"/api/v1/initiatives/{id}", headers=BROWSER).status_code == 200
    assert counted(desk) == []


@pytest.mark.parametrize("role", [Role.CURATOR, Role.READER, Role.PARTNER])
def test_whoever_is_signed_in_is_not_counted(desk: Desk, role: Role) -> None:
    path, client = listing_path(desk), member(desk, role=role)
    client.get(path, headers=BROWSER)
    client.post("/clicks", data=click_of(path), headers=BROWSER | OURS)
    assert counted(desk) == []


@pytest.mark.parametrize(
    ("referrer", "words"),
    [
        ("http://localhost/lv/search?q=Maize&page=2", [("maize", 1)]),
        ("http://localhost/en/map?country=LV&q=Maize", [("maize", 1)]),
        ("http://127.0.0.1:8000/lv/table?q=Maize", [("maize", 1)]),
        ("http://localhost/lv/search?country=LV", []),
        ("http://localhost/lv/desk/catalogue?q=Maize", []),
        ("https://other.example/lv/search?q=Maize", []),
        ("http://localhost/lv/search?q=anna@x.example", []),
        ("http://[", []),
        ("http://localhost/lv/search?q=Maize" + "&a=b" * 200, []),
        ("", []),
    ],
)
def test_words_are_those_of_our_own_results(desk: Desk, referrer: str, words: list[tuple[str, int]]) -> None:
    headers = BROWSER | ({"Referer": referrer} if referrer else {})
    assert desk.app.test_client().get(listing_path(desk), headers=headers).status_code == 200
    assert words_counted(desk) == words
    assert counted(desk) == [(1, 0, 0)]


def click_of(path: str, leads: str = "website") -> dict[str, str]:
    return {"listing": path.split("/")[3], "leads": leads}


@pytest.mark.parametrize(("leads", "numbers"), [("website", (0, 1, 0)), ("source", (0, 0, 1))])
def test_a_click_on_is_counted_by_where_it_leads(desk: Desk, leads: str, numbers: tuple[int, int, int]) -> None:
    answer = desk.app.test_client().post("/clicks", data=click_of(listing_path(desk), leads), headers=BROWSER | OURS)
    assert (answer.status_code, answer.data) == (204, b"")
    assert counted(desk) == [numbers]


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        (BROWSER, {}),
        (BROWSER | OURS | {"Origin": "https://other.example"}, {}),
        (BROWSER | OURS | {"Origin": "null"}, {}),
        (BROWSER | OURS | {"Sec-Fetch-Site": "cross-site"}, {}),
        (BROWSER | OURS | {"Sec-Fetch-Site": "same-site"}, {}),
        (OURS | {"User-Agent": "curl/8"}, {}),
        (BROWSER | OURS, {"leads": "elsewhere"}),
        (BROWSER | OURS, {"leads": "openings"}),
        (BROWSER | OURS, {"listing": "a" * 10}),
        (BROWSER | OURS, {"listing": "A" * 10}),
        (BROWSER | OURS, {"listing": ""}),
    ],
)
def test_what_no_page_of_ours_sends_is_answered_alike_and_not_counted(
    desk: Desk, headers: dict[str, str], data: dict[str, str]
) -> None:
    sent = click_of(listing_path(desk)) | data
    answer = desk.app.test_client().post("/clicks", data=sent, headers=headers)
    assert (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (204, b"", False)
    assert counted(desk) == []


def test_clicks_of_one_network_are_bounded_and_those_of_another_still_count(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 1_000_000.0)
    path, client = listing_path(desk), desk.app.test_client()
    for _ in range(visits.MAX_CLICKS_A_MINUTE + 5):
        assert client.post("/clicks", data=click_of(path), headers=BROWSER | OURS).status_code == 204
    assert counted(desk) == [(0, visits.MAX_CLICKS_A_MINUTE, 0)]
    client.post("/clicks", data=click_of(path), headers=BROWSER | OURS, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert counted(desk) == [(0, visits.MAX_CLICKS_A_MINUTE + 1, 0)]
    monkeypatch.setattr("time.monotonic", lambda: 1_000_060.0)
    client.post("/clicks", data=click_of(path), headers=BROWSER | OURS)
    assert counted(desk) == [(0, visits.MAX_CLICKS_A_MINUTE + 2, 0)]


def test_links_keep_their_address_and_say_where_they_lead(desk: Desk) -> None:
    text = desk.text(desk.app.test_client(), listing_path(desk))
    assert 'href="https://maize.example/" rel="noopener" data-leads="website"' in text
    assert 'rel="noopener" data-leads="source"' in text
    assert 'data-clicks="/clicks"' in text


def note(desk: Desk, *acts: Act, back: int = 0, searched: str = "") -> None:
    """Visits of a listing, so many days ago."""
    for act in acts:
        desk.services.visits.note(public_id(desk, "r00"), act, today_of(desk) - timedelta(days=back), searched=searched)
    desk.services.visits.write()


def today_of(desk: Desk) -> date:
    with desk.app.test_request_context():
        return today()


def test_a_partner_sees_sums_listings_and_words(desk: Desk) -> None:
    for back in range(MIN_DAYS):
        note(desk, Act.OPENS, back=back, searched="maize")
        note(desk, *[Act.GOES_TO_SOURCE] * 2, back=back)
    note(desk, Act.GOES_TO_WEBSITE)
    anna, page = member(desk), page_of(desk)
    sums = "<dt>Pages opened</dt>\n<dd>5</dd>\n<dt>On to the organisation’s website</dt>\n<dd>1</dd>\n<dt>On to the source</dt>\n<dd>10</dd>"
    assert sums in desk.text(anna, page)
    text = desk.text(anna, f"{page}visits")
    assert sums in text and "Ieraksts 0</a></th><td>5</td><td>1</td><td>10</td>" in text
    assert '<th scope="row">maize</th><td>5</td><td>5</td>' in text
    assert "Pages of your entries were opened: 5. Clicks on to other sites: 11." in text


def test_what_stands_on_the_page_stands_in_files(desk: Desk) -> None:
    note(desk, Act.OPENS, Act.GOES_TO_WEBSITE)
    anna, page = member(desk), page_of(desk)
    files = {name: rows(anna, f"{page}visits/{name}.csv") for name in ("days", "months", "listings", "words")}
    now = today_of(desk).isoformat()
    assert (len(files["days"]), files["days"][-1]) == (31, [now, "1", "1", "0"])
    assert (len(files["months"]), files["months"][-1]) == (14, [now[:7], "1", "1", "0"])
    assert files["listings"][1][:1] + files["listings"][1][2:] == ["Ieraksts 0", "1", "1", "0"]
    assert files["words"] == [["Words", "Times", "Days"]]


def rows(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def test_words_that_are_formulas_stay_text_in_a_spreadsheet(desk: Desk) -> None:
    for back in range(MIN_DAYS):
        note(desk, Act.OPENS, back=back, searched="=1+1")
    assert rows(member(desk), f"{page_of(desk)}visits/words.csv")[1] == ["'=1+1", "5", "5"]


def test_without_visits_the_page_says_so(desk: Desk) -> None:
    assert "Nothing was counted yet" in desk.text(member(desk), f"{page_of(desk)}visits")


def test_a_platform_that_is_not_public_has_no_numbers_on_its_page(desk: Desk) -> None:
    anna, page = member(desk), page_of(desk)
    assert "What it brings you" in desk.text(anna, page)
    with desk.database.writing() as session:
        session.get_one(Platform, "v").state = PlatformState.PROPOSED
    assert "What it brings you" not in desk.text(anna, page)


def test_nothing_is_counted_where_the_setting_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    site = SiteFixture(tmp_path_factory.mktemp("uncounted"), visit_counts=False)
    client = site.app.test_client()
    path = listing_path(site, "1")
    assert "data-clicks" not in client.get(path, headers=BROWSER).get_data(as_text=True)
    assert client.post("/clicks", data=click_of(path), headers=BROWSER | OURS).status_code == 204
    assert counted(site) == []

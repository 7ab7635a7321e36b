"""Each kind of page in its states: no fault of accessibility, and nothing wider than a small phone or a desktop, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from search.port import EngineUnavailable, SearchEngine
from tests.browser.serving import check_accessible_and_fitting, served
from tests.people.owner_table import as_csv, bad_rows, good_row
from tests.people.site_fixture import SiteFixture
from vocabulary.languages import LANGUAGES

WIDTHS = (320, 1280)
EMAIL = "info@partneris.example"
PAGES = {
    "start": "", "results": "search?q=maize", "filtered": "search?country=LV&kind=-project&when=all", "table": "table?q=maize",
    "map": "map?country=LV", "nothing found": "search?q=nekastads&country=LV", "an address misunderstood": "search?when=never",
    "browse": "browse", "landing": "kinds/social_enterprise", "platforms": "platforms/", "platform": "{platform}",
    "listing": "{listing}", "its report": "{listing_id}/report", "a removal": "{listing_id}/report?topic=removal",
    "add": "add", "contact": "contact", "register": "register", "developers": "developers", "about": "about",
    "a table to send": "register/table", "a table": "{table}", "a wrong table": "{wrong_table}", "a table without names": "{nameless_table}",
    "privacy": "privacy", "subscribe": "subscribe", "subscribe to a theme": "subscribe?theme=work_integration",
    "subscription to confirm": "{confirm}", "own subscriptions": "{own}", "end of subscriptions": "{own}/end",
    "a wrong link": "subscribe/nothing", "sign in": "sign-in", "offline": "offline", "not found": "nope", "broken": "broken",
}  # fmt: skip
REFUSED = ("add", "contact", "register", "register/table", "subscribe", "sign-in")
"""Forms that are sent empty and come back with what is missing."""
DESK = (
    "desk/", "desk/reports", "desk/listings", "desk/sources", "desk/sources?only=values", "desk/sources/avots",
    "desk/sources/avots/mapping", "desk/sources/avots/recipe", "desk/crawls", "desk/searches", "desk/searches/dismissed", "desk/mails/",
    "desk/concepts/", "desk/concepts/new", "desk/vocabulary/", "desk/duplicates", "desk/conflicts", "desk/stale", "desk/translations",
    "desk/catalogue", "desk/catalogue/changes", "desk/audit", "desk/statistics", "desk/roles", "desk/{listing_id}",
    "desk/{listing_id}/versions",
)  # fmt: skip


@dataclass(frozen=True)
class Kinds:
    """A served site: its address, what fills the places in PAGES, and the path that signs a curator in."""

    base: str
    places: dict[str, str]
    site: SiteFixture

    def address(self, lang: str, path: str) -> str:
        return f"{self.base}/{lang}/{path.format(**self.places)}"


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kinds]:
    site = SiteFixture(Path(tmp_path_factory.mktemp("kinds")))
    for lang in LANGUAGES:
        site.app.add_url_rule(f"/{lang}/broken", f"broken_{lang}", lambda: str(1 / 0))
    client = site.app.test_client()
    listing = client.get("/api/v1/initiatives?q=maize").get_json()["items"][0]
    platforms = client.get("/lv/platforms/").get_data(as_text=True)
    client.post("/lv/subscribe", data={"email": EMAIL, "frequency": "weekly"})
    confirmed = client.post(site.link()).get_data(as_text=True)
    client.post("/lv/subscribe?theme=culture", data={"email": EMAIL, "frequency": "daily"})
    places = {
        "listing": listing["url"].split("/lv/")[1],
        "listing_id": f"initiatives/{listing['id']}",
        "platform": re.findall(r'href="/lv/(platforms/\w{10}/[^"]*)"', platforms)[0],
        "own": re.findall(r'href="/lv/(subscriptions/[^"/]+)', confirmed)[0],
        "confirm": site.link().removeprefix("/lv/"),
    }
    tables = {
        "table": as_csv([good_row(number) | {"Veids": "", "Jomas": "zaļās lietas"} for number in range(1, 8)]),
        "wrong_table": as_csv(bad_rows()[0][:200]),
        "nameless_table": "Kā sauc;Kur\nKopā;Rīga\n".encode(),
    }
    for name, body in tables.items():
        sent = client.post("/lv/register/table", data={"file": (io.BytesIO(body), "saraksts.csv")})
        places[name] = sent.location.removeprefix("/lv/")
    with served(site.app) as base:
        yield Kinds(base, places, site)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def check_at_each_width(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        check_accessible_and_fitting(page)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_of_page_is_accessible_and_fits(page: Page, kinds: Kinds, lang: str, name: str) -> None:
    page.goto(kinds.address(lang, PAGES[name]))
    check_at_each_width(page)


@pytest.mark.parametrize("path", REFUSED)
def test_refused_forms_are_accessible_and_fit(page: Page, kinds: Kinds, path: str) -> None:
    page.goto(kinds.address("lv", path))
    page.get_by_role("main").get_by_role("button").last.click()
    page.get_by_role("alert").first.wait_for()
    check_at_each_width(page)


def test_an_offline_page_with_something_saved_and_erased_is_accessible_and_fits(page: Page, kinds: Kinds) -> None:
    page.goto(kinds.address("lv", "offline"))
    page.locator("#device-save").click()
    page.locator("#device-search").wait_for()
    check_at_each_width(page)
    page.locator("#device-erase").click()
    page.get_by_text("ir izdzēsts").wait_for()
    check_at_each_width(page)


@pytest.mark.parametrize("path", ["", "platforms/", "{platform}", "search?q=maize"])
def test_pages_without_the_engine_are_accessible_and_fit(
    page: Page, kinds: Kinds, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def search(_engine: SearchEngine, _query: object) -> None:
        raise EngineUnavailable("it does not answer")

    monkeypatch.setattr(type(kinds.site.services.engine), "search", search)
    monkeypatch.setattr(type(kinds.site.services.engine), "stamp", lambda _engine: "another")
    page.goto(kinds.address("en", path))
    check_at_each_width(page)


@pytest.fixture(scope="module")
def curators_page(browser: Browser, kinds: Kinds) -> Iterator[Page]:
    with kinds.site.database.writing() as session:
        user = accounts.add_user(session, email="redaktors@sic.example", role=Role.CURATOR, actor="test")
        token = accounts.issue_sign_in(session, user_id=user.id)
    context = browser.new_context()
    page = context.new_page()
    page.goto(kinds.address("lv", f"sign-in/{token}"))
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**/desk/")
    yield page
    context.close()


@pytest.mark.parametrize("path", DESK)
def test_the_desk_is_accessible_and_fits(curators_page: Page, kinds: Kinds, path: str) -> None:
    answer = curators_page.goto(kinds.address("lv", path))
    assert answer and answer.ok
    check_at_each_width(curators_page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_of_a_listing_is_accessible_and_fits_in_each_state(curators_page: Page, kinds: Kinds, lang: str) -> None:
    page, form = curators_page, "form.edit button[value={}] >> nth=0"
    page.goto(kinds.address(lang, "desk/{listing_id}"))
    page.locator("#website").fill("nav")
    page.locator("#new_lang").select_option("pl")
    page.locator(form.format("add-language")).click()
    check_at_each_width(page)
    page.locator("#website").press("Enter")
    page.get_by_role("alert").wait_for()
    check_at_each_width(page)
    page.locator("#website").fill(f"https://{lang}.example/")
    page.locator("#part-of").fill("Repair Map")
    page.locator(form.format("find")).click()
    check_at_each_width(page)
    page.locator(form.format("preview")).click()
    page.locator("#preview").wait_for()
    check_at_each_width(page)
    page.locator("button[value=save]").click()
    page.get_by_role("status").wait_for()
    check_at_each_width(page)
    page.goto(kinds.address(lang, "desk/{listing_id}/versions"))
    check_at_each_width(page)

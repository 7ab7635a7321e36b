"""Without a network, in a real browser: pages that one looked at, and the saved catalogue; here the server stops answering.

The worker and the page's script come to their ends after a page has loaded, so that each state is waited for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from crawlers.record import Record
from platforma.catalogue.listings import removal
from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.worker.indexing import ensure_index
from tests.browser.serving import Server, check_accessible_and_fitting
from tests.web.site import RECORDS, make_site

YOUTH = [
    Record("y1", kind="project", title={"lv": "Jaunieši mežā"}, summary={"lv": "Pārgājieni jauniešu grupām."}, country="LV", countries=("LV",),
           themes=("youth",), place="Rēzekne", website="https://mezs.example"),
    Record("y2", kind="organisation", title={"lv": "Jauniešu centrs", "en": "Youth centre"}, country="EE", countries=("EE",), themes=("youth",)),
]  # fmt: skip


class Site:
    """A site that can lose its network and get it back."""

    def __init__(self, app: Flask) -> None:
        self.app, self.server = app, Server(app)
        self.base = self.server.address
        self.server.start()

    def without_network(self) -> AbstractContextManager[None]:
        return self.server.without_network()

    def address_of(self, words: str) -> str:
        """The path of the first listing that a search finds."""
        item = self.app.test_client().get(f"/api/v1/initiatives?lang=lv&q={words}").get_json()["items"][0]
        return "/lv/" + str(item["url"]).split("/lv/")[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(make_site(Path(tmp_path_factory.mktemp("offline")), [*RECORDS, *YOUTH]))
    yield site
    site.server.end()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The start page on a phone: its worker is ready and has kept it."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="lv-LV")
    page = context.new_page()
    page.goto(f"{site.base}/lv/")
    settled(page)
    until_kept(page, "/lv/")
    yield page
    context.close()


def settled(page: Page) -> None:
    """Wait until the worker serves this page."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def until(page: Page, condition: str, arg: str) -> None:
    """Wait for the promise of a condition on caches; `condition` is a function of `arg` in JavaScript."""
    page.evaluate(
        f"""async (arg) => {{
          for (let tries = 0; tries < 300; tries++) {{
            if (await ({condition})(arg)) return;
            await new Promise((done) => setTimeout(done, 100));
          }}
          throw new Error("it never became so");
        }}""",
        arg,
    )


def kept(page: Page) -> dict[str, list[str]]:
    """The paths in each cache."""
    found = page.evaluate("""async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
        [name, (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname + new URL(one.url).search)])))""")
    return dict(found)


def save_catalogue(page: Page, site: Site, lang: str = "lv") -> None:
    page.goto(f"{site.base}/{lang}/offline")
    page.locator("#device-save").click()
    page.locator("#device-search").wait_for()


def until_kept(page: Page, path: str) -> None:
    until(page, "(path) => caches.match(path, { cacheName: 'platforma-pages' })", path)


def visit(page: Page, site: Site, path: str) -> None:
    """Look at a page, and wait until it is kept."""
    page.goto(site.base + path)
    until_kept(page, path)


def open_from_network(page: Page, address: str) -> None:
    """Open a page until it is the site's: where the site takes more than three seconds, the saved copy comes first."""
    end = time.monotonic() + 60
    page.goto(address)
    while page.locator(".saved-copy").count() and time.monotonic() < end:
        page.goto(address)
    expect(page.locator(".saved-copy")).to_have_count(0)


def test_a_page_that_was_looked_at_opens_and_says_from_when_it_is(page: Page, site: Site) -> None:
    path = site.address_of("maize")
    visit(page, site, path)
    expect(page.locator(".saved-copy")).to_have_count(0)
    with site.without_network():
        page.goto(site.base + path)
        expect(page.locator("h1")).to_have_text("Saules maize")
        expect(page.locator(".saved-copy")).to_have_text(re.compile(r"^Saglabāta kopija no 20\d\d\. gada \d+\. \w+a$"))
        assert page.evaluate("getComputedStyle(document.querySelector('header.site')).borderBottomWidth") == "1px", (
            "without its style"
        )
        check_accessible_and_fitting(page)
    open_from_network(page, site.base + path)


def test_the_first_page_that_one_looks_at_is_kept_too(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    first = context.new_page()
    path = site.address_of("centrs")
    visit(first, site, path)
    with site.without_network():
        first.reload()
        expect(first.locator("h1")).to_have_text("Jauniešu centrs")
    context.close()


def test_what_was_not_looked_at_is_said_not_to_be_there(page: Page, site: Site) -> None:
    with site.without_network():
        page.goto(f"{site.base}/en/search?q=maize")
        expect(page.locator("#device-instead")).to_contain_text("no connection")
        check_accessible_and_fitting(page)


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_saved_catalogue_is_searched_filtered_and_read(page: Page, site: Site, lang: str) -> None:
    save_catalogue(page, site, lang)
    with site.without_network():
        page.goto(f"{site.base}/{lang}/search?q=jauniešiem")
        titles = page.locator("#device-results h3 a")
        expect(titles).to_have_count(2)
        assert set(titles.all_inner_texts()) == {"Jaunieši mežā", "Jauniešu centrs" if lang == "lv" else "Youth centre"}
        page.locator("#device-country").select_option("LV")
        expect(titles).to_have_text(["Jaunieši mežā"])
        check_accessible_and_fitting(page)
        titles.first.click()
        expect(page.locator("#device-listing")).to_contain_text("Rēzekne")
        expect(page.locator("#device-listing a[href='https://mezs.example']")).to_have_count(1)
        check_accessible_and_fitting(page)


@pytest.mark.parametrize("words", ["jauniesu", "JAUNIEŠI", "jaunietis", "youth", "rezekne", "mežos"])
def test_forms_and_spellings_find_the_same_on_the_device(page: Page, site: Site, words: str) -> None:
    save_catalogue(page, site)
    ids = page.evaluate("(words) => deviceSearchFor(words)", words)
    wanted = site.address_of("mežā").split("/")[3]
    assert wanted in ids


def test_other_names_of_what_is_meant_find_it_on_the_device_as_on_the_site(page: Page, site: Site) -> None:
    save_catalogue(page, site)
    for words in ("jaunatne", "pusaudži", "bakery", "jauniešu centri", "maizes ceptuve"):
        there = site.app.test_client().get(f"/api/v1/initiatives?lang=lv&when=all&q={words}").get_json()["items"]
        assert set(page.evaluate("(words) => deviceSearchFor(words)", words)) >= {item["id"] for item in there[:1]}, words


def test_an_update_takes_out_what_was_removed(browser: Browser, tmp_path: Path) -> None:
    site = Site(make_site(tmp_path, [*RECORDS, *YOUTH]))
    context = browser.new_context()
    page = context.new_page()
    path = site.address_of("mežā")
    page.goto(f"{site.base}/lv/")
    settled(page)
    visit(page, site, path)
    save_catalogue(page, site)
    assert page.evaluate("deviceSearchFor('jaunieši').length") == 2
    services = site.app.extensions["platforma"]
    with services.database.writing() as session:
        removal.suppress(session, public_id=path.split("/")[3], actor="test", reason="a wish", key=services.secret_key)
    ensure_index(services)
    page.locator("#device-update").click()
    until(page, "async () => deviceSearchFor('jaunieši').length === 1", "")
    page.goto(site.base + path)
    until(page, "async (path) => !(await caches.match(path, { cacheName: 'platforma-pages' }))", path)
    context.close()
    site.server.end()


def test_a_broken_download_leaves_the_saved_catalogue(page: Page, site: Site) -> None:
    save_catalogue(page, site)
    page.route(
        "**/offline/catalogue.json", lambda route: route.fulfill(body='{"format": 1, "listi', content_type="application/json")
    )
    page.locator("#device-update").click()
    page.get_by_text("Katalogu neizdevās saglabāt").wait_for()
    page.reload()
    page.locator("#device-search").wait_for()
    assert page.evaluate("deviceSearchFor('jaunieši').length") == 2


def test_nothing_of_the_desk_and_of_forms_is_kept(page: Page, site: Site) -> None:
    with site.app.extensions["platforma"].database.writing() as session:
        user = accounts.add_user(session, email="redaktors@sic.example", role=Role.CURATOR, actor="test")
        token = accounts.issue_sign_in(session, user_id=user.id)
    before = kept(page)
    page.goto(f"{site.base}/lv/register")
    page.goto(f"{site.base}/lv/sign-in/{token}")
    page.locator("main button").click()
    page.wait_for_url("**/desk/")
    for path in ("/lv/desk/listings", "/lv/", "/lv/search?q=maize", "/lv/about"):
        page.goto(site.base + path)
    page.get_by_role("button", name="Iziet").click()
    visit(page, site, "/lv/privacy")
    after = kept(page)
    assert after["platforma-pages"] == [*before["platforma-pages"], "/lv/privacy"]
    shell = next(paths for name, paths in after.items() if name.startswith("platforma-shell-"))
    assert not [path for path in shell if "desk" in path or "sign" in path or "register" in path]


def test_a_new_version_takes_the_place_of_the_old_one(page: Page, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = [name for name in kept(page) if name.startswith("platforma-shell-")]
    monkeypatch.setattr("platforma.web.public.offline.views.NEVER_KEPT", ("desk", "another"))
    page.evaluate("async () => { const r = await navigator.serviceWorker.getRegistration(); await r.update(); }")
    until(page, "async (old) => !(await caches.keys()).includes(old)", old)
    assert len([name for name in kept(page) if name.startswith("platforma-shell-")]) == 1


def test_one_button_erases_everything(page: Page, site: Site) -> None:
    visit(page, site, "/lv/about")
    save_catalogue(page, site)
    page.goto(f"{site.base}/lv/offline")
    expect(page.locator("#device-pages a").first).to_have_attribute("href", "/lv/about")
    page.locator("#device-erase").click()
    page.get_by_text("ir izdzēsts").wait_for()
    assert [name for name in kept(page) if not name.startswith("platforma-shell-")] == []
    expect(page.locator("#device-search")).to_be_hidden()
    expect(page.locator("#device-save")).to_be_visible()


def test_without_a_worker_the_page_offers_the_file(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{site.base}/lv/offline")
    assert plain.locator("noscript a[href='/lv/search.csv']").count() == 1
    context.close()


def saved_titles(page: Page, site: Site) -> int:
    """How many listings the saved catalogue finds for the young, after the page is opened anew."""
    page.goto(f"{site.base}/lv/offline")
    page.locator("#device-search").wait_for()
    return int(page.evaluate("deviceSearchFor('jaunieši').length"))


ROOM = {"lv": "nepietiek vietas", "en": "has no room for it"}


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_a_full_device_says_so_and_keeps_the_saved_catalogue(page: Page, site: Site, lang: str) -> None:
    save_catalogue(page, site, lang)
    storage = page.context.new_cdp_session(page)
    storage.send("Storage.overrideQuotaForOrigin", {"origin": site.base, "quotaSize": 1})
    page.locator("#device-update").click()
    expect(page.locator("#device-state")).to_contain_text(ROOM[lang])
    expect(page.locator("#device-search")).to_be_visible()
    storage.send("Storage.overrideQuotaForOrigin", {"origin": site.base})
    assert saved_titles(page, site) == 2


def test_a_device_without_room_for_a_first_copy_says_so_and_offers_to_save_again(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/lv/offline")
    storage = page.context.new_cdp_session(page)
    storage.send("Storage.overrideQuotaForOrigin", {"origin": site.base, "quotaSize": 1})
    page.locator("#device-save").click()
    expect(page.locator("#device-state")).to_contain_text(ROOM["lv"])
    storage.send("Storage.overrideQuotaForOrigin", {"origin": site.base})
    page.locator("#device-save").click()
    expect(page.locator("#device-search")).to_be_visible()


@pytest.mark.parametrize("refusal", ["delete window.caches; delete Window.prototype.caches",
                                     "caches.match = caches.open = caches.has = () => Promise.reject(new DOMException('', 'SecurityError'))"])  # fmt: skip
@pytest.mark.parametrize(("lang", "words"), [("lv", "privātais logs"), ("en", "private window")])
def test_where_nothing_can_be_stored_the_page_says_so_and_offers_the_file(
    browser: Browser, site: Site, refusal: str, lang: str, words: str
) -> None:
    context = browser.new_context()
    context.add_init_script(refusal)
    private = context.new_page()
    private.goto(f"{site.base}/{lang}/offline")
    expect(private.locator("#device-unsupported")).to_contain_text(words)
    expect(private.locator("#device-unsupported a")).to_have_attribute("href", f"/{lang}/search.csv")
    expect(private.locator("#offline")).to_be_hidden()
    check_accessible_and_fitting(private)
    context.close()


def test_what_one_tab_saves_or_erases_another_shows_at_once(page: Page, site: Site) -> None:
    other = page.context.new_page()
    other.goto(f"{site.base}/lv/offline")
    expect(other.locator("#device-save")).to_be_visible()
    save_catalogue(page, site)
    expect(other.locator("#device-search")).to_be_visible()
    assert other.evaluate("deviceSearchFor('jaunieši').length") == 2
    page.locator("#device-erase").click()
    expect(other.locator("#device-search")).to_be_hidden()
    expect(other.locator("#device-save")).to_be_visible()


@pytest.mark.parametrize("is_first", [True, False])
def test_a_download_that_breaks_off_saves_nothing_and_loses_nothing(page: Page, site: Site, is_first: bool) -> None:
    if not is_first:
        save_catalogue(page, site)
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto(f"{site.base}/lv/offline")
    with site.server.breaking_off("/offline/catalogue.json"):
        page.locator("#device-save" if is_first else "#device-update").click()
        expect(page.locator("#device-state")).to_contain_text("Katalogu neizdevās saglabāt")
    assert ("platforma-catalogue" in kept(page)) is not is_first
    page.locator("#device-save" if is_first else "#device-update").click()
    expect(page.locator("#device-current")).to_have_text("Saglabātais katalogs ir jaunākais.")
    assert saved_titles(page, site) == 2


def test_a_catalogue_newer_than_the_scripts_is_not_saved_over_one_that_they_read(page: Page, site: Site) -> None:
    save_catalogue(page, site)
    page.route("**/offline/catalogue.json", lambda route: route.fulfill(json={"format": 2, "entries": []}))
    page.locator("#device-update").click()
    expect(page.locator("#device-state")).to_contain_text("Pārlādējiet lapu")
    page.unroute_all()
    assert saved_titles(page, site) == 2


def test_a_saved_catalogue_newer_than_the_scripts_is_asked_for_anew(page: Page, site: Site) -> None:
    save_catalogue(page, site)
    page.evaluate(
        """async () => (await caches.open('platforma-catalogue')).put('/offline/catalogue.json', Response.json({ format: 2 }))"""
    )
    page.reload()
    expect(page.locator("#device-state")).to_contain_text("Saglabājiet to vēlreiz")
    page.locator("#device-save").click()
    expect(page.locator("#device-search")).to_be_visible()


def test_an_answer_that_comes_after_the_saved_copy_takes_its_place(page: Page, site: Site) -> None:
    path = site.address_of("maize")
    visit(page, site, path)
    with site.server.slow(4):
        page.goto(site.base + path)
        expect(page.locator(".saved-copy")).to_be_visible()
        shown = page.evaluate("document.documentElement.dataset.savedAt")
        until(
            page,
            "async (shown) => (await caches.match(location.href, { cacheName: 'platforma-pages' })).headers.get('x-saved-at') > shown",
            shown,
        )

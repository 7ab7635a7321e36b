"""Without a network, in a real browser: pages that one looked at, and the saved catalogue; here the server is ended for it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import BaseWSGIServer, make_server

from crawlers.record import Record
from platforma.catalogue.listings import removal
from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.worker.indexing import ensure_index
from tests.browser.serving import check_accessible_and_fitting
from tests.web.site import RECORDS, make_site

YOUTH = [
    Record("y1", kind="project", title={"lv": "Jaunieši mežā"}, summary={"lv": "Pārgājieni jauniešu grupām."}, country="LV", countries=("LV",),
           themes=("youth",), place="Rēzekne", website="https://mezs.example"),
    Record("y2", kind="organisation", title={"lv": "Jauniešu centrs", "en": "Youth centre"}, country="EE", countries=("EE",), themes=("youth",)),
]  # fmt: skip


class Site:
    """A site that can lose its network and get it back, on the same port."""

    def __init__(self, app: Flask) -> None:
        self.app, self.server = app, make_server("127.0.0.1", 0, app, threaded=True)
        self.port = self.server.server_port
        self.base = f"http://127.0.0.1:{self.port}"
        self._start(self.server)

    def _start(self, server: BaseWSGIServer) -> None:
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @contextmanager
    def without_network(self) -> Iterator[None]:
        self.end()
        try:
            yield
        finally:
            self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
            self._start(self.server)

    def address_of(self, words: str) -> str:
        """The path of the first listing that a search finds."""
        item = self.app.test_client().get(f"/api/v1/initiatives?lang=lv&q={words}").get_json()["items"][0]
        return "/lv/" + str(item["url"]).split("/lv/")[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(make_site(Path(tmp_path_factory.mktemp("offline")), [*RECORDS, *YOUTH]))
    yield site
    site.end()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a phone whose worker is ready."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="lv-LV")
    page = context.new_page()
    page.goto(f"{site.base}/lv/")
    settled(page)
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
          for (let tries = 0; tries < 100; tries++) {{
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


def visit(page: Page, site: Site, path: str) -> None:
    """Look at a page, and wait until it is kept."""
    page.goto(site.base + path)
    until(page, "(path) => caches.match(path, { cacheName: 'platforma-pages' })", path)


def test_a_page_that_was_looked_at_opens_and_says_from_when_it_is(page: Page, site: Site) -> None:
    path = site.address_of("maize")
    visit(page, site, path)
    assert page.locator(".saved-copy").count() == 0
    with site.without_network():
        page.goto(site.base + path)
        assert page.locator("h1").inner_text() == "Saules maize"
        note = page.locator(".saved-copy").inner_text()
        assert re.fullmatch(r"Saglabāta kopija no 20\d\d\. gada \d+\. \w+a", note)
        assert page.evaluate("getComputedStyle(document.querySelector('header.site')).borderBottomWidth") == "1px", (
            "without its style"
        )
        check_accessible_and_fitting(page)
    page.goto(site.base + path)
    assert page.locator(".saved-copy").count() == 0


def test_the_first_page_that_one_looks_at_is_kept_too(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    first = context.new_page()
    path = site.address_of("centrs")
    visit(first, site, path)
    with site.without_network():
        first.reload()
        assert first.locator("h1").inner_text() == "Jauniešu centrs"
    context.close()


def test_what_was_not_looked_at_is_said_not_to_be_there(page: Page, site: Site) -> None:
    with site.without_network():
        page.goto(f"{site.base}/en/search?q=maize")
        assert "no connection" in page.locator("#device-instead").inner_text()
        check_accessible_and_fitting(page)


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_saved_catalogue_is_searched_filtered_and_read(page: Page, site: Site, lang: str) -> None:
    save_catalogue(page, site, lang)
    with site.without_network():
        page.goto(f"{site.base}/{lang}/search?q=jauniešiem")
        titles = page.locator("#device-results h3 a")
        assert set(titles.all_inner_texts()) == {"Jaunieši mežā", "Jauniešu centrs" if lang == "lv" else "Youth centre"}
        page.locator("#device-country").select_option("LV")
        assert titles.all_inner_texts() == ["Jaunieši mežā"]
        check_accessible_and_fitting(page)
        titles.first.click()
        page.locator("#device-listing").wait_for()
        assert "Rēzekne" in page.locator("#device-listing").inner_text()
        assert page.locator("#device-listing a[href='https://mezs.example']").count() == 1
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
    site.end()


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
        page.wait_for_load_state("networkidle")
    after = kept(page)
    assert after.get("platforma-pages", []) == before.get("platforma-pages", [])
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
    page.locator("#device-kept").wait_for()
    assert page.locator("#device-pages a").first.get_attribute("href") == "/lv/about"
    page.locator("#device-erase").click()
    page.get_by_text("ir izdzēsts").wait_for()
    assert [name for name in kept(page) if not name.startswith("platforma-shell-")] == []
    assert page.locator("#device-search").is_hidden() and page.locator("#device-save").is_visible()


def test_without_a_worker_the_page_offers_the_file(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{site.base}/lv/offline")
    assert plain.locator("noscript a[href='/lv/search.csv']").count() == 1
    context.close()

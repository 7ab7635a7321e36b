"""Registering in a real browser: from the first page to a proposal, on each of the demonstration sites, and counted."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from platforma.catalogue.models import Platform
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import RateLimit
from platforma.demo.serve import RunningSites, start_sites
from platforma.demo.sites import SITES
from platforma.worker.site_reading import read_due_sites
from tests.browser.serving import check_accessible_and_fitting, served
from tests.people.site_fixture import SiteFixture

WORDS = {
    "lv": ("Pieteikt platformu", "Ko atradām Jūsu vietnē", "Pārbaudiet savu e-pastu", "Jūsu platforma ir pieteikta"),
    "en": ("Register a platform", "What we found on your site", "Check your e-mail", "Your platform is proposed"),
}
"""What leads in, and the headings of the pages, by language."""
NO_LIMIT = RateLimit(10_000, 10_000, None)


@dataclass
class Walk:
    """Somebody who registers, and how often they pressed a key or clicked."""

    page: Page
    base: str
    lang: str
    keys: int = 0
    clicks: int = 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.clicks += 1

    def tab_to(self, selector: str) -> None:
        """Go to an element by the Tab key alone."""
        for _ in range(200):
            self.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    def sees(self, heading: int) -> None:
        expect(self.page.locator("h1")).to_have_text(WORDS[self.lang][heading])


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SiteFixture, str]]:
    """A directory with a worker that reads sites, and its address."""
    site = SiteFixture(Path(tmp_path_factory.mktemp("registering")), crawl_private_hosts=True)
    site.app.config["WTF_CSRF_ENABLED"] = True
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.2):
            read_due_sites(site.services, ended.is_set)

    worker = threading.Thread(target=work)
    worker.start()
    with pytest.MonkeyPatch.context() as patch, served(site.app) as base:
        for purpose in (rate_limits.LOOK, tokens.CONFIRM_PLATFORM):
            patch.setitem(rate_limits.RATE_LIMITS, purpose, NO_LIMIT)
        yield site, base
    ended.set()
    worker.join()


@pytest.fixture(scope="module")
def sites() -> Iterator[RunningSites]:
    with start_sites() as sites:
        yield sites


@pytest.mark.parametrize("width,lang", [(360, "lv"), (1280, "en")])
@pytest.mark.parametrize("id", [site.id for site in SITES])
def test_a_site_is_registered_from_the_first_page_on(
    browser: Browser, directory: tuple[SiteFixture, str], sites: RunningSites, id: str, width: int, lang: str
) -> None:
    site, base = directory
    context = browser.new_context(viewport={"width": width, "height": 800})
    walk = Walk(context.new_page(), base, lang)
    walk.page.goto(f"{base}/{lang}/")
    walk.click(".ways a.button")
    walk.click("#url")
    walk.type(sites.urls[id])
    walk.press("Enter")
    walk.sees(1)
    check_accessible_and_fitting(walk.page)
    assert walk.page.locator("#found ol.listings li").count() >= 5
    walk.click("#email")
    walk.type(f"{lang}@{id}.example")
    walk.press("Enter")
    confirm(walk, site)
    print(f"{id} {width} px {lang}: {walk.keys} keys, {walk.clicks} clicks")
    context.close()


def confirm(walk: Walk, site: SiteFixture) -> None:
    """Open the mailed link and press its button."""
    walk.sees(2)
    with site.database.reading() as session:
        before = session.query(Platform).count()
    walk.page.goto(f"{walk.base}{site.link()}")
    walk.click("main form button")
    walk.sees(3)
    with site.database.reading() as session:
        assert session.query(Platform).count() >= before


def choose(walk: Walk, own: str, ours: str) -> None:
    """Choose for a field of the site, called as the page calls it, the field of ours with this label."""
    row = walk.page.locator("#fields .field").filter(has=walk.page.locator(f'label:text-is("{own}")'))
    row.locator("select").select_option(label=ours)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_a_field_means_is_chosen_and_the_list_follows(
    browser: Browser, directory: tuple[SiteFixture, str], sites: RunningSites, scripts: bool
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=scripts)
    walk = Walk(context.new_page(), directory[1], "en")
    walk.page.goto(f"{walk.base}/en/register")
    walk.page.locator("#url").fill(sites.urls["register-csv"])
    walk.press("Enter")
    walk.sees(1)
    first = walk.page.locator("#found ol.listings li").first
    expect(first).to_contain_text("Sigulda")
    walk.click("#fields > summary")
    if scripts:
        check_accessible_and_fitting(walk.page)
    for own, ours in (("Adrese", "not taken"), ("Nosaukums", "not taken")):
        choose(walk, own, ours)
        if not scripts:
            walk.page.locator("button[value=show]:visible").click()
        if own == "Adrese":
            expect(first).not_to_contain_text("Sigulda")
        else:
            expect(walk.page.locator("[role=alert] a")).to_have_text(re.compile("no entry would have a name"))
            expect(first).to_be_visible()
        if not scripts and own == "Adrese":
            walk.click("#fields > summary")
    context.close()


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_everything_works_without_scripts(
    browser: Browser, directory: tuple[SiteFixture, str], sites: RunningSites, lang: str
) -> None:
    site, base = directory
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    walk = Walk(context.new_page(), base, lang)
    walk.page.goto(f"{base}/{lang}/register")
    walk.click("#url")
    walk.type(f"{sites.urls['many-on-one']}?lang={lang}")
    walk.press("Enter")
    walk.sees(1)
    walk.page.locator("#kind").select_option("network")
    walk.page.locator("#title").fill("Mūsu tīkls")
    walk.page.locator("button[value=show]:visible").click()
    walk.page.wait_for_url("**/looks/*#found")
    kinds = walk.page.locator("#found .kind").all_text_contents()
    assert set(kinds) == {{"lv": "sadarbības tīkls", "en": "network"}[lang]}
    other = walk.page.locator("nav.languages a")
    expect(other).to_have_attribute("href", re.compile("/register/looks/"))
    walk.click("#email")
    walk.type(f"{lang}@noscript.example")
    walk.press("Enter")
    confirm(walk, site)
    context.close()


def test_the_keyboard_is_enough(browser: Browser, directory: tuple[SiteFixture, str], sites: RunningSites) -> None:
    site, base = directory
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    walk = Walk(context.new_page(), base, "en")
    walk.page.goto(f"{base}/en/register")
    walk.tab_to("#url")
    walk.type(sites.urls["register-csv"])
    walk.press("Enter")
    walk.sees(1)
    walk.tab_to("#kind")
    walk.type("soc")
    expect(walk.page.locator("#found .kind").first).to_have_text("social enterprise")
    walk.tab_to("#email")
    walk.type("keys@alone.example")
    walk.press("Enter")
    walk.sees(2)
    walk.page.goto(f"{base}{site.link()}")
    walk.tab_to("main form button")
    walk.press("Enter")
    walk.sees(3)
    print(f"register-csv by keyboard: {walk.keys} keys, {walk.clicks} clicks")
    context.close()


def test_a_site_without_a_list_leads_to_adding_one(browser: Browser, directory: tuple[SiteFixture, str]) -> None:
    _, base = directory
    empty = Flask("empty")
    empty.add_url_rule("/", view_func=lambda: "<title>Biedrība Saule</title><main><p>Drīz būs.</p></main>")
    context = browser.new_context(viewport={"width": 320, "height": 640})
    walk = Walk(context.new_page(), base, "lv")
    with served(empty) as url:
        walk.page.goto(f"{base}/lv/register")
        walk.click("#url")
        walk.type(url)
        walk.press("Enter")
        expect(walk.page.locator("h1")).to_have_text("Jūsu vietni neizdevās nolasīt")
    check_accessible_and_fitting(walk.page)
    walk.page.get_by_role("link", name="Aizpildīt veidlapu").click()
    expect(walk.page.locator("#title")).to_have_value("Biedrība Saule")
    expect(walk.page.locator("#website")).to_have_value(url)
    context.close()

"""The page of a listing in a real browser: each state accessible and fitting, the way back, sharing, paper, nothing that jumps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import check_accessible_and_fitting, served
from tests.web.listing_records import RECORDS
from tests.web.site import make_site

SHARING = "window.shared = []; navigator.share = async (page) => {{ shared.push(page); {answer} }};"
SHIFTS = """new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift = (window.shift ?? 0) + entry.value; })
  .observe({ type: "layout-shift", buffered: true });"""

PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"
"""Two frames: what the page has by then is drawn, and what moved by it is observed."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(make_site(Path(tmp_path_factory.mktemp("listings")), RECORDS)) as base:
        yield base


@pytest.fixture(params=[320, 1280])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 800}, locale="lv-LV")
    yield context.new_page()
    context.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="lv-LV")
    yield context
    context.close()


def open_listing(page: Page, address: str, title: str, lang: str = "lv") -> None:
    """Follow the link of a search's results to the listing with this title."""
    page.goto(f"{address}/{lang}/search?q={quote(title)}&when=all")
    page.locator("main .listings h3 a", has_text=title).first.click()
    page.wait_for_url("**/initiatives/**")


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("title", ["Zaļais pagalms", "Aizgājušā talka", "Slēgtais konkurss", "Rokasgrāmata", "Čiekurs", "Ļauns"])
def test_each_state_is_accessible_and_fits_with_all_of_it_open(page: Page, address: str, title: str, lang: str) -> None:
    shown = "Green Yard" if (title, lang) == ("Zaļais pagalms", "en") else title
    open_listing(page, address, shown, lang)
    page.evaluate("document.querySelectorAll('main details').forEach((part) => part.open = true)")
    check_accessible_and_fitting(page)


def test_the_way_back_leads_to_the_very_search(page: Page, address: str) -> None:
    page.goto(f"{address}/lv/search?q=komposts&kind=project")
    search = page.url
    page.locator("main .listings h3 a").first.click()
    page.wait_for_url("**/initiatives/**")
    back = page.locator(".crumbs a")
    expect(back).to_have_text("‹ Rezultāti vaicājumam „komposts”")
    back.click()
    page.wait_for_url(search)


def test_who_came_from_elsewhere_has_the_way_by_kind_and_country(page: Page, address: str) -> None:
    open_listing(page, address, "Komposts")
    page.goto(page.url)
    expect(page.locator(".crumbs a")).to_have_text(["Visas iniciatīvas", "Projekti", "Latvija"])


def test_words_of_a_search_are_text_in_the_way_back(page: Page, address: str) -> None:
    page.goto(f"{address}/lv/search?q={quote('komposts -<img src=x onerror=alert(1)> -$&')}")
    page.locator("main .listings h3 a").first.click()
    page.wait_for_url("**/initiatives/**")
    expect(page.locator(".crumbs a")).to_contain_text("<img src=x onerror=alert(1)> -$&")
    assert page.locator(".crumbs img").count() == 0


def test_sharing_copies_the_address_by_keyboard_and_says_so(context: BrowserContext, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_listing(page, address, "Komposts")
    page.locator(".share-page summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".share-page [role=status]")).to_have_text("Saite ir nokopēta")
    shared = page.evaluate("navigator.clipboard.readText()")
    assert shared == page.locator("#share-address").input_value() and "/lv/initiatives/" in shared


@pytest.mark.parametrize(
    ("answer", "opens"), [("", False), ("throw new DOMException('', 'AbortError');", False), ("throw new TypeError();", True)]
)
def test_a_device_shares_its_own_way_and_else_the_address_is_shown(
    context: BrowserContext, address: str, answer: str, opens: bool
) -> None:
    page = context.new_page()
    page.add_init_script(SHARING.format(answer=answer))
    open_listing(page, address, "Komposts")
    page.locator(".share-page summary").click()
    assert page.evaluate("shared[0].title") == "Komposts"
    expect(page.locator("#share-address")).to_be_visible(visible=opens)


def test_without_scripts_the_address_and_each_language_can_be_opened(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="lv-LV")
    page = context.new_page()
    open_listing(page, address, "Rokasgrāmata")
    expect(page.locator(".crumbs a").first).to_have_text("Visas iniciatīvas")
    page.locator(".share-page summary").click()
    expect(page.locator("#share-address")).to_be_visible()
    page.get_by_text("Teksts vācu valodā").click()
    expect(page.locator(".translation [lang=de]")).to_be_visible()
    context.close()


def test_paper_has_the_addresses_of_links_and_no_buttons(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    open_listing(page, address, "Zaļais pagalms")
    page.emulate_media(media="print")
    website = page.locator(".listing-actions .button").first
    expect(website).to_be_visible()
    assert "https://www.zalais-pagalms.example/lapa" in website.evaluate("(link) => getComputedStyle(link, '::after').content")
    for hidden in (".share-page", ".report-links", ".crumbs"):
        expect(page.locator(hidden)).to_be_hidden()


def test_nothing_jumps_while_the_page_loads(page: Page, address: str) -> None:
    page.add_init_script(SHIFTS)
    open_listing(page, address, "Zaļais pagalms")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.evaluate(PAINTED)
    assert page.evaluate("window.shift ?? 0") == 0

"""The views of a search in a real browser: filters that apply themselves, the way to the first result, the first screen of a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from crawlers.record import Record
from tests.browser.serving import check_accessible_and_fitting, served
from tests.web.site import make_site

COUNTRIES = ("LV", "EE", "LT", "FI", "SE", "PL", "DE", "DK", "NO", "IS")
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
KINDS = ("social_enterprise", "project", "event", "funding")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with ten countries and four kinds: three listings of Latvia, two of each other country."""
    records = [
        Record(
            f"{number}", kind=KINDS[number % len(KINDS)], title={"lv": f"Nosaukums {number}", "en": f"Title {number}"},
            summary={"lv": "Darbs ar jauniešiem un senioriem visā novadā, arī lauku pagastos. " * 3}, country=country, countries=(country,),
            themes=("youth",), end_date="2999-12-31",
        )
        for number, country in enumerate((*COUNTRIES, *COUNTRIES, "LV"))
    ]  # fmt: skip
    with served(make_site(Path(tmp_path_factory.mktemp("many")), records)) as base:
        yield base


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="lv-LV")
    yield context
    context.close()


def test_a_tick_applies_itself_and_keeps_the_focus_and_the_place(context: BrowserContext, many: str) -> None:
    page = context.new_page()
    page.goto(f"{many}/lv/search")
    page.locator("#box-kind").scroll_into_view_if_needed()
    box = page.get_by_role("checkbox", name="projekts")
    box.focus()
    top = box.bounding_box()["y"]  # type: ignore[index]
    status = page.locator("#found-number").element_handle()
    page.keyboard.press("Space")
    page.wait_for_url("**/lv/search?kind=project")
    expect(page.locator("h1")).to_have_text("Projekti")
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    expect(page).to_have_title(re.compile("^Projekti – "))
    expect(page.get_by_role("checkbox", name="projekts")).to_be_focused()
    expect(page.get_by_role("checkbox", name="projekts")).to_be_checked()
    assert abs(page.get_by_role("checkbox", name="projekts").bounding_box()["y"] - top) < 2  # type: ignore[index]
    assert status.evaluate("element => element.isConnected"), "a new status is not read out"
    expect(page.locator(".languages a")).to_have_attribute("href", "/en/search?kind=project")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#box-kind') !== null"), "the way by keyboard goes on from there"


def test_the_button_back_leads_to_the_search_before(context: BrowserContext, many: str) -> None:
    page = context.new_page()
    page.goto(f"{many}/lv/search")
    page.get_by_role("checkbox", name="Igaunija").check()
    page.wait_for_url("**/lv/search?country=EE")
    page.get_by_role("checkbox", name="Lietuva").check()
    page.wait_for_url("**/lv/search?country=EE&country=LT")
    expect(page.locator("h1")).to_have_text("Iniciatīvas Igaunijā un Lietuvā")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Iniciatīvas Igaunijā")
    expect(page.get_by_role("checkbox", name="Lietuva")).not_to_be_checked()
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Iniciatīvas Igaunijā un Lietuvā")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_leaving_a_value_out_keeps_what_is_ticked(browser: Browser, many: str, has_scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=has_scripts, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{many}/lv/search")
    for name in ("Latvija", "Igaunija"):
        page.get_by_role("checkbox", name=name).check()
    page.locator("#box-kind").get_by_role("button", name=re.compile("bez.*projekts")).click()
    page.wait_for_url("**kind=-project**")
    expect(page.locator("h1")).to_contain_text("Latvijā un Igaunijā · bez: projekts")
    for name in ("Latvija", "Igaunija"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    left_out = page.get_by_role("checkbox", name="bez: projekts")
    expect(left_out, "what is left out is seen, and taken back by the tick").to_be_checked()
    left_out.click()
    if not has_scripts:
        page.get_by_role("button", name="Lietot filtrus").click()
    expect(page.locator("h1")).to_have_text("Iniciatīvas Latvijā un Igaunijā")
    context.close()


def test_without_scripts_the_filters_are_applied_by_a_button_always_in_sight(browser: Browser, many: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 500})
    page = context.new_page()
    page.goto(f"{many}/lv/search?q=nosaukums&sort=name")
    button = page.get_by_role("button", name="Lietot filtrus")
    box = button.bounding_box()
    assert box and box["y"] + box["height"] <= 500
    page.locator("#all-country summary").click()
    page.get_by_role("checkbox", name="Norvēģija").check()
    button.click()
    page.wait_for_url("**country=NO**")
    assert "q=nosaukums" in page.url and "sort=name" in page.url
    expect(page.locator("#found-number strong")).to_have_text("2 rezultāti")
    chosen = page.locator("#box-country .check").first.get_by_role("checkbox")
    expect(chosen, "what is chosen stands first").to_be_checked()
    context.close()


def test_a_long_box_is_searched_by_name_and_stays_open(context: BrowserContext, many: str) -> None:
    page = context.new_page()
    page.goto(f"{many}/lv/search")
    page.locator("#all-country summary").click()
    page.get_by_role("checkbox", name="Norvēģija").check()
    page.wait_for_url("**country=NO")
    expect(page.locator("h1")).to_have_text("Iniciatīvas Norvēģijā")
    expect(page.locator("#all-country")).to_have_attribute("open", "")


def test_enter_in_the_field_of_a_place_leaves_nothing_out(browser: Browser, many: str) -> None:
    for has_scripts in (True, False):
        context = browser.new_context(java_script_enabled=has_scripts)
        page = context.new_page()
        page.goto(f"{many}/lv/search")
        page.locator("#near").fill("56.95,24.1")
        page.keyboard.press("Enter")
        page.wait_for_url("**near=**")
        assert "=-" not in page.url
        context.close()


@pytest.mark.parametrize("view", ["search", "search?country=LV&kind=event"])
def test_from_the_second_skip_link_the_first_result_is_one_key_away(context: BrowserContext, many: str, view: str) -> None:
    page = context.new_page()
    page.goto(f"{many}/lv/{view}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Pāriet uz rezultātiem")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")
    page.keyboard.press("Tab")
    expect(page.locator("#first h3 a").first).to_be_focused()


@pytest.mark.parametrize("address", ["lv/search", "lv/search?country=LV", "en/search?q=title&kind=project"])
def test_results_begin_on_the_first_screen_of_a_phone(browser: Browser, many: str, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{many}/{address}")
    title = page.locator("#first h3").first.bounding_box()
    assert title and title["y"] + title["height"] < 740
    context.close()


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
def test_every_state_is_accessible_and_fits(browser: Browser, many: str, lang: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    for address in (
        "search?country=LV&theme=-youth&near=56.95,24.1#filters",
        "table?kind=event",
        "table?q=nekas",
        "search?page=300",
    ):
        page.goto(f"{many}/{lang}/{address}")
        page.evaluate("document.querySelectorAll('main details:not(.sorts)').forEach((one) => { one.open = true; })")
        check_accessible_and_fitting(page)
    context.close()


def test_the_table_sorts_scrolls_by_keyboard_and_takes_other_columns(browser: Browser, many: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{many}/en/table")
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    page.wait_for_url("**/en/table?sort=name")
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "ascending")
    region = page.get_by_role("region", name="Table of results")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(region) => region.scrollLeft > 0", arg=region.element_handle())
    page.get_by_text("Columns", exact=True).click()
    page.locator("#columns").get_by_role("checkbox", name="Website").check()
    expect(page.get_by_role("columnheader", name="Website")).to_be_attached()
    assert "col=website" in page.url and "sort=name" in page.url
    expect(page.locator("#columns")).to_have_attribute("open", "")
    context.close()

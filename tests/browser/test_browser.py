"""Pages in a real browser: axe-core finds nothing, nothing scrolls sideways, the keyboard is enough."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.serving import RULES

PAGES = ("", "search", "search?q=maize&country=LV", "search?q=nekas", "search?q=ceptuvve", "search?q=maiznīca", "LISTING", "platforms/", "PLATFORM", "about", "privacy",
         "accessibility", "terms", "searching", "register", "sign-in", "nope", "desk/", "desk/listings", "desk/searches", "desk/concepts/", "desk/concepts/wise", "EDIT")  # fmt: skip


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(page: Page, site: dict[str, str], path: str, lang: str) -> None:
    page.goto(f"{site['base']}/{lang}/{site.get(path, path)}")
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"


@pytest.mark.parametrize("path", ["lv/search?q=ceptuvve", "en/search?q=Sun+Bread", "lv/search?past=1"])
def test_the_explanation_opens_by_keyboard_is_accessible_and_fits(page: Page, site: dict[str, str], path: str) -> None:
    page.goto(f"{site['base']}/{path}")
    for summary in page.locator(".explained summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    expect(page.locator(".explained th[scope=row]").first).to_be_visible()
    expect(page.locator(".explained pre")).to_be_visible()
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"


def test_the_keyboard_is_enough_to_search(page: Page, site: dict[str, str]) -> None:
    page.goto(f"{site['base']}/lv/")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip").first
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("maizes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lv/search?q=maizes")
    expect(page.get_by_role("link", name="Saules maize")).to_be_visible()


def test_suggestions_are_reached_and_chosen_by_keyboard(page: Page, site: dict[str, str]) -> None:
    page.goto(f"{site['base']}/lv/")
    page.locator("#q").focus()
    page.keyboard.insert_text("saul")
    page.wait_for_selector("[role=option]")
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]")
    expect(chosen).to_contain_text("Saules maize")
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("e")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives/**")
    expect(page.locator("h1")).to_contain_text("Saules maize")


def test_filters_stand_beside_results_on_wide_screens_only(page: Page, site: dict[str, str]) -> None:
    page.goto(f"{site['base']}/lv/search")
    is_wide = page.viewport_size["width"] > 1000  # type: ignore[index]
    assert page.locator("fieldset").first.is_visible() == is_wide


WITHOUT_NEW_SELECTORS = {"as it is": "", "an older browser": "::details-content"}


@pytest.mark.parametrize("unknown", WITHOUT_NEW_SELECTORS.values(), ids=list(WITHOUT_NEW_SELECTORS))
def test_filters_are_there_in_every_browser_by_keyboard_and_without_scripts(
    page: Page, browser: Browser, site: dict[str, str], unknown: str
) -> None:
    """A selector that a browser does not know makes it leave out the rule: here it is renamed in the style sheet."""
    width = page.viewport_size["width"]  # type: ignore[index]
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)

    def answer_older(route: Route) -> None:
        css = route.fetch()
        route.fulfill(response=css, body=css.text().replace(unknown or "\0", "::no-such-part"))

    context.route("**/site.*.css", answer_older)
    plain = context.new_page()
    plain.goto(f"{site['base']}/lv/search?country=LV")
    filters = plain.get_by_role("region", name="Filtri")
    if width < 1000:
        expect(filters).to_have_count(0)
        plain.get_by_role("link", name="Filtri (1)").focus()
        plain.keyboard.press("Enter")
    expect(filters).to_be_visible()
    expect(filters.get_by_role("button", name="Lietot filtrus")).to_be_visible()
    assert plain.locator("details .filters, .filters [aria-expanded=false], details #box-country").count() == 0
    filters.get_by_role("checkbox").first.focus()
    plain.keyboard.press("Space")
    expect(filters.get_by_role("checkbox").first).not_to_be_checked()
    if width < 1000:
        filters.get_by_role("link", name="Paslēpt filtrus").click()
        expect(filters).to_have_count(0)
    context.close()


def test_a_refused_form_leads_the_keyboard_to_the_field(page: Page, site: dict[str, str]) -> None:
    page.goto(f"{site['base']}/lv/register")
    page.locator("#url").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.wrong")
    page.wait_for_function("document.activeElement.matches('.notice.wrong')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#url")).to_be_focused()


def test_the_link_of_a_search_is_copied_and_that_is_said(page: Page, site: dict[str, str]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site["base"])
    page.goto(f"{site['base']}/en/search?country=LV")
    page.get_by_role("button", name="Copy the link").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="The link is copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#take-link").input_value()

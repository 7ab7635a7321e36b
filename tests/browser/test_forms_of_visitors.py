"""The forms for visitors in a real browser: by keyboard, on a small phone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.serving import check_accessible_and_fitting, served
from tests.web.site import make_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(make_site(Path(tmp_path_factory.mktemp("visitors")))) as base:
        yield base


def report_address(browser: Browser, site: str) -> str:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/lv/search?q=maize")
    page.locator("ol.rows a").first.click()
    address = page.locator(".report-links a").last.get_attribute("href")
    context.close()
    return f"{site}{address}"


def test_a_mistake_is_reported_by_keyboard_alone_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(report_address(browser, site))
    page.locator("#topic").focus()
    page.keyboard.press("Space")
    page.locator("#text").focus()
    page.keyboard.type("Nepareiza vieta")
    page.get_by_role("button", name="Nosūtīt").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Paldies")
    context.close()


@pytest.mark.parametrize("path", ["/lv/add", "/en/contact"])
def test_forms_are_accessible_and_fit_a_small_phone(browser: Browser, site: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site}{path}")
    check_accessible_and_fitting(page)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_accessible_and_fitting(page)
    context.close()


def test_what_is_here_already_is_shown_while_the_name_is_typed(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/lv/add")
    page.locator("#title").press_sequentially("Saules maiz")
    expect(page.locator(".alike a").first).to_have_text("Saules maize")
    page.locator("#title").fill("Pavisam cits")
    expect(page.locator(".alike a")).to_have_count(0)
    context.close()

"""The map of a search in a real browser: points, clusters, the visible part, keyboard, and no request to any other server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from crawlers.record import Record
from tests.browser.serving import check_accessible_and_fitting, served
from tests.web.site import HOSTILE, make_site

CITIES = (
    ("Rīga", 56.949, 24.105),
    ("Cēsis", 57.312, 25.275),
    ("Liepāja", 56.511, 21.014),
    ("Daugavpils", 55.875, 26.536),
    ("Rēzekne", 56.51, 27.34),
)
RECORDS = [
    Record(f"{town}-{i}", kind="project", title={"lv": f"{town} {i}"}, country="LV", countries=("LV",), place=town, lat=lat + i / 100, lon=lon)
    for town, lat, lon in CITIES
    for i in range(3)
] + [
    Record("hostile", kind="event", title={"lv": HOSTILE}, country="SE", countries=("SE",), lat=59.329, lon=18.069),
    Record("nowhere", kind="project", title={"lv": "Bez vietas"}, country="LV", countries=("LV",)),
]  # fmt: skip
MARKS = ".map-frame .cluster, .map-frame .point"
LATGALE = "area=26,55.6,28.3,57.2"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = make_site(Path(tmp_path_factory.mktemp("map")), RECORDS)
    with served(app) as base:
        yield base


def opened(
    browser: Browser, width: int, scheme: Literal["light", "dark"] = "light", *, runs_scripts: bool = True
) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale="lv-LV",
        reduced_motion="reduce",
        java_script_enabled=runs_scripts,
    )


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A page that has no error of its own and asks no other server."""
    context = opened(browser, 1280)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)

    def note(response: Response) -> None:
        if not response.url.startswith(base) or response.status >= 400:
            problems.append(f"{response.status} {response.url}")

    page.on("response", note)
    yield page
    context.close()
    assert problems == []


def wait_for_points(page: Page, count: int) -> None:
    """Points come after the page: wait until they and the clusters stand for this many results."""
    page.wait_for_function(
        """(count) => count === [...document.querySelectorAll(".map-frame .cluster")].reduce((sum, one) => sum + Number(one.innerText),
             document.querySelectorAll(".map-frame .point").length)""",
        arg=count,
    )


def test_the_map_has_all_results_with_a_place(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map")
    page.wait_for_selector(".map-frame .cluster")
    wait_for_points(page, 16)
    expect(page.locator(".map-list")).to_contain_text("1 rezultātam vieta nav zināma")
    assert page.locator(".map-frame .region-map").count() == 0


def test_a_cluster_opens_into_its_points_and_a_point_tells_its_title(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map?{LATGALE}")
    page.wait_for_selector(".map-frame .cluster")
    page.locator(".map-frame .cluster").first.click()
    expect(page.locator(".map-frame .point")).to_have_count(3)
    page.wait_for_selector(".area-name >> nth=0")
    page.locator(".map-frame .point").first.click()
    link = page.locator(".leaflet-popup a[href*='/initiatives/']")
    title = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(title)


def test_a_hostile_title_is_text_in_its_popup(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map?country=SE")
    page.locator(".map-frame .point").click()
    expect(page.locator(".leaflet-popup a[href*='/initiatives/']")).to_have_text(HOSTILE)
    assert page.locator(".leaflet-popup script").count() == 0


def test_the_visible_part_is_searched_and_the_way_back_leads_back(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map?country=LV")
    page.wait_for_selector(".map-frame .cluster")
    for _ in range(2):
        page.get_by_role("button", name="Tuvināt", exact=True).click()
    page.get_by_role("button", name="Meklēt šajā kartes daļā").click()
    page.wait_for_url("**/map?*area=*")
    expect(page.locator(".chips")).to_contain_text("kartes daļā")
    expect(page.locator("#found-number")).not_to_contain_text("16 ")
    assert "country=LV" in page.url
    page.go_back()
    expect(page.locator("#found-number")).to_contain_text("16 rezultātu")
    expect(page.locator(".chips")).not_to_contain_text("kartes daļā")
    wait_for_points(page, 15)


def test_a_filter_renews_the_points_and_keeps_the_map(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map")
    page.wait_for_selector(".map-frame .cluster")
    page.evaluate("document.getElementById('map').dataset.mine = 'same'")
    page.locator("input[type=checkbox][name=country][value=SE]").check()
    page.wait_for_url("**country=SE*")
    expect(page.locator(MARKS)).to_have_count(1)
    assert page.locator("#map").get_attribute("data-mine") == "same"


def test_a_row_lights_its_point_and_a_point_its_row(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map?country=SE")
    page.wait_for_selector(".map-frame .point")
    page.locator(".map-list .listings > li").hover()
    expect(page.locator(".map-frame .point.lit")).to_have_count(1)
    page.locator(".map-frame .point").hover()
    expect(page.locator(".map-list .listings > li.lit")).to_have_count(1)


def test_the_keyboard_is_enough(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map?country=LV")
    page.wait_for_selector(".map-frame .cluster")
    page.locator("#map").focus()
    before = page.locator(MARKS).count()
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.locator(MARKS)).not_to_have_count(before)
    page.goto(f"{base}/lv/map?country=SE")
    page.locator(".map-frame .point").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup a[href*='/initiatives/']")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".map-frame .point")).to_be_focused()


def test_nothing_in_the_visible_part_leaves_the_map(page: Page, base: str) -> None:
    page.goto(f"{base}/lv/map?area=0,50,1,51")
    expect(page.locator("#found-number")).to_contain_text("0 rezultātu")
    expect(page.locator(".map-frame.live")).to_be_visible()
    expect(page.get_by_role("button", name="Meklēt šajā kartes daļā")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_map_page_is_accessible_and_fits(
    browser: Browser, base: str, width: int, scheme: Literal["light", "dark"], lang: str
) -> None:
    context = opened(browser, width, scheme)
    page = context.new_page()
    page.goto(f"{base}/{lang}/map?{LATGALE}")
    page.wait_for_selector(".map-frame .cluster, .map-frame .point")
    check_accessible_and_fitting(page)
    context.close()


def test_without_a_script_the_map_of_the_region_leads_to_countries(browser: Browser, base: str) -> None:
    context = opened(browser, 360, runs_scripts=False)
    page = context.new_page()
    page.goto(f"{base}/lv/map")
    assert page.locator("#search-visible").is_hidden()
    page.get_by_role("link", name="Zviedrija: 1").click()
    page.wait_for_url(f"{base}/lv/map?country=SE")
    expect(page.locator(".map-list .listings > li")).to_have_count(1)
    context.close()

"""The look in a real browser: one line of header, nothing wider than the window, paper without buttons and without the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from crawlers.record import Record
from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from tests.browser.serving import check_accessible_and_fitting, served
from tests.web.site import make_site
from vocabulary import load

LONG = "Garumzīmjotākšķirotspējīgākais_nosaukums_bez_atstarpēm_" * 3
COUNTRIES = sorted(load().ids("country"))[:30]
DATED = [
    Record(
        "e1", title={"lv": "Grantu rakstīšanas skola"}, kind="event", start_date="2999-12-04", country="LV", countries=("LV",)
    ),
    Record("f1", title={"en": "Call for ideas"}, kind="funding", end_date="2999-12-04", country="EE", countries=("EE",)),
]
MANY = [
    *DATED,
    *(Record(f"c{n}", title={"lv": f"{LONG} {n}"}, summary={"lv": LONG * 5}, kind="project", place=LONG[:80], country=code,
             countries=(code,), themes=tuple(term.id for term in load().terms("theme")))
      for n, code in enumerate(COUNTRIES)),
]  # fmt: skip
SITES = {"nothing": [], "one": DATED[:1], "many": MANY}


@pytest.fixture(scope="module", params=list(SITES))
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with nothing, one listing, or many with long names."""
    with served(make_site(Path(tmp_path_factory.mktemp("look")), SITES[request.param])) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def pages_of(page: Page, address: str) -> list[str]:
    """The start page, the list of platforms, and the first platform where there is one, in both languages."""
    page.goto(f"{address}/lv/platforms/")
    own = page.locator(".rows h2 a").evaluate_all("links => links.slice(0, 1).map(link => link.href)")
    return [f"{address}/lv/", f"{address}/en/", f"{address}/en/platforms/", *own]


def test_pages_fit_at_any_width_and_the_header_is_one_line(page: Page, address: str) -> None:
    for url in pages_of(page, address):
        page.goto(url)
        for width in (320, 360, 768, 1024, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (url, width)
            assert page.evaluate("document.querySelector('header.site').offsetHeight") <= 65, (url, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_with_nothing_one_or_many(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for url in pages_of(page, address):
        page.goto(url)
        for summary in page.locator("summary:visible").all():
            summary.click()
        check_accessible_and_fitting(page)


def test_paper_has_no_buttons_and_no_dark_colours(page: Page, address: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    for url in (*pages_of(page, address), f"{address}/lv/search?q=skola"):
        page.goto(url)
        assert page.locator("button:visible, .button:visible, input:visible, nav:visible, footer.site:visible").count() == 0
        dark = """[...document.querySelectorAll('h1, h2, h3, h3 a, p, dd')].map(one => getComputedStyle(one).color)
                  .filter(colour => colour.match(/\\d+/g).slice(0, 3).some(part => Number(part) > 80))"""
        assert page.evaluate(dark) == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert url.split("/", 3)[3].split("?")[0] in page.locator(".on-paper").inner_text()


def test_the_menu_of_a_phone_opens_by_keyboard_and_needs_no_script(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/lv/about")
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Platformas").first.click()
    page.wait_for_url("**/lv/platforms/")
    context.close()


def test_a_curator_has_the_desk_in_the_same_line(browser: Browser, tmp_path: Path) -> None:
    app = make_site(tmp_path)
    with app.extensions["platforma"].database.writing() as session:
        user = accounts.add_user(session, email="redaktors@sic.example", role=Role.CURATOR, actor="test")
        token = accounts.issue_sign_in(session, user_id=user.id)
    with served(app) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}/lv/sign-in/{token}")
        page.locator("main button").click()
        page.wait_for_url("**/desk/")
        for width in (320, 1024, 1119, 1121, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.querySelector('header.site').offsetHeight") <= 65, width
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        page.close()

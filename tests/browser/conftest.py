"""A browser, a small site, and a curator's page in it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.catalogue.visitors import held_back
from tests.browser.serving import VIEWS, served
from tests.people.pairs import add_pairs
from tests.people.site_fixture import SiteFixture
from tests.servers.missing import missing
from tests.web.site import make_site

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def _quick_people() -> Iterator[None]:
    """The people of these tests fill in a form at once, and are no programs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held_back, "MIN_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        missing("chromium: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses by name: the site, one listing, one platform, its edit page, and a sign-in path."""
    app = make_site(Path(tmp_path_factory.mktemp("browser")))
    with app.extensions["platforma"].database.writing() as session:
        user = accounts.add_user(session, email="redaktors@sic.example", role=Role.CURATOR, actor="test")
        tokens = [accounts.issue_sign_in(session, user_id=user.id) for _ in VIEWS]
    listing = app.test_client().get("/api/v1/initiatives?q=maize").get_json()["items"][0]
    platforms = app.test_client().get("/lv/platforms/").get_data(as_text=True)
    with served(app) as base:
        yield {
            "base": base,
            "LISTING": listing["url"].split("/lv/")[1],
            "PLATFORM": re.findall(r'href="/lv/(platforms/\w{10}/[^"]*)"', platforms)[0],
            "EDIT": f"desk/initiatives/{listing['id']}",
            **dict(zip(VIEWS, tokens, strict=True)),
        }


@pytest.fixture
def paired(tmp_path: Path) -> SiteFixture:
    """A site of its own in which pairs of listings wait."""
    site = SiteFixture(tmp_path)
    add_pairs(site)
    return site


@pytest.fixture
def paired_base(paired: SiteFixture) -> Iterator[str]:
    """The address of that site."""
    with served(paired.app) as base:
        yield base


@pytest.fixture(scope="module", params=list(VIEWS))
def page(request: pytest.FixtureRequest, browser: Browser, site: dict[str, str]) -> Iterator[Page]:
    width, scheme = VIEWS[request.param]
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="lv-LV")
    page = context.new_page()
    page.goto(f"{site['base']}/lv/sign-in/{site[request.param]}")
    page.locator("main button").click()
    page.wait_for_url("**/desk/")
    yield page
    context.close()

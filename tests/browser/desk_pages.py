"""What the tests of the desk in a browser share: a page in which somebody has signed in, keys, and looking at each width."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.web.context import COOKIE
from tests.browser.serving import check_accessible_and_fitting
from tests.people.site_fixture import SiteFixture

WIDTHS = (320, 1280)


def curators_page(browser: Browser, site: SiteFixture, base: str, role: Role = Role.CURATOR, **more: Any) -> Page:
    """A page in which somebody of the staff has signed in."""
    with site.database.writing() as session:
        user = accounts.add_user(session, email=f"{role}@sic.example", role=role, actor="test")
        secret = accounts.open_session(session, user.id)
    context = browser.new_context(**more)
    context.add_cookies([{"name": COOKIE, "value": secret, "url": base}])
    return context.new_page()


def press(page: Page, key: str) -> None:
    """Press a key once the page's script listens."""
    page.locator("html.with-keys").wait_for(state="attached")
    page.keyboard.press(key)


def check_at_each_width(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        check_accessible_and_fitting(page)

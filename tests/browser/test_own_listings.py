"""Keeping the page of one's organisation in a real browser: from the public page to what visitors then see, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.web.context import COOKIE
from tests.browser.serving import check_accessible_and_fitting, served
from tests.people.claiming import ANNA, BERTA, by_word, claimed, garden, saved
from tests.people.desk import Desk
from tests.people.editing import saved as saved_by_curator
from tests.people.site_fixture import public_id
from vocabulary.languages import LANGUAGES

WIDTHS = (320, 1280)
PAGES = ("partner/", "partner/listings/{own}/", "partner/listings/{own}/release", "partner/listings/{other}/proof")
DESK = ("desk/claims", "desk/claims/{own}")
VISITORS = ("initiatives/{own}/claim", "claim/wrong")


@dataclass(frozen=True)
class Served:
    """A site with a listing that somebody keeps, of which a change waits; the sessions of that person and of a curator."""

    desk: Desk
    base: str
    keeper: str
    curator: str
    ids: dict[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    desk = Desk(Path(tmp_path_factory.mktemp("claims")))
    own = garden(desk, place="Ogre", summary={"lv": "Dārzs"})
    other = public_id(desk, "r01")
    saved_by_curator(desk.signed_in(), own, phone="+371 20000000")
    client = by_word(desk, own)
    saved(client, own, title_en="Garden", place="Cēsis")
    claimed(desk, other, BERTA)
    with desk.database.writing() as session:
        keeper = accounts.account_of(session, BERTA)
        curator = accounts.add_user(session, email="curator@sic.example", role=Role.CURATOR, actor="test")
        assert keeper
        secrets = accounts.open_session(session, keeper.id), accounts.open_session(session, curator.id)
    with served(desk.app) as base:
        yield Served(desk, base, *secrets, {"own": own, "other": other})


def page_in(browser: Browser, site: Served, secret: str = "", *, scripts: bool = True) -> Page:
    context = browser.new_context(java_script_enabled=scripts)
    if secret:
        context.add_cookies([{"name": COOKIE, "value": secret, "url": site.base}])
    return context.new_page()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("who", ["keeper", "curator", "visitor"])
def test_each_page_is_accessible_and_fits(browser: Browser, site: Served, who: str, lang: str) -> None:
    secret, paths = {"keeper": (site.keeper, PAGES), "curator": (site.curator, DESK), "visitor": ("", VISITORS)}[who]
    page = page_in(browser, site, secret)
    for path in paths:
        page.goto(f"{site.base}/{lang}/{path.format(**site.ids)}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            check_accessible_and_fitting(page)
    page.context.close()


def test_an_organisation_takes_its_page_over_without_scripts(browser: Browser, site: Served) -> None:
    page, id = page_in(browser, site, scripts=False), site.ids["other"]
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{site.base}/lv/initiatives/{id}/")
    page.get_by_role("link", name="Uzturēt šo lapu pašiem").click()
    page.get_by_label("Jūsu e-pasts").fill(ANNA)
    page.get_by_role("button", name="Nosūtīt saiti").click()
    expect(page.get_by_role("main")).to_contain_text(ANNA)
    page.goto(f"{site.base}{site.desk.link()}")
    page.get_by_role("button", name="Jā, tā ir mūsu").click()
    page.get_by_label("Nosaukums (angļu)").fill("Garden for everybody")
    page.get_by_label("E-pasts").fill("nav adrese")
    page.get_by_role("button", name="Saglabāt").first.click()
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("E-pasts").fill("info@darzs.lv")
    page.get_by_role("button", name="Priekšskatīt").first.click()
    expect(page.get_by_role("main")).to_contain_text("vēl nekas nav saglabāts")
    page.get_by_role("button", name="Saglabāt").click()
    expect(page.get_by_role("status")).to_contain_text("Saglabāts")
    page.goto(f"{site.base}/en/initiatives/{id}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Garden for everybody")
    expect(page.get_by_role("main")).to_contain_text("Kept by the organisation itself")
    page.context.close()

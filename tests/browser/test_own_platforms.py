"""A partner's pages in a real browser: on a small phone and a desktop, in both languages, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crawlers.record import Problem, RawRecord, Record
from platforma.catalogue.models import Role
from platforma.catalogue.partners.visit_tally import Act
from platforma.catalogue.people import accounts
from platforma.web.context import COOKIE
from tests.browser.serving import check_accessible_and_fitting, served
from tests.people.desk import Desk, records
from tests.people.members import ANNA, member, membership_id, page_of
from tests.people.proposing import propose
from tests.people.site_fixture import public_id
from vocabulary.languages import LANGUAGES

WIDTHS = (320, 1280)
DATE = "This date is not understood, or could be two days; write it as 2026-05-31"
PAGES = ("{v}", "{v}mapping", "{v}visits", "{v}leave", "{v}leave?listings=with", "{v}people/{anna}", "{asked}", "")
"""The page of a platform that is public, with its fields and what was counted of it, and of one whose partner is asked; leaving,
removing; the list of platforms."""


@dataclass(frozen=True)
class Served:
    """A served site, the secret of the member's session, and what fills the places in PAGES."""

    base: str
    secret: str
    places: dict[str, str]


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    desk = Desk(Path(tmp_path_factory.mktemp("partner")))
    date = Problem("warning", DATE, "https://v.example/1", "r01", "start_date", "5. jūns")
    desk.crawl(records(7, place="Rīga"), date, raws=[row(one) for one in records(7)])
    propose(desk, id="otra", email=ANNA)
    for platform_id in ("v", "otra"):
        member(desk, platform_id=platform_id)
    desk.signed_in().post("/lv/desk/next/platform/otra", data={"decision": "ask", "text": "Kas veido vietni?"})
    with desk.database.writing() as session:
        user = accounts.add_user(session, email=ANNA, role=Role.PARTNER, actor="test")
        secret = accounts.open_session(session, user.id)
    places = {name: page_of(desk, id).removeprefix("/en/partner/") for name, id in (("v", "v"), ("asked", "otra"))}
    note_visits(desk)
    with served(desk.app) as base:
        yield Served(base, secret, places | {"anna": str(membership_id(desk, ANNA))})


def row(record: Record) -> RawRecord:
    """What an entry was made of: a row of a table with a column that fills none of our fields."""
    title = record.title["lv"]
    cells = {"Nosaukums": title, "Vieta": "Rīga", "Piezīme": "Brīvības iela 1"}
    return RawRecord(record.remote_id, record.url, {"title": title, "place": "Rīga"}, "lv", source=cells)


def note_visits(desk: Desk) -> None:
    """Visits of some listings over weeks, with words that may be told."""
    for back in range(40):
        for remote_id in ("r00", "r03")[: 1 + back % 2]:
            desk.services.visits.note(
                public_id(desk, remote_id), Act.OPENS, now() - timedelta(days=back), searched="maizes ceptuves"
            )
    desk.services.visits.write()


def now() -> date:
    return datetime.now(UTC).date()


def page_in(browser: Browser, partner: Served, *, scripts: bool = True) -> Page:
    context = browser.new_context(java_script_enabled=scripts)
    context.add_cookies([{"name": COOKIE, "value": partner.secret, "url": partner.base}])
    return context.new_page()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_is_accessible_and_fits(browser: Browser, partner: Served, lang: str) -> None:
    page = page_in(browser, partner)
    for path in PAGES:
        page.goto(f"{partner.base}/{lang}/partner/{path.format(**partner.places)}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            check_accessible_and_fitting(page)
    page.context.close()


def test_a_question_is_answered_by_keyboard_alone_without_scripts(browser: Browser, partner: Served) -> None:
    page = page_in(browser, partner, scripts=False)
    page.goto(f"{partner.base}/lv/partner/{partner.places['asked']}")
    expect(page.get_by_role("main")).to_contain_text("Kas veido vietni?")
    page.get_by_label("Jūsu atbilde").focus()
    page.keyboard.type("Mēs, biedrība.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Jūsu atbilde ir nodota redaktoriem.")
    expect(page.get_by_role("main")).to_contain_text("Mēs, biedrība.")
    page.context.close()


def test_what_is_no_address_is_led_to_from_the_summary(browser: Browser, partner: Served) -> None:
    page = page_in(browser, partner)
    page.goto(f"{partner.base}/en/partner/{partner.places['v']}")
    page.get_by_label("Invite a colleague").fill("nobody")
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Invite a colleague")).to_be_focused()
    check_accessible_and_fitting(page)
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_field_is_chosen_after_what_would_change_was_shown(browser: Browser, partner: Served, scripts: bool) -> None:
    page = page_in(browser, partner, scripts=scripts)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{partner.base}/lv/partner/{partner.places['v']}mapping")
    field = page.locator("#fields .field").filter(has=page.locator('label:text-is("Piezīme")'))
    field.locator("select").select_option(label="Adrese")
    page.locator("button[value=compare]").click()
    expect(page.locator("h1")).to_have_text("Kas mainītos")
    expect(page.locator("main")).to_contain_text("Mainītos 7 ieraksti")
    expect(page.locator("main ins").first).to_have_text("Brīvības iela 1")
    if scripts:
        check_accessible_and_fitting(page)
    page.locator("button[value=change]").click()
    expect(field.locator("select")).to_have_value("address")
    page.context.close()

"""The walk over all queues in a real browser: fifty mixed items by keys alone, without scripts, and each state of the page."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.decisions import waiting
from platforma.catalogue.ingest.crawl_end import finish_crawl
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.models import Decision, Role
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.platforms.platform_states import Proposal
from platforma.catalogue.visitors import corrections
from platforma.catalogue.visitors.corrections import CorrectionRequest
from tests.browser.desk_pages import check_at_each_width, curators_page, press
from tests.people.pairs import judgements
from tests.people.site_fixture import SiteFixture, public_id

LISTINGS, PROPOSED, CRAWLS, MESSAGES = 30, 6, 2, 9
KEYS = {"listing": ("1", "22"), "platform": ("2", "33"), "crawl": ("1", "2"), "message": ("1", "2b2"), "pair": ("2", "1")}
"""What a curator presses at every second item of a kind, and at the others: a decision, or one with a reason."""
MAX_KEYS = 3


def propose(site: SiteFixture, id: str) -> None:
    with site.database.writing() as session:
        recipe = {"platform": id, "title": id.title(), "url": f"https://{id}.example/"}
        proposal = Proposal(f"https://{id}.example/", id.title(), recipe, contact_email=f"info@{id}.example", contact_lang="en")
        platform_states.propose_platform(session, proposal, actor="t")


def name(number: int) -> str:
    """A name that is like no other one."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(str(number).encode()).hexdigest()[:14])


def crawl(site: SiteFixture, id: str, *records: Record) -> None:
    stored = start_crawl(site.database, id)
    for record in records:
        stored.stage(record, None)
    finish_crawl(site.database, stored, CrawlResult(True, len(records), 0), secret_key=site.services.secret_key)


def fill(site: SiteFixture) -> None:
    """So many items of each kind, and the pairs that wait."""
    propose(site, "iesniegta")
    with site.database.writing() as session:
        platform_states.approve_platform(session, platform_id="iesniegta", actor="t", trusted=False)
    crawl(site, "iesniegta", *(Record(f"{n}", title={"lv": name(n)}) for n in range(LISTINGS)))
    for n in range(CRAWLS):
        propose(site, f"liela{n}")
        with site.database.writing() as session:
            platform_states.approve_platform(session, platform_id=f"liela{n}", actor="t")
        crawl(site, f"liela{n}", *(Record(f"{n}-{m}", title={"lv": name(100 * n + m + 100)}) for m in range(20)))
        crawl(site, f"liela{n}", Record(f"{n}-0", title={"lv": name(100 * n + 100)}))
    for n in range(PROPOSED):
        propose(site, f"pieteikta{n}")
    with site.database.writing() as session:
        id = public_id(site)
        for n in range(MESSAGES):
            corrections.enter(session, CorrectionRequest(id, "mistake", "place", f"Kļūda {n}", f"v{n}@x.example", "lv"))


def in_all(site: SiteFixture) -> int:
    with site.database.reading() as session:
        return waiting.queued(session, waiting.KINDS, skip=0, limit=1, taken=()).total


def kind_of(page: Page) -> str:
    """The kind of the item that is shown, by where its buttons send."""
    action = page.locator(".verdicts form, form.verdicts").first.get_attribute("action")
    assert action
    return action.split("/next/")[1].split("/")[0]


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_fifty_mixed_items_are_decided_by_keys_alone(browser: Browser, paired: SiteFixture, paired_base: str, lang: str) -> None:
    fill(paired)
    total, pressed, kinds = in_all(paired), [], dict[str, int]()
    assert total >= 50
    page = curators_page(browser, paired, paired_base)
    page.goto(f"{paired_base}/{lang}/desk/next")
    for left in range(total, 0, -1):
        expect(page.locator(".places").first).to_contain_text(f" {left} ")
        kind = kind_of(page)
        kinds[kind] = kinds.get(kind, 0) + 1
        keys = KEYS[kind][kinds[kind] % 2]
        for key in keys:
            with page.expect_navigation():
                press(page, key)
        pressed.append(len(keys))
    expect(page.locator("main")).to_contain_text({"lv": "Te nekas Jūs negaida", "en": "Nothing waits for you here"}[lang])
    assert in_all(paired) == 0 and set(kinds) == set(KEYS) and max(pressed) <= MAX_KEYS
    with paired.database.reading() as session:
        decided = session.scalar(select(func.count()).select_from(Decision)) or 0
    assert decided + len([one for one in judgements(paired) if one[1] == "curator@sic.example"]) == total


def test_a_decision_is_undone_by_one_key_and_its_item_is_there_again(
    browser: Browser, paired: SiteFixture, paired_base: str
) -> None:
    propose(paired, "iesniegta")
    page = curators_page(browser, paired, paired_base)
    page.goto(f"{paired_base}/en/desk/next?only=platform")
    press(page, "1")
    expect(page.get_by_role("status")).to_contain_text("approved and trusted")
    expect(page.get_by_role("status")).to_contain_text("The mail goes out")
    press(page, "0")
    expect(page.get_by_role("status")).to_contain_text("Taken back:")
    expect(page.get_by_role("heading", name="Iesniegta")).to_be_visible()


def test_the_buttons_of_each_kind_stand_in_one_row_on_a_desktop(browser: Browser, paired: SiteFixture, paired_base: str) -> None:
    fill(paired)
    page = curators_page(browser, paired, paired_base, viewport={"width": 1280, "height": 900})
    for kind in KEYS:
        page.goto(f"{paired_base}/lv/desk/next?only={kind}")
        tops = page.locator(".verdicts button").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
        assert len(tops) >= 2 and len(set(tops)) == 1, kind


@pytest.mark.parametrize("width", [360, 1280])
def test_the_navigation_shows_the_room_that_one_is_in_and_the_page_begins_at_its_top(
    browser: Browser, paired: SiteFixture, paired_base: str, width: int
) -> None:
    page = curators_page(browser, paired, paired_base, viewport={"width": width, "height": 500})
    page.goto(f"{paired_base}/lv/desk/sources")
    expect(page.locator("nav.rooms [aria-current]")).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0


def test_all_is_decided_without_scripts_on_a_small_phone(browser: Browser, paired: SiteFixture, paired_base: str) -> None:
    propose(paired, "iesniegta")
    page = curators_page(browser, paired, paired_base, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto(f"{paired_base}/lv/desk/next?only=platform")
    page.get_by_role("button", name="Noraidīt").focus()
    page.keyboard.press("Enter")
    page.locator("button[value=platform-not-social]").click()
    expect(page.get_by_label("Noraidīšanas iemesls")).to_have_value("What the site publishes is not about social innovation.")
    page.get_by_role("button", name="Noraidīt", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Platforma noraidīta")
    page.get_by_role("button", name="Atsaukt").first.click()
    expect(page.get_by_role("status")).to_contain_text("Atsaukts:")


def test_each_state_of_the_pages_is_accessible_and_fits(browser: Browser, paired: SiteFixture, paired_base: str) -> None:
    """Each kind of item, asking for a reason, decided, taken by a colleague, decided meanwhile, nothing left; and the lists."""
    fill(paired)
    page, colleague = (curators_page(browser, paired, paired_base, role) for role in (Role.CURATOR, Role.ADMIN))
    for kind in KEYS:
        page.goto(f"{paired_base}/lv/desk/next?only={kind}")
        check_at_each_width(page)
    page.goto(f"{paired_base}/lv/desk/next?only=message")
    press(page, "2")
    expect(page.get_by_role("textbox")).to_be_visible()
    check_at_each_width(page)
    address = page.url.split("?")[0]
    colleague.goto(address)
    expect(colleague.get_by_role("note")).to_contain_text("curator@sic.example")
    check_at_each_width(colleague)
    press(page, "2")
    expect(page.get_by_role("status")).to_contain_text("Ziņa noraidīta")
    check_at_each_width(page)
    press(colleague, "1")
    expect(colleague.get_by_role("alert")).to_contain_text("curator@sic.example")
    check_at_each_width(colleague)
    for path in ("listings", "platforms", "crawls", "reports", "decisions", "replies", "next?only=crawl&skip=9"):
        page.goto(f"{paired_base}/lv/desk/{path}")
        check_at_each_width(page)

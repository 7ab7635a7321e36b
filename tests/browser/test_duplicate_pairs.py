"""The desk's pairs in a real browser: by keys alone, without scripts, on a small phone, and in each of the page's states."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from platforma.catalogue.models import Role
from tests.browser.desk_pages import check_at_each_width, curators_page, press
from tests.people.pairs import judgements, waiting
from tests.people.site_fixture import SiteFixture


def test_a_queue_is_decided_by_one_key_a_pair_and_undone_by_one(browser: Browser, paired: SiteFixture, paired_base: str) -> None:
    page = curators_page(browser, paired, paired_base)
    page.goto(f"{paired_base}/lv/desk/duplicates")
    for key in "129":
        press(page, key)
        expect(page.get_by_role("status")).to_contain_text({"1": "apvienoti", "2": "Nav tas pats", "9": "Atlikts"}[key])
    press(page, "0")
    expect(page.get_by_role("status")).to_contain_text("Atsaukts:")
    assert [(verdict, stands) for verdict, _, stands in judgements(paired)] == [
        ("same", True),
        ("different", True),
        ("unsure", False),
    ]


def test_keys_are_shown_and_can_be_switched_off_for_good(browser: Browser, paired: SiteFixture, paired_base: str) -> None:
    page = curators_page(browser, paired, paired_base)
    page.goto(f"{paired_base}/en/desk/duplicates")
    join = page.get_by_role("button", name="The same: join")
    expect(join.locator("kbd")).to_be_visible()
    assert join.get_attribute("aria-keyshortcuts") == "1"
    page.get_by_label("Decide by the keys").uncheck()
    page.reload()
    expect(join.locator("kbd")).to_be_hidden()
    assert join.get_attribute("aria-keyshortcuts") is None
    page.keyboard.press("1")
    expect(page.get_by_role("status")).to_have_count(0)
    page.get_by_label("Decide by the keys").check()
    press(page, "Control+1")
    press(page, "2")
    expect(page.get_by_role("status")).to_contain_text("Not the same")
    assert [verdict for verdict, *_ in judgements(paired)] == ["different"]


def test_all_is_decided_without_scripts_on_a_small_phone(browser: Browser, paired: SiteFixture, paired_base: str) -> None:
    page = curators_page(browser, paired, paired_base, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto(f"{paired_base}/lv/desk/duplicates")
    assert page.locator("kbd").first.is_hidden() and page.locator(".use-keys").is_hidden()
    page.get_by_role("button", name="Nav tas pats").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Atsaukt").first.click()
    expect(page.get_by_role("status")).to_contain_text("Atsaukts:")
    assert len(waiting(paired.database)) == 3


def test_each_state_of_the_page_is_accessible_and_fits(browser: Browser, paired: SiteFixture, paired_base: str) -> None:
    """Waiting with a map, decided, decided by somebody else meanwhile, undone, put off, nothing left; and both other pages."""
    page, colleague = (curators_page(browser, paired, paired_base, role) for role in (Role.CURATOR, Role.ADMIN))
    colleague.goto(f"{paired_base}/lv/desk/duplicates?skip=2")
    expect(colleague.locator("svg line")).to_have_count(1)
    check_at_each_width(colleague)
    colleague.goto(f"{paired_base}/en/desk/duplicates")
    page.goto(f"{paired_base}/en/desk/duplicates")
    press(page, "1")
    expect(page.get_by_role("status")).to_contain_text("joined")
    check_at_each_width(page)
    press(colleague, "2")
    expect(colleague.get_by_role("alert")).to_contain_text("curator@sic.example")
    check_at_each_width(colleague)
    page.get_by_role("status").get_by_role("link").first.click()
    page.get_by_role("heading", name="Joined with this listing").wait_for()
    check_at_each_width(page)
    page.goto(f"{paired_base}/lv/desk/duplicates")
    for key, said in (("9", "Atlikts"), ("2", "Nav tas pats"), ("4", "Pirmais ir daļa no otrā")):
        press(page, key)
        expect(page.get_by_role("status")).to_contain_text(said)
    expect(page.get_by_text("Neviens pāris negaida lēmumu.")).to_be_visible()
    check_at_each_width(page)


def test_all_that_is_needed_to_decide_is_seen_at_once_on_a_desktop(
    browser: Browser, paired: SiteFixture, paired_base: str
) -> None:
    page = curators_page(browser, paired, paired_base, viewport={"width": 1280, "height": 900})
    page.goto(f"{paired_base}/lv/desk/duplicates?skip=2")
    bottoms = [
        page.locator(what).last.evaluate("one => one.getBoundingClientRect().bottom") for what in ("table.pair", ".verdicts")
    ]
    top = page.locator(".verdicts").evaluate("one => one.getBoundingClientRect().top")
    assert bottoms[0] <= top and bottoms[1] <= 900

"""What a stranger comes for, done from the start page by what stands on the pages, in both languages, on a phone and a wide screen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from crawlers.record import Record
from platforma.mail.delivery import deliver_due
from tests.browser.serving import served
from tests.people.inbox import Inbox, running_inbox, text_of
from tests.web.site import make_site

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
RECORDS = [
    Record("1", kind="social_enterprise", title={"lv": "Saules maize"}, country="LV", countries=("LV",), place="Rēzekne", website="https://saules-maize.example",
           lat=56.51, lon=27.33, themes=("work_integration",)),
    Record("2", kind="social_enterprise", title={"en": "Warm Slippers"}, country="EE", countries=("EE",)),
    Record("3", kind="social_enterprise", title={"en": "Second Thread"}, country="LT", countries=("LT",)),
    Record("4", kind="funding", title={"lv": "Mazo ideju fonds"}, country="LV", countries=("LV",), end_date="2999-03-31", themes=("education",)),
    Record("5", kind="funding", title={"lv": "Pagājušais fonds"}, country="LV", countries=("LV",), end_date="2020-03-31"),
]  # fmt: skip
LATVIAN = {
    "Add an organisation": "Pievienot organizāciju",
    "All open calls": "Visi atvērtie konkursi",
    "Apply filters": "Lietot filtrus",
    "Calendar file": "Kalendāra fails",
    "Confirm": "Apstiprināt",
    "Confirm and send": "Apstiprināt un nosūtīt",
    "Continue": "Turpināt",
    "Country": "Valsts",
    "Estonia": "Igaunija",
    "Filters": "Filtri",
    "Get news by e-mail": "Saņemt jaunumus e-pastā",
    "In one sentence": "Vienā teikumā",
    "Latvia": "Latvija",
    "Map": "Karte",
    "Name": "Nosaukums",
    "Once a week": "Reizi nedēļā",
    "Report a mistake": "Ziņot par kļūdu",
    "Search": "Meklēt",
    "Search initiatives": "Meklēt iniciatīvas",
    "Send": "Nosūtīt",
    "Send the link": "Nosūtīt saiti",
    "Thank you": "Paldies",
    "The texts are ours": "Teksti ir mūsu",
    "What it is": "Kas tas ir",
    "Where this comes from": "Informācijas avots",
    "Your e-mail": "Jūsu e-pasts",
    "Your message": "Jūsu ziņa",
    "education": "izglītība",
    "social enterprise": "sociālais uzņēmums",
    "social enterprises": "sociālie uzņēmumi",
    "Calendar": "Kalendārs",
}
SCREENS = {"lv": 360, "en": 1280}


@dataclass
class Visitor:
    """Somebody at a page, who finds things by their names in a language; `keys` is for those who have no mouse."""

    page: Page
    lang: str
    keys: bool = False

    def said(self, words: str) -> str:
        return words if self.lang == "en" else LATVIAN.get(words, words)

    def use(self, role: Literal["link", "button", "checkbox", "radio"], words: str, which: int = 0) -> None:
        """Press what has a name that begins so."""
        self.press(self.page.get_by_role(role, name=re.compile(rf"^\W*{re.escape(self.said(words))}", re.IGNORECASE)).nth(which))

    def press(self, control: Locator) -> None:
        if self.keys:
            self.come_to(control)
            self.page.keyboard.press("Space" if control.get_attribute("type") in ("checkbox", "radio") else "Enter")
        else:
            control.click()

    def type(self, label: str, text: str) -> None:
        field = self.page.get_by_label(re.compile(f"^{re.escape(self.said(label))}$"))
        self.come_to(field) if self.keys else field.click()
        self.page.keyboard.type(text)

    def come_to(self, control: Locator) -> None:
        """Come to a control by the Tab key; radio buttons are one stop for all."""
        expect(control).to_be_visible()
        for _stop in range(200):
            if control.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"no way by Tab to {control}")

    def sees(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words, ignore_case=True)

    def filters(self, *names: str, has_script: bool) -> None:
        if SCREENS[self.lang] < 900:
            self.use("link", "Filters")
        for name in names:
            self.use("checkbox", name)
            expect(self.page.get_by_role("checkbox", name=self.said(name))).to_be_checked()
        if not has_script:
            self.use("button", "Apply filters", -1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("tasks")), RECORDS)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def visitors(*ways: str) -> pytest.MarkDecorator:
    """A test for a visitor in each language and each of these ways: mouse, keys, or without scripts."""
    both: Sequence[tuple[str, str]] = [(lang, way) for lang in SCREENS for way in ("mouse", *ways)]
    return pytest.mark.parametrize("visitor", both, indirect=True, ids=lambda one: "-".join(one))


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visitor]:
    lang, way = request.param
    context = browser.new_context(
        viewport={"width": SCREENS[lang], "height": 800}, locale=lang, java_script_enabled=way != "no-script"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address)
    yield Visitor(page, lang, keys=way == "keys")
    context.close()


def mailed_link(app: Flask, inbox: Inbox) -> str:
    """The path of the link in the mail that comes now."""
    services = app.extensions["platforma"]
    deliver_due(services.database, services.settings.model_copy(update={"mail_url": inbox.url}))
    found = re.search(r"https?://[^/\s]+(/\S+)", text_of(inbox.mails[-1][1]))
    assert found
    return found[1]


@visitors("no-script")
def test_the_social_enterprises_of_two_countries_as_a_spreadsheet(visitor: Visitor, request: pytest.FixtureRequest) -> None:
    visitor.use("link", "social enterprises")
    visitor.filters("Estonia", "Latvia", has_script="no-script" not in request.node.callspec.id)
    expect(visitor.page.locator("h1")).to_contain_text({"lv": "Igaunijā un Latvijā", "en": "Estonia and Latvia"}[visitor.lang])
    with visitor.page.expect_download() as download:
        visitor.use("link", "Excel")
    with ZipFile(download.value.path()) as book:
        words = book.read("xl/worksheets/sheet1.xml").decode()
    assert ("Saules maize" in words, "Warm Slippers" in words, "Second Thread" in words) == (True, True, False)


@visitors("keys")
def test_a_weekly_mail_about_a_theme(visitor: Visitor, app: Flask, address: str) -> None:
    visitor.use("link", "Get news by e-mail")
    visitor.use("link", "education")
    visitor.type("Your e-mail", f"{visitor.lang}-{visitor.keys}@partneris.example".lower())
    with running_inbox() as inbox:
        visitor.use("button", "Send the link")
        visitor.sees("@partneris.example")
        visitor.page.goto(address + mailed_link(app, inbox))
    visitor.sees(visitor.said("education"))
    visitor.sees(visitor.said("Once a week"))
    visitor.use("button", "Confirm")
    visitor.sees("…@partneris.example")


@visitors("no-script")
def test_the_calls_still_open_in_a_calendar(visitor: Visitor) -> None:
    visitor.use("link", "All open calls")
    visitor.use("link", "Calendar")
    with visitor.page.expect_download() as download:
        visitor.use("link", "Calendar file")
    calendar = download.value.path().read_text(encoding="utf-8")
    assert ("Mazo ideju fonds" in calendar, "Pagājušais fonds" in calendar) == (True, False)


@visitors("no-script")
def test_a_map_of_a_region(visitor: Visitor) -> None:
    visitor.page.get_by_label(visitor.said("Search initiatives")).fill("Latgale")
    visitor.use("button", "Search")
    visitor.page.get_by_role("main").get_by_role("link", name="Latgale", exact=True).click()
    visitor.use("link", "Map")
    expect(visitor.page.locator("h1")).to_contain_text("Latgal")
    expect(visitor.page.get_by_role("main").get_by_role("link", name="Saules maize")).to_be_visible()


@visitors("keys", "no-script")
def test_a_mistake_is_reported(visitor: Visitor) -> None:
    visitor.use("link", "Mazo ideju fonds")
    visitor.use("link", "Report a mistake")
    visitor.press(visitor.page.get_by_role("radio").first)
    visitor.type("Your message", "31. aprīlis")
    visitor.use("button", "Send")
    visitor.sees(visitor.said("Thank you"))


@visitors("no-script")
def test_one_organisation_is_added(visitor: Visitor, app: Flask, address: str) -> None:
    visitor.use("link", "Add an organisation")
    visitor.type("Name", "Kaimiņu dārzs")
    visitor.page.get_by_label(visitor.said("What it is")).select_option(label=visitor.said("social enterprise"))
    visitor.type("In one sentence", "Dārzs pagalmā")
    visitor.page.get_by_label(visitor.said("Country")).select_option(label=visitor.said("Latvia"))
    visitor.type("Your e-mail", f"darzs-{visitor.lang}@partneris.example")
    visitor.use("checkbox", "The texts are ours")
    with running_inbox() as inbox:
        visitor.use("button", "Continue")
        visitor.sees("@partneris.example")
        visitor.page.goto(address + mailed_link(app, inbox))
    visitor.use("button", "Confirm and send")
    visitor.sees("Kaimiņu dārzs")


@visitors()
def test_where_a_listing_comes_from(visitor: Visitor) -> None:
    visitor.use("link", "Mazo ideju fonds")
    origin = visitor.page.get_by_role("region", name=visitor.said("Where this comes from"))
    origin.scroll_into_view_if_needed()
    expect(origin).to_contain_text("avots")

"""Passkeys in a real browser, whose authenticator is a virtual one: added, used, and refused where they must be."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from tests.browser.serving import check_accessible_and_fitting, served
from tests.web.site import make_site

EMAIL = "redaktors@sic.example"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


class PasskeySite(NamedTuple):
    """A site by its own name, and the same site by another port."""

    app: Flask
    base: str
    elsewhere: str


class Person(NamedTuple):
    """A person's browser with a device that holds passkeys."""

    site: PasskeySite
    context: BrowserContext
    page: Page

    def open(self, path: str, base: str = "") -> None:
        self.page.goto(f"{base or self.site.base}{path}")

    def sign_in_by_mail(self) -> None:
        with self.site.app.extensions["platforma"].database.writing() as session:
            user = accounts.add_user(session, email=EMAIL, role=Role.CURATOR, actor="test")
            token = accounts.issue_sign_in(session, user_id=user.id)
        self.open(f"/lv/sign-in/{token}")
        self.page.locator("main button").click()
        self.page.wait_for_url("**/desk/")

    def add(self, name: str) -> None:
        self.open("/lv/desk/passkeys/")
        self.page.locator("#name").fill(name)
        self.page.get_by_role("button", name="Pievienot piekļuves atslēgu").click()
        expect(self.page.locator("ul.rows strong", has_text=name)).to_be_visible()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Iziet").click()
        self.page.wait_for_url(re.compile(r"/lv/$"))

    def sign_in(self, path: str = "/lv/sign-in", base: str = "") -> None:
        self.open(path, base)
        self.page.get_by_role("button", name="Ienākt ar piekļuves atslēgu").click()

    def is_refused(self) -> bool:
        expect(self.page.locator("main")).to_contain_text("Šī piekļuves atslēga šeit nederēja")
        return "platforma_session" not in {cookie.get("name") for cookie in self.context.cookies()}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PasskeySite]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = make_site(tmp_path, base_url=f"http://localhost:{port}")
    with served(app, port), served(app) as other:
        yield PasskeySite(app, f"http://localhost:{port}", other.replace("127.0.0.1", "localhost"))


@pytest.fixture(params=[360, 1280])
def person(request: pytest.FixtureRequest, browser: Browser, site: PasskeySite) -> Iterator[Person]:
    context = browser.new_context(viewport={"width": request.param, "height": 800}, locale="lv-LV")
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield Person(site, context, page)
    context.close()


def test_a_passkey_is_added_used_named_and_removed(person: Person) -> None:
    person.sign_in_by_mail()
    person.open("/lv/desk/passkeys/")
    check_accessible_and_fitting(person.page)
    person.add("tālrunis")
    check_accessible_and_fitting(person.page)
    person.page.get_by_role("button", name="Pievienot piekļuves atslēgu").click()
    expect(person.page.locator("[role=alert]")).to_be_visible()
    person.sign_out()
    person.sign_in("/lv/sign-in?next=/lv/desk/listings")
    person.page.wait_for_url(re.compile(r":\d+/lv/desk/listings$"))
    person.open("/lv/desk/passkeys/")
    expect(person.page.locator("ul.rows")).to_contain_text("pēdējo reizi lietota")
    person.page.locator("ul.rows input[type=text]").fill("darba dators")
    person.page.locator("button[value=rename]").click()
    expect(person.page.locator("ul.rows strong")).to_have_text("darba dators")
    person.page.locator("button[value=remove]").click()
    expect(person.page.locator("main")).to_contain_text("Jums vēl nav")
    person.sign_out()
    person.sign_in()
    assert person.is_refused(), "a removed passkey opens nothing"
    check_accessible_and_fitting(person.page)


def test_the_passkey_of_a_closed_account_opens_nothing_also_when_it_is_open_again(person: Person) -> None:
    person.sign_in_by_mail()
    person.add("tālrunis")
    person.sign_out()
    database = person.site.app.extensions["platforma"].database
    with database.writing() as session:
        account = accounts.account_of(session, EMAIL)
        assert account
        accounts.close_account(session, user_id=account.id, actor="test")
    person.sign_in()
    assert person.is_refused()
    with database.writing() as session:
        accounts.add_user(session, email=EMAIL, role=Role.CURATOR, actor="test")
    person.sign_in()
    assert person.is_refused()


def test_an_answer_that_was_given_at_another_origin_is_refused(person: Person) -> None:
    person.sign_in_by_mail()
    person.add("tālrunis")
    person.sign_out()
    person.sign_in(base=person.site.elsewhere)
    assert person.is_refused()
    person.sign_in()
    person.page.wait_for_url("**/desk/")


def test_an_answer_signs_in_once(person: Person) -> None:
    person.sign_in_by_mail()
    person.add("tālrunis")
    person.sign_out()
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.post_data or "") if "by-passkey" in request.url else None)
    person.sign_in()
    person.page.wait_for_url("**/desk/")
    [form] = sent
    person.sign_out()
    person.context.clear_cookies()
    person.open("/lv/sign-in")
    token = person.page.locator("form[data-passkey] [name=csrf_token]").get_attribute("value") or ""
    again = re.sub(r"csrf_token=[^&]*", f"csrf_token={token}", form)
    answer = person.context.request.post(
        f"{person.site.base}/lv/sign-in-by-passkey", data=again, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status == 400 and "nederēja" in answer.text()
    assert "platforma_session" not in {cookie.get("name") for cookie in person.context.cookies()}


def test_without_scripts_the_mailed_link_is_all_that_is_offered(browser: Browser, site: PasskeySite) -> None:
    context = browser.new_context(java_script_enabled=False, locale="lv-LV")
    page = context.new_page()
    page.goto(f"{site.base}/lv/sign-in")
    expect(page.get_by_role("button", name="Nosūtīt saiti")).to_be_visible()
    expect(page.get_by_role("button", name="Ienākt ar piekļuves atslēgu")).to_be_hidden()
    context.close()

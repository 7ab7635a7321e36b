"""The widget on a partner's page in a real browser: another origin, whose policy allows nothing but what the page of the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Locator, Page, expect

from crawlers.record import Record
from tests.browser.serving import Server, check_accessible_and_fitting
from tests.servers.process import free_port
from tests.web.site import HOSTILE, RECORDS, make_site

LICENSED = Record("l1", kind="resource", title={"lv": "Rokasgrāmata"}, country="LV", countries=("LV",), licence="CC BY 4.0")
HOST_PAGE = """<!doctype html><html lang="lv"><head><meta charset="utf-8"><title>Partneris</title>
<meta name="viewport" content="width=device-width"></head><body><main><h1>Partneris</h1>{code}</main></body></html>"""


class Partner:
    """A partner's site: each page is some code, under a policy that allows the site itself and what `policy` adds."""

    def __init__(self) -> None:
        app = Flask("partner")
        app.add_url_rule("/", view_func=self._page)
        app.add_url_rule("/favicon.ico", "icon", lambda: Response(status=204))
        self.code, self.policy = "", ""
        self.server = Server(app)
        self.server.start()

    def _page(self) -> Response:
        answer = Response(HOST_PAGE.format(code=self.code))
        answer.headers["Content-Security-Policy"] = f"default-src 'self'; base-uri 'none'; form-action 'self'; {self.policy}"
        return answer


class Site:
    """The directory, at the address that its settings say."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.app = make_site(folder, [*RECORDS, LICENSED], base_url=f"http://127.0.0.1:{port}")
        self.server = Server(self.app, port)
        self.base = self.server.address
        self.server.start()

    def code(self, parameters: str, lang: str = "lv") -> tuple[str, str]:
        """The code of a widget and what a policy must allow for it, as the page tells partners."""
        page = self.app.test_client().get(f"/{lang}/widget?{parameters}").get_data(as_text=True)
        (code,) = re.findall(r'<textarea id="widget-code"[^>]*>([^<]*)</textarea>', page)
        policies = re.findall(r"<code>([^<]*)</code>", page)
        return unescape(code), unescape("".join(policies))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(Path(tmp_path_factory.mktemp("widget")))
    yield site
    site.server.end()


@pytest.fixture(scope="module")
def partner() -> Iterator[Partner]:
    partner = Partner()
    yield partner
    partner.server.end()


class Visit:
    """A visitor of the partner's page: what the browser asked for, was handed and complained about."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": 320, "height": 640}, **options)
        self.page = self.context.new_page()
        self.requested: list[str] = []
        self.complaints: list[str] = []
        self.cookies: list[str] = []
        self.page.on("request", lambda asked: self.requested.append(asked.url))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("response", lambda answer: self.cookies.extend(filter(None, [answer.headers.get("set-cookie")])))

    def show(self, partner: Partner, code: str, policy: str) -> Page:
        partner.code, partner.policy = code, policy
        self.page.goto(partner.server.address)
        return self.page

    def check_nothing_else_happened(self, *servers: Server) -> None:
        origins = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in self.requested}
        assert origins <= {server.address for server in servers}
        assert (self.cookies, self.context.cookies(), self.complaints) == ([], [], [])


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    visit = Visit(browser)
    yield visit
    visit.context.close()


def background(locator: Locator) -> str:
    return str(locator.evaluate("(one) => getComputedStyle(one).backgroundColor"))


def test_the_script_makes_a_list_under_a_strict_policy(site: Site, partner: Partner, visit: Visit) -> None:
    page = visit.show(partner, *site.code("country=LV"))
    widget = page.locator(".widget")
    expect(widget.locator("h2")).to_have_text("Iniciatīvas Latvijā")
    expect(widget.locator("li")).to_have_count(3)
    expect(widget).to_contain_text("sociālais uzņēmums · Cēsis, Latvija")
    expect(widget).to_contain_text("licence: CC BY 4.0")
    expect(page.get_by_role("link", name="Saules maize")).to_have_attribute("href", re.compile(rf"{site.base}/lv/initiatives/"))
    assert widget.get_attribute("lang") == "lv"
    check_accessible_and_fitting(page)
    visit.check_nothing_else_happened(site.server, partner.server)


def test_the_script_needs_no_way_to_write_html(site: Site, partner: Partner, visit: Visit) -> None:
    code, policy = site.code("q=&when=all&field=1")
    page = visit.show(partner, code, f"{policy}; require-trusted-types-for 'script'; trusted-types 'none'")
    expect(page.locator(".widget li").first).to_be_visible()
    visit.check_nothing_else_happened(site.server, partner.server)


def test_without_what_the_page_of_the_code_says_the_policy_lets_only_the_link_stand(
    site: Site, partner: Partner, visit: Visit
) -> None:
    code, policy = site.code("country=LV")
    script, _, connect = policy.partition("; ")
    for part in (script, connect):
        page = visit.show(partner, code, part)
        expect(page.get_by_role("link")).to_have_attribute("href", f"{site.base}/lv/search?country=LV")
        page.wait_for_load_state("networkidle")
        assert page.locator(".widget").count() == 0 and visit.complaints, part
        visit.complaints.clear()


def test_a_search_is_made_by_keyboard_alone_and_its_filters_stay(site: Site, partner: Partner, visit: Visit) -> None:
    page = visit.show(partner, *site.code("kind=project&field=1"))
    expect(page.locator(".widget li")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Meklēt iniciatīvas")).to_be_focused()
    page.keyboard.type("maize")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("0 rezultātu")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("repair")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 rezultāts")
    expect(page.get_by_role("link", name="Repair Map")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Visi rezultāti")).to_have_attribute(
        "href", f"{site.base}/lv/search?q=repair&kind=project"
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Repair Map")).to_be_focused()
    check_accessible_and_fitting(page)
    visit.check_nothing_else_happened(site.server, partner.server)


def test_a_slow_answer_does_not_come_over_a_later_one(site: Site, partner: Partner, visit: Visit) -> None:
    page = visit.show(partner, *site.code("field=1"))
    field = page.get_by_label("Meklēt iniciatīvas")
    with page.expect_response("**/lv/embed.json?q=maize") as slow:
        with site.server.slow(3), page.expect_request("**/lv/embed.json?q=maize"):
            field.fill("maize")
            field.press("Enter")
            page.wait_for_timeout(500)  # until the server has begun to wait
        field.fill("nekurienes")
        field.press("Enter")
        expect(page.get_by_role("status")).to_have_text("0 rezultātu")
    slow.value.finished()
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    expect(page.get_by_role("status")).to_have_text("0 rezultātu")


def test_an_answer_that_breaks_off_is_told_and_leaves_a_way_on(site: Site, partner: Partner, visit: Visit) -> None:
    page = visit.show(partner, *site.code("country=LV&field=1"))
    expect(page.locator(".widget li")).to_have_count(3)
    page.get_by_label("Meklēt iniciatīvas").fill("maize")
    with site.server.breaking_off("/lv/embed.json?country=LV&q=maize"):
        page.get_by_role("button", name="Meklēt").click()
        expect(page.get_by_role("status")).to_have_text("Meklēšana pašlaik nav pieejama")
    page.get_by_role("button", name="Meklēt").click()
    expect(page.get_by_role("status")).to_have_text("1 rezultāts")


def test_a_link_stands_where_the_first_answer_does_not_come(site: Site, partner: Partner, visit: Visit) -> None:
    with site.server.breaking_off("/lv/embed.json?country=LV"):
        page = visit.show(partner, *site.code("country=LV"))
        page.wait_for_load_state("networkidle")
    assert any(complaint.startswith("Platforma:") for complaint in visit.complaints)
    expect(page.get_by_role("link")).to_have_attribute("href", f"{site.base}/lv/search?country=LV")


def test_whoever_stands_on_the_link_stands_in_the_widget_when_it_comes(site: Site, partner: Partner, visit: Visit) -> None:
    with site.server.slow(1):
        page = visit.show(partner, *site.code("kind=project"))
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Projekti – Platforma platformām")).to_be_focused()
        expect(page.get_by_role("link", name="Repair Map")).to_be_focused()


@pytest.mark.parametrize("way", ["script", "frame", "links"])
def test_without_scripts_links_lead_on(browser: Browser, site: Site, partner: Partner, way: str) -> None:
    visit = Visit(browser, java_script_enabled=False)
    page = visit.show(partner, *site.code(f"country=LV&way={way}"))
    link = page.get_by_role("link", name=re.compile("Platforma platformām")).last
    expect(link).to_have_attribute("href", f"{site.base}/lv/search?country=LV")
    assert page.get_by_role("link", name="Saules maize").count() == (way == "links")
    assert visit.complaints == []
    visit.context.close()


def test_a_frame_searches_without_scripts_and_keeps_what_was_chosen(browser: Browser, site: Site, partner: Partner) -> None:
    visit = Visit(browser, java_script_enabled=False)
    page = visit.show(partner, *site.code("way=frame&field=1&country=LV&links=8a0000&ground=fff&limit=1"))
    frame = page.frame_locator("iframe")
    expect(frame.locator("li")).to_have_count(1)
    frame.get_by_label("Meklēt iniciatīvas").fill("repair")
    frame.get_by_role("button", name="Meklēt").click()
    expect(frame.get_by_role("status")).to_have_text("0 rezultātu")
    frame.get_by_label("Meklēt iniciatīvas").fill("maize")
    frame.get_by_role("button", name="Meklēt").press("Enter")
    expect(frame.get_by_role("status")).to_have_text("1 rezultāts")
    visit.check_nothing_else_happened(site.server, partner.server)
    frame.get_by_role("link", name="Saules maize").click()
    page.wait_for_url(f"{site.base}/lv/initiatives/**")
    visit.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "parameters", ["field=1", "field=1&links=8a0000&text=222&ground=fff6e5", "look=dark", "kind=x", "q=nekas"]
)
def test_every_look_of_a_frame_is_accessible_on_a_small_phone(browser: Browser, site: Site, scheme: Any, parameters: str) -> None:
    visit = Visit(browser, color_scheme=scheme)
    visit.page.goto(f"{site.base}/lv/embed?{parameters}")
    check_accessible_and_fitting(visit.page)
    expected = {"light": "rgb(253, 252, 249)", "dark": "rgb(17, 25, 28)"}["dark" if "look=dark" in parameters else scheme]
    assert background(visit.page.locator("body")) == ("rgb(255, 246, 229)" if "ground" in parameters else expected)
    assert [text for text in visit.complaints if "400" not in text] == []
    visit.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_a_partner_are_the_same_on_every_device_and_ours_are_not(
    browser: Browser, site: Site, partner: Partner, scheme: Any
) -> None:
    visit = Visit(browser, color_scheme=scheme)
    own, policy = site.code("links=8a0000&text=222&ground=fff6e5&field=1")
    ours, _ = site.code("country=LV")
    page = visit.show(partner, own + ours, policy)
    widgets = page.locator(".widget")
    expect(widgets).to_have_count(2)
    assert background(widgets.nth(0)) == "rgb(255, 246, 229)" and background(page.locator(".widget button")) == "rgb(138, 0, 0)"
    assert background(widgets.nth(1)) == {"light": "rgb(253, 252, 249)", "dark": "rgb(17, 25, 28)"}[scheme]
    check_accessible_and_fitting(page)
    visit.check_nothing_else_happened(site.server, partner.server)
    visit.context.close()


@pytest.mark.parametrize("way", ["script", "frame", "links"])
def test_markup_in_words_and_titles_stays_text(site: Site, partner: Partner, visit: Visit, way: str) -> None:
    code, policy = site.code(f"way={way}&when=all&q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E+%22Kop%C4%81%22&exact=1&field=1")
    page = visit.show(partner, code, policy)
    inside: Any = page.frame_locator("iframe") if way == "frame" else page
    expect(inside.get_by_role("link", name=HOSTILE)).to_be_visible()
    assert page.locator("script").count() == (way == "script")
    visit.check_nothing_else_happened(site.server, partner.server)


def test_links_of_other_sites_and_other_pages_stay_as_they_are(site: Site, partner: Partner, visit: Visit) -> None:
    code, policy = site.code("country=LV")
    others = (
        f'<a data-platforma href="{partner.server.address}/lv/search">Cits</a><a href="{site.base}/lv/search">Bez logrīka</a>'
    )
    page = visit.show(partner, f"{others}{code}{code}", policy)
    expect(page.locator(".widget")).to_have_count(2)
    expect(page.get_by_role("link", name="Cits")).to_be_visible()
    expect(page.get_by_role("link", name="Bez logrīka")).to_be_visible()
    visit.check_nothing_else_happened(site.server, partner.server)


def test_a_page_that_isolates_itself_shows_the_badge_in_either_light(browser: Browser, site: Site, partner: Partner) -> None:
    page = site.app.test_client().get("/lv/badge").get_data(as_text=True)
    code = unescape(re.findall(r'<textarea id="code-auto"[^>]*>([^<]*)</textarea>', page)[0])
    looks = set()
    for scheme in ("light", "dark"):
        visit = Visit(browser, color_scheme=scheme)
        shown = visit.show(partner, code, f"img-src {site.base}")
        badge = shown.get_by_role("img", name="Mūs var atrast katalogā Platforma platformām")
        expect(badge).to_be_visible()
        assert badge.evaluate("(one) => one.naturalWidth") == 240
        looks.add(badge.screenshot())
        visit.check_nothing_else_happened(site.server, partner.server)
        visit.context.close()
    assert len(looks) == 2


@pytest.mark.parametrize("path", ["/lv/widget?field=1", "/en/widget?links=%23fff", "/lv/widget?way=links", "/en/badge"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_pages_with_the_code_are_accessible(browser: Browser, site: Site, path: str, width: int, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site.base}{path}")
    check_accessible_and_fitting(page)
    context.close()


def test_code_is_chosen_without_scripts_and_copied_with_them(browser: Browser, site: Site) -> None:
    for scripts in (False, True):
        context = browser.new_context(java_script_enabled=scripts, permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{site.base}/lv/widget")
        page.locator("#kind").select_option("project")
        page.get_by_label("ietvarus, bet ne skriptus").check()
        page.get_by_role("button", name="Parādīt").click()
        expect(page.locator("#widget-code")).to_have_value(re.compile(r"<iframe .*kind=project"))
        expect(page.frame_locator("iframe").get_by_role("link", name="Repair Map")).to_be_visible()
        copy = page.get_by_role("button", name="Kopēt kodu")
        assert copy.is_visible() == scripts
        if scripts:
            copy.click()
            expect(page.get_by_text("Kods ir nokopēts")).to_be_visible()
            assert page.evaluate("navigator.clipboard.readText()") == page.locator("#widget-code").input_value()
        context.close()

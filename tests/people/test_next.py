"""Signing in leads back to the page that asked for it, and to no other place whatever stands in the address."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.web.public.own_pages import own_page
from tests.people.site_fixture import SiteFixture
from tests.web.site import make_site

HOSTILE = [
    "", " ", "/", "//", "//evil.example", "///evil.example", "////evil.example/lv/", "https://evil.example", "http:evil.example",
    "http:///evil.example", "HTTPS://evil.example/lv/", "javascript:alert(1)", "data:text/html,x", "\\\\evil.example",
    "/\\evil.example", "\\/evil.example", "/lv\\..\\evil", "\\evil", "/%5cevil.example", "/%5C%5Cevil.example",
    "/%2fevil.example", "/%2F/evil.example", "/lv/%2e%2e//evil.example", "/lv/../../evil.example", "/lv/desk/../../evil",
    "/lv/desk/%2e%2e/", "/%252fevil.example", "/lv/%255cevil", "/\tevil.example", "/\t/evil.example", "/\n/evil.example",
    "\t//evil.example", " //evil.example", "/lv/desk/\r\nSet-Cookie: a=b", "/lv/desk/%0d%0aSet-Cookie:a=b", "/lv/desk/\x00",
    "/lv/desk/%00", "/lv/desk/ ", "/lv/desk/%20", "/@evil.example", "/.evil.example", "evil.example", "lv/desk/", "?next=x",
    "#x", "/lv/desk/#x", "/lv/desk/listings\u2028", "/lv／desk", "/lv/nothing", "/xx/desk/", "/lv/desk", "/assets/site.css",
    "/lv/sign-in", "/lv/sign-out", "/lv/sign-in/abc", "/lv/desk/initiatives/abc/decision", "/healthz",
    "/lv//desk/", "/lv/desk//", "/lv/desk/?" + "x" * 1000,
]  # fmt: skip
OWN = [
    "/lv/desk/", "/en/desk/listings", "/lv/desk/listings?skip=20", "/lv/desk/concepts/?q=%C4%81bols", "/lv/desk/initiatives/abc",
    "/lv/desk/sources/v/recipe", "/lv/search?q=a&country=LV", "/lv/", "/en/register", "/lv/desk/mails/",
    "/lv/desk/?next=//evil.example",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(tmp_path_factory.mktemp("site"), [])


@pytest.fixture
def site(site: SiteFixture) -> SiteFixture:
    with site.database.writing() as session:
        accounts.add_user(session, email="anna@sic.example", role=Role.CURATOR, actor="test")
        accounts.add_user(session, email="reader@sic.example", role=Role.READER, actor="test")
        accounts.add_user(session, email="partner@sic.example", role=Role.PARTNER, actor="test")
    return site


@pytest.mark.parametrize("page", HOSTILE)
def test_what_is_no_page_of_this_site_is_not_followed(app: Flask, page: str) -> None:
    with app.test_request_context("/lv/sign-in"):
        assert own_page(page) is None


@pytest.mark.parametrize("page", OWN)
def test_pages_of_this_site_are_followed_with_their_query(app: Flask, page: str) -> None:
    with app.test_request_context("/lv/sign-in"):
        assert own_page(page) == page


def signed_in_by_mail(site: SiteFixture, address: str, email: str = "anna@sic.example") -> str:
    """Where signing in leads to, from the sign-in page at this address over the form, the mail and the button."""
    client = site.app.test_client()
    form = client.get(address).get_data(as_text=True)
    client.post("/lv/sign-in", data={"email": email} | hidden(form))
    link = site.link()
    button = client.get(link).get_data(as_text=True)
    answer = client.post(urlsplit(link).path, data=hidden(button))
    assert answer.status_code == 302
    return answer.location


def hidden(page: str) -> dict[str, str]:
    found = re.search(r'name="next" value="([^"]*)"', page)
    return {"next": html.unescape(found[1])} if found else {}


@pytest.mark.parametrize("page", ["/lv/desk/listings", "/en/desk/listings?skip=20", "/lv/desk/concepts/?q=%C4%81bols&skip=50"])
def test_who_is_signed_out_is_led_back_to_the_page_that_was_asked_for(site: SiteFixture, page: str) -> None:
    led = site.app.test_client().get(page)
    assert led.status_code == 302
    assert signed_in_by_mail(site, led.location) == page


def test_who_may_not_see_the_page_is_led_to_their_own(site: SiteFixture) -> None:
    assert signed_in_by_mail(site, "/lv/sign-in?next=/lv/desk/listings", "partner@sic.example") == "/lv/partner/"
    assert signed_in_by_mail(site, "/lv/sign-in?next=/lv/register", "partner@sic.example") == "/lv/register"
    assert signed_in_by_mail(site, "/lv/sign-in?next=/lv/desk/listings", "reader@sic.example") == "/lv/desk/listings"


@pytest.mark.parametrize("page", ["//evil.example", "/\\evil.example", "https://evil.example/lv/desk/", "/%5cevil.example"])
def test_no_step_takes_another_host(site: SiteFixture, page: str) -> None:
    assert signed_in_by_mail(site, f"/lv/sign-in?next={quote(page, safe='')}") == "/lv/desk/"
    client = site.app.test_client()
    client.post("/lv/sign-in", data={"email": "anna@sic.example", "next": page})
    link = site.link()
    assert "next" not in link
    assert 'name="next"' not in client.get(link, query_string={"next": page}).get_data(as_text=True)
    assert client.post(link, data={"next": page}).location == "/lv/desk/"


def test_a_link_that_does_not_work_any_more_keeps_where_it_led(site: SiteFixture) -> None:
    page = site.app.test_client().get("/lv/sign-in/x?next=/lv/desk/listings").get_data(as_text=True)
    assert 'href="/lv/sign-in?next=/lv/desk/listings"' in page

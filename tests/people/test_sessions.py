"""The session of a browser: a new secret with each sign-in, and nothing that somebody else chose."""

from __future__ import annotations

from platforma.catalogue.models import Role
from platforma.web.context import COOKIE
from tests.people.site_fixture import SiteFixture

PLANTED = "a-secret-that-somebody-else-chose"


def opens_desk(site: SiteFixture, secret: str) -> bool:
    client = site.app.test_client()
    client.set_cookie(COOKIE, secret)
    return client.get("/lv/desk/").status_code == 200


def test_a_session_that_was_planted_is_worth_nothing_after_signing_in(site: SiteFixture) -> None:
    client = site.signed_in(Role.CURATOR)
    first = client.get_cookie(COOKIE)
    assert first is not None and opens_desk(site, first.value)
    client.set_cookie(COOKIE, PLANTED)
    again = site.signed_in(Role.CURATOR, client)
    second = again.get_cookie(COOKIE)
    assert second is not None and second.value not in (PLANTED, first.value)
    assert opens_desk(site, second.value) and not opens_desk(site, PLANTED)


def test_a_session_that_ended_is_not_taken_up_again(site: SiteFixture) -> None:
    client = site.signed_in(Role.CURATOR)
    secret = client.get_cookie(COOKIE)
    assert secret is not None
    assert client.post("/lv/sign-out").status_code == 302
    assert not opens_desk(site, secret.value)

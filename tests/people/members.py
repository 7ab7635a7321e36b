"""People who answer for a platform, each in a browser of their own."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from platforma.catalogue.models import Event, Membership, Platform, Role
from platforma.catalogue.people import accounts, memberships
from platforma.web.context import COOKIE
from tests.people.site_fixture import SiteFixture

ANNA, BERTA = "anna@v.example", "berta@cits.example"


def account(site: SiteFixture, email: str, role: Role = Role.PARTNER) -> FlaskClient:
    """A browser in which somebody has just signed in."""
    client = site.app.test_client()
    with site.database.writing() as session:
        user = accounts.add_user(session, email=email, role=role, actor="test")
        client.set_cookie(COOKIE, accounts.open_session(session, user.id))
    return client


def member(site: SiteFixture, email: str = ANNA, platform_id: str = "v", role: Role = Role.PARTNER) -> FlaskClient:
    """The same for a member of a platform."""
    client = account(site, email, role)
    with site.database.writing() as session:
        user = accounts.account_of(session, email)
        assert user
        if not memberships.is_member(session, platform_id, user.id):
            session.add(Membership(user_id=user.id, platform_id=platform_id, role=memberships.MEMBER))
    return client


def page_of(site: SiteFixture, platform_id: str = "v", lang: str = "en") -> str:
    """The path of a platform's page for its members."""
    with site.database.reading() as session:
        return f"/{lang}/partner/{session.get_one(Platform, platform_id).public_id}/"


def emails(site: SiteFixture, platform_id: str = "v") -> list[str]:
    """Who answers for a platform."""
    with site.database.reading() as session:
        return [one.email for one in memberships.members(session, platform_id)]


def membership_id(site: SiteFixture, email: str, platform_id: str = "v") -> int:
    with site.database.reading() as session:
        return next(one.id for one in memberships.members(session, platform_id) if one.email == email)


def last_event(site: SiteFixture, platform_id: str = "v") -> tuple[str, str]:
    """Who did what to a platform last."""
    with site.database.reading() as session:
        query = select(Event.actor, Event.action).where(Event.object_type == "platform", Event.object_id == platform_id)
        actor, action = session.execute(query.order_by(Event.id.desc()).limit(1)).one()
        return actor, action

"""Whoever claims a listing, each in a browser of their own, and the forms that they open and send."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from platforma.catalogue.models import Event, Initiative, Membership
from platforma.catalogue.partners import claims
from platforma.catalogue.partners.claims import Claim
from platforma.catalogue.people import accounts
from platforma.catalogue.shapes import Composed
from platforma.web.context import COOKIE
from tests.people.desk import Desk, records
from tests.people.editing import Form
from tests.people.site_fixture import public_id

SITE = "https://darzs.lv/"
ANNA, BERTA = "anna@darzs.lv", "berta@cits.example"


def garden(desk: Desk, **more: Any) -> str:
    """A published listing with a website, and its public id."""
    desk.crawl(records(2, **({"website": SITE} | more)))
    desk.mails()
    return public_id(desk, "r00")


def ask(desk: Desk, id: str, email: str, status: int = 200) -> None:
    assert desk.app.test_client().post(f"/en/initiatives/{id}/claim", data={"email": email}).status_code == status


def link_for(desk: Desk, id: str, email: str) -> str:
    """The path of the mailed link."""
    ask(desk, id, email)
    return desk.link()


def claimed(desk: Desk, id: str, email: str = ANNA) -> FlaskClient:
    """A browser of somebody who has just claimed a listing by a mailed link, and is signed in."""
    link, client = link_for(desk, id, email), desk.app.test_client()
    with desk.database.reading() as session:
        known = accounts.account_of(session, email)
    assert client.post(link).status_code == 303
    if known is not None:
        with desk.database.writing() as session:
            client.set_cookie(COOKIE, accounts.open_session(session, known.id))
    return client


def by_word(desk: Desk, id: str, email: str = BERTA) -> FlaskClient:
    """The same, confirmed by a curator."""
    client = claimed(desk, id, email)
    assert decide(desk, id, email, "vouch") == 302
    return client


def decide(desk: Desk, id: str, email: str, step: str, **more: str) -> int:
    """A curator's step about somebody's claim; the status of the answer."""
    sent = {"do": step, "claim": str(claim_of(desk, id, email).id), **more}
    return desk.signed_in().post(f"/en/desk/claims/{id}", data=sent).status_code


def claim_of(desk: Desk, id: str, email: str = ANNA) -> Claim:
    with desk.database.reading() as session:
        return next(one for one in claims.claims_of(session, id) if one.email == email)


def keepers(desk: Desk, id: str) -> list[tuple[str, bool]]:
    """Who claims a listing, and whether that is proven."""
    with desk.database.reading() as session:
        return [(one.email, one.is_proven) for one in claims.claims_of(session, id)]


def opened(client: FlaskClient, id: str, lang: str = "lv") -> Form:
    """The form of one's own listing."""
    answer = client.get(f"/{lang}/partner/listings/{id}/")
    assert answer.status_code == 200
    return Form.of(client, answer.get_data(as_text=True))


def saved(client: FlaskClient, id: str, **values: str | list[str]) -> None:
    answer = opened(client, id).type(**values).send()
    assert answer.status_code == 303, answer.get_data(as_text=True)


def composed(desk: Desk, id: str) -> Composed:
    """What visitors see of a listing."""
    with desk.database.reading() as session:
        return session.scalars(select(Initiative.composed).where(Initiative.public_id == id)).one()


def actions(desk: Desk, id: str) -> list[str]:
    """What was done to a listing, the first first."""
    with desk.database.reading() as session:
        query = select(Event.action).where(Event.object_type == "initiative", Event.object_id == id)
        return list(session.scalars(query.order_by(Event.id)))


def claim_count(desk: Desk) -> int:
    with desk.database.reading() as session:
        return len(session.scalars(select(Membership.id).where(Membership.initiative_id.is_not(None))).all())

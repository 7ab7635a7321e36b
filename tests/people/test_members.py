"""Who may see and change a platform as its partner: a table of attacks, invitations, and the contact that is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Platform, Token
from platforma.catalogue.people import accounts, memberships
from tests.people.desk import Desk
from tests.people.members import ANNA, BERTA, account, emails, last_event, member, membership_id, page_of
from tests.people.proposing import propose

GUEST = "ciemins@viesi.example"
PATHS: Sequence[tuple[str, str, Mapping[str, str]]] = (
    ("get", "", {}),
    ("get", "leave", {}),
    ("get", "proof", {}),
    ("get", "mapping", {}),
    ("post", "mapping", {"do": "use"}),
    ("post", "mapping/back", {}),
    ("post", "proof", {}),
    ("get", "people/{anna}", {}),
    ("post", "crawl", {}),
    ("post", "reading", {"do": "pause"}),
    ("post", "settings", {"lang": "en", "licence": "CC0-1.0"}),
    ("post", "contact", {"email": BERTA}),
    ("post", "answer", {"text": "x"}),
    ("post", "proposal", {"text": "x"}),
    ("post", "leave", {"listings": "with"}),
    ("post", "people", {"email": BERTA}),
    ("post", "people/{anna}", {}),
)
"""Each page and form of a platform, with what a member would send."""


def another(desk: Desk) -> FlaskClient:
    """A member of another platform."""
    propose(desk, id="otra")
    return member(desk, BERTA, "otra")


def removed(desk: Desk) -> FlaskClient:
    """Somebody who was a member until now, in the browser in which they are signed in."""
    client = member(desk, BERTA)
    with desk.database.writing() as session:
        id = next(one.id for one in memberships.members(session, "v") if one.email == BERTA)
        memberships.remove(session, platform_id="v", membership_id=id, actor=ANNA)
    return client


def closed(desk: Desk) -> FlaskClient:
    """A member whose account was closed meanwhile."""
    client = member(desk, BERTA)
    with desk.database.writing() as session:
        user = accounts.account_of(session, BERTA)
        assert user
        accounts.close_account(session, user_id=user.id, actor="test")
    return client


ATTACKERS: dict[str, tuple[Callable[[Desk], FlaskClient], dict[str, int]]] = {
    "a visitor": (lambda desk: desk.app.test_client(), {"get": 302, "post": 401}),
    "a partner of nothing": (lambda desk: account(desk, BERTA), {"get": 404, "post": 404}),
    "a member of another platform": (another, {"get": 404, "post": 404}),
    "a curator, who has the desk": (lambda desk: desk.signed_in(), {"get": 404, "post": 404}),
    "a removed member": (removed, {"get": 404, "post": 404}),
    "a closed account": (closed, {"get": 302, "post": 401}),
}


@pytest.mark.parametrize("who", ATTACKERS)
def test_nobody_but_members_sees_or_changes_a_platform(desk: Desk, who: str) -> None:
    """And nobody learns whether there is one: an unknown id is answered alike."""
    anna = member(desk)
    make, answers = ATTACKERS[who]
    attacker, page = make(desk), page_of(desk)
    before = last_event(desk)
    for method, path, data in PATHS:
        where = path.format(anna=membership_id(desk, ANNA))
        for own in (page, "/en/partner/aaaaaaaaaa/"):
            answer = attacker.open(f"{own}{where}", method=method, data=data)
            assert answer.status_code == answers[method], (method, own, where)
    assert last_event(desk) == before and desk.mails() == []
    assert anna.get(page).status_code == 200


def test_another_platforms_member_is_not_removed_through_ones_own(desk: Desk) -> None:
    berta = another(desk)
    member(desk)
    foreign = membership_id(desk, ANNA)
    own = page_of(desk, "otra")
    assert berta.get(f"{own}people/{foreign}").status_code == 404
    assert berta.post(f"{own}people/{foreign}").status_code == 404
    assert ANNA in emails(desk)


def test_forms_without_their_token_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, page = member(desk), page_of(desk)
    monkeypatch.setitem(desk.app.config, "WTF_CSRF_ENABLED", True)
    before = last_event(desk)
    for method, path, data in PATHS:
        if method == "post":
            assert anna.post(f"{page}{path.format(anna=1)}", data=data).status_code == 400, path
    assert last_event(desk) == before


def invited(desk: Desk, email: str = GUEST) -> str:
    """The path of an invitation's link."""
    assert member(desk).post(f"{page_of(desk)}people", data={"email": email}).status_code == 303
    assert last_event(desk) == (ANNA, "invite")
    return desk.link()


def test_an_invitation_makes_a_member_who_is_signed_in(desk: Desk) -> None:
    link = invited(desk)
    guest = desk.app.test_client()
    assert "Vietne" in desk.text(guest, link)
    assert guest.post(link).location.startswith(page_of(desk))
    assert guest.get(page_of(desk)).status_code == 200
    assert emails(desk) == [ANNA, GUEST] and last_event(desk) == (GUEST, "become_member")


def test_an_invitation_signs_nobody_in_who_had_an_account(desk: Desk) -> None:
    account(desk, GUEST)
    guest = desk.app.test_client()
    assert guest.post(invited(desk)).status_code == 303
    assert "/sign-in" in guest.get(page_of(desk)).location and GUEST in emails(desk)


def used(desk: Desk, link: str) -> FlaskClient:
    desk.app.test_client().post(link)
    return desk.app.test_client()


def expired(desk: Desk, _link: str) -> FlaskClient:
    with desk.database.writing() as session:
        session.execute(update(Token).values(expires_at=utc_now()))
    return desk.app.test_client()


def inviter_removed(desk: Desk, _link: str) -> FlaskClient:
    member(desk, BERTA)
    with desk.database.writing() as session:
        id = next(one.id for one in memberships.members(session, "v") if one.email == ANNA)
        memberships.remove(session, platform_id="v", membership_id=id, actor=BERTA)
    return desk.app.test_client()


def inviter_closed(desk: Desk, _link: str) -> FlaskClient:
    with desk.database.writing() as session:
        user = accounts.account_of(session, ANNA)
        assert user
        accounts.close_account(session, user_id=user.id, actor="test")
    return desk.app.test_client()


def guest_closed(desk: Desk, _link: str) -> FlaskClient:
    account(desk, GUEST)
    with desk.database.writing() as session:
        user = accounts.account_of(session, GUEST)
        assert user
        accounts.close_account(session, user_id=user.id, actor="test")
    return desk.app.test_client()


BAD_INVITATIONS: dict[str, Callable[[Desk, str], FlaskClient]] = {
    "used": used,
    "expired": expired,
    "opened by another account": lambda desk, _link: account(desk, BERTA),
    "of somebody who was removed": inviter_removed,
    "of an account that was closed": inviter_closed,
    "to an account that was closed": guest_closed,
}


@pytest.mark.parametrize("how", BAD_INVITATIONS)
def test_an_invitation_is_useless_when(desk: Desk, how: str) -> None:
    link = invited(desk)
    client = BAD_INVITATIONS[how](desk, link)
    before = emails(desk)
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert emails(desk) == before


def test_an_invitation_is_no_other_link(desk: Desk) -> None:
    token = invited(desk).rpartition("/")[2]
    visitor = desk.app.test_client()
    for path in ("sign-in", "register", "partner/contacts"):
        assert visitor.post(f"/en/{path}/{token}").status_code == 410, path


def test_the_last_one_stays_until_the_platform_has_left(desk: Desk) -> None:
    anna, page = member(desk), page_of(desk)
    own = f"{page}people/{membership_id(desk, ANNA)}"
    assert anna.post(own).status_code == 409
    anna.post(f"{page}leave", data={"listings": "without"})
    assert anna.post(own).location == "/en/partner/"
    assert emails(desk) == [] and last_event(desk) == (ANNA, "remove_member")


def test_mails_to_strangers_are_bounded(desk: Desk) -> None:
    anna, page = member(desk), page_of(desk)
    answers = [anna.post(f"{page}people", data={"email": GUEST}).status_code for _ in range(7)]
    assert answers == 5 * [303] + 2 * [429]
    assert anna.post(f"{page}contact", data={"email": GUEST}).status_code == 303, "each purpose has a limit of its own"


def contact(desk: Desk) -> str | None:
    with desk.database.reading() as session:
        return session.get_one(Platform, "v").contact_email


def asked_for_contact(desk: Desk) -> str:
    assert member(desk).post(f"{page_of(desk)}contact", data={"email": GUEST}).status_code == 303
    return desk.link()


def test_a_contact_counts_once_it_is_confirmed_and_only_once(desk: Desk) -> None:
    link = asked_for_contact(desk)
    visitor = desk.app.test_client()
    assert GUEST in desk.text(visitor, link) and contact(desk) == "info@v.example"
    assert visitor.post(link).status_code == 200
    assert contact(desk) == GUEST and last_event(desk) == (GUEST, "contact")
    assert visitor.post(link).status_code == 410


@pytest.mark.parametrize("how", ["expired", "of somebody who was removed", "of an account that was closed"])
def test_a_contact_does_not_change_by_a_link_that_is(desk: Desk, how: str) -> None:
    link = asked_for_contact(desk)
    client = BAD_INVITATIONS[how](desk, link)
    assert client.get(link).status_code == client.post(link).status_code == 410
    assert contact(desk) == "info@v.example"


@pytest.mark.parametrize("path", ["people", "contact"])
def test_what_is_no_address_is_said_beside_its_field_and_stays(desk: Desk, path: str) -> None:
    answer = member(desk).post(f"{page_of(desk)}{path}", data={"email": "nekas"})
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert 'value="nekas"' in text and "Enter an e-mail address" in text and text.count('aria-invalid="true"') == 1

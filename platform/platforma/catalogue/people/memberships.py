"""Memberships: who may follow and answer for a platform, whom they invite, and who is removed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.errors import BadState, BadToken, NotFound
from platforma.catalogue.models import Membership, Platform, PlatformState, Role, Token, User
from platforma.catalogue.people import account_limits, accounts, proofs, tokens
from vocabulary.messages import N_

OWNER, MEMBER = "owner", "member"
"""The roles of whoever proposed a platform, and of whom they invited; both may do the same."""
LAST = N_("You are the only one who answers for this platform: invite somebody else first, or let the platform leave.")
UNANSWERED = (PlatformState.LEFT, PlatformState.REFUSED)
"""The states of platforms for which nobody needs to answer any more."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who answers for a platform."""

    id: int
    user_id: int
    email: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What an accepted invitation led to: whose account, and for which platform; `is_new`: the account was made by it."""

    user_id: int
    public_id: str
    is_new: bool


def join(session: Session, *, email: str, platform_id: str, lang: str) -> None:
    """Make the holder of a confirmed address the owner of a platform that has no member yet.

    An address without an account gets one of a partner; one that has an account keeps its role. A closed account stays closed
    and joins nothing: only an admin opens it again.
    """
    if session.scalar(select(Membership.id).where(Membership.platform_id == platform_id).limit(1)) is not None:
        return
    account = accounts.account_of(session, email)
    if account is not None and account.closed_at is not None:
        return
    user_id = account.id if account else accounts.add_user(session, email=email, role=Role.PARTNER, actor=email, lang=lang).id
    _add(session, user_id=user_id, platform_id=platform_id, role=OWNER, email=email)


def platform_ids(session: Session, user_id: int) -> list[str]:
    """The ids of the platforms that a person answers for, by title."""
    query = select(Platform.id).join(Membership, Membership.platform_id == Platform.id).where(Membership.user_id == user_id)
    return list(session.scalars(query.order_by(Platform.title, Platform.id)))


def own_platform_id(session: Session, user_id: int, public_id: str) -> str:
    """The id of a platform that a person answers for. Raises NotFound, whether there is none or it is another's."""
    is_own = Membership.user_id == user_id, Platform.public_id == public_id
    id = session.scalar(select(Platform.id).join(Membership, Membership.platform_id == Platform.id).where(*is_own))
    if id is None:
        raise NotFound(public_id)
    return id


def members(session: Session, platform_id: str) -> Sequence[Member]:
    """The open accounts that answer for a platform, the first first."""
    query = select(Membership.id, User.id, User.email).join(User, User.id == Membership.user_id)
    query = query.where(Membership.platform_id == platform_id, User.closed_at.is_(None))
    return [Member(*row) for row in session.execute(query.order_by(Membership.id))]


def member(session: Session, platform_id: str, membership_id: int) -> Member:
    """One of them. Raises NotFound."""
    found = next((one for one in members(session, platform_id) if one.id == membership_id), None)
    if found is None:
        raise NotFound(str(membership_id))
    return found


def remove(session: Session, *, platform_id: str, membership_id: int, actor: str, has_left: bool = False) -> Member:
    """Let somebody answer for a platform no more; return who.

    Raises NotFound, and BadState for the last one while somebody has to answer for it; `has_left`: nobody has to any more.
    """
    state = session.scalar(select(Platform.state).where(Platform.id == platform_id).with_for_update())
    removed = member(session, platform_id, membership_id)
    if len(members(session, platform_id)) == 1 and not has_left and state not in UNANSWERED:
        raise BadState(LAST)
    session.delete(session.get_one(Membership, membership_id))
    before = {"email": removed.email}
    record_event(session, actor=actor, action="remove_member", object_type="platform", object_id=platform_id, before=before)
    return removed


def invite(session: Session, *, platform_id: str, email: str, by: int, key: bytes) -> str:
    """Issue an invitation to answer for a platform; return the name of its mailed link. Raises BadState for too many in a day."""
    payload = {"platform": platform_id, "email": email.strip().lower(), "by": by}
    actor = session.get_one(User, by).email
    account_limits.check_account(session, actor=actor, action="invite")
    after = {"email": payload["email"]}
    record_event(session, actor=actor, action="invite", object_type="platform", object_id=platform_id, after=after)
    return tokens.issue_mailed_token(session, purpose=tokens.INVITE, key=key, payload=payload)


def read_invitation(session: Session, secret: str, user_id: int | None) -> Platform:
    """The platform that an invitation is to. `user_id` is who is signed in, None for nobody.

    Raises BadToken where it was used or expired, is another account's, or who sent it answers for the platform no more.
    """
    return _checked(session, tokens.read_token(session, secret, tokens.INVITE), user_id)


def accept(session: Session, secret: str, *, user_id: int | None, lang: str) -> Joined:
    """Use an invitation up; an address without an account gets one of a partner. Raises BadToken as read_invitation does."""
    token = tokens.use_token(session, secret, tokens.INVITE)
    platform, email = _checked(session, token, user_id), token.payload["email"]
    account = accounts.account_of(session, email)
    own_id = account.id if account else accounts.add_user(session, email=email, role=Role.PARTNER, actor=email, lang=lang).id
    is_there = Membership.user_id == own_id, Membership.platform_id == platform.id
    if session.scalar(select(Membership.id).where(*is_there)) is None:
        _add(session, user_id=own_id, platform_id=platform.id, role=MEMBER, email=email)
    proofs.note_mail(session, subject=platform.id, email=email)
    return Joined(own_id, platform.public_id, account is None)


def _checked(session: Session, token: Token, user_id: int | None) -> Platform:
    payload = token.payload
    invited, platform = accounts.account_of(session, payload["email"]), session.get(Platform, payload["platform"])
    is_anothers = user_id is not None and (invited is None or invited.id != user_id)
    is_closed = invited is not None and invited.closed_at is not None
    if platform is None or is_anothers or is_closed or not is_member(session, platform.id, payload["by"]):
        raise BadToken(tokens.INVITE)
    return platform


def is_member(session: Session, platform_id: str, user_id: int) -> bool:
    """Whether a person with an open account answers for a platform."""
    return any(one.user_id == user_id for one in members(session, platform_id))


def _add(session: Session, *, user_id: int, platform_id: str, role: str, email: str) -> None:
    session.add(Membership(user_id=user_id, platform_id=platform_id, role=role))
    session.flush()
    after = {"email": email, "role": role}
    record_event(session, actor=email, action="become_member", object_type="platform", object_id=platform_id, after=after)

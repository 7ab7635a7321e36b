"""Memberships: who may follow and answer for a platform."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.models import Membership, Role
from platforma.catalogue.people import accounts

OWNER = "owner"
"""The role of whoever proposed a platform."""


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
    session.add(Membership(user_id=user_id, platform_id=platform_id, role=OWNER))
    after = {"email": email, "role": OWNER}
    record_event(session, actor=email, action="become_member", object_type="platform", object_id=platform_id, after=after)

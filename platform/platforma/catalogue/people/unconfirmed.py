"""Requests that wait with the link that confirms them, and are deleted where nobody does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from platforma.catalogue.models import Mail, Token
from platforma.catalogue.people import tokens

FORGET_AFTER = timedelta(days=7)
"""How long after its link expired a request that nobody confirmed is stored."""
PURPOSES = (tokens.CONFIRM_SEARCH, tokens.CONFIRM_REPORT, tokens.CONFIRM_ADDITION)


def prune_unconfirmed(session: Session, now: datetime) -> None:
    """Delete requests that nobody confirmed, with the mails that carry their links."""
    is_old = Token.purpose.in_(PURPOSES), Token.expires_at < now - FORGET_AFTER
    forget_requests(session, Mail.secret_name.in_(select(Token.name).where(*is_old)))
    session.execute(delete(Token).where(*is_old))


def forget_requests(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Delete the mails that meet the conditions, and the requests that their links confirm."""
    names = session.scalars(select(Mail.secret_name).where(*conditions)).all()
    session.execute(delete(Token).where(Token.name.in_(names)))
    session.execute(delete(Mail).where(Mail.secret_name.in_(names)))

"""How often an account may do in a day what costs others something: sites that are read, strangers who are mailed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Event
from vocabulary.messages import N_

DAY = timedelta(days=1)
PER_DAY = {"crawl_now": 20, "invite": 20, "ask_contact": 10}
"""The most events of an action by one account within DAY."""
TOO_OFTEN = N_("You have done this very often today; it works again tomorrow.")


def check_account(session: Session, *, actor: str, action: str) -> None:
    """Raise BadState where an account has done this as often as it may."""
    is_done = Event.actor == actor, Event.action == action, Event.at > utc_now() - DAY
    if (session.scalar(select(func.count()).select_from(Event).where(*is_done)) or 0) >= PER_DAY[action]:
        raise BadState(TOO_OFTEN)

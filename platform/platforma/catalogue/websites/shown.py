"""What readers are told of a listing's website."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from platforma.catalogue.enums import WebsiteState
from platforma.catalogue.models import Initiative, ListingWebsite, Website

_DEAD = (
    select(Website.fetched_at)
    .join(ListingWebsite, ListingWebsite.website_key == Website.key)
    .join(Initiative, Initiative.id == ListingWebsite.initiative_id)
    .where(Initiative.public_id == bindparam("public_id"), Website.state == WebsiteState.DEAD)
)
"""Made once: to make it takes longer than to run it."""


def unanswered_at(session: Session, public_id: str) -> datetime | None:
    """When the website of a listing was tried last, where it is dead; None for one that is not, or that is not looked at."""
    tried_at: datetime | None = session.connection().scalar(_DEAD, {"public_id": public_id})
    return tried_at

"""Listings that wait to be composed anew, since a change of a term touches them; a worker does it in small commits."""

from __future__ import annotations

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.listings import compose, groups
from platforma.catalogue.models import Initiative, ListingToCompose, Outbox

BATCH = 200


def queue(session: Session, listing_ids: Select[int]) -> None:
    """Let these listings wait, each once."""
    waits = select(ListingToCompose.initiative_id)
    ids = select(Initiative.id).where(Initiative.id.in_(listing_ids), Initiative.id.not_in(waits))
    session.execute(insert(ListingToCompose).from_select(["initiative_id"], ids))


def compose_waiting(database: Database) -> int:
    """Compose all that wait; return how many."""
    total = 0
    while done := _compose_batch(database):
        total += done
    return total


def unfinished(session: Session) -> int:
    """How many listings are to be composed or indexed."""
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in (ListingToCompose, Outbox))


def _compose_batch(database: Database) -> int:
    with database.writing() as session:
        groups.lock_groups(session)
        query = select(ListingToCompose.initiative_id).order_by(ListingToCompose.initiative_id).limit(BATCH)
        ids = list(session.scalars(query))
        compose.recompose(session, ids, utc_now())
        session.execute(delete(ListingToCompose).where(ListingToCompose.initiative_id.in_(ids)))
    return len(ids)

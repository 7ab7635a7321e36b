"""Reads of where listings are, for maps: no more of a listing than a point needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings.listing import Text, text_for
from platforma.catalogue.models import Initiative, InitiativeState
from platforma.catalogue.shapes import Composed

BATCH_SIZE = 500
_LISTINGS = select(Initiative.public_id, Initiative.state, Initiative.composed).where(
    Initiative.public_id.in_(bindparam("ids", expanding=True))
)
"""Whole listings: to take out their parts in SQL, SQLite reads the JSON of each once a part."""


@dataclass(frozen=True, slots=True)
class Place:
    """A published listing that has coordinates: `lat` and `lon` in degrees (WGS 84), `title` in the reader's language."""

    public_id: str
    slug: str
    lat: float
    lon: float
    title: Text
    kind: str | None


def places(session: Session, public_ids: Sequence[str], lang: str) -> Iterator[Place]:
    """The places of the published listings among these that have coordinates, in the order of the ids."""
    remaining = iter(public_ids)
    while batch := list(islice(remaining, BATCH_SIZE)):
        rows = session.connection().execute(_LISTINGS, {"ids": batch}).all()
        published = {row.public_id: row.composed for row in rows if row.state == InitiativeState.PUBLISHED}
        found = (_place(id, published[id], lang) for id in batch if id in published)
        yield from (place for place in found if place)


def _place(public_id: str, composed: Composed, lang: str) -> Place | None:
    fields = composed.get("fields", {})
    lat, lon = fields.get("lat"), fields.get("lon")
    if lat is None or lon is None:
        return None
    titles = composed.get("texts", {}).get("title", {})
    title = text_for(lang, titles, composed.get("original_lang")) or Text(public_id, None)
    return Place(public_id, composed.get("slug", "-"), lat, lon, title, fields.get("kind"))

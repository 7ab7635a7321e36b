"""Reads of where listings are, for maps: no more of a listing than a point needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings.listing import Text, text_for
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Initiative

BATCH_SIZE = 500
_FIELDS = Initiative.composed["fields"]
_LAT, _LON = _FIELDS["lat"].as_float(), _FIELDS["lon"].as_float()
_IS_PLACED = (is_published(), _LAT.is_not(None), _LON.is_not(None))


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
    columns = (Initiative.public_id, Initiative.composed["slug"].as_string(), _LAT, _LON, _FIELDS["kind"].as_string())
    texts = (Initiative.composed["texts"]["title"], Initiative.composed["original_lang"].as_string())
    remaining = iter(public_ids)
    while batch := list(islice(remaining, BATCH_SIZE)):
        query = select(*columns, *texts).where(Initiative.public_id.in_(batch), *_IS_PLACED)
        rows = {row[0]: row for row in session.execute(query)}
        for public_id in batch:
            if public_id in rows:
                _, slug, lat, lon, kind, titles, original_lang = rows[public_id]
                title = text_for(lang, titles or {}, original_lang) or Text(public_id, None)
                yield Place(public_id, slug or "-", lat, lon, title, kind)

"""What each source says of each field of a listing, whether it is shown or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import compose, groups
from platforma.catalogue.listings.layers import shown_value
from platforma.catalogue.models import Initiative
from platforma.catalogue.shapes import FieldValue


@dataclass(frozen=True, slots=True)
class Said:
    """What a platform says of a field; it was seen there last at an instant in UTC."""

    platform_id: str
    platform_title: str
    last_seen_at: datetime
    value: FieldValue


def said_of(session: Session, public_id: str) -> Mapping[tuple[str, str], Sequence[Said]]:
    """What is said by field and language (empty for fields without one), by the platforms' ids. Raises NotFound."""
    id = session.scalar(select(Initiative.id).where(Initiative.public_id == public_id))
    if id is None:
        raise NotFound(public_id)
    records = groups.records_behind(session, [id])[id]
    said: dict[tuple[str, str], list[Said]] = {}
    for platform_id, composed in compose.sources_of(records).by_platform.items():
        own = [record for record in records if record.platform_id == platform_id]
        title, seen_at = own[0].platform.title, max(record.last_seen_at for record in own)
        keys = [(field, lang) for field, texts in composed["texts"].items() for lang in texts]
        for key in (*keys, *((field, "") for field in composed["fields"])):
            said.setdefault(key, []).append(Said(platform_id, title, seen_at, shown_value(composed, *key)))
    return said

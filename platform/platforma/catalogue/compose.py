"""Composing a listing: per field and language the curator's value, then the owner's, then the best record's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from platforma.catalogue.ids import slugify
from platforma.catalogue.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import Initiative, Outbox, Record, RecordState, Value

LAYERS = ("owner", "curator")
"""From the weaker to the stronger; both stand over all records."""
BATCH = 500
POINT = {"lat", "lon"}
WHEREABOUTS = {"place", "address", "country"}
NOTHING: tuple[Any, ...] = ("", None, [], {})


def recompose(session: Session, initiative_ids: Collection[int], now: datetime) -> None:
    """Compose these listings anew and let the index know. Merged ones are composed into the one that stands."""
    targets = _standing(session, initiative_ids)
    for ids in _batched(sorted(targets)):
        records = records_behind(session, ids)
        query = select(Initiative).where(Initiative.id.in_(ids)).options(selectinload(Initiative.values))
        for initiative in session.scalars(query):
            composed = compose(records[initiative.id], initiative.values)
            if composed != initiative.composed:
                initiative.composed, initiative.changed_at = composed, now
            session.add(Outbox(initiative_id=initiative.id))


def records_behind(session: Session, initiative_ids: Collection[int]) -> dict[int, list[Record]]:
    """The records of each listing, with those of the listings that were merged into it, by their own id."""
    owner = {id: id for id in initiative_ids}
    merged = select(Initiative.id, Initiative.merged_into_id).where(Initiative.merged_into_id.in_(initiative_ids))
    owner |= {row.id: row.merged_into_id for row in session.execute(merged)}
    found: defaultdict[int, list[Record]] = defaultdict(list)
    query = select(Record).where(Record.initiative_id.in_(owner)).options(joinedload(Record.platform)).order_by(Record.id)
    for record in session.scalars(query):
        found[owner[record.initiative_id]].append(record)
    return found


def compose(records: Sequence[Record], values: Iterable[Value]) -> dict[str, Any]:
    """The composed JSON of a listing (see listing.Listing for the meaning of its parts)."""
    composed: dict[str, Any] = {"texts": {}, "fields": {}, "origins": {}, "derived": {}}
    ranked = _ranked(records)
    for record in reversed(ranked):
        _lay_record(composed, record)
    for layer in LAYERS:
        for value in values:
            if value.layer == layer:
                _lay_value(composed, value)
    titles = composed["texts"].get("title", {})
    composed["original_lang"] = next(iter(ranked[0].payload["title"]), None) if ranked else None
    composed["licensed"] = bool(composed["fields"].get("licence")) or "owner" in composed["origins"].values()
    composed["slug"] = slugify(next(iter(titles.values()), ""))
    return composed


def source_value(records: Sequence[Record], field: str, lang: str) -> Any:
    """What the records alone say of a field (in a language for texts); None where they say nothing."""
    composed = compose(records, ())
    return composed["texts"].get(field, {}).get(lang) if lang else composed["fields"].get(field)


def _standing(session: Session, initiative_ids: Collection[int]) -> set[int]:
    """The listings themselves, or those they were merged into."""
    found: set[int] = set()
    for ids in _batched(sorted(initiative_ids)):
        rows = session.execute(select(Initiative.id, Initiative.merged_into_id).where(Initiative.id.in_(ids)))
        found |= {row.merged_into_id or row.id for row in rows}
    return found


def _batched(ids: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return (tuple(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def _ranked(records: Sequence[Record]) -> list[Record]:
    """The best first: what stands at the source before what is gone, the organisation's own site, the platform's
    rank, the newest."""
    return sorted(
        records,
        key=lambda r: (
            r.state != RecordState.SEEN,
            not _is_own_site(r),
            r.platform.rank,
            -r.last_seen_at.timestamp(),
            r.id,
        ),
    )


def _is_own_site(record: Record) -> bool:
    hosts = [(urlsplit(record.payload.get(name) or "").hostname or "").removeprefix("www.") for name in ("url", "website")]
    return bool(hosts[0]) and hosts[0] == hosts[1]


def _lay_record(composed: dict[str, Any], record: Record) -> None:
    """Lay a record's values over those of the weaker ones."""
    payload = record.payload
    for field in TEXT_FIELDS:
        for lang, text in payload[field].items():
            _lay(composed, field, lang, text, record.platform_id)
    for field in (*PLAIN_FIELDS, *LIST_FIELDS):
        if payload.get(field) not in NOTHING and not _is_vaguer(composed, payload, field):
            _lay(composed, field, "", payload[field], record.platform_id)
            composed["derived"].pop(field, None)
            if field in payload["derived"]:
                composed["derived"][field] = payload["derived"][field]


def _is_vaguer(composed: dict[str, Any], payload: Mapping[str, Any], field: str) -> bool:
    """Whether a record knows the town's coordinates where a weaker one gives the initiative's own."""
    return field in POINT and field in payload["derived"] and field in composed["fields"] and field not in composed["derived"]


def _lay_value(composed: dict[str, Any], value: Value) -> None:
    """Lay a person's value over everything; an empty one takes the field away.

    Coordinates of a town's centre go with the town: a person who puts the place right has not said where it lies.
    """
    if value.field in WHEREABOUTS:
        for field in POINT & composed["derived"].keys():
            for part in ("fields", "origins", "derived"):
                composed[part].pop(field, None)
    if value.value in NOTHING:
        part = composed["texts"].get(value.field, {}) if value.lang else composed["fields"]
        part.pop(value.lang or value.field, None)
    else:
        _lay(composed, value.field, value.lang, value.value, value.layer)
    composed["derived"].pop(value.field, None)


def _lay(composed: dict[str, Any], field: str, lang: str, value: Any, origin: str) -> None:
    if lang:
        composed["texts"].setdefault(field, {})[lang] = value
        composed["origins"][f"{field}/{lang}"] = origin
    else:
        composed["fields"][field] = value
        composed["origins"][field] = origin

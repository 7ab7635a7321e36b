"""Rows of the catalogue for tests of rules, made without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from crawlers import record as crawled
from platforma.catalogue.models import Platform, Record, RecordState, Value

START = datetime(2026, 1, 1, tzinfo=UTC)


def payload(**fields: Any) -> dict[str, Any]:
    """A record's content; titled in Latvian unless it says otherwise."""
    return crawled.Record("1", **{"title": {"lv": "Saules maize"}} | fields).to_json()  # type: ignore[arg-type]


def record(
    platform: str = "a", *, id: int = 1, state: RecordState = RecordState.SEEN, rank: int = 100, day: int = 0, **fields: Any
) -> Record:
    """A record of a platform with this rank, known since the given day of January."""
    source = Platform(id=platform, rank=rank)
    first_seen_at = START + timedelta(days=day)
    return Record(
        id=id, platform_id=platform, platform=source, state=state, payload=payload(**fields),
        first_seen_at=first_seen_at, last_seen_at=first_seen_at,
    )  # fmt: skip


def value(field: str, what: Any, *, lang: str = "", layer: str = "curator") -> Value:
    """What a person says of a field."""
    return Value(field=field, lang=lang, value=what, layer=layer)

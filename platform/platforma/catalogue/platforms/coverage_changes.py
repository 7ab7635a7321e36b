"""Changes of the field coverage from one good crawl to the next, of which a curator is told: the mapping needs a look."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Platform
from platforma.catalogue.platforms import coverage_counts
from platforma.catalogue.platforms.field_coverage import StoredCoverage

MIN_FILLED_SHARE = 0.5
"""A field that more than this share of the records filled counts as emptied when its share falls below half of what it was."""


def update_coverage(session: Session, platform_id: str) -> list[str]:
    """After a good crawl, compare its coverage with that of the last one, raise notices of what changed, and store it.

    Return the keys of the notices that a curator must be told of.
    """
    coverage, now = coverage_counts.count_anew(session, platform_id), utc_now()
    platform = session.get_one(Platform, platform_id)
    before: StoredCoverage | None = platform.shape
    after = coverage.to_json()
    known_values = before.get("unmapped", []) if before else []
    new_values = [pair for pair in after["unmapped"] if pair not in known_values]
    values = {_value_key(*pair): {"dimension": pair[0], "text": pair[1]} for pair in new_values}
    keys = notices.raise_notices(session, platform_id, "value", values, now=now)
    still_unmapped = [_value_key(*pair) for pair in after["unmapped"]]
    notices.resolve_notices(session, platform_id, ("value",), now=now, keep_open=still_unmapped)
    if before is not None:
        known_fields = before.get("source_fields", [])
        is_read_alike = before.get("extractor") == after["extractor"]
        fields = {name: {"name": name} for name in after["source_fields"] if is_read_alike and name not in known_fields}
        keys += notices.raise_notices(session, platform_id, "field", fields, now=now)
        keys += notices.raise_notices(session, platform_id, "emptied", _emptied(before, after), now=now)
    platform.shape = after
    return keys


def _emptied(before: StoredCoverage, after: StoredCoverage) -> dict[str, dict[str, str]]:
    """Notices of fields that are emptied (see MIN_FILLED_SHARE), by field, with both shares in percent."""
    return {
        name: {"field": name, "before": f"{share:.0%}", "after": f"{after['shares'].get(name, 0):.0%}"}
        for name, share in before.get("shares", {}).items()
        if share > MIN_FILLED_SHARE and after["shares"].get(name, 0) < share / 2
    }


def _value_key(dimension: str, text: str) -> str:
    return f"{dimension}:{text}"

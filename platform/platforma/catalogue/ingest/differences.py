"""Differences: what taking a crawl in would do to the records, without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.ingest.reports import Difference, Named, RecordChange
from platforma.catalogue.models import Crawl, Record, RecordState, StagedRecord
from platforma.catalogue.shapes import RecordPayload

FIELDS_NOT_COMPARED = frozenset({"fetched_at", "platform", "raw", "derived", "source_changed_at"})
"""Fields in which a difference is none for people."""
MAX_VALUE_CHARACTERS = 200


def difference(session: Session, crawl: Crawl) -> Difference:
    """What is staged against what is known; records by title, then id."""
    staged = {row.remote_id: row for row in session.scalars(select(StagedRecord).where(StagedRecord.crawl_id == crawl.id))}
    known = {row.remote_id: row for row in session.scalars(select(Record).where(Record.platform_id == crawl.platform_id))}
    new = [named(id, row.payload) for id, row in staged.items() if id not in known and row.payload is not None]
    changes = [_change(known[id], row.payload) for id, row in staged.items() if id in known and row.payload is not None]
    changed = [one for one in changes if one.fields]
    gone = [named(id, known[id].payload) for id in vanishing(crawl, known) if id not in staged]
    return Difference(
        new=tuple(sorted(new, key=_order)),
        changed=tuple(sorted(changed, key=lambda one: _order(one.record))),
        unchanged=sum(id in known for id in staged) - len(changed),
        gone=tuple(sorted(gone, key=_order)),
        by_field=dict(Counter(name for one in changed for name in one.fields).most_common()),
    )


def vanishing(crawl: Crawl, known: Mapping[str, Record]) -> set[str]:
    """Known records that are gone unless the crawl staged them: of a complete listing all, else those of gone pages.

    What came in only after the crawl began is none of them.
    """
    before = {id for id, row in known.items() if row.state == RecordState.SEEN and row.first_seen_at <= crawl.started_at}
    pages = set(crawl.gone)
    return before if crawl.is_complete else {id for id in before if known[id].payload.get("url") in pages}


def changed_fields(before: RecordPayload, after: RecordPayload) -> tuple[str, ...]:
    """Names of the fields in which two payloads differ for people, by name."""
    return tuple(sorted(name for name, value in after.items() if name not in FIELDS_NOT_COMPARED and before.get(name) != value))


def named(remote_id: str, payload: RecordPayload) -> Named:
    """A record as reports name it."""
    return Named(remote_id, title_of(payload) or remote_id, payload.get("url"))


def title_of(payload: RecordPayload) -> str:
    """The first of a record's titles."""
    return next(iter((payload.get("title") or {}).values()), "")


def _change(record: Record, after: RecordPayload) -> RecordChange:
    names = changed_fields(record.payload, after)
    fields = {name: (_sample(record.payload.get(name)), _sample(after.get(name))) for name in names}
    return RecordChange(named(record.remote_id, after), fields)


def _sample(value: object) -> str:
    """A value as people read it, its beginning only."""
    if isinstance(value, Mapping):
        value = " · ".join(str(one) for one in value.values())
    elif isinstance(value, list):
        value = ", ".join(str(one.get("value") if isinstance(one, Mapping) else one) for one in value)
    text = "" if value is None else str(value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else f"{text[: MAX_VALUE_CHARACTERS - 1]}…"


def _order(one: Named) -> tuple[str, str]:
    return one.title.casefold(), one.remote_id

"""The difference between a crawl and the records that are known: what ingesting it would do, without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.ingest.refusals import Refusals
from platforma.catalogue.ingest.reports import Difference, RecordChange, RecordName
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.models import Crawl, Record, RecordState, StagedRecord
from platforma.catalogue.shapes import RecordPayload

FIELDS_NOT_COMPARED = frozenset({"fetched_at", "platform", "raw", "derived", "source_changed_at"})
"""A difference in these fields is none that people see."""
MAX_VALUE_CHARACTERS = 200


def difference(session: Session, crawl: Crawl, secret_key: bytes) -> Difference:
    """The staged records compared with the known ones; each kind by title, then by remote id.

    `secret_key` is that of the hashes of removals. What they keep out is in none of the lists, only told as a problem.
    """
    staged = {row.remote_id: row for row in session.scalars(select(StagedRecord).where(StagedRecord.crawl_id == crawl.id))}
    known = {row.remote_id: row for row in session.scalars(select(Record).where(Record.platform_id == crawl.platform_id))}
    read = {id: row.payload for id, row in staged.items() if row.payload is not None}
    return compared(session, crawl.platform_id, staged.keys(), read, known, vanishing(crawl, known) - staged.keys(), secret_key)


def compared(
    session: Session,
    platform_id: str,
    listed: Collection[str],
    read: Mapping[str, RecordPayload],
    known: Mapping[str, Record],
    vanished: Collection[str],
    secret_key: bytes,
) -> Difference:
    """What was read of a platform compared with its known records, both by remote id.

    `listed` are the ids that its source has, among them those that are unchanged and were not read; `vanished` those of known
    records that are gone.
    """
    payloads = [*read.values(), *(row.payload for row in known.values())]
    refusals = Refusals(SuppressionList(session, secret_key), platform_id, payloads, names_ids=False)
    taken = {id: payload for id, payload in read.items() if not refusals.keep_out(payload, known.get(id))}
    new = [record_name(id, payload) for id, payload in taken.items() if id not in known]
    compared = [_change(known[id], payload) for id, payload in taken.items() if id in known]
    changed = [change for change in compared if change.fields]
    gone = [record_name(id, known[id].payload) for id in vanished]
    return Difference(
        new=tuple(sorted(new, key=_sort_key)),
        changed=tuple(sorted(changed, key=lambda change: _sort_key(change.record))),
        unchanged=sum(id in known and (id in taken or id not in read) for id in listed) - len(changed),
        gone=tuple(sorted(gone, key=_sort_key)),
        by_field=dict(Counter(name for change in changed for name in change.fields).most_common()),
        kept_out=tuple(refusals.problems),
    )


def vanishing(crawl: Crawl, known: Mapping[str, Record]) -> set[str]:
    """Remote ids of the known records that are gone unless the crawl staged them.

    These are all records where the crawl read a complete listing, else the records of pages that are gone. A record that
    was added after the crawl began is never among them.
    """
    before = {id for id, row in known.items() if row.state == RecordState.SEEN and row.first_seen_at <= crawl.started_at}
    pages = set(crawl.gone)
    return before if crawl.is_complete else {id for id in before if known[id].payload.get("url") in pages}


def changed_fields(before: RecordPayload, after: RecordPayload) -> tuple[str, ...]:
    """Names of the fields in which people see a difference between two payloads, sorted."""
    return tuple(sorted(name for name, value in after.items() if name not in FIELDS_NOT_COMPARED and before.get(name) != value))


def record_name(remote_id: str, payload: RecordPayload) -> RecordName:
    """A record as reports name it."""
    return RecordName(remote_id, first_title(payload) or remote_id, payload.get("url"))


def first_title(payload: RecordPayload) -> str:
    """The first of a record's titles; "" where it has none."""
    return next(iter((payload.get("title") or {}).values()), "")


def _change(record: Record, after: RecordPayload) -> RecordChange:
    """What would change in a record, under the title that is known."""
    names = changed_fields(record.payload, after)
    fields = {name: (_readable(record.payload.get(name)), _readable(after.get(name))) for name in names}
    return RecordChange(record_name(record.remote_id, record.payload), fields)


def _readable(value: object) -> str:
    """A value as people read it, cut to MAX_VALUE_CHARACTERS."""
    if isinstance(value, Mapping):
        value = " · ".join(str(part) for part in value.values())
    elif isinstance(value, list):
        value = ", ".join(str(item.get("value") if isinstance(item, Mapping) else item) for item in value)
    text = "" if value is None else str(value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else f"{text[: MAX_VALUE_CHARACTERS - 1]}…"


def _sort_key(record: RecordName) -> tuple[str, str]:
    return record.title.casefold(), record.remote_id

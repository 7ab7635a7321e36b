"""Mass changes: how many of the known records that a crawl found again have another title, or lost the value of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.ingest.batch import fingerprint
from platforma.catalogue.ingest.differences import FIELDS_NOT_COMPARED
from platforma.catalogue.models import Crawl, Record, RecordState, StagedRecord
from platforma.catalogue.shapes import RecordPayload
from vocabulary import title_key

BATCH_SIZE = 500


@dataclass(slots=True)
class MassChanges:
    """Numbers of known records: found again by a crawl, titled anew, and, by emptied_fields, without a value that they had."""

    found_again: int = 0
    retitled: int = 0
    emptied: Counter[str] = field(default_factory=Counter)

    @property
    def most_emptied(self) -> int:
        """The number of records that lost the field that most of them lost; 0 where none lost any."""
        return max(self.emptied.values(), default=0)


def mass_changes(session: Session, crawl: Crawl) -> MassChanges:
    """What a crawl found changed in the platform's records that are not gone. Records that did not change are not read."""
    is_found_again = (
        Record.platform_id == crawl.platform_id, Record.state == RecordState.SEEN,
        StagedRecord.crawl_id == crawl.id, StagedRecord.remote_id == Record.remote_id,
    )  # fmt: skip
    rows = session.execute(select(Record.id, Record.fingerprint, StagedRecord.hash).where(*is_found_again)).all()
    changed = [id for id, former, hash in rows if hash is not None and fingerprint(hash, crawl.recipe_version) != former]
    changes = MassChanges(found_again=len(rows))
    for start in range(0, len(changed), BATCH_SIZE):
        payloads = select(Record.payload, StagedRecord.payload).where(*is_found_again)
        for before, after in session.execute(payloads.where(Record.id.in_(changed[start : start + BATCH_SIZE]))):
            if after is not None:
                changes.retitled += is_retitled(before["title"], after["title"])
                changes.emptied.update(emptied_fields(before, after))
    return changes


def is_retitled(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether a record has another title: in a language that it had before, or in all of them.

    Case, diacritics and blanks do not count; nor does a title in one more language, or in one less.
    """
    both = before.keys() & after.keys()
    is_other = any(title_key(before[lang]) != title_key(after[lang]) for lang in both)
    return is_other or {*map(title_key, before.values())}.isdisjoint(map(title_key, after.values()))


def emptied_fields(before: RecordPayload, after: RecordPayload) -> Iterator[str]:
    """The fields, of those in which people see a difference, that had a value and have none now, by name.

    A text that is gone in some of its languages is named with each of them (`title/lv`), unless it came in as many others: that
    is the same text, whose language is told otherwise.
    """
    for name, value in before.items():
        now = after.get(name)
        if name in FIELDS_NOT_COMPARED or not value:
            continue
        if not now:
            yield name
        elif isinstance(value, Mapping) and isinstance(now, Mapping) and len(now) < len(value):
            yield from (f"{name}/{lang}" for lang in value.keys() - now.keys())

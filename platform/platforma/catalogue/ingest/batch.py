"""One ingest: a platform's staged records become records and listings, in one short transaction, without network or analysis."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.state import EXTRACTOR_VERSION
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.ingest.differences import changed_fields, first_title
from platforma.catalogue.ingest.refusals import Refusals
from platforma.catalogue.ingest.reports import IngestedChange
from platforma.catalogue.ingest.successors import successors
from platforma.catalogue.listings import duplicates, groups
from platforma.catalogue.listings.compose import recompose
from platforma.catalogue.listings.grace import come_back, vanish
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.listings.visibility import is_trusted
from platforma.catalogue.matching.profiles import Profile, profile_of
from platforma.catalogue.models import (
    Crawl,
    Initiative,
    InitiativeState,
    Platform,
    Record,
    RecordState,
    StagedRecord,
)
from platforma.catalogue.shapes import RecordPayload

MAX_REPORTED_CHANGES = 200
"""The maximum number of changes of each kind that a crawl's report names."""
STORED_AT_ONCE = 1_000
"""So many new records are stored together."""
COUNTED = ("new", "changed", "unchanged", "gone", "refused")


@dataclass(slots=True)
class IngestBatch:
    """One ingest into a locked platform: `open` it, `ingest` the staged rows, maybe `mark_gone`, and `finish` it.

    `records` are the platform's records by remote id, `joined` the ids of its listings that are joined with others. `touched`
    are the ids of listings to compose anew, `new` those of new listings; these are public at once where `is_trusted`.
    `added` are new records that are not stored yet, `changed` the ids of records that are new or have new content,
    `changed_in_group` those of joined listings with what they were before. `counts` has the names of COUNTED.
    """

    session: Session
    platform: Platform
    rows: Sequence[StagedRecord]
    records: dict[str, Record]
    refusals: Refusals
    recipe_version: int
    is_trusted: bool
    now: datetime
    joined: frozenset[int]
    added: list[Record] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    changed_in_group: list[tuple[Record, Profile]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    changes: list[IngestedChange] = field(default_factory=list)

    @classmethod
    def open(
        cls, session: Session, platform: Platform, rows: Sequence[StagedRecord], *, secret_key: bytes, crawl: Crawl | None = None
    ) -> IngestBatch:
        """Lock the platform, so that two workers never ingest it at once, and the groups, and read its records.

        `crawl` is the crawl that staged the rows; None for an import.
        """
        session.refresh(platform, with_for_update=True)
        groups.lock_groups(session)
        records = {r.remote_id: r for r in session.scalars(select(Record).where(Record.platform_id == platform.id))}
        payloads = [row.payload for row in rows if row.payload is not None] + [record.payload for record in records.values()]
        suppressed = SuppressionList(session, secret_key)
        refusals = Refusals(suppressed, platform.id, payloads, names_ids=crawl is None)
        recipe_version = crawl.recipe_version if crawl else platform.recipe_version
        joined = groups.joined_listings(session, platform.id)
        return cls(session, platform, rows, records, refusals, recipe_version, is_trusted(session, platform), utc_now(), joined)

    def ingest(self, vanished: Collection[str] = ()) -> None:
        """Ingest the staged rows; a new record may take over the listing of one of `vanished` (remote ids)."""
        heirs = self._heirs(vanished)
        for row in self.rows:
            known = self.records.get(row.remote_id)
            if row.payload is None:
                if known is not None:  # else it was removed at somebody's request since the crawl began
                    self._confirm(known)
            elif self.refusals.keep_out(row.payload, known):
                self.counts["refused"] += 1
            elif known is not None:
                self._update(known, row, row.payload)
            else:
                self._insert(row, row.payload, heirs)
        self._store_added(heirs)

    def mark_gone(self, remote_ids: Collection[str]) -> None:
        """Mark known records as gone from the source."""
        for remote_id in remote_ids:
            record = self.records[remote_id]
            vanish(record, self.now)
            self.touched.add(record.initiative_id)
            self._count("gone", record)

    def finish(self) -> None:
        """Match what is new and changed, and compose all touched listings anew."""
        self.session.flush()
        self.refusals.remember(self.session, self.now)
        for record, before in self.changed_in_group:
            duplicates.depart(self.session, record, before, self.now)
        duplicates.match_records(self.session, self.changed, arriving=self.new, now=self.now)
        recompose(self.session, self.touched, self.now)

    def _confirm(self, record: Record) -> None:
        """The source still has the record, and nothing in it changed."""
        if record.state != RecordState.SEEN:
            self._bring_back(record)
        record.last_seen_at = self.now
        self.counts["unchanged"] += 1

    def _update(self, record: Record, row: StagedRecord, payload: RecordPayload) -> None:
        """Store a known record's new content. A difference that people do not see counts as unchanged."""
        new_fingerprint = fingerprint(row.hash, self.recipe_version)
        record.source, record.unmapped = row.source or record.source, row.unmapped
        if new_fingerprint == record.fingerprint:
            self._confirm(record)
            return
        fields = changed_fields(record.payload, payload)
        self._bring_back(record)
        if record.initiative_id in self.joined:
            self.changed_in_group.append((record, profile_of(record.payload)))
        self.changed.add(record.id)
        record.payload, record.fingerprint, record.last_seen_at = payload, new_fingerprint, self.now
        if "title" in fields:
            self.refusals.flag(record)
        if fields:
            self._count("changed", record, fields)
        else:
            self.counts["unchanged"] += 1

    def _bring_back(self, record: Record) -> None:
        self.touched.add(record.initiative_id)
        come_back(self.session, self.platform, record)

    def _insert(self, row: StagedRecord, payload: RecordPayload, heirs: Mapping[str, Record]) -> None:
        """Add a record: to the listing of a vanished one that is the same thing, else to a new listing."""
        former = heirs.get(row.remote_id)
        initiative = former.initiative if former else self._new_initiative()
        record = Record(platform_id=self.platform.id, remote_id=row.remote_id, initiative=initiative, payload=payload)
        record.fingerprint, record.source, record.unmapped = fingerprint(row.hash, self.recipe_version), row.source, row.unmapped
        record.first_seen_at, record.last_seen_at = former.first_seen_at if former else self.now, self.now
        self.session.add(record)
        self.added.append(record)
        self.refusals.flag(record)
        self._count("new", record)
        if len(self.added) >= STORED_AT_ONCE:
            self._store_added(heirs)

    def _store_added(self, heirs: Mapping[str, Record]) -> None:
        """Store the records that were added, and hold them no longer: statements for each one take longer than all else that is
        done for it, and all records of a large file take much memory."""
        self.session.flush()
        self.changed |= {record.id for record in self.added}
        self.touched |= {record.initiative_id for record in self.added}
        self.new += [record.initiative_id for record in self.added if record.remote_id not in heirs]
        self.added.clear()

    def _new_initiative(self) -> Initiative:
        """A listing that is public at once where the platform is trusted, and else waits for a curator."""
        state, published_at = (InitiativeState.PUBLISHED, self.now) if self.is_trusted else (InitiativeState.NEW, None)
        return Initiative(public_id=new_public_id(), state=state, composed={}, published_at=published_at, version=1)

    def _heirs(self, vanished: Collection[str]) -> dict[str, Record]:
        """The vanished record that each new one takes over from, by the new one's remote id."""
        before = {id: self.records[id].payload for id in vanished}
        new = {row.remote_id: row.payload for row in self.rows if row.payload is not None and row.remote_id not in self.records}
        return {new_id: self.records[former_id] for new_id, former_id in successors(before, new).items()}

    def _count(self, kind: str, record: Record, fields: tuple[str, ...] = ()) -> None:
        """Count a change, and keep it for the report; of each kind the first MAX_REPORTED_CHANGES."""
        self.counts[kind] += 1
        if self.counts[kind] <= MAX_REPORTED_CHANGES:
            self.changes.append(IngestedChange(kind, record.remote_id, first_title(record.payload), fields))


def fingerprint(content_hash: str | None, recipe_version: int) -> str:
    """Hex SHA-256 of all that a record's content depends on: its own hash, the recipe's version and the extractor's."""
    return hashlib.sha256(f"{content_hash}:{recipe_version}:{EXTRACTOR_VERSION}".encode()).hexdigest()

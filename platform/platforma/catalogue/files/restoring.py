"""Restoring: lines of an export become the listings that they were, and never overwrite what was decided here.

A listing that is here keeps its state and what people edited here. What people edited elsewhere becomes the owner's layer.
Nothing is matched, since the export says which listings were joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from crawlers.record import Problem
from crawlers.record import Record as CrawledRecord
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.edited_values import joined_value, restore_values, settle_joined
from platforma.catalogue.files.exchange import ExportLine, JoinedPart, PlatformPart, SourcePart
from platforma.catalogue.files.imported_platforms import new_platform
from platforma.catalogue.ingest.batch import fingerprint
from platforma.catalogue.ingest.differences import changed_fields
from platforma.catalogue.ingest.reports import ImportReport
from platforma.catalogue.listings import compose, groups
from platforma.catalogue.listings.judgements import standing_between
from platforma.catalogue.listings.left_out import LEFT_OUT
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.models import Initiative, InitiativeState, Judgement, JudgementVerdict, Platform, Record
from platforma.catalogue.platforms import coverage_counts
from platforma.catalogue.shapes import RecordPayload
from platforma.catalogue.states import PUBLIC_PLATFORMS
from vocabulary.messages import N_

BATCH_SIZE = 500
IMPORT = "import"
"""Who judged, where an export says that somebody did."""
ID_TAKEN = N_("%(id)s is another listing here")
STANDS_ELSEWHERE = N_("its record stands here as %(id)s")
NEWER = N_("%(id)s was read again since the export; what it says now stands")


def restore(session: Session, lines: Sequence[ExportLine], report: ImportReport, *, actor: str, secret_key: bytes) -> None:
    """Restore the listings of lines, and add what became of each to the report."""
    if lines:
        _Restoration(session, SuppressionList(session, secret_key), actor, report).run(lines)


@dataclass(slots=True)
class _Restoration:
    """One import of lines: what the catalogue has, and what the import does to it.

    `records` are by platform and remote id, `listings` and `touched` (to be composed anew) by public id. `new` and `changed`
    are public ids, `joined` the listings that it made and joined.
    """

    session: Session
    suppressed: SuppressionList
    actor: str
    report: ImportReport
    now: datetime = field(default_factory=utc_now)
    platforms: dict[str, Platform] = field(default_factory=dict)
    records: dict[tuple[str, str], Record] = field(default_factory=dict)
    listings: dict[str, Initiative] = field(default_factory=dict)
    new_platforms: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    touched: dict[str, Initiative] = field(default_factory=dict)
    joined: list[Initiative] = field(default_factory=list)

    def run(self, lines: Sequence[ExportLine]) -> None:
        """Restore the lines, step by step for all of them, so that a listing may be joined with that of a later line."""
        self._find_platforms(lines)
        self.records, self.listings = _known_records(self.session, self.platforms), _known_listings(self.session, lines)
        targets = [(line, target) for line in lines if (target := self._target(line)) is not None]
        self.session.flush()
        for line, target in targets:
            self._restore_joined(line, target)
        self.session.flush()
        for line, target in targets:
            self._restore_sources(line, target)
        self.session.flush()
        for line, _ in targets:
            self._restore_judgements(line)
        for target in restore_values(self.session, targets):
            self._touch(target)
        settle_joined(self.session, self.joined)
        compose.recompose(self.session, {row.id for row in self.touched.values()}, self.now)
        for line, target in targets:
            self._count(line, target)
        counts = {name: getattr(self.report, name) for name in ("new", "changed", "unchanged", "refused")}
        for platform_id in self.platforms:
            coverage_counts.forget(self.session, platform_id)
            record_event(
                self.session, actor=self.actor, action="import", object_type="platform", object_id=platform_id, after=counts
            )

    def _find_platforms(self, lines: Iterable[ExportLine]) -> None:
        """Find and lock the platforms of all lines; make those that are missing, to live of imports."""
        parts: dict[str, PlatformPart | None] = {}
        for line in lines:
            parts |= line.listing.platforms
            for source in line.listing.sources:
                parts.setdefault(source.platform, None)
        for id, part in parts.items():
            platform = self.session.get(Platform, id, with_for_update=True)
            if platform is None:
                platform = new_platform(self.session, id, part, self.actor)
                self.new_platforms.add(id)
            self.platforms[id] = platform

    def _target(self, line: ExportLine) -> Initiative | None:
        """The listing that a line goes to, a new one where there is none; None for a line that is refused."""
        public_id = line.listing.public_id
        known = self.listings.get(public_id)
        if (known is not None and known.state == InitiativeState.SUPPRESSED) or self._is_suppressed(line):
            self._add_problem(line, "refused", "public_id", LEFT_OUT)
            return None
        if known is not None and not self._is_same(known, line):
            self._add_problem(line, "refused", "public_id", ID_TAKEN, id=public_id)
            return None
        if known is None and (known := self._known_by_source(line)) is not None:
            self._add_problem(line, "warning", "public_id", STANDS_ELSEWHERE, id=known.public_id)
        return self._survivor(known) if known is not None else self._new_listing(line)

    def _is_suppressed(self, line: ExportLine) -> bool:
        """Whether a line has sources, and all of them were removed."""
        sources = line.listing.sources
        return bool(sources) and all(self._is_source_suppressed(line, source) for source in sources)

    def _is_source_suppressed(self, line: ExportLine, source: SourcePart) -> bool:
        return self.suppressed.suppressed_by(source.platform, line.record(source, None)) is not None

    def _is_same(self, known: Initiative, line: ExportLine) -> bool:
        """Whether the listing with a line's public id is what the line is about: they share a source, or the platform."""
        keys = line.formerly | {(source.platform, source.remote_id) for source in line.listing.sources}
        survivor = self._survivor(known)
        records = [record for row in {known.id: known, survivor.id: survivor}.values() for record in row.records]
        if keys or records:
            return any((record.platform_id, record.remote_id) in keys for record in records)
        about = self._platform_about(line)
        return about is None or about.initiative_id in (None, known.id)

    def _known_by_source(self, line: ExportLine) -> Initiative | None:
        """The listing that has one of a line's records, or is the own listing of the line's platform; None without one."""
        about = self._platform_about(line)
        if about is not None and about.initiative_id is not None:
            return self.session.get(Initiative, about.initiative_id)
        keys = ((source.platform, source.remote_id) for source in line.listing.sources)
        return next((self.records[key].initiative for key in keys if key in self.records), None)

    def _new_listing(self, line: ExportLine) -> Initiative:
        part = line.listing
        state = "new" if part.state == "published" and self._is_withheld(line) else part.state
        listing = Initiative(public_id=part.public_id, state=InitiativeState(state), reason=part.reason, composed={}, values=[])
        listing.published_at, listing.created_at = part.published_at, part.created_at or self.now
        self.session.add(listing)
        self.listings[listing.public_id] = listing
        self.new.add(listing.public_id)
        self._touch(listing)
        return listing

    def _is_withheld(self, line: ExportLine) -> bool:
        """Whether a line has sources, and it was decided here that none of their platforms is public."""
        platforms = [self.platforms[source.platform] for source in line.listing.sources]
        return bool(platforms) and all(
            platform.id not in self.new_platforms and platform.state not in PUBLIC_PLATFORMS for platform in platforms
        )

    def _restore_joined(self, line: ExportLine, target: Initiative) -> None:
        """Make the listings that were joined with a line's, and make its listing that of the platform that it is about."""
        about = self._platform_about(line)
        if about is not None and about.initiative_id is None:
            about.initiative_id = target.id
        for part in line.listing.joined:
            if part.public_id not in self.listings:
                self.listings[part.public_id] = self._new_joined(part, target)

    def _new_joined(self, part: JoinedPart, target: Initiative) -> Initiative:
        joined = Initiative(public_id=part.public_id, state=InitiativeState.MERGED, merged_into_id=target.id, composed={})
        joined.state_apart, joined.reason = InitiativeState(part.state), part.reason
        joined.published_at, joined.created_at = part.published_at, part.created_at or self.now
        joined.values.extend(joined_value(value) for value in part.values)
        self.session.add(joined)
        self.joined.append(joined)
        self.session.flush()
        self._add_judgement(target, joined, JudgementVerdict.SAME)
        return joined

    def _restore_judgements(self, line: ExportLine) -> None:
        """Store what was said of listings that are not the same, where both are here and nobody said anything here."""
        for part in line.listing.judged:
            sides = [self._known_listing(id) for id in (part.left, part.right)]
            left, right = sides
            if left and right and left.id != right.id and not standing_between(self.session, [left.id], [right.id]):
                self._add_judgement(left, right, JudgementVerdict(part.verdict))

    def _known_listing(self, public_id: str) -> Initiative | None:
        known = self.listings.get(public_id)
        return known or self.session.scalar(select(Initiative).where(Initiative.public_id == public_id))

    def _add_judgement(self, left: Initiative, right: Initiative, verdict: JudgementVerdict) -> None:
        self.session.add(Judgement(left_id=left.id, right_id=right.id, verdict=verdict, by=IMPORT, at=self.now))
        self.session.flush()

    def _restore_sources(self, line: ExportLine, target: Initiative) -> None:
        for source in line.listing.sources:
            known = self.records.get((source.platform, source.remote_id))
            if self._is_source_suppressed(line, source):
                self._add_problem(line, "refused", "sources", LEFT_OUT)
            elif known is None:
                self._add_record(line, source, target)
            elif source.last_seen_at and source.last_seen_at < known.last_seen_at:
                if _changed_payload(line, source, known):
                    self._add_problem(line, "warning", "sources", NEWER, id=source.remote_id)
            else:
                self._update_record(line, source, known)

    def _add_record(self, line: ExportLine, source: SourcePart, target: Initiative) -> None:
        joined = self.listings.get(source.listing or "")
        listing = joined if joined is not None and joined.merged_into_id == target.id else target
        record = line.record(source, None)
        platform = self.platforms[source.platform]
        row = Record(platform=platform, remote_id=source.remote_id, initiative=listing, state=source.state)
        row.payload = cast(RecordPayload, record.to_json())
        row.fingerprint = fingerprint(record.content_hash(), platform.recipe_version)
        row.last_seen_at = source.last_seen_at or self.now
        row.first_seen_at, row.gone_at = source.first_seen_at or row.last_seen_at, source.gone_at
        self.session.add(row)
        self.records[source.platform, source.remote_id] = row
        self._touch(target)

    def _update_record(self, line: ExportLine, source: SourcePart, known: Record) -> None:
        """Store what a line says of a known record, where it says something else."""
        if payload := _changed_payload(line, source, known):
            content_hash = CrawledRecord.from_json(payload).content_hash()
            is_visible = bool(changed_fields(known.payload, payload))
            known.payload = payload
            known.fingerprint = fingerprint(content_hash, self.platforms[source.platform].recipe_version)
            self._touch(self._survivor(known.initiative), is_visible=is_visible)

    def _platform_about(self, line: ExportLine) -> Platform | None:
        """The platform whose own listing a line is; None for any other listing."""
        return self.platforms.get(line.listing.about_platform or "")

    def _survivor(self, listing: Initiative) -> Initiative:
        """The listing, or the one that it was joined with."""
        return groups.head(self.session, listing)

    def _touch(self, listing: Initiative, *, is_visible: bool = True) -> None:
        """Have a listing composed anew; `is_visible`: people see the change."""
        self.touched[listing.public_id] = listing
        if is_visible:
            self.changed.add(listing.public_id)

    def _count(self, line: ExportLine, target: Initiative) -> None:
        """Count a line by what became of its listing; a new listing keeps the date of its last change."""
        if line.listing.public_id in self.new:
            self.report.new += 1
            if line.listing.changed_at:
                target.changed_at = line.listing.changed_at
        elif target.public_id in self.changed:
            self.report.changed += 1
        else:
            self.report.unchanged += 1

    def _add_problem(self, line: ExportLine, severity: str, name: str, reason: str, **values: str) -> None:
        self.report.add_problem(Problem(severity, reason, remote_id=f"line {line.number}", field=name, values=values))


def _known_records(session: Session, platform_ids: Iterable[str]) -> dict[tuple[str, str], Record]:
    query = select(Record).where(Record.platform_id.in_(platform_ids)).options(joinedload(Record.initiative))
    return {(row.platform_id, row.remote_id): row for row in session.scalars(query)}


def _known_listings(session: Session, lines: Iterable[ExportLine]) -> dict[str, Initiative]:
    """The listings that have a public id of these lines, by it."""
    ids = [id for line in lines for id in (line.listing.public_id, *(joined.public_id for joined in line.listing.joined))]
    listings: dict[str, Initiative] = {}
    for start in range(0, len(ids), BATCH_SIZE):
        is_in_batch = Initiative.public_id.in_(ids[start : start + BATCH_SIZE])
        rows = session.scalars(select(Initiative).where(is_in_batch).options(selectinload(Initiative.records)))
        listings |= {row.public_id: row for row in rows}
    return listings


def _changed_payload(line: ExportLine, source: SourcePart, known: Record) -> RecordPayload | None:
    """The payload that a line gives a known record; None where that says the same already."""
    before = CrawledRecord.from_json(known.payload)
    after = line.record(source, known.payload)
    is_same = before.content_hash() == after.content_hash() and list(before.title) == list(after.title)
    return None if is_same else cast(RecordPayload, after.to_json())

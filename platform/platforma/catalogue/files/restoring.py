"""Lines of an export into the catalogue: the listings as they were, and never over what was decided here.

A listing that is here keeps its state and what people said of it here. What people said elsewhere is the owner's layer.
Nothing is matched: the export says what was joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from crawlers import record as said
from crawlers.messages import N_
from crawlers.record import Problem
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.exchange import JoinedPart, Line, PlatformPart, SourcePart, field_and_lang
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.ingest.batch import fingerprint
from platforma.catalogue.ingest.differences import changed_fields
from platforma.catalogue.ingest.reports import ImportReport
from platforma.catalogue.ingest.staging import without_nul
from platforma.catalogue.listings import compose
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.models import Initiative, InitiativeState, Judgement, Platform, PlatformState, Record, Value
from platforma.catalogue.platforms import recipes
from platforma.catalogue.shapes import FieldValue, RecordPayload
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.secret_key import secret_key
from platforma.settings import Settings

BATCH = 500
OWNER_ELSEWHERE, BY_PLATFORM = "import", "platform"
FOR_PLATFORM = ("title/und", "kind", "website")
"""What the listing of a platform says by itself; it follows the platform's name (see recipes)."""
REMOVED = N_("this was removed at somebody's request and stays out")
TAKEN = N_("%(id)s is another listing here")
ELSEWHERE = N_("its record stands here as %(id)s")
NEWER = N_("%(id)s was read again since the export; what it says now stands")


def restore(session: Session, lines: Sequence[Line], done: ImportReport, *, actor: str, settings: Settings) -> None:
    """Take lines in, and count and tell what came of each."""
    if not lines:
        return
    work = _Work(session, utc_now(), SuppressionList(session, secret_key(settings)), actor)
    _find_platforms(work, lines)
    work.records, work.listings = _known_records(session, work.platforms), _known_listings(session, lines)
    taken = [(line, target) for line in lines if (target := _listing(work, line, done)) is not None]
    session.flush()
    for line, target in taken:
        _join(work, line, target)
    session.flush()
    for line, target in taken:
        _take_sources(work, line, target, done)
    session.flush()
    _say(work, taken)
    compose.recompose(session, {row.id for row in work.touched.values()}, work.now)
    for line, target in taken:
        _count(work, line, target, done)
    for platform_id in work.platforms:
        record_event(session, actor=actor, action="import", object_type="platform", object_id=platform_id, after=_counts(done))


@dataclass(slots=True)
class _Work:
    """One import of lines: what is here, and what was done. Records stand by platform and remote id, listings by public id."""

    session: Session
    now: datetime
    suppressed: SuppressionList
    actor: str
    platforms: dict[str, Platform] = field(default_factory=dict)
    records: dict[tuple[str, str], Record] = field(default_factory=dict)
    listings: dict[str, Initiative] = field(default_factory=dict)
    new_platforms: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    touched: dict[str, Initiative] = field(default_factory=dict)

    def touch(self, listing: Initiative, *, is_change: bool = True) -> None:
        """Have a listing composed anew; `is_change` where people see a difference."""
        self.touched[listing.public_id] = listing
        if is_change:
            self.changed.add(listing.public_id)

    def standing(self, listing: Initiative) -> Initiative:
        """The listing, or the one that it was joined with."""
        return self.session.get_one(Initiative, listing.merged_into_id) if listing.merged_into_id else listing


def _find_platforms(work: _Work, lines: Iterable[Line]) -> None:
    """Find the platforms of all lines, and lock them; those that are missing are made as they were, to live of imports."""
    parts: dict[str, PlatformPart | None] = {}
    for line in lines:
        parts |= line.listing.platforms
        for source in line.listing.sources:
            parts.setdefault(source.platform, None)
    for id, part in parts.items():
        platform = work.session.get(Platform, id, with_for_update=True)
        if platform is None:
            platform = new_platform(work.session, id, part, work.actor)
            work.new_platforms.add(id)
        work.platforms[id] = platform


def new_platform(session: Session, id: str, part: PlatformPart | None, actor: str) -> Platform:
    """An approved platform that lives of imports: as it was where the export came from, else called by its id."""
    title, url = (part.title, part.url) if part else (id, "")
    recipe = {"platform": id, "title": title, "url": url, "adapter": "file"}
    is_free = part and session.scalar(select(Platform.id).where(Platform.public_id == part.public_id)) is None
    platform = Platform(id=id, title=title, url=url, recipe=recipe, state=part.state if part else PlatformState.TRUSTED)
    platform.public_id = part.public_id if part and is_free else new_public_id()
    if part:
        platform.licence, platform.rank = part.licence, part.rank
    session.add(platform)
    session.flush()
    recipes.start_history(session, platform, actor=actor)
    after = {"state": platform.state}
    record_event(session, actor=actor, action="approve", object_type="platform", object_id=id, after=after)
    return platform


def _known_records(session: Session, platforms: Iterable[str]) -> dict[tuple[str, str], Record]:
    query = select(Record).where(Record.platform_id.in_(platforms)).options(joinedload(Record.initiative))
    return {(row.platform_id, row.remote_id): row for row in session.scalars(query)}


def _known_listings(session: Session, lines: Iterable[Line]) -> dict[str, Initiative]:
    """What has a public id of these lines already, by it."""
    ids = [id for line in lines for id in (line.listing.public_id, *(one.public_id for one in line.listing.joined))]
    found: dict[str, Initiative] = {}
    for start in range(0, len(ids), BATCH):
        part = Initiative.public_id.in_(ids[start : start + BATCH])
        rows = session.scalars(select(Initiative).where(part).options(selectinload(Initiative.records)))
        found |= {row.public_id: row for row in rows}
    return found


def _listing(work: _Work, line: Line, done: ImportReport) -> Initiative | None:
    """The listing that a line goes to, a new one where it is not here; None, and a refusal, where it must not come in."""
    here = work.listings.get(line.listing.public_id)
    if (here is not None and here.state == InitiativeState.SUPPRESSED) or _is_removed(work, line):
        done.tell(_problem(line, "refused", "public_id", REMOVED))
        return None
    if here is not None and not _is_same(work, here, line):
        done.tell(_problem(line, "refused", "public_id", TAKEN, id=line.listing.public_id))
        return None
    other = None if here is not None else _known_by_source(work, line)
    if other is not None:
        done.tell(_problem(line, "warning", "public_id", ELSEWHERE, id=other.public_id))
    found = here or other
    return work.standing(found) if found is not None else _new_listing(work, line)


def _is_removed(work: _Work, line: Line) -> bool:
    sources = line.listing.sources
    return bool(sources) and all(_forbids(work, line, source) for source in sources)


def _forbids(work: _Work, line: Line, source: SourcePart) -> bool:
    return work.suppressed.suppressed_by(source.platform, line.record(source, None)) is not None


def _is_same(work: _Work, here: Initiative, line: Line) -> bool:
    """Whether what has a line's public id here is what the line speaks of: a source of it, or the platform, is the same."""
    names = line.formerly | {(source.platform, source.remote_id) for source in line.listing.sources}
    standing = work.standing(here)
    records = [record for row in {here.id: here, standing.id: standing}.values() for record in row.records]
    if names or records:
        return any((record.platform_id, record.remote_id) in names for record in records)
    about = work.platforms.get(line.listing.about_platform or "")
    return about is None or about.initiative_id in (None, here.id)


def _known_by_source(work: _Work, line: Line) -> Initiative | None:
    """The listing that has a record of the line's, or is its platform's own."""
    about = work.platforms.get(line.listing.about_platform or "")
    if about is not None and about.initiative_id is not None:
        return work.session.get(Initiative, about.initiative_id)
    names = ((source.platform, source.remote_id) for source in line.listing.sources)
    return next((work.records[name].initiative for name in names if name in work.records), None)


def _new_listing(work: _Work, line: Line) -> Initiative:
    part = line.listing
    state = "new" if part.state == "published" and _is_kept_back(work, line) else part.state
    row = Initiative(public_id=part.public_id, state=InitiativeState(state), reason=part.reason, composed={}, values=[])
    row.published_at, row.created_at = part.published_at, part.created_at or work.now
    work.session.add(row)
    work.listings[row.public_id] = row
    work.new.add(row.public_id)
    work.touch(row)
    return row


def _is_kept_back(work: _Work, line: Line) -> bool:
    """Whether none of a listing's platforms is public here, by what was decided here."""
    platforms = [work.platforms[source.platform] for source in line.listing.sources]
    is_kept = [one.id not in work.new_platforms and one.state not in PUBLIC_PLATFORMS for one in platforms]
    return bool(is_kept) and all(is_kept)


def _join(work: _Work, line: Line, target: Initiative) -> None:
    """Make what was joined with a listing, and lead the platform that it is about to it."""
    about = work.platforms.get(line.listing.about_platform or "")
    if about is not None and about.initiative_id is None:
        about.initiative_id = target.id
    for part in line.listing.joined:
        if part.public_id not in work.listings:
            work.listings[part.public_id] = _new_joined(work, part, target)


def _new_joined(work: _Work, part: JoinedPart, target: Initiative) -> Initiative:
    row = Initiative(public_id=part.public_id, state=InitiativeState.MERGED, merged_into_id=target.id, composed={})
    row.published_at, row.created_at = part.published_at, part.created_at or work.now
    for one in part.values:
        field_, lang = field_and_lang(one.field)
        row.values.append(Value(field=field_, lang=lang, value=one.value, layer="owner", by=_who(one.field, one.by, None)))
    work.session.add(row)
    work.session.flush()
    work.session.add(Judgement(left_id=target.id, right_id=row.id, verdict="same", score=1.0, by="import", at=work.now))
    return row


def _take_sources(work: _Work, line: Line, target: Initiative, done: ImportReport) -> None:
    for source in line.listing.sources:
        known = work.records.get((source.platform, source.remote_id))
        if _forbids(work, line, source):
            done.tell(_problem(line, "refused", "sources", REMOVED))
        elif known is None:
            _add_record(work, line, source, target)
        elif source.last_seen_at and source.last_seen_at < known.last_seen_at:
            if _difference(line, source, known):
                done.tell(_problem(line, "warning", "sources", NEWER, id=source.remote_id))
        else:
            _change_record(work, line, source, known)


def _add_record(work: _Work, line: Line, source: SourcePart, target: Initiative) -> None:
    joined = work.listings.get(source.listing or "")
    listing = joined if joined is not None and joined.merged_into_id == target.id else target
    record = line.record(source, None)
    platform = work.platforms[source.platform]
    row = Record(platform=platform, remote_id=source.remote_id, initiative=listing, state=source.state)
    row.payload = without_nul(record.to_json())
    row.fingerprint = fingerprint(record.content_hash(), platform.recipe_version)
    row.last_seen_at = source.last_seen_at or work.now
    row.first_seen_at, row.gone_at = source.first_seen_at or row.last_seen_at, source.gone_at
    work.session.add(row)
    work.records[source.platform, source.remote_id] = row
    work.touch(target)


def _change_record(work: _Work, line: Line, source: SourcePart, known: Record) -> None:
    """Take what a line says of a record that is here, where it says something else."""
    if after := _difference(line, source, known):
        content_hash = said.Record.from_json(after).content_hash()
        is_change = bool(changed_fields(known.payload, after))
        known.payload = after
        known.fingerprint = fingerprint(content_hash, work.platforms[source.platform].recipe_version)
        work.touch(work.standing(known.initiative), is_change=is_change)


def _difference(line: Line, source: SourcePart, known: Record) -> RecordPayload | None:
    """What a record would say after a line, None where it says that already."""
    before = said.Record.from_json(known.payload)
    after = line.record(source, known.payload)
    is_same = before.content_hash() == after.content_hash() and list(before.title) == list(after.title)
    return None if is_same else without_nul(after.to_json())


def _say(work: _Work, taken: Iterable[tuple[Line, Initiative]]) -> None:
    """Lay what people said into the owner's layer, where nobody here says the same already."""
    spoken = [(target, list(_sayings(line, target))) for line, target in taken]
    spoken = [(target, sayings) for target, sayings in spoken if sayings]
    records = compose.records_behind(work.session, [target.id for target, _ in spoken])
    for target, sayings in spoken:
        for value in sayings:
            _lay(target, value, compose.source_value(records.get(target.id, []), value.field, value.lang))
        work.touch(target)


def _sayings(line: Line, target: Initiative) -> Iterator[Value]:
    """What people said in a line, but for what somebody says here already."""
    if not line.listing.edited:
        return
    for key, layer in line.listing.edited.items():
        field_, lang = field_and_lang(key)
        value = line.said(key)
        here = [one.value for one in target.values if (one.field, one.lang) == (field_, lang)]
        if value not in here and not (value in compose.NOTHING and any(one in compose.NOTHING for one in here)):
            by = _who(key, layer, line.listing.about_platform)
            yield Value(field=field_, lang=lang, value=value, layer="owner", by=by)


def _who(key: str, layer: str, about_platform: str | None) -> str:
    """By whom a value of the owner's layer is that comes in with an export."""
    if layer == "curator":
        return compose.CURATOR_ELSEWHERE
    return BY_PLATFORM if about_platform and key in FOR_PLATFORM else OWNER_ELSEWHERE


def _lay(target: Initiative, value: Value, seen: FieldValue) -> None:
    """Put a value into the owner's layer, in the place of what stands there."""
    same = (one for one in target.values if (one.field, one.lang, one.layer) == (value.field, value.lang, value.layer))
    former = next(same, None)
    if former is None:
        value.source_value_seen = seen
        target.values.append(value)
    else:
        former.value, former.by, former.at, former.source_value_seen = value.value, value.by, utc_now(), seen


def _count(work: _Work, line: Line, target: Initiative, done: ImportReport) -> None:
    is_new = line.listing.public_id in work.new
    if is_new and line.listing.changed_at:
        target.changed_at = line.listing.changed_at
    done.new += is_new
    done.changed += not is_new and target.public_id in work.changed
    done.unchanged += not is_new and target.public_id not in work.changed


def _counts(done: ImportReport) -> Mapping[str, int]:
    return {name: getattr(done, name) for name in ("new", "changed", "unchanged", "refused")}


def _problem(line: Line, severity: str, name: str, reason: str, **values: str) -> Problem:
    return Problem(severity, reason, remote_id=f"line {line.number}", field=name, values=values)

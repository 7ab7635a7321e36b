"""Export of listings: each is a line in the record format, from which an import makes the same listing again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from crawlers.record import Record as CrawledRecord
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.files import formats
from platforma.catalogue.files.exchange import IDENTITY_FIELDS, SHOWN_FIELDS, field_and_lang
from platforma.catalogue.listings import groups
from platforma.catalogue.listings.judgements import PARTING
from platforma.catalogue.listings.layers import NOTHING, author_of, origin_key, strongest
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS, Listing
from platforma.catalogue.listings.listing_queries import to_listings
from platforma.catalogue.models import Initiative, InitiativeState, Judgement, Platform, Record
from vocabulary.languages import LANGUAGES

BATCH_SIZE = 500
EXPORTABLE_STATES = (InitiativeState.NEW, InitiativeState.PUBLISHED, InitiativeState.REFUSED, InitiativeState.ARCHIVED)


def export(session: Session, path: Path, *, include_all: bool = False) -> int:
    """Write the published listings, or all but the suppressed and merged ones, to a file by its suffix; return how many.

    The session is a snapshot (see Database), since the listings are read more than once. The file appears whole or not at
    all. Raises CatalogueError for an unknown suffix.
    """
    form = formats.FORMATS.get(path.suffix.lower())
    if form is None:
        raise CatalogueError(f"{path.name}: the name ends in {formats.suffixes()}")
    listings = ListingExport.of(session, include_all=include_all)
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        return form.write(file, listings.lines, listings.tags())


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of `path` at the end, or is deleted when an exception leaves the block."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(slots=True)
class ListingExport:
    """The listings in these states, in the order in which they were added."""

    session: Session
    states: Sequence[InitiativeState]

    @classmethod
    def of(cls, session: Session, *, include_all: bool = False) -> ListingExport:
        """The published listings, or all but the suppressed and merged ones; the session is a snapshot (see Database)."""
        return cls(session, EXPORTABLE_STATES if include_all else (InitiativeState.PUBLISHED,))

    def count(self) -> int:
        """How many listings there are."""
        return self.session.scalar(select(func.count()).where(Initiative.state.in_(self.states))) or 0

    def listings(self) -> Iterator[Listing]:
        """The listings as pages read them, in batches."""
        for rows in self._batches():
            yield from to_listings(self.session, rows)

    def lines(self) -> Iterator[dict[str, Any]]:
        """One JSON object for each listing; they are read in batches, so that not all are in memory."""
        for rows in self._batches():
            background = _Background.of(self.session, [row.id for row in rows])
            for row, listing in zip(rows, to_listings(self.session, rows), strict=True):
                yield line_of(listing, row, background)

    def tags(self) -> dict[str, list[str]]:
        """The language tags that occur in each text field, those of the interface first, then by code."""
        tags: defaultdict[str, set[str]] = defaultdict(set)
        for rows in self._batches():
            for name in TEXT_FIELDS:
                tags[name].update(*(row.composed.get("texts", {}).get(name, ()) for row in rows))
        return {name: sorted(tags[name] | LANGUAGES.keys(), key=_tag_order) for name in TEXT_FIELDS}

    def _batches(self) -> Iterator[list[Initiative]]:
        last_id = 0
        query = select(Initiative).where(Initiative.state.in_(self.states)).options(selectinload(Initiative.values))
        while rows := list(self.session.scalars(query.where(Initiative.id > last_id).order_by(Initiative.id).limit(BATCH_SIZE))):
            yield rows
            last_id = rows[-1].id
            self.session.expunge_all()


@dataclass(slots=True)
class _Background:
    """What is behind listings: their records, the listings joined with each, what was judged of these, and the platform that
    it is about, by its id.

    `public_ids` are those of the joined listings, by their own ids.
    """

    records: Mapping[int, list[Record]]
    joined: Mapping[int, list[Initiative]]
    about: Mapping[int, Platform]
    judged: Mapping[int, list[dict[str, str]]]
    public_ids: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, ids: Sequence[int]) -> _Background:
        """What is behind the listings with these ids."""
        joined: defaultdict[int, list[Initiative]] = defaultdict(list)
        is_joined = Initiative.merged_into_id.in_(ids)
        query = select(Initiative).where(is_joined).options(selectinload(Initiative.values)).order_by(Initiative.id)
        for row in session.scalars(query):
            joined[row.merged_into_id or 0].append(row)
        platforms = session.scalars(select(Platform).where(Platform.initiative_id.in_(ids)))
        about = {platform.initiative_id or 0: platform for platform in platforms}
        public_ids = {row.id: row.public_id for rows in joined.values() for row in rows}
        return cls(groups.records_behind(session, ids), joined, about, _judged(session, [*ids, *public_ids]), public_ids)


def line_of(listing: Listing, row: Initiative, background: _Background) -> dict[str, Any]:
    """A listing as a line: its public id, its first record, the fields shown, and what an import needs to restore it."""
    records, about = background.records.get(row.id, []), background.about.get(row.id)
    joined = background.joined.get(row.id, [])
    first = records[0] if records else None
    shown = _shown(listing)
    edited = _edited(row, joined)
    platforms = [*(record.platform for record in records), *([about] if about else [])]
    return {
        "public_id": row.public_id,
        "remote_id": first.remote_id if first else row.public_id,
        "platform": first.platform_id if first else None,
        "url": first.payload.get("url") if first else None,
        **shown,
        "state": row.state,
        "reason": row.reason,
        "published_at": _instant(row.published_at),
        "created_at": _instant(row.created_at),
        "changed_at": _instant(row.changed_at),
        "edited": edited,
        "sources": [_source(record, shown, edited, background.public_ids) for record in records],
        "joined": [_joined(joined) for joined in joined],
        "judged": [part for listing in (row, *joined) for part in background.judged.get(listing.id, [])],
        "about_platform": about.id if about else None,
        "platforms": {platform.id: _platform(platform) for platform in sorted(platforms, key=lambda platform: platform.id)},
    }


def _shown(listing: Listing) -> dict[str, Any]:
    texts = {name: listing.texts.get(name, {}) for name in TEXT_FIELDS}
    return {
        **{name: {tag: text[tag] for tag in sorted(text, key=_tag_order)} for name, text in texts.items()},
        **{name: listing.get(name) for name in PLAIN_FIELDS},
        **{name: list(listing.get(name)) for name in LIST_FIELDS},
        "derived": dict(sorted(listing.derived.items())),
    }


def _tag_order(tag: str) -> tuple[int, str]:
    """The sort key of a language tag: the languages of the interface first, then by code."""
    codes = list(LANGUAGES)
    return codes.index(tag) if tag in codes else len(codes), tag


def _edited(row: Initiative, joined: Iterable[Initiative]) -> dict[str, str]:
    """The fields that people edited, by field and language, to who edited it, also of a joined listing; of several layers the
    strongest counts."""
    values = [value for one in (row, *joined) for value in one.values]
    shown = strongest(groups.standing_values(row.id, values)).values()
    return {origin_key(value.field, value.lang): author_of(value) for value in shown}


def _source(record: Record, shown: dict[str, Any], edited: Mapping[str, str], public_ids: Mapping[int, str]) -> dict[str, Any]:
    """One record behind a listing, with those of its fields that differ from what the listing shows."""
    fields = CrawledRecord.from_json(record.payload).to_json()
    overridden = {field_and_lang(key)[0] for key in edited}
    same = {name for name in SHOWN_FIELDS if name not in overridden and _is_same(name, fields[name], shown[name])}
    differs = {name: value for name, value in fields.items() if name not in same and name not in IDENTITY_FIELDS}
    empty = {name for name in differs.keys() - SHOWN_FIELDS if differs[name] in NOTHING}
    return {
        "platform": record.platform_id,
        "remote_id": record.remote_id,
        "url": fields["url"],
        "listing": public_ids.get(record.initiative_id),
        "state": record.state,
        **{name: _instant(getattr(record, name)) for name in ("first_seen_at", "last_seen_at", "gone_at")},
        "differs": {name: value for name, value in differs.items() if name not in empty},
    }


def _is_same(name: str, value: Any, shown: Any) -> bool:
    """Whether a record's value is what is shown; the order of titles counts, since the first one is the original."""
    return bool(value == shown) and (name != "title" or list(value) == list(shown))


def _joined(row: Initiative) -> dict[str, Any]:
    values = {origin_key(*key): value for key, value in strongest(row.values).items()}
    return {
        "public_id": row.public_id,
        "state": row.state_apart or InitiativeState.PUBLISHED,
        "reason": row.reason,
        "published_at": _instant(row.published_at),
        "created_at": _instant(row.created_at),
        "values": [{"field": key, "value": value.value, "by": author_of(value)} for key, value in values.items()],
    }


def _judged(session: Session, ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    """What stands of each of these listings and others that are not the same, by the id of the left one."""
    judged: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    left, right = aliased(Initiative), aliased(Initiative)
    query = (
        select(left.id, left.public_id.label("left"), right.public_id.label("right"), Judgement.verdict)
        .join(left, left.id == Judgement.left_id)
        .join(right, right.id == Judgement.right_id)
        .where(Judgement.left_id.in_(ids), Judgement.undone_at.is_(None), Judgement.verdict.in_(PARTING))
        .order_by(right.public_id)
    )
    for row in session.execute(query):
        judged[row.id].append({"left": row.left, "right": row.right, "verdict": row.verdict})
    return judged


def _platform(platform: Platform) -> dict[str, Any]:
    names = ("public_id", "title", "url", "licence", "rank", "state")
    return {name: getattr(platform, name) for name in names}


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None

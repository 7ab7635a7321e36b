"""Export of listings: each as a line that shows it in the record's form, and that an import makes the same listing of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from crawlers.record import Record as SaidRecord
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.files import formats
from platforma.catalogue.files.exchange import OWN, SHOWN, field_and_lang
from platforma.catalogue.listings import compose
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS, Listing
from platforma.catalogue.listings.listing_queries import to_listings
from platforma.catalogue.models import Initiative, InitiativeState, Platform, Record, Value
from vocabulary.languages import LANGUAGES

BATCH = 500
EVERYTHING = (InitiativeState.NEW, InitiativeState.PUBLISHED, InitiativeState.REFUSED, InitiativeState.ARCHIVED)


def export(session: Session, path: Path, *, include_all: bool = False) -> int:
    """Write the published listings (or all but the suppressed and merged) to a file by its suffix; how many.

    The file appears whole or not at all. Raises CatalogueError for a suffix that is not known.
    """
    form = formats.FORMATS.get(path.suffix.lower())
    if form is None:
        raise CatalogueError(f"{path.name}: the name ends in {formats.suffixes()}")
    if session.get_bind().dialect.name == "postgresql":  # what SQLite reads in one session is of one moment anyway
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    source = Export(session, EVERYTHING if include_all else (InitiativeState.PUBLISHED,))
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            total = form.write(file, source.lines, source.tags())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return total


@dataclass(slots=True)
class Export:
    """The listings in these states, in the order in which they came."""

    session: Session
    states: Sequence[InitiativeState]

    def lines(self) -> Iterator[dict[str, Any]]:
        """A JSON object a listing; read in parts, so that none need be kept."""
        for rows in self._batches():
            behind = _Behind.of(self.session, [row.id for row in rows])
            for row, listing in zip(rows, to_listings(self.session, rows), strict=True):
                yield line_of(listing, row, behind)

    def tags(self) -> dict[str, list[str]]:
        """The language tags that occur in each text field, in their order."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for rows in self._batches():
            for name in TEXT_FIELDS:
                found[name].update(*(row.composed.get("texts", {}).get(name, ()) for row in rows))
        return {name: sorted(found[name] | LANGUAGES.keys(), key=_by_tag) for name in TEXT_FIELDS}

    def _batches(self) -> Iterator[list[Initiative]]:
        last = 0
        query = select(Initiative).where(Initiative.state.in_(self.states)).options(selectinload(Initiative.values))
        while rows := list(self.session.scalars(query.where(Initiative.id > last).order_by(Initiative.id).limit(BATCH))):
            yield rows
            last = rows[-1].id
            self.session.expunge_all()


@dataclass(slots=True)
class _Behind:
    """What stands behind some listings, by their own ids."""

    records: Mapping[int, list[Record]]
    joined: Mapping[int, list[Initiative]]
    about: Mapping[int, Platform]
    public_ids: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, ids: Sequence[int]) -> _Behind:
        joined: defaultdict[int, list[Initiative]] = defaultdict(list)
        into = select(Initiative).where(Initiative.merged_into_id.in_(ids)).options(selectinload(Initiative.values))
        for row in session.scalars(into.order_by(Initiative.id)):
            joined[row.merged_into_id or 0].append(row)
        about = session.scalars(select(Platform).where(Platform.initiative_id.in_(ids)))
        public_ids = {row.id: row.public_id for rows in joined.values() for row in rows}
        return cls(compose.records_behind(session, ids), joined, {row.initiative_id or 0: row for row in about}, public_ids)


def line_of(listing: Listing, row: Initiative, behind: _Behind) -> dict[str, Any]:
    """A listing as a JSON object: public id, first source and what is shown, then what makes it the same listing elsewhere."""
    records, about = behind.records.get(row.id, []), behind.about.get(row.id)
    first = records[0] if records else None
    shown = _shown(listing)
    edited = _edited(row)
    platforms = {one.id: one for one in [*(record.platform for record in records), *([about] if about else [])]}
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
        "sources": [_source(record, shown, edited, behind.public_ids) for record in records],
        "joined": [_joined(one) for one in behind.joined.get(row.id, [])],
        "about_platform": about.id if about else None,
        "platforms": {id: _platform(one) for id, one in sorted(platforms.items())},
    }


def _shown(listing: Listing) -> dict[str, Any]:
    texts = {name: listing.texts.get(name, {}) for name in TEXT_FIELDS}
    return {
        **{name: {tag: text[tag] for tag in sorted(text, key=_by_tag)} for name, text in texts.items()},
        **{name: listing.get(name) for name in PLAIN_FIELDS},
        **{name: list(listing.get(name)) for name in LIST_FIELDS},
        "derived": dict(sorted(listing.derived.items())),
    }


def _by_tag(tag: str) -> tuple[int, str]:
    """The languages of the interface first, then by code: a database need not keep the order of names."""
    codes = list(LANGUAGES)
    return codes.index(tag) if tag in codes else len(codes), tag


def _edited(row: Initiative) -> dict[str, str]:
    """Who said a field over the sources, the strongest of them, by field and language."""
    strongest = {_key(value): value for layer in compose.LAYERS for value in row.values if value.layer == layer}
    return {key: compose.author_of(value) for key, value in sorted(strongest.items())}


def _key(value: Value) -> str:
    return f"{value.field}/{value.lang}" if value.lang else value.field


def _source(record: Record, shown: dict[str, Any], edited: Mapping[str, str], public_ids: Mapping[int, str]) -> dict[str, Any]:
    said = SaidRecord.from_json(record.payload).to_json()
    over = {field_and_lang(key)[0] for key in edited}
    same = {name for name in SHOWN if name not in over and _is_same(name, said[name], shown[name])}
    differs = {name: value for name, value in said.items() if name not in same and name not in OWN}
    empty = {name for name in differs.keys() - SHOWN if differs[name] in compose.NOTHING}
    return {
        "platform": record.platform_id,
        "remote_id": record.remote_id,
        "url": said["url"],
        "listing": public_ids.get(record.initiative_id),
        "state": record.state,
        **{name: _instant(getattr(record, name)) for name in ("first_seen_at", "last_seen_at", "gone_at")},
        "differs": {name: value for name, value in differs.items() if name not in empty},
    }


def _is_same(name: str, said: Any, shown: Any) -> bool:
    """Whether a record says what is shown; the first of its titles counts as its original one."""
    return bool(said == shown) and (name != "title" or list(said) == list(shown))


def _joined(row: Initiative) -> dict[str, Any]:
    values = sorted(row.values, key=lambda value: (compose.LAYERS.index(value.layer), _key(value)))
    strongest = {_key(value): value for value in values}
    return {
        "public_id": row.public_id,
        "published_at": _instant(row.published_at),
        "created_at": _instant(row.created_at),
        "values": [{"field": key, "value": one.value, "by": compose.author_of(one)} for key, one in strongest.items()],
    }


def _platform(platform: Platform) -> dict[str, Any]:
    names = ("public_id", "title", "url", "licence", "rank", "state")
    return {name: getattr(platform, name) for name in names}


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None

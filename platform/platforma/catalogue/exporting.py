"""Export of listings: JSON lines in the record's form, or a table that spreadsheets open safely."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.listing import INTERFACE_LANGUAGES, LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS, Listing
from platforma.catalogue.models import Initiative, InitiativeState
from platforma.catalogue.queries import to_listings

BATCH = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
EVERYTHING = (InitiativeState.NEW, InitiativeState.PUBLISHED, InitiativeState.REFUSED, InitiativeState.ARCHIVED)


def export(session: Session, path: Path, *, include_all: bool = False) -> int:
    """Write the published listings (or all but the suppressed and merged) to a file by its suffix; how many.

    The file appears whole or not at all. Raises CatalogueError for a suffix that is not known.
    """
    write = {".jsonl": _write_jsonl, ".csv": _write_csv}.get(path.suffix.lower())
    if write is None:
        raise CatalogueError(f"{path.name}: the name ends in .jsonl or .csv")
    states = EVERYTHING if include_all else (InitiativeState.PUBLISHED,)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            total = write(file, _listings(session, states))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return total


def as_record(listing: Listing) -> dict[str, Any]:
    """The listing as JSON in the record's form, with its public id and sources."""
    first = listing.sources[0] if listing.sources else None
    return {
        "public_id": listing.public_id,
        "remote_id": first.remote_id if first else listing.public_id,
        "platform": first.platform_id if first else None,
        "url": first.url if first else None,
        **{name: dict(listing.texts.get(name, {})) for name in TEXT_FIELDS},
        **{name: listing.get(name) for name in PLAIN_FIELDS},
        **{name: list(listing.get(name)) for name in LIST_FIELDS},
        "derived": dict(listing.derived),
    }


def _listings(session: Session, states: tuple[InitiativeState, ...]) -> Iterator[Listing]:
    last = 0
    while rows := list(
        session.scalars(
            select(Initiative).where(Initiative.id > last, Initiative.state.in_(states)).order_by(Initiative.id).limit(BATCH)
        )
    ):
        yield from to_listings(session, rows)
        last = rows[-1].id
        session.expunge_all()


def _write_jsonl(file: TextIO, listings: Iterator[Listing]) -> int:
    total = 0
    for total, listing in enumerate(listings, start=1):  # noqa: B007 - the last number is the count
        file.write(json.dumps(as_record(listing), ensure_ascii=False) + "\n")
    return total


def _write_csv(file: TextIO, listings: Iterator[Listing]) -> int:
    texts = [f"{name}_{lang}" for name in TEXT_FIELDS for lang in INTERFACE_LANGUAGES]
    columns = ["public_id", "platform", "url", *texts, *PLAIN_FIELDS, *(n for n in LIST_FIELDS if n != "identifiers"), "derived"]
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    total = 0
    for total, listing in enumerate(listings, start=1):  # noqa: B007 - the last number is the count
        writer.writerow(_cells(listing))
    return total


def _cells(listing: Listing) -> dict[str, str]:
    record = as_record(listing)
    for name in TEXT_FIELDS:
        for lang in INTERFACE_LANGUAGES:
            record[f"{name}_{lang}"] = (listing.shown(name, lang) or _NO_TEXT).text
    record["derived"] = sorted(listing.derived)
    return {name: safe_cell(value) for name, value in record.items()}


class _NO_TEXT:
    text = ""


def safe_cell(value: Any) -> str:
    """A cell; what a spreadsheet would run as a formula begins with an apostrophe."""
    text = "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text

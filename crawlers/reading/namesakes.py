"""Namesakes: different entries of one name that have no other id get ids by what else they say, never by their place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from crawlers.record import RawRecord
from crawlers.values.addresses import canonical_address, web_address
from crawlers.values.raw_fields import first_text
from vocabulary import fold

TELLING_FIELDS = ("website", "place", "address", "email", "phone", "region", "country", "organisation", "start_date", "lat")
"""Fields that tell namesakes apart, the most lasting first."""
Namesakes = Sequence[tuple[RawRecord, tuple[str, ...]]]
"""Entries of one id, each with the fields that may still be added to it."""


def name_id(raw: RawRecord) -> str:
    """The id of an entry that has none but its name."""
    return fold(first_text(raw.fields.get("title")))


def tell_apart(raws: Iterable[RawRecord]) -> None:
    """Change the ids of different entries that are named by the same name alone; entries that are equal keep theirs.

    Each id then depends on its own entry only, so that a further namesake changes none of them.
    """
    groups: dict[str, list[RawRecord]] = {}
    for raw in raws:
        if raw.remote_id and raw.remote_id == name_id(raw):
            groups.setdefault(raw.remote_id, []).append(raw)
    for group in groups.values():
        _tell_apart([(raw, TELLING_FIELDS) for raw in group])


def _tell_apart(group: Namesakes) -> None:
    """Add to each id the next telling field that its entry fills, until the ids differ; at last, a number."""
    different = _different(group)
    if len(different) < 2:
        return
    if not any(_filled(raw, names) for raw, names in group):
        for number, raw_of_kind in enumerate(different[1:], start=2):
            for raw in raw_of_kind:
                raw.remote_id = f"{raw.remote_id}#{number}"
        return
    further: dict[str, list[tuple[RawRecord, tuple[str, ...]]]] = {}
    for raw, names in group:
        filled = _filled(raw, names)
        if filled:
            raw.remote_id = f"{raw.remote_id}|{_value(raw, filled[0])}"
        further.setdefault(raw.remote_id, []).append((raw, filled[1:]))
    for others in further.values():
        _tell_apart(others)


def _different(group: Namesakes) -> list[list[RawRecord]]:
    """The entries, equal ones together."""
    kinds: dict[str, list[RawRecord]] = {}
    for raw, _ in group:
        kinds.setdefault(json.dumps(raw.source, sort_keys=True, default=str), []).append(raw)
    return list(kinds.values())


def _filled(raw: RawRecord, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if first_text(raw.fields.get(name)))


def _value(raw: RawRecord, name: str) -> str:
    text = first_text(raw.fields.get(name))
    address = web_address(text) if name == "website" else None
    return canonical_address(address) if address else fold(text)

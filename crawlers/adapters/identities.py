"""What names an entry for good, where its source names several entries alike or gives a filler in place of a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from crawlers.record import RawRecord
from crawlers.values.raw_fields import first_text
from vocabulary import fold

_FILLERS = frozenset(
    {"", "n/a", "na", "nil", "none", "null", "undefined", "nan", "false", "true", "guid", "id", "unknown", "tbd", "0"}
)


def is_identity(text: str) -> bool:
    """Whether a text can name an entry: no filler that a program writes where it has no name, such as `N/A`."""
    return fold(text).strip(" .-_#/") not in _FILLERS


def told_apart(raws: Iterable[RawRecord]) -> list[RawRecord]:
    """The raw records of a page, those that share an id and tell of different things with ids of their own.

    Such an id is the address where all of them have another one, else the shared id with title and start. One thing in several
    languages keeps its id.
    """
    all_raws = list(raws)
    by_id: defaultdict[str, list[RawRecord]] = defaultdict(list)
    for raw in all_raws:
        if not raw.failure:
            by_id[raw.remote_id].append(raw)
    alike = {id for id, group in by_id.items() if len(group) > 1 and _are_several(group)}
    have_addresses = {id for id in alike if len({raw.url for raw in by_id[id] if raw.url}) == len(by_id[id])}
    return [
        replace(raw, remote_id=_own_id(raw, has_address=raw.remote_id in have_addresses))
        if raw.remote_id in alike and not raw.failure
        else raw
        for raw in all_raws
    ]


def _are_several(group: list[RawRecord]) -> bool:
    """Whether records of one id tell of different things, not of one thing again or in another language."""
    return len({raw.lang for raw in group}) == 1 and len(set(map(_title_and_start, group))) > 1


def _own_id(raw: RawRecord, *, has_address: bool) -> str:
    return raw.url or "" if has_address else f"{raw.remote_id}#{' '.join(filter(None, _title_and_start(raw)))}"


def _title_and_start(raw: RawRecord) -> tuple[str, str]:
    return fold(first_text(raw.fields.get("title"))), first_text(raw.fields.get("start_date"))

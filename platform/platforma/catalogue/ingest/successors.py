"""Successors: records that a source lists under new ids take over the listings of those that vanished, one to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from platforma.catalogue.matching.profiles import profile_of
from platforma.catalogue.matching.scoring import Verdict, compare
from platforma.catalogue.shapes import RecordPayload
from vocabulary import title_key

MAX_SHARING = 20
"""A title or website that more of the vanished records share does not tell which is which."""


def successors(vanished: Mapping[str, RecordPayload], new: Mapping[str, RecordPayload]) -> dict[str, str]:
    """New remote id to that of the vanished record which it continues.

    They share a title and nothing else speaks against it, or they alone have the same website, whatever their names. Of
    several that fit, the likest pair goes first and no record is used twice, so that three namesakes with new ids stay three.
    """
    sharing, arrived = _by_key(vanished), _by_key(new)
    met = {new_id: {id for key in _keys(payload) for id in sharing.get(key, ())} for new_id, payload in new.items()}
    before = {id: profile_of(vanished[id]) for id in {id for former_ids in met.values() for id in former_ids}}
    pairs: list[tuple[float, str, str]] = []
    for new_id in (id for id, former_ids in met.items() if former_ids):
        payload, after = new[new_id], profile_of(new[new_id])
        for former_id in met[new_id]:
            comparison = compare(before[former_id], after)
            website = _website_key(payload)
            is_alone = sharing.get(website) == [former_id] and arrived.get(website) == [new_id]
            if is_alone or comparison.verdict != Verdict.DIFFERENT:
                pairs.append((-comparison.score, former_id, new_id))
    return _one_to_one(pairs)


def _one_to_one(pairs: list[tuple[float, str, str]]) -> dict[str, str]:
    taken: set[str] = set()
    former_ids: dict[str, str] = {}
    for _, former_id, new_id in sorted(pairs):
        if former_id not in taken and new_id not in former_ids:
            taken.add(former_id)
            former_ids[new_id] = former_id
    return former_ids


def _by_key(payloads: Mapping[str, RecordPayload]) -> dict[str, list[str]]:
    """The records by what they could share with their successors, without what too many share."""
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for id, payload in payloads.items():
        for key in set(_keys(payload)):
            ids[key].append(id)
    return {key: sharing for key, sharing in ids.items() if len(sharing) <= MAX_SHARING}


def _keys(payload: RecordPayload) -> Iterator[str]:
    yield from (f"title:{title_key(text)}" for text in payload["title"].values())
    if website := _website_key(payload):
        yield website


def _website_key(payload: RecordPayload) -> str:
    """The key of a record's website; empty without one."""
    return f"website:{payload['website']}" if payload.get("website") else ""

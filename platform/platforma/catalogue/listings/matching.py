"""Matching: listings that are certainly the same are joined by rule, and every joining can be taken back.

Certain means: another platform's record has the same folded title and the same website (host, path and parameters), or
the same title and the same identifier. Less than that is left to people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crawlers.values.addresses import canonical_address
from platforma.catalogue.audit import record_event
from platforma.catalogue.models import Initiative, InitiativeState, Judgement, Record
from vocabulary import title_key

RULE = "rule:same name and website or identifier"
JOINABLE = (InitiativeState.NEW, InitiativeState.PUBLISHED)
"""What waits for a decision joins what waits, what is public joins what is public: joining decides nothing for a person."""


@dataclass(slots=True)
class Known:
    """A listing as matching sees it; the lower its id, the older it is. `platforms` are those of all its records."""

    id: int
    state: InitiativeState
    platforms: set[str] = field(default_factory=set)


def certain_keys(payload: Mapping[str, Any]) -> Iterator[str]:
    """What two records of the same initiative would share beyond doubt."""
    marks = [f"{identifier['scheme']}:{identifier['value']}" for identifier in payload["identifiers"]]
    website = canonical_address(payload["website"] or "")
    if website.startswith("https://"):
        marks.append(website)
    for title in payload["title"].values():
        yield from (f"{title_key(title)}\n{mark}" for mark in marks)


def oldest_match(new: Known, keys: Iterable[str], by_key: Mapping[str, Collection[Known]]) -> Known | None:
    """The oldest listing that shares any of the keys, has the same state and no record of the new one's platforms.

    None where there is none. Of one platform nothing is joined: its publisher told the two apart.
    """
    if new.state not in JOINABLE:
        return None
    sharing = (known for key in keys for known in by_key.get(key, ()))
    fitting = (known for known in sharing if known.state == new.state and known.platforms.isdisjoint(new.platforms))
    return min(fitting, key=lambda known: known.id, default=None)


def match_new(session: Session, new_ids: Collection[int], *, now: datetime) -> int:
    """Join each new listing to its oldest certain match; how many were joined."""
    if not new_ids:
        return 0
    by_key = _known_listings(session, exclude=frozenset(new_ids))
    joined = 0
    for initiative in session.scalars(select(Initiative).where(Initiative.id.in_(new_ids)).order_by(Initiative.id)):
        new = Known(initiative.id, initiative.state, {record.platform_id for record in initiative.records})
        keys = [key for record in initiative.records for key in certain_keys(record.payload)]
        if match := oldest_match(new, keys, by_key):
            match.platforms |= new.platforms
            _join(session, session.get_one(Initiative, match.id), initiative, now)
            joined += 1
    return joined


def _known_listings(session: Session, exclude: frozenset[int]) -> Mapping[str, list[Known]]:
    """All listings that may be joined, by the keys of their own records and of those that were merged into them."""
    rows = session.execute(select(Initiative.id, Initiative.state).where(Initiative.state.in_(JOINABLE)))
    known = {row.id: Known(row.id, row.state) for row in rows if row.id not in exclude}
    by_key: defaultdict[str, list[Known]] = defaultdict(list)
    query = select(Record.platform_id, Record.payload, Initiative.id, Initiative.merged_into_id).join(Record.initiative)
    for platform_id, payload, id, merged_into_id in session.execute(query):
        if listing := known.get(merged_into_id or id):
            listing.platforms.add(platform_id)
            for key in certain_keys(payload):
                by_key[key].append(listing)
    return by_key


def _join(session: Session, older: Initiative, newer: Initiative, now: datetime) -> None:
    session.execute(update(Initiative).where(Initiative.merged_into_id == newer.id).values(merged_into_id=older.id))
    newer.state, newer.merged_into_id, newer.changed_at = InitiativeState.MERGED, older.id, now
    session.add(Judgement(left_id=older.id, right_id=newer.id, verdict="same", score=1.0, by=RULE, at=now))
    for about, told in ((older, {"joined": newer.public_id}), (newer, {"merged_into": older.public_id})):
        record_event(session, actor=RULE, action="join", object_type="initiative", object_id=about.public_id, after=told)

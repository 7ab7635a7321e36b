"""Matching: listings that are certainly the same are joined by rule; every join is a judgement and can be undone.

Certain means: records of different platforms share a blocking key, which is a folded title together with a website (host,
path and parameters) or with an identifier. Anything less is decided by people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crawlers.values.addresses import canonical_address
from platforma.catalogue.audit import record_event
from platforma.catalogue.models import Initiative, InitiativeState, Judgement, Record
from platforma.catalogue.shapes import RecordPayload
from vocabulary import title_key

RULE = "rule:same name and website or identifier"
JOINABLE = (InitiativeState.NEW, InitiativeState.PUBLISHED)
"""Only listings of the same of these states are joined, so that joining never publishes or hides anything."""


@dataclass(slots=True)
class Candidate:
    """A listing that may be joined; a lower id is older. `platforms` are the ids of the platforms of all its records."""

    id: int
    state: InitiativeState
    platforms: set[str] = field(default_factory=set)


def certain_keys(payload: RecordPayload) -> Iterator[str]:
    """The blocking keys of a record: two records of different platforms that share one are the same initiative."""
    marks = [f"{identifier['scheme']}:{identifier['value']}" for identifier in payload["identifiers"]]
    website = canonical_address(payload["website"] or "")
    if website.startswith("https://"):
        marks.append(website)
    for title in payload["title"].values():
        yield from (f"{title_key(title)}\n{mark}" for mark in marks)


def oldest_match(new: Candidate, keys: Iterable[str], by_key: Mapping[str, Collection[Candidate]]) -> Candidate | None:
    """The oldest listing that shares a key with the new one, has its state, and no record of its platforms; None without one.

    Listings of one platform are never joined: its publisher keeps them apart.
    """
    if new.state not in JOINABLE:
        return None
    sharing = (candidate for key in keys for candidate in by_key.get(key, ()))
    matches = (
        candidate for candidate in sharing if candidate.state == new.state and candidate.platforms.isdisjoint(new.platforms)
    )
    return min(matches, key=lambda candidate: candidate.id, default=None)


def match_new(session: Session, new_ids: Collection[int], *, now: datetime) -> int:
    """Join each new listing to its oldest certain match; return the number of joins."""
    if not new_ids:
        return 0
    by_key = _candidates_by_key(session, exclude=frozenset(new_ids))
    joined = 0
    for initiative in session.scalars(select(Initiative).where(Initiative.id.in_(new_ids)).order_by(Initiative.id)):
        new = Candidate(initiative.id, initiative.state, {record.platform_id for record in initiative.records})
        keys = [key for record in initiative.records for key in certain_keys(record.payload)]
        if match := oldest_match(new, keys, by_key):
            match.platforms |= new.platforms
            _join(session, session.get_one(Initiative, match.id), initiative, now)
            joined += 1
    return joined


def _candidates_by_key(session: Session, exclude: frozenset[int]) -> Mapping[str, list[Candidate]]:
    """All listings that may be joined, by the keys of their records and of the records of listings merged into them."""
    rows = session.execute(select(Initiative.id, Initiative.state).where(Initiative.state.in_(JOINABLE)))
    candidates = {row.id: Candidate(row.id, row.state) for row in rows if row.id not in exclude}
    by_key: defaultdict[str, list[Candidate]] = defaultdict(list)
    query = select(Record.platform_id, Record.payload, Initiative.id, Initiative.merged_into_id).join(Record.initiative)
    for platform_id, payload, id, merged_into_id in session.execute(query):
        if candidate := candidates.get(merged_into_id or id):
            candidate.platforms.add(platform_id)
            for key in certain_keys(payload):
                by_key[key].append(candidate)
    return by_key


def _join(session: Session, older: Initiative, newer: Initiative, now: datetime) -> None:
    """Merge the newer listing, with all that was merged into it, into the older one."""
    session.execute(update(Initiative).where(Initiative.merged_into_id == newer.id).values(merged_into_id=older.id))
    newer.state, newer.merged_into_id, newer.changed_at = InitiativeState.MERGED, older.id, now
    session.add(Judgement(left_id=older.id, right_id=newer.id, verdict="same", score=1.0, by=RULE, at=now))
    for listing, after in ((older, {"joined": newer.public_id}), (newer, {"merged_into": older.public_id})):
        record_event(session, actor=RULE, action="join", object_type="initiative", object_id=listing.public_id, after=after)

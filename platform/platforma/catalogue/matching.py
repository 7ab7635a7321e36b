"""Matching: listings that are certainly the same are joined by rule, and every joining can be taken back.

Certain means: another platform's record has the same folded title and the same website (host and path), or the same
title and the same identifier. Less than that is left to people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.models import Initiative, InitiativeState, Judgement, Record
from vocabulary import fold

RULE = "rule:same name and website or identifier"
JOINABLE = (InitiativeState.NEW, InitiativeState.PUBLISHED, InitiativeState.ARCHIVED)


def match_new(session: Session, new_ids: Collection[int], *, now: datetime) -> int:
    """Join each new listing to the oldest certain match on another platform; how many were joined."""
    if not new_ids:
        return 0
    others = _index(session, exclude=frozenset(new_ids))
    joined = 0
    for initiative in session.scalars(select(Initiative).where(Initiative.id.in_(new_ids)).order_by(Initiative.id)):
        match = _oldest_match(initiative, others)
        if match is not None and initiative.state == match.state:
            _join(session, match, initiative, now)
            joined += 1
    return joined


def certain_keys(payload: Mapping[str, Any]) -> Iterator[str]:
    """What two records of the same initiative would share beyond doubt."""
    marks = [f"{one['scheme']}:{one['value']}" for one in payload["identifiers"]]
    if payload.get("website"):
        parts = urlsplit(payload["website"].lower())
        marks.append(f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}")
    for title in payload["title"].values():
        yield from (f"{' '.join(fold(title).split())}\n{mark}" for mark in marks)


def _index(session: Session, exclude: frozenset[int]) -> Mapping[str, list[tuple[str, Initiative]]]:
    found: defaultdict[str, list[tuple[str, Initiative]]] = defaultdict(list)
    query = select(Record, Initiative).join(Initiative).where(Initiative.state.in_(JOINABLE)).order_by(Initiative.id)
    for record, initiative in session.execute(query):
        if initiative.id not in exclude:
            for key in certain_keys(record.payload):
                found[key].append((record.platform_id, initiative))
    return found


def _oldest_match(initiative: Initiative, others: Mapping[str, list[tuple[str, Initiative]]]) -> Initiative | None:
    for record in initiative.records:
        for key in certain_keys(record.payload):
            for platform_id, other in others.get(key, ()):
                if platform_id != record.platform_id:
                    return other
    return None


def _join(session: Session, older: Initiative, newer: Initiative, now: datetime) -> None:
    newer.state, newer.merged_into_id, newer.changed_at = InitiativeState.MERGED, older.id, now
    session.add(Judgement(left_id=older.id, right_id=newer.id, verdict="same", score=1.0, by=RULE, at=now))

"""Published listings that a record which is not stored may be the same as: what visitors are shown before they add one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.listings import groups, match_keys
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.matching.profiles import profile_of
from platforma.catalogue.matching.scoring import Verdict, compare
from platforma.catalogue.models import Initiative, Record
from platforma.catalogue.shapes import RecordPayload


def likely_ids(session: Session, payload: RecordPayload) -> list[str]:
    """The public ids of the published listings that the record may be, or certainly is, the likeliest first."""
    profile = profile_of(payload)
    met = match_keys.meetings(session, {0: [profile]}, are_stored=False)[0]
    own = aliased(Initiative)
    query = select(Initiative.public_id, Record.payload).join(own, groups.head_id(own) == Initiative.id)
    rows = session.execute(query.join(Record, Record.initiative_id == own.id).where(Record.id.in_(met), is_published()))
    scores: dict[str, float] = {}
    for public_id, stored in rows:
        comparison = compare(profile, profile_of(stored))
        if comparison.verdict != Verdict.DIFFERENT:
            scores[public_id] = max(comparison.score, scores.get(public_id, 0.0))
    return sorted(scores, key=lambda id: (-scores[id], id))

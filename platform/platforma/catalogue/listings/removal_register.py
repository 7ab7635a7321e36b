"""The register of removals: reading it, and lifting an entry, so that the next crawl or import brings the thing in again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crawlers.record import Record as CrawledRecord
from platforma.catalogue import notices
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import groups
from platforma.catalogue.listings.suppression import FIELD_OF_KIND, FLAG, SuppressionList
from platforma.catalogue.models import Initiative, Notice, Removal, Suppression
from vocabulary.messages import N_

KINDS = (*FIELD_OF_KIND, FLAG)
"""The kinds of marks by which something removed is known, the surest first."""
MAX_REASON_CHARACTERS = 500
LIFTED = N_("This removal was lifted already; look at the register again")
NO_REASON = N_("Say why the removal is lifted")
LONG_REASON = N_("This is longer than %(characters)s characters; say it more briefly")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One removal, without anything of what was removed. `kinds` are those of KINDS by which it is known.

    `public_id` is None where an older version did not keep it. The last three are None while the removal holds.
    """

    id: int
    public_id: str | None
    at: datetime
    by: str
    reason: str
    kinds: tuple[str, ...]
    lifted_at: datetime | None
    lifted_by: str | None
    lift_reason: str | None


def entries(session: Session, *, limit: int | None = None, offset: int = 0) -> tuple[list[RegisterEntry], int]:
    """A page of the register, the newest first, and the number of all its entries."""
    rows = session.scalars(select(Removal).order_by(Removal.id.desc()).limit(limit).offset(offset)).all()
    in_all = session.scalar(select(func.count()).select_from(Removal)) or 0
    return _entries(session, rows), in_all


def entry(session: Session, removal_id: int) -> RegisterEntry:
    """One entry. Raises NotFound."""
    row = session.get(Removal, removal_id)
    if row is None:
        raise NotFound(f"there is no removal {removal_id}")
    return _entries(session, [row])[0]


def lift(session: Session, *, removal_id: int, reason: str, actor: str, key: bytes) -> None:
    """Delete the hashes of a removal. Another removal of the same thing goes on holding; the listing's address stays gone.

    Curators are no longer asked about listings that were only like this one. `key` is the secret key of the hashes. Raises
    NotFound, BadState where it was lifted before, and BadValue without a reason or with one that is too long.
    """
    row = session.get(Removal, removal_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no removal {removal_id}")
    if row.lifted_at is not None:
        raise BadState(LIFTED)
    if not (reason := reason.strip()):
        raise BadValue("reason", NO_REASON)
    if len(reason) > MAX_REASON_CHARACTERS:
        raise BadValue("reason", LONG_REASON, characters=MAX_REASON_CHARACTERS)
    row.lifted_at, row.lifted_by, row.lift_reason = utc_now(), actor, reason
    session.execute(delete(Suppression).where(Suppression.removal_id == removal_id))
    _drop_questions(session, SuppressionList(session, key))
    after = {"public_id": row.public_id, "reason": reason}
    record_event(session, actor=actor, action="lift", object_type="removal", object_id=str(removal_id), after=after)


def _drop_questions(session: Session, suppressed: SuppressionList) -> None:
    """Delete the open notices of listings that no removal concerns any more, so that another removal asks about them anew."""
    is_open = Notice.topic.in_(notices.REMOVAL_TOPICS), Notice.settled_at.is_(None)
    for notice in session.scalars(select(Notice).where(*is_open)):
        listing = session.scalar(select(Initiative).where(Initiative.public_id == notice.key))
        if listing is None or not _is_concerned(session, suppressed, groups.head(session, listing).id):
            session.delete(notice)


def _is_concerned(session: Session, suppressed: SuppressionList, head_id: int) -> bool:
    """Whether something that was removed is the same as a listing, or has its name."""
    records = groups.records_behind(session, [head_id])[head_id]
    crawled = [(record.platform_id, CrawledRecord.from_json(record.payload)) for record in records]
    return any(suppressed.suppressed_by(*one) or suppressed.has_suppressed_name(one[1]) for one in crawled)


def _entries(session: Session, rows: Sequence[Removal]) -> list[RegisterEntry]:
    ids = [row.id for row in rows]
    pairs = session.execute(select(Suppression.removal_id, Suppression.kind).where(Suppression.removal_id.in_(ids)).distinct())
    kinds_of: dict[int, set[str]] = {id: set() for id in ids}
    for removal_id, kind in pairs:
        kinds_of[removal_id].add(kind)
    return [
        RegisterEntry(
            id=row.id, public_id=row.public_id, at=row.at, by=row.by, reason=row.reason,
            kinds=tuple(kind for kind in KINDS if kind in kinds_of[row.id]),
            lifted_at=row.lifted_at, lifted_by=row.lifted_by, lift_reason=row.lift_reason,
        )
        for row in rows
    ]  # fmt: skip

"""What whoever has proven a claim changes in their listing: public at once, or after a curator's look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import form_texts, listing_queries, saves
from platforma.catalogue.listings.layers import Key
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.saves import Tried, Typed
from platforma.catalogue.models import ClaimChange
from platforma.catalogue.partners.claims import NO_REASON, Claim, locked
from platforma.catalogue.shapes import FieldValue
from vocabulary.messages import N_

TEXTS = ("title", "summary", "description")
FIELDS = (
    "kind", "sectors", "themes", "country", "countries", "place", "address", "start_date", "end_date", "website", "email",
    "phone", "same_as", "image",
)  # fmt: skip
"""The fields that an organisation may say of itself: texts in each language, and the others."""
DECIDED = N_("This change was decided about or taken back in the meantime.")


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change that waits for a curator, since an instant in UTC; `values` are the fields as they were typed."""

    id: int
    claim_id: int
    sent_at: datetime
    values: Sequence[tuple[Key, str]]


def own_fields(typed: Sequence[Typed]) -> list[Typed]:
    """What was typed in fields that are an organisation's to fill in; nothing else is looked at."""
    return [one for one in typed if one.field in (TEXTS if one.lang else FIELDS)]


def attempt(session: Session, claim: Claim, typed: Sequence[Typed]) -> Tried:
    """What saving would make of the listing; nothing is stored, and the session has ended. Raises what saves.save raises."""
    return saves.attempt(session, claim.public_id, claim.email, own_fields(typed), voice=claim.voice)


def save(session: Session, claim: Claim, typed: Sequence[Typed]) -> list[Key]:
    """Make a change public, or let it wait for a curator, as the claim says; return the fields that are changed.

    What waits takes the place of what waited before in the same fields. Raises what saves.save raises, and NotFound where the
    claim has ended meanwhile.
    """
    claim = locked(session, claim)
    if claim.is_live:
        return saves.save(session, claim.public_id, claim.email, own_fields(typed), claim.voice)
    changed = [one for one in own_fields(typed) if one.is_changed]
    if changed:
        _let_wait(session, claim, changed)
    return [one.key for one in changed]


def waiting_change(session: Session, claim_id: int) -> WaitingChange | None:
    """The change of a claim that waits; None without one."""
    row = session.scalar(select(ClaimChange).where(ClaimChange.membership_id == claim_id, ClaimChange.is_accepted.is_(None)))
    if row is None:
        return None
    values = [((field, lang), text) for field, lang, text in row.values]
    return WaitingChange(row.id, row.membership_id, row.sent_at, values)


def last_refusal(session: Session, claim_id: int) -> str | None:
    """Why the last change that was decided about was refused; None where it was accepted, or there was none."""
    is_decided = ClaimChange.membership_id == claim_id, ClaimChange.decided_at.is_not(None)
    row = session.scalar(select(ClaimChange).where(*is_decided).order_by(ClaimChange.decided_at.desc(), ClaimChange.id.desc()))
    return row.reason if row is not None and not row.is_accepted else None


def withdraw(session: Session, claim: Claim) -> None:
    """Take back what waits; nothing happens where nothing does."""
    row = session.scalar(_waiting(claim.id))
    if row is not None:
        session.delete(row)
        _record(session, claim, claim.email, "withdraw_change")


def accept(session: Session, claim: Claim, change_id: int, *, actor: str, version: int) -> None:
    """Make a change public, over what the listing shows as of `version`.

    Raises BadState where it does not wait any more, VersionConflict, and what saves.save raises where it cannot be made any more.
    """
    claim = locked(session, claim)
    row = _waiting_row(session, claim, change_id)
    found = listing_queries.listing_for_desk(session, claim.public_id)
    if not isinstance(found, Listing):
        raise NotFound(claim.public_id)
    typed = [Typed(field, lang, text, _mark(found, field, lang)) for field, lang, text in row.values]
    saves.save(session, claim.public_id, claim.email, typed, claim.voice, version)
    row.is_accepted, row.decided_at, row.decided_by = True, utc_now(), actor
    _record(session, claim, actor, "accept_change")


def refuse(session: Session, claim: Claim, change_id: int, *, actor: str, reason: str) -> None:
    """Refuse a change. Raises BadValue without a reason, and BadState where it does not wait any more."""
    if not reason.strip():
        raise BadValue("reason", NO_REASON)
    claim = locked(session, claim)
    row = _waiting_row(session, claim, change_id)
    row.is_accepted, row.decided_at, row.decided_by, row.reason = False, utc_now(), actor, reason.strip()
    _record(session, claim, actor, "refuse_change", reason=row.reason)


def before(listing: Listing, key: Key) -> FieldValue:
    """What a listing shows of a field now."""
    field, lang = key
    value = listing.texts.get(field, {}).get(lang) if lang else listing.get(field)
    return list(value) if isinstance(value, tuple) else value  # type: ignore[return-value] # a field holds what a value can be


def _let_wait(session: Session, claim: Claim, changed: Sequence[Typed]) -> None:
    row = session.scalar(_waiting(claim.id))
    former = {(field, lang): text for field, lang, text in row.values} if row is not None else {}
    values = former | {one.key: one.text for one in changed}
    stored = [[field, lang, text] for (field, lang), text in values.items()]
    if row is None:
        session.add(ClaimChange(membership_id=claim.id, values=stored, sent_at=utc_now()))
    else:
        row.values = stored
    _record(session, claim, claim.email, "send_change")


def _waiting(claim_id: int) -> Select[ClaimChange]:
    return select(ClaimChange).where(ClaimChange.membership_id == claim_id, ClaimChange.is_accepted.is_(None)).with_for_update()


def _waiting_row(session: Session, claim: Claim, change_id: int) -> ClaimChange:
    row = session.scalar(_waiting(claim.id).where(ClaimChange.id == change_id))
    if row is None:
        raise BadState(DECIDED)
    return row


def _mark(listing: Listing, field: str, lang: str) -> str:
    return form_texts.mark(field, form_texts.text_of(field, before(listing, (field, lang))))


def _record(session: Session, claim: Claim, actor: str, action: str, reason: str = "") -> None:
    after = {"email": claim.email} | ({"reason": reason} if reason else {})
    record_event(session, actor=actor, action=action, object_type="initiative", object_id=claim.public_id, after=after)

"""The yearly letters: which listings an organisation is asked about, what it answers, and who wants no letters.

Addresses are stored as keyed hashes only. What is written to whom is decided in one transaction under the lock of groups, so
that two workers never write twice.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.audit import record_event
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.listings import groups, stale_decisions
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_queries import to_listings
from platforma.catalogue.listings.visibility import is_published_by_age
from platforma.catalogue.models import Confirmation, Initiative, InitiativeState, Letter, LetterRefusal, Value
from vocabulary.languages import LANGUAGES, best_language

KINDS = ("organisation", "social_enterprise", "support_organisation")
"""The kinds of listings whose organisation is asked."""
EVERY = timedelta(days=365)
"""How long a confirmation, an edit, the publication or a letter stands before an organisation is asked."""
ADDRESS_PAUSE = timedelta(days=30)
"""An address gets at most one letter in this time, however many listings name it."""
PER_DAY = 50
"""The most letters in 24 hours."""
GOOD_FOR = timedelta(days=90)
"""How long the links of a letter work."""
Answer = Literal["correct", "change", "ended"]
ORGANISATION = "organisation (letter)"
"""The actor of what an organisation answers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter with the listing that it is about now; `listing` is None where that is not published any more."""

    public_id: str
    initiative_id: int
    listing: Listing | None
    lang: str
    expires_at: datetime

    @property
    def secret_name(self) -> str:
        """The name that the secret of its links derives from."""
        return f"letter:{self.public_id}"


def budget(session: Session, now: datetime) -> int:
    """How many letters may still be written today."""
    sent = session.scalar(select(func.count()).select_from(Letter).where(Letter.sent_at > now - timedelta(days=1))) or 0
    return max(0, PER_DAY - sent)


def due_ids(session: Session, now: datetime) -> list[int]:
    """The listings whose organisations may be asked, those published first before others; addresses are not looked at here."""
    return list(session.scalars(_due(now).with_only_columns(Initiative.id).order_by(Initiative.published_at, Initiative.id)))


def write(session: Session, initiative_id: int, *, key: bytes, now: datetime, is_asked: bool = False) -> Asked | None:
    """Note a letter about a listing, to be mailed in this transaction; None where it is not due (any more), its address wants
    none or had one lately, or the day's letters are written. `is_asked`: a curator asks, so that nothing need be due."""
    groups.lock_groups(session)
    meant = _with_address() if is_asked else _due(now)
    row = session.scalar(meant.where(Initiative.id == initiative_id))
    if row is None or budget(session, now) == 0:
        return None
    (listing,) = to_listings(session, [row])
    address = hash_of(key, listing.get("email") or "")
    if not _may_be_written_to(session, address, now):
        return None
    lang = best_language(listing.original_lang or "", LANGUAGES)
    letter = Letter(
        public_id=new_public_id(), initiative_id=row.id, address=address, lang=lang, sent_at=now, expires_at=now + GOOD_FOR
    )
    session.add(letter)
    return Asked(letter.public_id, row.id, listing, lang, letter.expires_at)


def can_ask(session: Session, listing: Listing, *, key: bytes, now: datetime) -> bool:
    """Whether a curator can have the organisation of a published listing asked now."""
    email = listing.get("email")
    return bool(email) and _may_be_written_to(session, hash_of(key, email or ""), now)


def asked(session: Session, public_id: str) -> Asked | None:
    """The letter of this id, with the listing that it is about, or the one that this was joined with since."""
    letter = session.scalar(select(Letter).where(Letter.public_id == public_id))
    if letter is None:
        return None
    row = groups.head(session, session.get_one(Initiative, letter.initiative_id))
    is_shown = row.state == InitiativeState.PUBLISHED
    listing = to_listings(session, [row])[0] if is_shown else None
    return Asked(letter.public_id, row.id, listing, letter.lang, letter.expires_at)


def answer(session: Session, public_id: str, said: Answer, now: datetime) -> None:
    """Store what an organisation answers: that its listing is right, wants a change, or no longer exists. The last one counts."""
    letter = session.scalars(select(Letter).where(Letter.public_id == public_id).with_for_update()).one()
    row = groups.head(session, session.get_one(Initiative, letter.initiative_id))
    letter.answer, letter.answered_at = said, now
    if said == "correct":
        stale_decisions.confirm(session, row.id, ORGANISATION, now)
    elif said == "ended":
        stale_decisions.note_end(session, row.id, now)
    record_event(
        session,
        actor=ORGANISATION,
        action=f"letter_{said}",
        object_type="initiative",
        object_id=row.public_id,
        after={"answer": said},
    )


def refuse_letters(session: Session, public_id: str, now: datetime) -> None:
    """Write no more letters to the address of this letter."""
    address = session.scalars(select(Letter.address).where(Letter.public_id == public_id)).one()
    if session.get(LetterRefusal, address) is None:
        session.add(LetterRefusal(address=address, at=now))


def allow_letters(session: Session, public_id: str) -> None:
    """Take back that no more letters are written to the address of this letter."""
    address = session.scalars(select(Letter.address).where(Letter.public_id == public_id)).one()
    session.execute(delete(LetterRefusal).where(LetterRefusal.address == address))


def hash_of(key: bytes, email: str) -> str:
    """The hash by which an address is known."""
    return hmac.new(key, f"letters to {email.strip().casefold()}".encode(), "sha256").hexdigest()


def _may_be_written_to(session: Session, address: str, now: datetime) -> bool:
    if session.get(LetterRefusal, address) is not None:
        return False
    recent = select(Letter.id).where(Letter.address == address, Letter.sent_at > now - ADDRESS_PAUSE)
    return session.scalar(recent.limit(1)) is None


def _due(now: datetime) -> Select[Initiative]:
    """Listings with a contact address that nobody has said anything about for a year: not by edits, confirmations or letters of
    the listing itself or of one that was joined with it."""
    cutoff, kind = now - EVERY, Initiative.composed["fields"]["kind"].as_string()
    return _with_address().where(Initiative.published_at <= cutoff, kind.in_(KINDS), *_untouched(cutoff))


def _with_address() -> Select[Initiative]:
    """The published listings with a contact address."""
    email = Initiative.composed["fields"]["email"].as_string()
    return select(Initiative).where(is_published_by_age(), email.is_not(None))


def _untouched(cutoff: datetime) -> Iterator[ColumnElement[bool]]:
    member = aliased(Initiative)
    joined = select(member.id).where(member.merged_into_id == Initiative.id)
    for id, instant in (
        (Confirmation.initiative_id, Confirmation.confirmed_at),
        (Value.initiative_id, Value.at),
        (Letter.initiative_id, Letter.sent_at),
    ):
        yield ~select(id).where(or_(id == Initiative.id, id.in_(joined)), instant > cutoff).exists()

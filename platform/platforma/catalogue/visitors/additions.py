"""Listings that visitors add by hand: each is a record of a platform of our own, and waits for a curator as a new listing.

The words are also the owner's values, so that pages may show the description whole. Who added it is told the decision, and
FORGET_AFTER that their address is erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from crawlers.record import Record as CrawledRecord
from platforma.catalogue import pending
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import InitiativeState, PlatformState
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.listings import compose, duplicates, groups, likely
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.models import Addition, Initiative, Platform, Record, Value
from platforma.catalogue.people import tokens
from platforma.catalogue.platforms import recipes
from platforma.catalogue.shapes import RecordPayload
from platforma.catalogue.visitors import held_back

PLATFORM, PLATFORM_TITLE = "added-here", "Platforma platformām"
"""The platform whose records are what visitors added; it is on probation, so that each waits for a curator."""
BY = "added by hand"
"""`by` of the values, and the actor in the history: the address of who added it is stored in Addition alone."""
STATUS = "addition"
"""The purpose of the secret in the link by which an addition is followed."""
FORGET_AFTER = timedelta(days=30)
"""How long after the decision was mailed the address is stored."""
DECIDED = (InitiativeState.PUBLISHED, InitiativeState.REFUSED, InitiativeState.MERGED, InitiativeState.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class AddedListing:
    """An addition as it stands. `public_id` and `slug` are the listing's, or those of the one that it was joined with;
    `reason` says why it was refused; `email` is None once it was erased."""

    id: int
    number: str
    public_id: str
    slug: str
    state: InitiativeState
    reason: str
    titles: dict[str, str]
    email: str | None
    lang: str
    created_at: datetime

    @property
    def secret_name(self) -> str:
        """The name that the secret of the link to this addition's page derives from."""
        return f"{STATUS}:{self.number}"


def is_suppressed(session: Session, record: CrawledRecord, *, key: bytes) -> bool:
    """Whether this was removed at somebody's request; it then must not come back."""
    return SuppressionList(session, key).suppressed_by(PLATFORM, record) is not None


def likely_ids(session: Session, record: CrawledRecord) -> list[str]:
    """The public ids of the published listings that this may be, or certainly is, the likeliest first."""
    return likely.likely_ids(session, cast(RecordPayload, record.to_json()))


def issue_request(session: Session, record: CrawledRecord, *, email: str, lang: str, key: bytes, doubt: str = "") -> str:
    """Store an addition until its sender confirms it; return the name from which the secret of the link derives.

    `doubt` is what was doubtful about how it was sent (see held_back), empty for nothing.
    """
    payload = {"record": record.to_json(), "email": email, "lang": lang, "doubt": doubt}
    return tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_ADDITION, key=key, payload=payload)


def read_request(session: Session, secret: str) -> CrawledRecord:
    """What a link confirms. Raises BadToken."""
    return CrawledRecord.from_json(tokens.read_token(session, secret, tokens.CONFIRM_ADDITION).payload["record"])


def confirm(session: Session, secret: str) -> AddedListing | None:
    """Use the link up and enter its listing, which waits for a curator; None where it is held back. Raises BadToken."""
    token = tokens.use_token(session, secret, tokens.CONFIRM_ADDITION)
    payload, token.payload = token.payload, {}
    words, email = held_back.words_of(CrawledRecord.from_json(payload["record"])), payload["email"]
    if doubt := payload.get("doubt") or held_back.doubt_of_text(session, words):
        held_back.hold(session, kind=held_back.ADDITION, payload=payload, reason=doubt, text=words, email=email)
        return None
    return enter_sent(session, payload)


def enter_sent(session: Session, payload: Mapping[str, Any]) -> AddedListing:
    """Enter what was sent, as `issue_request` stored it."""
    return enter(session, CrawledRecord.from_json(payload["record"]), email=payload["email"], lang=payload["lang"])


def enter(session: Session, record: CrawledRecord, *, email: str, lang: str) -> AddedListing:
    """Enter a listing that waits for a curator, who sees what it may be the same as; nothing of it is public."""
    now = utc_now()
    initiative, platform = Initiative(public_id=new_public_id(), composed={}), _platform(session)
    initiative.values = [
        Value(field="description", lang=tag, value=text, layer="owner", by=BY, seen={platform.id: text})
        for tag, text in record.description.items()
    ]
    stored = Record(platform_id=platform.id, remote_id=initiative.public_id, initiative=initiative)
    stored.payload = cast(RecordPayload, replace(record, remote_id=initiative.public_id).to_json())
    stored.fingerprint = record.content_hash()
    stored.first_seen_at = stored.last_seen_at = now
    session.add(stored)
    session.flush()
    addition = Addition(initiative_id=initiative.id, email=email, lang=lang)
    session.add(addition)
    record_event(session, actor=BY, action="add", object_type="initiative", object_id=initiative.public_id)
    session.flush()
    compose.recompose(session, [initiative.id], now)
    duplicates.match_records(session, [stored.id], now=now)
    return _added(session, addition, initiative)


def addition_of(session: Session, number: str) -> AddedListing | None:
    """The addition that entered the listing of this public id; None where there is none."""
    query = select(Addition, Initiative).join(Initiative, Initiative.id == Addition.initiative_id)
    row = session.execute(query.where(Initiative.public_id == number)).one_or_none()
    return _added(session, *row) if row is not None else None


def decided(session: Session) -> list[AddedListing]:
    """The additions that a curator has decided about since, and whose senders have not been told; not while it can be undone.

    One that was joined with another that waits is decided about together with that one.
    """
    shown = aliased(Initiative)
    query = select(Addition, Initiative).join(Initiative, Initiative.id == Addition.initiative_id)
    query = query.join(shown, groups.head_id() == shown.id).where(shown.state != InitiativeState.NEW)
    is_told_now = ~pending.is_told_later(utc_now())
    query = query.where(Addition.told_at.is_(None), Initiative.state.in_(DECIDED), is_told_now).order_by(Addition.id)
    return [_added(session, *row) for row in session.execute(query)]


def mark_told(session: Session, id: int) -> None:
    """Note that the decision was mailed."""
    session.execute(update(Addition).where(Addition.id == id).values(told_at=utc_now()))


def forget_told(session: Session, now: datetime) -> None:
    """Erase the addresses of those who were told the decision more than FORGET_AFTER ago."""
    session.execute(update(Addition).where(Addition.told_at < now - FORGET_AFTER).values(email=None))


def _platform(session: Session) -> Platform:
    """The platform of what was added, made with the first addition."""
    platform = session.get(Platform, PLATFORM)
    if platform is None:
        recipe = {"platform": PLATFORM, "title": PLATFORM_TITLE, "url": "", "adapter": "file"}
        platform = Platform(id=PLATFORM, public_id=new_public_id(), title=PLATFORM_TITLE, url="", recipe=recipe)
        platform.state = PlatformState.PROBATION
        session.add(platform)
        session.flush()
        recipes.start_history(session, platform, actor=BY)
        after = {"state": platform.state}
        record_event(session, actor=BY, action="approve", object_type="platform", object_id=PLATFORM, after=after)
    return platform


def _added(session: Session, addition: Addition, initiative: Initiative) -> AddedListing:
    shown = groups.head(session, initiative)
    return AddedListing(
        id=addition.id,
        number=initiative.public_id,
        public_id=shown.public_id,
        slug=shown.composed.get("slug", "-"),
        state=InitiativeState(shown.state),
        reason=initiative.reason or "",
        titles=dict((initiative.composed or shown.composed).get("texts", {}).get("title", {})),
        email=addition.email,
        lang=addition.lang,
        created_at=addition.created_at,
    )

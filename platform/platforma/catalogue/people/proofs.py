"""Proof that the people of a platform run its site: by a mail address of its domain, a code on the site, or a curator's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.addresses import host_of
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import ProofWay
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Platform, SiteProof
from platforma.catalogue.websites.doubts import is_anybodys, registrable
from platforma.secret_key import derived_secret
from vocabulary.messages import N_

LOOKED_AGAIN_AFTER = timedelta(minutes=1)
"""A site is not looked at for its code more often than so."""
TOO_SOON = N_("The site was looked at a moment ago; try again in a minute")


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that stands: how, by whom, and since when."""

    way: ProofWay
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SiteQuestion:
    """That a site is to be looked at for its code, or was in vain. `reason` is None until `looked_at`."""

    asked_at: datetime
    looked_at: datetime | None
    reason: str | None
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DueProof:
    """A site that is to be looked at for its code."""

    id: int
    platform_id: str
    public_id: str
    url: str


def site_code(key: bytes, public_id: str) -> str:
    """The code of a platform, which its members put on their site; it is no secret of ours, and the same each time."""
    return derived_secret(key, f"site-proof:{public_id}")


def is_of_domain(email: str, url: str) -> bool:
    """Whether an address is of the domain whose whole site this is: of the host itself, or of the domain that it belongs to.

    A part of a site proves nothing by the domain, since providers give both pages and mail addresses to anybody.
    """
    host, domain = host_of(url), host_of(f"http://{email.rpartition('@')[2]}")
    is_whole_site = urlsplit(url).path in ("", "/")
    return is_whole_site and bool(domain) and not is_anybodys(domain) and domain in (host, registrable(host))


def note_mail(session: Session, *, platform_id: str, email: str) -> None:
    """Note that a member's confirmed address is of the site's domain, where it is and nothing of this kind stands yet."""
    platform = session.get_one(Platform, platform_id)
    if is_of_domain(email, platform.url) and _row(session, platform_id, ProofWay.MAIL) is None:
        _prove(session, platform_id, ProofWay.MAIL, by=email)


def ask(session: Session, *, platform_id: str, by: str) -> None:
    """Have the site looked at for its code. Raises BadState right after a look."""
    row, now = _row(session, platform_id, ProofWay.SITE), utc_now()
    if row is None:
        session.add(SiteProof(platform_id=platform_id, way=ProofWay.SITE, by=by, asked_at=now))
        return
    if row.looked_at is not None and row.looked_at > now - LOOKED_AGAIN_AFTER:
        raise BadState(TOO_SOON)
    row.by, row.asked_at, row.looked_at, row.reason, row.values = by, now, None, None, None


def due(session: Session, limit: int) -> Sequence[DueProof]:
    """The sites that are to be looked at, in the order in which that was asked for."""
    query = select(SiteProof.id, Platform.id, Platform.public_id, Platform.url).join(Platform)
    query = query.where(SiteProof.way == ProofWay.SITE, SiteProof.looked_at.is_(None)).order_by(SiteProof.asked_at, SiteProof.id)
    return [DueProof(*row) for row in session.execute(query.limit(limit))]


def note_found(session: Session, proof: DueProof, way: ProofWay) -> None:
    """Note where the site has its code; the question is answered."""
    row = session.get(SiteProof, proof.id)
    if row is None:
        return
    session.delete(row)
    session.flush()
    if _row(session, proof.platform_id, way) is None:
        _prove(session, proof.platform_id, way, by=row.by)


def note_missed(session: Session, proof: DueProof, reason: str, values: Mapping[str, str]) -> None:
    """Note why the look came to nothing; a proof that stands already stays."""
    if row := session.get(SiteProof, proof.id):
        row.looked_at, row.reason, row.values = utc_now(), reason, dict(values)


def vouch(session: Session, *, platform_id: str, actor: str) -> None:
    """Note a curator's word; nothing happens where one stands."""
    if _row(session, platform_id, ProofWay.CURATOR) is None:
        _prove(session, platform_id, ProofWay.CURATOR, by=actor)


def take_back(session: Session, *, platform_id: str, actor: str) -> None:
    """Take all that was proven back, as when a site has changed hands; nothing happens where nothing is."""
    standing = proofs_of(session, platform_id)
    if not standing:
        return
    for row in session.scalars(select(SiteProof).where(SiteProof.platform_id == platform_id, SiteProof.proven_at.is_not(None))):
        session.delete(row)
    before = {"ways": [str(proof.way) for proof in standing]}
    record_event(session, actor=actor, action="unprove", object_type="platform", object_id=platform_id, before=before)


def proofs_of(session: Session, platform_id: str) -> Sequence[Proof]:
    """What stands proven of a platform, the oldest first; empty for nothing."""
    query = select(SiteProof).where(SiteProof.platform_id == platform_id, SiteProof.proven_at.is_not(None))
    rows = session.scalars(query.order_by(SiteProof.proven_at, SiteProof.id))
    return [Proof(row.way, row.by, row.proven_at) for row in rows if row.proven_at is not None]


def question_of(session: Session, platform_id: str) -> SiteQuestion | None:
    """Whether the site waits to be looked at, or was looked at in vain; None where nobody asked, or it was found."""
    row = _row(session, platform_id, ProofWay.SITE)
    return SiteQuestion(row.asked_at, row.looked_at, row.reason, row.values or {}) if row else None


def _row(session: Session, platform_id: str, way: ProofWay) -> SiteProof | None:
    return session.scalar(select(SiteProof).where(SiteProof.platform_id == platform_id, SiteProof.way == way))


def _prove(session: Session, platform_id: str, way: ProofWay, *, by: str) -> None:
    now = utc_now()
    session.add(SiteProof(platform_id=platform_id, way=way, by=by, asked_at=now, looked_at=now, proven_at=now))
    after = {"way": str(way), "by": by}
    record_event(session, actor=by, action="prove", object_type="platform", object_id=platform_id, after=after)

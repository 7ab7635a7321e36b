"""Proof that the people of a platform run its site, or that whoever claims a listing runs its website.

By a mail address of the site's domain, a code on the site, or a curator's word. What is proven of a platform holds for all who
answer for it; what is proven of a claim holds for the person who made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crawlers.values.addresses import host_of
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import ProofWay
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Initiative, Membership, Platform, SiteProof, User
from platforma.catalogue.websites.doubts import is_anybodys, registrable
from platforma.secret_key import derived_secret
from vocabulary.messages import N_

LOOKED_AGAIN_AFTER = timedelta(minutes=1)
"""A site is not looked at for its code more often than so."""
Subject: TypeAlias = str | int
"""What is proven: a platform by its id, or a claim of a listing by the id of its membership."""
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
    """A site that is to be looked at for its code; `code_name` is what the code is made of (see site_code)."""

    id: int
    subject: Subject
    code_name: str
    url: str


def site_code(key: bytes, name: str) -> str:
    """The code that is put on a site; it is no secret of ours, and the same each time.

    `name` is the public id of a platform, or the `claim_name` of a claim.
    """
    return derived_secret(key, f"site-proof:{name}")


def claim_name(public_id: str, email: str) -> str:
    """The name of the code of a claim, which is each person's own: what one has put on a site proves nothing of another."""
    return f"{public_id}:{email}"


def is_of_domain(email: str, url: str) -> bool:
    """Whether an address is of the domain whose whole site this is: of the host itself, or of the domain that it belongs to.

    A part of a site proves nothing by the domain, since providers give both pages and mail addresses to anybody.
    """
    host, domain = host_of(url), host_of(f"http://{email.rpartition('@')[2]}")
    is_whole_site = urlsplit(url).path in ("", "/")
    return is_whole_site and bool(domain) and not is_anybodys(domain) and domain in (host, registrable(host))


def note_mail(session: Session, *, subject: Subject, email: str, url: str | None = None) -> None:
    """Note that a confirmed address is of the site's domain, where it is and nothing of this kind stands yet.

    `url` is the site of a claim; a platform's own is known.
    """
    site = session.get_one(Platform, subject).url if isinstance(subject, str) else url
    if site and is_of_domain(email, site) and _row(session, subject, ProofWay.MAIL) is None:
        _prove(session, subject, ProofWay.MAIL, by=email)


def ask(session: Session, *, subject: Subject, by: str, url: str | None = None) -> None:
    """Have the site looked at for its code, for a claim that at `url`. Raises BadState right after a look."""
    row, now = _row(session, subject, ProofWay.SITE), utc_now()
    if row is None:
        session.add(SiteProof(**_columns(subject), way=ProofWay.SITE, by=by, asked_at=now, url=url))
        return
    if row.looked_at is not None and row.looked_at > now - LOOKED_AGAIN_AFTER:
        raise BadState(TOO_SOON)
    row.by, row.asked_at, row.looked_at, row.reason, row.values, row.url = by, now, None, None, None, url


def due(session: Session, limit: int) -> Sequence[DueProof]:
    """The sites that are to be looked at, in the order in which that was asked for."""
    columns = SiteProof, Platform.public_id.label("platform"), Initiative.public_id.label("listing"), User.email
    query = select(*columns, func.coalesce(SiteProof.url, Platform.url).label("site"))
    query = query.outerjoin(Platform, Platform.id == SiteProof.platform_id)
    query = query.outerjoin(Membership, Membership.id == SiteProof.membership_id)
    query = query.outerjoin(Initiative, Initiative.id == Membership.initiative_id)
    query = query.outerjoin(User, User.id == Membership.user_id)
    query = query.where(SiteProof.way == ProofWay.SITE, SiteProof.looked_at.is_(None)).order_by(SiteProof.asked_at, SiteProof.id)
    return [
        DueProof(row.SiteProof.id, _subject_of(row.SiteProof), row.platform or claim_name(row.listing, row.email), row.site)
        for row in session.execute(query.limit(limit))
    ]


def note_found(session: Session, proof: DueProof, way: ProofWay) -> bool:
    """Note where the site has its code; the question is answered. Return whether nothing was proven of the subject before."""
    row = session.get(SiteProof, proof.id)
    if row is None:
        return False
    is_first = not proofs_of(session, proof.subject)
    session.delete(row)
    session.flush()
    if _row(session, proof.subject, way) is None:
        _prove(session, proof.subject, way, by=row.by)
    return is_first


def note_missed(session: Session, proof: DueProof, reason: str, values: Mapping[str, str]) -> None:
    """Note why the look came to nothing; a proof that stands already stays."""
    if row := session.get(SiteProof, proof.id):
        row.looked_at, row.reason, row.values = utc_now(), reason, dict(values)


def vouch(session: Session, *, subject: Subject, actor: str) -> None:
    """Note a curator's word, also where it was asked for; nothing happens where one stands."""
    row = _row(session, subject, ProofWay.CURATOR)
    if row is not None and row.proven_at is None:
        session.delete(row)
        session.flush()
        row = None
    if row is None:
        _prove(session, subject, ProofWay.CURATOR, by=actor)


def take_back(session: Session, *, subject: Subject, actor: str) -> None:
    """Take all that was proven back, as when a site has changed hands; nothing happens where nothing is."""
    standing = proofs_of(session, subject)
    if not standing:
        return
    for row in session.scalars(select(SiteProof).where(_is_of(subject), SiteProof.proven_at.is_not(None))):
        session.delete(row)
    before = {"ways": [str(proof.way) for proof in standing]}
    _record(session, subject, actor, "unprove", before=before)


def proofs_of(session: Session, subject: Subject) -> Sequence[Proof]:
    """What stands proven, the oldest first; empty for nothing."""
    query = select(SiteProof).where(_is_of(subject), SiteProof.proven_at.is_not(None))
    rows = session.scalars(query.order_by(SiteProof.proven_at, SiteProof.id))
    return [Proof(row.way, row.by, row.proven_at) for row in rows if row.proven_at is not None]


def question_of(session: Session, subject: Subject) -> SiteQuestion | None:
    """Whether the site waits to be looked at, or was looked at in vain; None where nobody asked, or it was found."""
    row = _row(session, subject, ProofWay.SITE)
    return SiteQuestion(row.asked_at, row.looked_at, row.reason, row.values or {}) if row else None


def _row(session: Session, subject: Subject, way: ProofWay) -> SiteProof | None:
    return session.scalar(select(SiteProof).where(_is_of(subject), SiteProof.way == way))


def _prove(session: Session, subject: Subject, way: ProofWay, *, by: str) -> None:
    now = utc_now()
    session.add(SiteProof(**_columns(subject), way=way, by=by, asked_at=now, looked_at=now, proven_at=now))
    _record(session, subject, by, "prove", after={"way": str(way), "by": by})


def _columns(subject: Subject) -> dict[str, Subject]:
    return {"platform_id": subject} if isinstance(subject, str) else {"membership_id": subject}


def _is_of(subject: Subject) -> ColumnElement[bool]:
    return SiteProof.platform_id == subject if isinstance(subject, str) else SiteProof.membership_id == subject


def _subject_of(row: SiteProof) -> Subject:
    subject = row.membership_id if row.platform_id is None else row.platform_id
    assert subject is not None
    return subject


def _record(session: Session, subject: Subject, actor: str, action: str, **change: Mapping[str, object]) -> None:
    """Record an event of the platform, or of the listing that a claim was made of."""
    if isinstance(subject, str):
        record_event(session, actor=actor, action=action, object_type="platform", object_id=subject, **change)
        return
    is_meant = Membership.id == subject, Membership.initiative_id == Initiative.id
    public_id = session.scalars(select(Initiative.public_id).where(*is_meant)).one()
    record_event(session, actor=actor, action=f"{action}_claim", object_type="initiative", object_id=public_id, **change)

"""Accounts, their rights, sessions and one-time links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from platforma.catalogue.column_types import CreatedAt, Instant, Json, JsonType, Key, UtcDateTime
from platforma.catalogue.enums import DeskMail, PartnerMail, ProofWay, Role
from platforma.catalogue.models.base import Base
from vocabulary.languages import DEFAULT_LANGUAGE


class User(Base):
    """An account; `email` is stored in lower case. `desk_mail` is what the person is mailed of the desk's queues, the next weekly
    mail at `desk_mail_due_at`, None before the first turn.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[Role] = mapped_column(String(20))
    lang: Mapped[str] = mapped_column(String(10), default=DEFAULT_LANGUAGE)
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    desk_mail: Mapped[DeskMail] = mapped_column(String(10), default=DeskMail.AT_ONCE, server_default=DeskMail.AT_ONCE)
    desk_mail_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Membership(Base):
    """A user's right over one platform or one initiative; the first of a platform is made for whoever proposed it.

    One over an initiative is a claim, which gives no rights before it is proven. `edits_live`: what its holder changes is public
    at once, or waits for a curator; None where that goes by how it was proven.
    """

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "platform_id", "initiative_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    platform_id: Mapped[str | None] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    edits_live: Mapped[bool | None]


class PartnerReader(Base):
    """An address that is mailed how platforms are read, of which it is the contact or which its account answers for.

    `email` is in lower case; `public_id` names it in signed links. Of what came after `told_at` it was not told yet; the next
    weekly mail is due at `due_at`.
    """

    __tablename__ = "partner_readers"

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    wish: Mapped[PartnerMail] = mapped_column(String(10))
    due_at: Mapped[Instant] = mapped_column(index=True)
    told_at: Mapped[Instant]


class SiteProof(Base):
    """Proof that the people of a platform run its site, or that a claim of a listing is rightful, or the question whether the
    code is there: one row for each way and each platform, or membership.

    `url` is the site that is to be looked at, None for a platform's own. A row of the way `curator` that is not proven is the
    question to the curators, with the claimant's `words`; `looked_at` is when they refused, for the `reason`.

    `by` is the member who asked or whose address it is, or the curator. `proven_at` is None for what is not proven; then
    `asked_at` is when the site was to be looked at, `looked_at` when it was, and `reason`, a message id that `values` fill,
    why nothing came of it.
    """

    __tablename__ = "site_proofs"
    __table_args__ = (UniqueConstraint("platform_id", "way"), UniqueConstraint("membership_id", "way"))

    id: Mapped[Key]
    platform_id: Mapped[str | None] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"))
    way: Mapped[ProofWay] = mapped_column(String(10))
    by: Mapped[str]
    asked_at: Mapped[Instant]
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    reason: Mapped[str | None]
    values: Mapped[Json | None]
    url: Mapped[str | None]
    words: Mapped[str | None]


class ClaimChange(Base):
    """What the holder of a claim changed in their listing and that a curator looks at first.

    `values` are the changed fields as they were typed: [field, language, text]. `is_accepted` is None while it waits; `reason`
    says why it was refused.
    """

    __tablename__ = "claim_changes"

    id: Mapped[Key]
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), index=True)
    values: Mapped[list[list[str]]] = mapped_column(JsonType)
    sent_at: Mapped[Instant]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decided_by: Mapped[str | None]
    is_accepted: Mapped[bool | None]
    reason: Mapped[str | None]


class Token(Base):
    """A one-time link, of which only the SHA-256 of the secret is stored. `purpose` is one of tokens.LIFETIMES.

    The secret of a mailed link is derived from `name` (see tokens.py); `name` is None where the secret was random.
    `mailed_at` is when the first mail with it was sent; the time until the link expires begins then.
    """

    __tablename__ = "tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30))
    name: Mapped[str | None] = mapped_column(String(60))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    payload: Mapped[Json]
    created_at: Mapped[CreatedAt]
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class LinkRequest(Base):
    """A request for a link, counted for rate limits (see rate_limits.py). `sender` (network) and `recipient` are keyed hashes."""

    __tablename__ = "link_requests"

    id: Mapped[Key]
    purpose: Mapped[str] = mapped_column(String(30))
    sender: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(32))
    at: Mapped[Instant] = mapped_column(index=True)


class UserSession(Base):
    """A session of a signed-in user, of which only the SHA-256 is stored; closing the account ends it."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    user: Mapped[User] = relationship()


class Passkey(Base):
    """A public key with which a person signs in (WebAuthn); the private one never leaves their device.

    `credential_id` and `public_key` (COSE) are as the device gave them; `sign_count` is what it counted at the last use, 0 where
    it counts nothing. `used_at` is None before the first use.
    """

    __tablename__ = "passkeys"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    user: Mapped[User] = relationship()

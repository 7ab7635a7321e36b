"""Rows and relations of the catalogue; no queries here (see queries.py and changes.py)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, MetaData, String, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from platforma.catalogue.column_types import (
    CreatedAt,
    Instant,
    Json,
    JsonType,
    Key,
    OrderedJson,
    OrderedJsonType,
    ShortText,
    UtcDateTime,
)


class PlatformState(StrEnum):
    PROPOSED = "proposed"
    PROBATION = "probation"
    TRUSTED = "trusted"
    PAUSED = "paused"
    REFUSED = "refused"
    LEFT = "left"


class InitiativeState(StrEnum):
    NEW = "new"
    PUBLISHED = "published"
    REFUSED = "refused"
    ARCHIVED = "archived"
    MERGED = "merged"
    SUPPRESSED = "suppressed"


class RecordState(StrEnum):
    SEEN = "seen"
    GONE = "gone"
    ARCHIVED = "archived"


class CrawlState(StrEnum):
    RUNNING = "running"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


class CrawlPurpose(StrEnum):
    """Why a crawl was run: in its turn, to try a recipe that is not live yet, or to map stored records anew."""

    TURN = "turn"
    TRIAL = "trial"
    MAPPING = "mapping"


class Role(StrEnum):
    CURATOR = "curator"
    ADMIN = "admin"
    PARTNER = "partner"
    READER = "reader"


class MailState(StrEnum):
    """Where a mail is on its way (see delivery.py); the last two need a person."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Platform(Base):
    """A partner's site or register. `recipe` is the master; by `seed_hash` we see whether a person changed it since.

    `failures` counts the failed crawls in a row. `shape` is what the last good crawl looked like (see shapes.py).
    `trial_version` is a recipe version that waits to be tried, `is_mapping_due` that stored records wait to be mapped.
    """

    __tablename__ = "platforms"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    title: Mapped[ShortText]
    url: Mapped[str]
    state: Mapped[PlatformState] = mapped_column(String(20), default=PlatformState.PROPOSED, index=True)
    recipe: Mapped[Json]
    recipe_version: Mapped[int] = mapped_column(default=1)
    seed_hash: Mapped[str | None] = mapped_column(String(64))
    rank: Mapped[int] = mapped_column(default=100)
    licence: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_lang: Mapped[str | None]
    reason: Mapped[str | None]
    last_good_count: Mapped[int | None]
    next_crawl_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    shape: Mapped[Any | None] = mapped_column(JsonType)
    trial_version: Mapped[int | None]
    is_mapping_due: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[CreatedAt]
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiatives.id", ondelete="SET NULL"))


class RecipeVersion(Base):
    """A recipe as somebody saved it. `state` is live, former, draft (waits to be tried or approved) or dropped."""

    __tablename__ = "recipe_versions"
    __table_args__ = (UniqueConstraint("platform_id", "version"),)

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    version: Mapped[int]
    recipe: Mapped[Json]
    state: Mapped[str] = mapped_column(String(10))
    by: Mapped[str]
    at: Mapped[CreatedAt]


class Lease(Base):
    """The right of one process to crawl: a key for the platform and one for each host; it runs out by itself.

    `holder` names machine and process and is random for each taking, so that a process that slept too long cannot renew
    what another took since.
    """

    __tablename__ = "leases"

    key: Mapped[str] = mapped_column(primary_key=True)
    platform_id: Mapped[str] = mapped_column(String(60), index=True)
    holder: Mapped[str]
    until: Mapped[Instant]
    is_stop_asked: Mapped[bool] = mapped_column(default=False)


class Notice(Base):
    """Something about a platform that people were told: once, and again only when it was gone for a while.

    `topic` is failed, held, slowed, problem, value, field, emptied or removal; `key` tells notices of one topic apart.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("platform_id", "topic", "key"),)

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(20))
    key: Mapped[str]
    values: Mapped[Json]
    told_at: Mapped[Instant]
    last_at: Mapped[Instant]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Crawl(Base):
    """One run over one platform. `counts` is described in reports.py; `gone` holds addresses.

    `failure` is a message id that `failure_values` fill.
    """

    __tablename__ = "crawls"

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), index=True)
    state: Mapped[CrawlState] = mapped_column(String(20), default=CrawlState.RUNNING)
    recipe_version: Mapped[int]
    extractor_version: Mapped[int]
    is_complete: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[Json]
    gone: Mapped[Json]
    failure: Mapped[str | None]
    failure_values: Mapped[Any | None] = mapped_column(JsonType)
    purpose: Mapped[CrawlPurpose] = mapped_column(String(10), default=CrawlPurpose.TURN, server_default=CrawlPurpose.TURN)
    started_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    platform: Mapped[Platform] = relationship()


class CrawlProblem(Base):
    """Something that a crawl or an import could not take (see crawlers.record.Problem)."""

    __tablename__ = "crawl_problems"

    id: Mapped[Key]
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), index=True)
    severity: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    values: Mapped[Json]
    url: Mapped[str | None]
    remote_id: Mapped[str | None]
    field: Mapped[str | None]
    value: Mapped[str | None]


class CrawlChange(Base):
    """One of a crawl's changes, for its report: `kind` is new, changed or gone; `fields` are the names that changed."""

    __tablename__ = "crawl_changes"

    id: Mapped[Key]
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    remote_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    fields: Mapped[Json]


class StagedRecord(Base):
    """What a crawl has read and not yet ingested. `payload` is None for an item that the source lists unchanged.

    `source` and `unmapped` are those of Record; `url` is the address that it was read from.
    """

    __tablename__ = "staged_records"

    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True)
    remote_id: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str | None] = mapped_column(String(64))
    payload: Mapped[Any | None] = mapped_column(OrderedJsonType)
    url: Mapped[str | None]
    source: Mapped[Any | None] = mapped_column(JsonType)
    unmapped: Mapped[Any | None] = mapped_column(JsonType)


class StagedPage(Base):
    """An address that a crawl has read to its end, and the remote ids of all that it gave, maybe none.

    `memory` holds the fields of crawlers.state.Known: remembered only once the records are in the catalogue; None where
    what was remembered before still holds.
    """

    __tablename__ = "staged_pages"

    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    memory: Mapped[Any | None] = mapped_column(JsonType)
    remote_ids: Mapped[Json]


class PageMemory(Base):
    """Validators and hash of an address from its last good fetch (crawlers.state.Known), and what was read from it."""

    __tablename__ = "page_memory"

    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    recipe_version: Mapped[int]
    extractor_version: Mapped[int]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[str | None]
    leads: Mapped[Any | None] = mapped_column(JsonType)
    remote_ids: Mapped[Json]


class Record(Base):
    """What one platform says of one initiative, as last seen; `payload` is crawlers.record.Record as JSON.

    `source` is crawlers.record.Raw as JSON, from which a changed mapping normalises anew; None for imports without a recipe.
    `unmapped` lists [dimension, what the source wrote] for values that stand for no id of ours.
    """

    __tablename__ = "records"
    __table_args__ = (UniqueConstraint("platform_id", "remote_id"),)

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    remote_id: Mapped[str]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    state: Mapped[RecordState] = mapped_column(String(20), default=RecordState.SEEN)
    payload: Mapped[OrderedJson]
    source: Mapped[Any | None] = mapped_column(JsonType)
    unmapped: Mapped[Any | None] = mapped_column(JsonType)
    fingerprint: Mapped[str] = mapped_column(String(64))
    first_seen_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    platform: Mapped[Platform] = relationship()
    initiative: Mapped[Initiative] = relationship(back_populates="records")


class Initiative(Base):
    """The listing. `composed` is what visitors see, made anew from records and values (see listing.Listing)."""

    __tablename__ = "initiatives"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    state: Mapped[InitiativeState] = mapped_column(String(20), default=InitiativeState.NEW, index=True)
    composed: Mapped[OrderedJson]
    reason: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("initiatives.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    records: Mapped[list[Record]] = relationship(back_populates="initiative", order_by=Record.id)
    values: Mapped[list[Value]] = relationship(order_by="Value.id", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class Value(Base):
    """What a person says of one field of an initiative, over the records; a list is one value. Such a row is a lock."""

    __tablename__ = "values"
    __table_args__ = (UniqueConstraint("initiative_id", "field", "lang", "layer"),)

    id: Mapped[Key]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(String(35), default="")
    value: Mapped[Any | None] = mapped_column(JsonType)
    layer: Mapped[str] = mapped_column(String(10))
    by: Mapped[str]
    at: Mapped[CreatedAt]
    source_value_seen: Mapped[Any | None] = mapped_column(JsonType)


class Judgement(Base):
    """Whether two initiatives are the same; by a person's address or a rule's name. Taken back: `undone_at`."""

    __tablename__ = "judgements"
    __table_args__ = (UniqueConstraint("left_id", "right_id"),)

    id: Mapped[Key]
    left_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"))
    right_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    score: Mapped[float]
    by: Mapped[str]
    at: Mapped[CreatedAt]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class User(Base):
    """An account; `email` is stored in lower case."""

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[Role] = mapped_column(String(20))
    lang: Mapped[str] = mapped_column(String(10), default="lv")
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Membership(Base):
    """A user's right over one platform or one initiative."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "platform_id", "initiative_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    platform_id: Mapped[str | None] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))


class Token(Base):
    """A one-time link, kept as its SHA-256. `purpose` is sign_in or confirm_platform.

    The secret of a link that is sent by mail derives from `name` (see tokens.py); it is None where the secret was random.
    `mailed_at` is when the first mail with it went; until then the link has not begun to grow old.
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
    """A link that somebody asked for, for the rate limits (see rate_limits.py). Network and address are keyed hashes."""

    __tablename__ = "link_requests"

    id: Mapped[Key]
    purpose: Mapped[str] = mapped_column(String(30))
    sender: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(32))
    at: Mapped[Instant] = mapped_column(index=True)


class UserSession(Base):
    """A session of a signed-in person, kept as its SHA-256, so that closing an account ends it."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    user: Mapped[User] = relationship()


class Suppression(Base):
    """What must never come back: a keyed hash of what a record is known by. `kind` says of what (see suppression)."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("kind", "hash"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10))
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[CreatedAt]


class Event(Base):
    """One change: who did what to which object, what stood before and after."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "object_type", "object_id"),)

    id: Mapped[Key]
    at: Mapped[CreatedAt]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(40))
    object_type: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[str] = mapped_column(String(60))
    before: Mapped[Any | None] = mapped_column(JsonType)
    after: Mapped[Any | None] = mapped_column(JsonType)


class Outbox(Base):
    """An initiative whose document in the index must be made anew or taken out."""

    __tablename__ = "outbox"

    id: Mapped[Key]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"))
    at: Mapped[CreatedAt]
    in_live_index: Mapped[bool] = mapped_column(default=False)


class FailedSearch(Base):
    """Words that were searched for in vain, how often, and when last."""

    __tablename__ = "misses"

    words: Mapped[str] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    last_at: Mapped[Instant]


class ConceptEdit(Base):
    """What curators say of one concept of the thesaurus, over the shipped one of that id or as one of their own.

    `lv` and `en` are lists of names; `version` grows with each change, so that the second of two simultaneous ones is refused.
    """

    __tablename__ = "concept_edits"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    lv: Mapped[Json]
    en: Mapped[Json]
    source: Mapped[ShortText]
    is_removed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[Instant]


class Mail(Base):
    """A mail that is to be sent, or was (see delivery.py).

    `body` has a placeholder where the secret of its link stands; `secret_name` is what that secret derives from. The mail is
    tried at `due_at`, for the last time at `give_up_at`; `claimed_by` is the delivery that has it in hand until `claimed_until`.
    `error` is the last answer that was no success. `ended_at` is when it was sent or given up.
    """

    __tablename__ = "mails"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[Key]
    to: Mapped[str]
    lang: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str]
    body: Mapped[str]
    secret_name: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    state: Mapped[MailState] = mapped_column(String(10), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[Instant]
    give_up_at: Mapped[Instant]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

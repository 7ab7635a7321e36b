"""The states, purposes and roles that rows hold; no tables here, so that pages can name them."""

from __future__ import annotations

from enum import StrEnum


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

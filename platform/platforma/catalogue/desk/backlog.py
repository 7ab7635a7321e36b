"""The backlog of the workers: what is due by now and not yet done. A worker that runs does it within minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.models import Mail, MailState, Outbox, Platform
from platforma.catalogue.platforms.leases import CRAWLABLE

MAX_AGES = {"index": timedelta(minutes=10), "mails": timedelta(minutes=10), "crawls": timedelta(hours=26)}
"""How long something of each kind may wait while a worker runs; a platform may allow crawls at some hours of the day only."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a kind of MAX_AGES are due, and since when the oldest is (UTC; None where none is)."""

    kind: str
    count: int
    oldest: datetime | None

    def age(self, now: datetime) -> timedelta:
        """How long the oldest has been due."""
        return now - self.oldest if self.oldest else timedelta()

    def is_late(self, now: datetime) -> bool:
        """Whether the oldest waits for longer than it would if a worker ran."""
        return self.age(now) > MAX_AGES[self.kind]


def backlog(session: Session, now: datetime) -> list[Waiting]:
    """What is due: listings whose change is not in the index, mails, and platforms to be crawled."""
    outbox = select(func.count(), func.min(Outbox.at)).where(Outbox.in_live_index.is_(False))
    mails = select(func.count(), func.min(Mail.due_at)).where(Mail.state == MailState.WAITING, Mail.due_at <= now)
    crawls = select(func.count(), func.min(Platform.next_crawl_at))
    crawls = crawls.where(Platform.next_crawl_at <= now, Platform.state.in_(CRAWLABLE))
    statements = {"index": outbox, "mails": mails, "crawls": crawls}
    return [Waiting(kind, *session.execute(statement).one()) for kind, statement in statements.items()]

"""What a partner sees of their platform beside its listings: how it stands, how it was read, and what is open to them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import NotFound
from platforma.catalogue.ingest.crawl_queries import problems_of
from platforma.catalogue.ingest.reports import CrawlReport, ProblemGroup, grouped
from platforma.catalogue.models import Event, Platform, PlatformState
from platforma.catalogue.partners.own_listings import MAX_PROBLEMS
from platforma.catalogue.people import memberships
from platforma.catalogue.people.memberships import Member
from platforma.catalogue.platforms import conversation, crawled_platforms, platform_states, recipes
from platforma.catalogue.platforms.conversation import Message
from platforma.catalogue.platforms.platform_states import Stop
from platforma.catalogue.states import PUBLIC_PLATFORMS

CRAWL_AT_MOST_EVERY = timedelta(hours=1)
"""A partner may order a crawl of a platform so often; proposing it again counts as one."""
LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0")
"""The licences that a partner may choose, as SPDX ids."""


@dataclass(frozen=True, slots=True)
class OwnPlatform:
    """A platform as its partner sees it; instants are UTC. `stop` is how the partner stopped it, None where they did not.

    `crawl_from` is when the partner may order a crawl, None where its state allows none.
    """

    id: str
    public_id: str
    title: str
    url: str
    state: PlatformState
    reason: str | None
    stop: Stop | None
    asked_at: datetime | None
    created_at: datetime
    contact_email: str | None
    contact_lang: str | None
    licence: str | None
    reads_files: bool
    crawl_from: datetime | None
    next_crawl_at: datetime | None
    is_crawled_now: bool
    last_crawl: CrawlReport | None
    problems: Sequence[ProblemGroup]
    messages: Sequence[Message]
    members: Sequence[Member]

    @property
    def is_public(self) -> bool:
        """Whether visitors see it."""
        return self.state in PUBLIC_PLATFORMS


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A platform in a partner's list."""

    public_id: str
    title: str
    url: str
    state: PlatformState
    stop: Stop | None
    asked_at: datetime | None


def own_platform(session: Session, platform_id: str) -> OwnPlatform:
    """One platform. Raises NotFound."""
    row, source = session.get(Platform, platform_id), crawled_platforms.crawled_platform(session, platform_id)
    if row is None:
        raise NotFound(platform_id)
    last = source.last_crawl
    return OwnPlatform(
        id=row.id, public_id=row.public_id, title=row.title, url=row.url, state=PlatformState(row.state), reason=row.reason,
        stop=platform_states.stop_of(session, row), asked_at=row.asked_at, created_at=row.created_at,
        contact_email=row.contact_email, contact_lang=row.contact_lang, licence=row.recipe.get("licence"),
        reads_files=recipes.reads_files(row.recipe), crawl_from=_crawl_from(session, row),
        next_crawl_at=row.next_crawl_at, is_crawled_now=source.is_crawled_now, last_crawl=last,
        problems=grouped(problems_of(session, last.crawl_id, MAX_PROBLEMS)) if last else (),
        messages=conversation.messages(session, platform_id), members=memberships.members(session, platform_id),
    )  # fmt: skip


def own_lines(session: Session, user_id: int) -> list[OwnLine]:
    """The platforms that a person answers for, by title."""
    return [_line(session, session.get_one(Platform, id)) for id in memberships.platform_ids(session, user_id)]


def own_line(session: Session, platform_id: str) -> OwnLine:
    """One platform, in brief."""
    return _line(session, session.get_one(Platform, platform_id))


def next_order_at(session: Session, platform_id: str) -> datetime:
    """From when on a partner may let a platform be read again: an hour after somebody ordered that last, or now."""
    is_order = Event.object_type == "platform", Event.object_id == platform_id
    query = select(func.max(Event.at)).where(*is_order, Event.action.in_(("crawl_now", "propose", "partner_resume")))
    last = session.scalar(query)
    return max(utc_now(), last + CRAWL_AT_MOST_EVERY) if last else utc_now()


def _line(session: Session, row: Platform) -> OwnLine:
    stop = platform_states.stop_of(session, row)
    return OwnLine(row.public_id, row.title, row.url, PlatformState(row.state), stop, row.asked_at)


def _crawl_from(session: Session, row: Platform) -> datetime | None:
    is_read = row.state in (PlatformState.PROBATION, PlatformState.TRUSTED)
    return next_order_at(session, row.id) if is_read and not recipes.reads_files(row.recipe) else None

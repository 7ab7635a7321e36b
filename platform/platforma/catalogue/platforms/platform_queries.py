"""Reads of platforms: functions over a session, each in a total order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.errors import NotFound
from platforma.catalogue.ids import slugify
from platforma.catalogue.ingest.crawl_queries import last_crawls
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.listings import groups
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import (
    Initiative,
    Platform,
    PlatformState,
    Record,
)
from platforma.catalogue.platforms import recipes
from platforma.catalogue.states import PUBLIC_PLATFORMS

ListingCounts = Mapping[str, int]
"""Platform id to the number of its published listings."""


@dataclass(frozen=True, slots=True)
class PlatformCard:
    """A platform as lists and its page show it; instants are UTC. `asked_at`: since then it waits for the partner's answer.

    `reads_files`: it is filled from tables, and never crawled.
    """

    id: str
    public_id: str
    slug: str
    title: str
    url: str
    state: str
    licence: str | None
    contact_email: str | None
    contact_lang: str | None
    reason: str | None
    initiatives: int
    created_at: datetime
    last_crawl: CrawlReport | None
    asked_at: datetime | None = None
    reads_files: bool = False


@dataclass(frozen=True, slots=True)
class PlatformName:
    """What a link to a platform needs. `listing_id` is the public id of the platform's own listing, or of the one that it was
    joined with; None without one."""

    id: str
    title: str
    public_id: str
    listing_id: str | None

    @property
    def slug(self) -> str:
        """The decoration of its address."""
        return slugify(self.title)


_own = aliased(Initiative)
_TITLES = select(Platform.id, Platform.title).where(Platform.state.in_(PUBLIC_PLATFORMS))
_NAMES = (
    select(Platform.id, Platform.title, Platform.public_id, Initiative.public_id.label("listing_id"))
    .outerjoin(_own, _own.id == Platform.initiative_id)
    .outerjoin(Initiative, Initiative.id == groups.head_id(_own))
    .where(Platform.state.in_(PUBLIC_PLATFORMS))
)


def public_platforms(session: Session, counts: ListingCounts | None = None) -> list[PlatformCard]:
    """The platforms that visitors see, by title. `counts` saves a query where they are known already."""
    return platforms_in(session, PUBLIC_PLATFORMS, counts)


def platform_titles(session: Session) -> dict[str, str]:
    """Id to title of the platforms that visitors see; one cheap query."""
    return platform_titles_by(session.connection())


def platform_titles_by(connection: Connection) -> dict[str, str]:
    """As platform_titles, by a connection."""
    return {row.id: row.title for row in connection.execute(_TITLES).all()}


def platform_names(session: Session) -> dict[str, PlatformName]:
    """The platforms that visitors see, by id; one cheap query."""
    return {row.id: PlatformName(*row) for row in session.connection().execute(_NAMES).all()}


def platform_licences(session: Session) -> dict[str, str]:
    """Id to licence of the platforms that visitors see and that name one."""
    query = select(Platform.id, Platform.licence).where(Platform.state.in_(PUBLIC_PLATFORMS), Platform.licence.is_not(None))
    return {row.id: row.licence for row in session.execute(query) if row.licence}


def platforms_in(session: Session, states: Collection[PlatformState], counts: ListingCounts | None = None) -> list[PlatformCard]:
    """The platforms in these states, by title."""
    query = select(Platform).where(Platform.state.in_(states)).order_by(Platform.title, Platform.id)
    return _cards(session, list(session.scalars(query)), counts)


def platform_card(session: Session, public_id: str, counts: ListingCounts | None = None) -> PlatformCard:
    """One platform that visitors see. `counts` saves a query where they are known already. Raises NotFound."""
    row = session.scalar(select(Platform).where(Platform.public_id == public_id, Platform.state.in_(PUBLIC_PLATFORMS)))
    if row is None:
        raise NotFound(public_id)
    return _cards(session, [row], counts)[0]


def platform_by_id(session: Session, platform_id: str) -> PlatformCard:
    """One platform in any state. Raises NotFound."""
    row = session.get(Platform, platform_id)
    if row is None:
        raise NotFound(platform_id)
    return _cards(session, [row])[0]


def recipe_of(session: Session, platform_id: str) -> dict[str, Any]:
    """A platform's live recipe as JSON. Raises NotFound."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise NotFound(f"there is no platform {platform_id}; see: platforma platforms list")
    return dict(platform.recipe)


def _cards(session: Session, rows: Sequence[Platform], counts: ListingCounts | None = None) -> list[PlatformCard]:
    ids = [row.id for row in rows]
    counts = _published_by_platform(session, ids) if counts is None else counts
    crawls = last_crawls(session, ids)
    return [
        PlatformCard(
            row.id, row.public_id, slugify(row.title), row.title, row.url, row.state, row.licence,
            row.contact_email, row.contact_lang,
            row.reason, counts.get(row.id, 0), row.created_at, crawls.get(row.id), row.asked_at,
            recipes.reads_files(row.recipe),
        )
        for row in rows
    ]  # fmt: skip


def _published_by_platform(session: Session, platform_ids: Sequence[str]) -> dict[str, int]:
    """Platform id to the number of published listings that have a record of it."""
    child = aliased(Initiative)
    query = (
        select(Record.platform_id, func.count(Initiative.id.distinct()))
        .join(child, child.id == Record.initiative_id)
        .join(Initiative, Initiative.id == groups.head_id(child))
        .where(is_published(), Record.platform_id.in_(platform_ids))
        .group_by(Record.platform_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}

"""Which platforms have something due, and whether their sites may be asked at this moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from platforma.catalogue.column_types import is_due, utc_now
from platforma.catalogue.database import Database, Session
from platforma.catalogue.models import Crawl, Platform, PlatformState
from platforma.catalogue.platforms import leases
from platforma.catalogue.platforms.schedule import FARTHEST_TURN, is_open

MAX_PROPOSALS_PER_HOST = 3
"""So many proposed platforms of one host are crawled in a day; the others wait."""


def due_platforms(database: Database, zone: str) -> list[str]:
    """Ids of the platforms that have something due and may be crawled or mapped now; the longest due first.

    `zone` is the time zone of the hours in which platforms allow crawling.
    """
    is_turn = is_due(Platform.next_crawl_at, utc_now(), FARTHEST_TURN)
    is_wanted = or_(is_turn, Platform.trial_version.is_not(None), Platform.is_mapping_due)
    with database.reading() as session:
        platforms = session.scalars(select(Platform).where(is_wanted).order_by(Platform.next_crawl_at, Platform.id))
        return [platform.id for platform in platforms if platform.is_mapping_due or may_crawl(session, platform, zone)]


def may_crawl(session: Session, platform: Platform, zone: str) -> bool:
    """Whether the platform's state and hours allow a crawl now, and nobody crawls it or one of its hosts."""
    now = utc_now()
    is_allowed = platform.state in leases.CRAWLABLE and is_open(now, hours_of(platform), zone)
    return (
        is_allowed
        and leases.is_free(session, platform.id, hosts_of(platform), now)
        and not is_host_spent(session, platform, hosts_of(platform), now)
    )


def is_host_spent(session: Session, platform: Platform, hosts: Collection[str], now: datetime) -> bool:
    """Whether one of these hosts was crawled for as many other proposals as it may be in a day; False for no proposal.

    Anybody can propose any number of addresses that are of one site or lead to it, and nobody has looked at them yet.
    """
    if platform.state != PlatformState.PROPOSED:
        return False
    is_other = Crawl.started_at > now - timedelta(days=1), Crawl.platform_id != platform.id
    recent = select(Crawl.hosts, Platform).join(Platform).where(*is_other, Platform.state == PlatformState.PROPOSED)
    others = {other.id for guests, other in session.execute(recent) if not hosts_of(other).union(guests).isdisjoint(hosts)}
    return len(others) >= MAX_PROPOSALS_PER_HOST


def hosts_of(platform: Platform) -> frozenset[str]:
    """The hosts of the platform's recipe, which need not be a valid one."""
    addresses = [platform.recipe.get("url"), *(platform.recipe.get("addresses") or ())]
    return leases.hosts_of(str(address) for address in addresses if address)


def hours_of(platform: Platform) -> str | None:
    """The hours in which the platform may be crawled, such as "22-6"; None for all day."""
    return (platform.recipe.get("limits") or {}).get("hours")

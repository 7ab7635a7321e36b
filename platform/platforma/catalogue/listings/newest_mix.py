"""What was published lately, mixed over the platforms, so that one large crawl does not fill the list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from itertools import chain, islice, zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_queries import has_record, newest, to_listings
from platforma.catalogue.listings.visibility import is_published_by_age
from platforma.catalogue.models import Initiative, Platform, Record

MAX_PER_PLATFORM = 2
BATCH = 24
"""How many of the newest are looked at to choose from, before the platforms found among them are left out."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def newest_mixed(session: Session, limit: int, today: date) -> list[Listing]:
    """Published listings, the last published first: the newest of each of the platforms that published last, one with a text
    before one without; a second one of each where there are fewer platforms, then any. Events and calls that are over by
    `today` are left out.
    """
    by_platform: dict[str, list[Listing]] = {}
    most = min(limit, len(_platforms_with_records(session)))
    while len(by_platform) < most and (batch := _newest_of_others(session, by_platform)):
        for platform_id in dict.fromkeys(map(_platform_of, batch)):
            own = (one for one in batch if _platform_of(one) == platform_id and not one.is_over(today))
            by_platform[platform_id] = _with_text_first(own)[:MAX_PER_PLATFORM]
    turns = chain.from_iterable(zip_longest(*by_platform.values()))
    chosen = {one.public_id: one for one in turns if one is not None}
    mixed = sorted(list(chosen.values())[:limit], key=_published_at, reverse=True)
    return mixed + _others(session, limit - len(mixed), chosen, today)


def newest_ids(session: Session, limit: int, today: date) -> list[str]:
    """The public ids of newest_mixed."""
    return [listing.public_id for listing in newest_mixed(session, limit, today)]


def _newest_of_others(session: Session, platform_ids: Collection[str]) -> list[Listing]:
    """The newest published listings without a record of these platforms; those without any record are left out."""
    query = select(Initiative).where(is_published_by_age(), has_record(), ~has_record(Record.platform_id.in_(platform_ids)))
    query = query.order_by(Initiative.published_at.desc(), Initiative.id.desc()).limit(BATCH)
    return to_listings(session, list(session.scalars(query)))


def _platforms_with_records(session: Session) -> set[str]:
    """The ids of all platforms that have records."""
    return set(session.scalars(select(Platform.id).where(select(Record.id).where(Record.platform_id == Platform.id).exists())))


def _others(session: Session, limit: int, chosen: Collection[str], today: date) -> list[Listing]:
    if limit <= 0:
        return []
    usable = (
        one for one in newest(session, limit + len(chosen) + BATCH) if one.public_id not in chosen and not one.is_over(today)
    )
    return list(islice(usable, limit))


def _with_text_first(listings: Iterable[Listing]) -> list[Listing]:
    return sorted(listings, key=lambda listing: not (listing.texts.get("summary") or listing.texts.get("description")))


def _platform_of(listing: Listing) -> str:
    return listing.sources[0].platform_id if listing.sources else ""


def _published_at(listing: Listing) -> datetime:
    return listing.published_at or _EARLIEST

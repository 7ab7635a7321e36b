"""Leases: one process at a time may crawl a platform, and only one platform of a host; a lease of the dead runs out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Executable, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from platforma.catalogue.models import Lease, Platform, PlatformState

LEASE = timedelta(seconds=90)
CRAWLED_NIGHTLY = (PlatformState.PROBATION, PlatformState.TRUSTED)
CRAWLABLE = (*CRAWLED_NIGHTLY, PlatformState.PROPOSED)


class PlatformBusy(Exception):
    """Another process crawls this platform or its host now; the text is the platform's id."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lease stands: whether it is still ours, and whether the crawl may go on."""

    is_held: bool
    is_stop_asked: bool
    is_crawlable: bool


def hosts_of(addresses: Iterable[str]) -> frozenset[str]:
    """The hosts of addresses, without www; a port that is not the scheme's own makes it another host."""
    found = set()
    for address in addresses:
        parts = urlsplit(address.lower())
        host = (parts.hostname or "").removeprefix("www.")
        if host:
            found.add(host if parts.port in (None, 80, 443) else f"{host}:{parts.port}")
    return frozenset(found)


def take(session: Session, *, platform_id: str, hosts: Iterable[str], now: datetime) -> str:
    """Lease a platform with its hosts, all or nothing; the holder's secret. Raises PlatformBusy."""
    holder = secrets.token_hex(16)
    for key in sorted({_of_platform(platform_id), *(f"host:{host}" for host in hosts)}):
        row = {"platform_id": platform_id, "holder": holder, "until": now + LEASE, "is_stop_asked": False}
        if session.scalar(_insert_or_take(session, key, row, now)) is None:
            raise PlatformBusy(platform_id)
    return holder


def renew(session: Session, holder: str, now: datetime) -> bool:
    """Let a lease run on; False when another took it since."""
    change = update(Lease).where(Lease.holder == holder).values(until=now + LEASE)
    return bool(session.connection().execute(change).rowcount)


def release(session: Session, holder: str) -> None:
    """Give a lease back."""
    session.execute(delete(Lease).where(Lease.holder == holder))


def standing(session: Session, platform_id: str, holder: str) -> Standing:
    """How a lease stands now."""
    lease = session.get(Lease, _of_platform(platform_id))
    platform = session.get(Platform, platform_id)
    is_held = lease is not None and lease.holder == holder
    is_crawlable = platform is not None and platform.state in CRAWLABLE
    return Standing(is_held, is_held and lease is not None and lease.is_stop_asked, is_crawlable)


def ask_stop(session: Session, platform_id: str, now: datetime) -> bool:
    """Ask whoever crawls the platform to stop; False when nobody does."""
    running = Lease.platform_id == platform_id, Lease.until > now
    return bool(session.connection().execute(update(Lease).where(*running).values(is_stop_asked=True)).rowcount)


def crawled_now(session: Session, now: datetime) -> dict[str, bool]:
    """Ids of the platforms that are crawled at this moment, with whether they were asked to stop."""
    rows = select(Lease.platform_id, Lease.is_stop_asked).where(Lease.until > now, Lease.key.startswith("platform:"))
    return {row.platform_id: row.is_stop_asked for row in session.execute(rows.order_by(Lease.platform_id))}


def is_free(session: Session, platform_id: str, hosts: Iterable[str], now: datetime) -> bool:
    """Whether nobody crawls the platform or one of its hosts at this moment."""
    keys = [_of_platform(platform_id), *(f"host:{host}" for host in hosts)]
    return session.scalar(select(Lease.key).where(Lease.key.in_(keys), Lease.until > now).limit(1)) is None


def _of_platform(platform_id: str) -> str:
    return f"platform:{platform_id}"


def _insert_or_take(session: Session, key: str, row: Mapping[str, Any], now: datetime) -> Executable:
    """An insert that takes over a lease which ran out, and gives back no key where it did not."""
    if session.get_bind().dialect.name == "sqlite":
        lite = sqlite.insert(Lease).values(key=key, **row)
        return lite.on_conflict_do_update(index_elements=["key"], set_=row, where=Lease.until < now).returning(Lease.key)
    insert = postgresql.insert(Lease).values(key=key, **row)
    return insert.on_conflict_do_update(index_elements=["key"], set_=row, where=Lease.until < now).returning(Lease.key)

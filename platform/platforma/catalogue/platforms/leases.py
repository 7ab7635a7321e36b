"""Leases: one process at a time may crawl a platform, and only one platform of a host.

A lease of the dead runs out; on their own machine it is known at once that they are dead.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Executable, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from platforma.catalogue.models import Lease, Platform, PlatformState

LEASE_DURATION = timedelta(seconds=90)
CRAWLED_NIGHTLY = (PlatformState.PROBATION, PlatformState.TRUSTED)
CRAWLABLE = (*CRAWLED_NIGHTLY, PlatformState.PROPOSED)


class PlatformBusy(Exception):
    """Another process crawls this platform or its host now; the text is the platform's id."""


@dataclass(frozen=True, slots=True)
class LeaseStatus:
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


def acquire(session: Session, *, platform_id: str, hosts: Iterable[str], now: datetime) -> str:
    """Lease a platform with its hosts, all or nothing; the holder's secret. Raises PlatformBusy."""
    holder = f"{_machine()}/{os.getpid()}/{secrets.token_hex(8)}"
    keys = _lease_keys(platform_id, hosts)
    dead = [row.holder for row in _leases(session, Lease.key.in_(keys)) if _is_dead(row.holder)]
    for key in keys:
        row = {"platform_id": platform_id, "holder": holder, "until": now + LEASE_DURATION, "is_stop_asked": False}
        if session.scalar(_upsert_expired(session, key, row, or_(Lease.until < now, Lease.holder.in_(dead)))) is None:
            raise PlatformBusy(platform_id)
    return holder


def renew(session: Session, holder: str, now: datetime) -> bool:
    """Let a lease run on; False when another took it since."""
    change = update(Lease).where(Lease.holder == holder).values(until=now + LEASE_DURATION)
    return bool(session.connection().execute(change).rowcount)


def release(session: Session, holder: str) -> None:
    """Give a lease back."""
    session.execute(delete(Lease).where(Lease.holder == holder))


def lease_status(session: Session, platform_id: str, holder: str) -> LeaseStatus:
    """How a lease stands now."""
    lease = session.get(Lease, _platform_key(platform_id))
    platform = session.get(Platform, platform_id)
    is_held = lease is not None and lease.holder == holder
    is_crawlable = platform is not None and platform.state in CRAWLABLE
    return LeaseStatus(is_held, is_held and lease is not None and lease.is_stop_asked, is_crawlable)


def request_stop(session: Session, platform_id: str, now: datetime) -> bool:
    """Ask whoever crawls the platform to stop; False when nobody does."""
    running = Lease.platform_id == platform_id, Lease.until > now
    return bool(session.connection().execute(update(Lease).where(*running).values(is_stop_asked=True)).rowcount)


def running_crawls(session: Session, now: datetime) -> dict[str, bool]:
    """Ids of the platforms that are crawled at this moment, with whether they were asked to stop."""
    rows = _leases(session, Lease.until > now, Lease.key.startswith(_platform_key("")))
    return {row.platform_id: row.is_stop_asked for row in rows if not _is_dead(row.holder)}


def is_free(session: Session, platform_id: str, hosts: Iterable[str], now: datetime) -> bool:
    """Whether nobody crawls the platform or one of its hosts at this moment."""
    rows = _leases(session, Lease.key.in_(_lease_keys(platform_id, hosts)), Lease.until > now)
    return all(_is_dead(row.holder) for row in rows)


def was_abandoned(session: Session, platform_id: str, now: datetime) -> bool:
    """Whether the process that crawled the platform last died over it, so that its lease was never given back."""
    lease = session.get(Lease, _platform_key(platform_id))
    return lease is not None and (lease.until <= now or _is_dead(lease.holder))


def _lease_keys(platform_id: str, hosts: Iterable[str]) -> list[str]:
    """In one order for all, so that two takers never wait for each other."""
    return sorted({_platform_key(platform_id), *(f"host:{host}" for host in hosts)})


def _leases(session: Session, *conditions: ColumnElement[bool]) -> list[Lease]:
    return list(session.scalars(select(Lease).where(*conditions).order_by(Lease.key)))


@cache
def _machine() -> str:
    """This machine, or the part of it whose process numbers we see."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{socket.gethostname()}{space}"


def _is_dead(holder: str) -> bool:
    """Whether a lease's process is known to be no more: only of this machine's can that be said before it runs out."""
    machine, _, rest = holder.partition("/")
    if machine != _machine():
        return False
    try:
        os.kill(int(rest.partition("/")[0]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _platform_key(platform_id: str) -> str:
    return f"platform:{platform_id}"


def _upsert_expired(session: Session, key: str, row: Mapping[str, Any], is_over: ColumnElement[bool]) -> Executable:
    """An insert that takes over a lease which is over, and gives back no key where it is not."""
    if session.get_bind().dialect.name == "sqlite":
        lite = sqlite.insert(Lease).values(key=key, **row)
        return lite.on_conflict_do_update(index_elements=["key"], set_=row, where=is_over).returning(Lease.key)
    insert = postgresql.insert(Lease).values(key=key, **row)
    return insert.on_conflict_do_update(index_elements=["key"], set_=row, where=is_over).returning(Lease.key)

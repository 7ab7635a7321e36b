"""Leases: one process at a time may crawl a platform, and one platform of each host at a time.

A host to which a crawl was led, by a redirect or an alias, is leased, too, as long as the crawl asks there; see take_host.

A lease expires unless its holder renews it. On the holder's own machine it is free as soon as the holder's process has ended.
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

from sqlalchemy import ColumnElement, Executable, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crawlers.values.addresses import site_of
from platforma.catalogue.column_types import is_due
from platforma.catalogue.models import Lease, Platform, PlatformState

LEASE_DURATION = timedelta(seconds=90)
FARTHEST_END = timedelta(minutes=30)
"""Farther ahead no lease ends, even by the clock of another machine that differs somewhat."""
CRAWLED_NIGHTLY = (PlatformState.PROBATION, PlatformState.TRUSTED)
CRAWLABLE = (*CRAWLED_NIGHTLY, PlatformState.PROPOSED)


class PlatformBusy(Exception):
    """Another process crawls this platform or one of its hosts now; the text is the platform's id."""


@dataclass(frozen=True, slots=True)
class LeaseStatus:
    """What a crawl asks of its lease: is it still the holder's, was the crawl asked to stop, may the platform be crawled."""

    is_held: bool
    is_stop_asked: bool
    is_crawlable: bool


def hosts_of(addresses: Iterable[str]) -> frozenset[str]:
    """The hosts of addresses, without www; with the port where it is not the scheme's own."""
    return frozenset(filter(None, map(site_of, addresses)))


def acquire(session: Session, *, platform_id: str, hosts: Iterable[str], now: datetime) -> str:
    """Lease a platform and its hosts, all or none; return the holder's name. Raises PlatformBusy."""
    holder = f"{_machine()}/{os.getpid()}/{secrets.token_hex(8)}"
    keys = _lease_keys(platform_id, hosts)
    dead_holders = [lease.holder for lease in _leases(session, Lease.key.in_(keys)) if _is_dead(lease.holder)]
    for key in keys:
        row = {"platform_id": platform_id, "holder": holder, "until": now + LEASE_DURATION, "is_stop_asked": False}
        if session.scalar(_upsert_expired(session, key, row, or_(_has_ended(now), Lease.holder.in_(dead_holders)))) is None:
            raise PlatformBusy(platform_id)
    return holder


def take_host(session: Session, *, platform_id: str, holder: str, host: str, now: datetime, until: datetime) -> bool:
    """Lease one more host for the holder's crawl until then; False if it is not free.

    Nobody waits for it, so that two crawls that hold each other's hosts go on. It is not renewed with the others: it is free
    once it was not taken again for a while, or is released with them.
    """
    key, guest = f"host:{host}", guest_of(holder)
    dead_holders = [lease.holder for lease in _leases(session, Lease.key == key) if _is_dead(lease.holder)]
    row = {"platform_id": platform_id, "holder": guest, "until": until, "is_stop_asked": False}
    is_expired = or_(_has_ended(now), Lease.holder.in_((guest, *dead_holders)))
    return session.scalar(_upsert_expired(session, key, row, is_expired)) is not None


def guest_of(holder: str) -> str:
    """The name under which a crawl holds hosts that are not its platform's own."""
    return f"{holder}/guest"


def renew(session: Session, holder: str, now: datetime) -> bool:
    """Renew the lease; return False if another holder has taken it."""
    change = update(Lease).where(Lease.holder == holder).values(until=now + LEASE_DURATION)
    return bool(session.connection().execute(change).rowcount)


def release(session: Session, holder: str) -> None:
    """Release the lease, with the hosts that were taken since."""
    session.execute(delete(Lease).where(Lease.holder.in_((holder, guest_of(holder)))))


def lease_status(session: Session, platform_id: str, holder: str) -> LeaseStatus:
    """The status of the holder's lease of a platform."""
    lease = session.get(Lease, _platform_key(platform_id))
    platform = session.get(Platform, platform_id)
    is_held = lease is not None and lease.holder == holder
    is_crawlable = platform is not None and platform.state in CRAWLABLE
    return LeaseStatus(is_held, is_held and lease is not None and lease.is_stop_asked, is_crawlable)


def request_stop(session: Session, platform_id: str, now: datetime) -> bool:
    """Ask the process that crawls the platform to stop; return False if none does."""
    is_running = Lease.platform_id == platform_id, Lease.until > now
    return bool(session.connection().execute(update(Lease).where(*is_running).values(is_stop_asked=True)).rowcount)


def running_crawls(session: Session, now: datetime) -> dict[str, bool]:
    """Ids of the platforms that are crawled now, to whether the crawl was asked to stop."""
    leases = _leases(session, ~_has_ended(now), Lease.key.startswith(_platform_key("")))
    return {lease.platform_id: lease.is_stop_asked for lease in leases if not _is_dead(lease.holder)}


def is_free(session: Session, platform_id: str, hosts: Iterable[str], now: datetime) -> bool:
    """Whether no process crawls the platform or one of its hosts now."""
    leases = _leases(session, Lease.key.in_(_lease_keys(platform_id, hosts)), ~_has_ended(now))
    return all(_is_dead(lease.holder) for lease in leases)


def was_abandoned(session: Session, platform_id: str, now: datetime) -> bool:
    """Whether the platform has a lease that was never released: it is expired, or its holder's process has ended."""
    lease = session.get(Lease, _platform_key(platform_id))
    return lease is not None and (not now < lease.until <= now + FARTHEST_END or _is_dead(lease.holder))


def _has_ended(now: datetime) -> ColumnElement[bool]:
    return is_due(Lease.until, now, FARTHEST_END)


def _lease_keys(platform_id: str, hosts: Iterable[str]) -> list[str]:
    """The keys to lease, sorted, so that two processes that acquire the same keys never wait for each other."""
    return sorted({_platform_key(platform_id), *(f"host:{host}" for host in hosts)})


def _leases(session: Session, *conditions: ColumnElement[bool]) -> list[Lease]:
    return list(session.scalars(select(Lease).where(*conditions).order_by(Lease.key)))


@cache
def _machine() -> str:
    """The name of this machine with its PID namespace: process ids mean the same only within both."""
    try:
        pid_namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        pid_namespace = ""
    return f"{socket.gethostname()}{pid_namespace}"


def _is_dead(holder: str) -> bool:
    """Whether the holder's process is known to have ended. Of a process on another machine this is never known."""
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


def _upsert_expired(session: Session, key: str, row: Mapping[str, object], is_expired: ColumnElement[bool]) -> Executable:
    """A statement that inserts a lease, or takes over one that `is_expired`; it returns no key where neither is possible."""
    if session.get_bind().dialect.name == "sqlite":
        sqlite_insert = sqlite.insert(Lease).values(key=key, **row)
        return sqlite_insert.on_conflict_do_update(index_elements=["key"], set_=row, where=is_expired).returning(Lease.key)
    insert = postgresql.insert(Lease).values(key=key, **row)
    return insert.on_conflict_do_update(index_elements=["key"], set_=row, where=is_expired).returning(Lease.key)

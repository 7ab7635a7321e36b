"""When digests are due: each morning, or on Monday mornings, in the installation's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from platforma.catalogue.enums import DigestFrequency

DIGEST_HOUR = 8
FARTHEST_DIGEST = timedelta(days=8)
"""Farther ahead no digest is due."""
_MONDAY = 0


def next_digest_at(now: datetime, frequency: DigestFrequency, zone: str) -> datetime:
    """The next instant after `now` at which a digest is due, in UTC: DIGEST_HOUR o'clock in the zone, also across the
    change to summer time."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date()
    while True:
        due = datetime.combine(day, time(DIGEST_HOUR), ZoneInfo(zone)).astimezone(UTC)
        if due > now and (frequency == DigestFrequency.DAILY or day.weekday() == _MONDAY):
            return due
        day += timedelta(days=1)

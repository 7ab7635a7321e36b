"""When a platform's turn comes: its interval with jitter, its hours of the night, and patience after failures."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawlers.values.hours import is_within, parse_window

INTERVAL_DAYS = {"daily": 1, "weekly": 7, "monthly": 30}
JITTER = timedelta(minutes=30)
RETRY_DELAYS = (timedelta(hours=1), timedelta(hours=4))
"""After the first and the second failure in a row; then it waits for its next turns."""
MAX_FAILED_NIGHTS = 7
SLOWED_INTERVAL = "weekly"
"""How often a platform is tried once so many nights failed."""
Random = random.Random


def is_open(moment: datetime, hours: str | None, zone: str) -> bool:
    """Whether the platform's hours, such as "22-6" in the time zone, allow crawling at a moment; None allows all."""
    return is_within(hours, moment.astimezone(ZoneInfo(zone)))


def next_opening(moment: datetime, hours: str | None, zone: str) -> datetime:
    """The moment itself where crawling is allowed then, else when it next is; in UTC."""
    if hours is None or is_open(moment, hours, zone):
        return moment
    local = moment.astimezone(ZoneInfo(zone))
    opening = local.replace(hour=parse_window(hours)[0], minute=0, second=0, microsecond=0)
    return (opening if opening > local else opening + timedelta(days=1)).astimezone(UTC)


def next_turn(started: datetime, interval: str, hours: str | None, zone: str, dice: Random) -> datetime:
    """The turn after the one that started then, half an hour sooner or later, so that partners are not all asked at once.

    Where that lies outside the platform's hours, it is within the first hour after they begin; if they last no longer than
    that, within the first half of it.
    """
    wanted = started + timedelta(days=INTERVAL_DAYS[interval]) + JITTER * dice.uniform(-1, 1)
    opening = next_opening(wanted, hours, zone)
    if opening == wanted:
        return wanted
    return opening + JITTER * dice.uniform(0, 2 if is_open(opening + 2 * JITTER, hours, zone) else 1)


def after_failure(now: datetime, failures: int, interval: str, hours: str | None, zone: str, dice: Random) -> datetime:
    """When to try again after so many failures in a row: in an hour, in four, then each turn, at last once a week."""
    if failures <= len(RETRY_DELAYS):
        return next_opening(now + RETRY_DELAYS[failures - 1], hours, zone)
    slowest = max(interval, SLOWED_INTERVAL, key=INTERVAL_DAYS.__getitem__)
    return next_turn(now, slowest if is_slowed(failures) else interval, hours, zone, dice)


def is_slowed(failures: int) -> bool:
    """Whether so many nights failed that the desk is told and the platform is tried less often."""
    return failures >= MAX_FAILED_NIGHTS + len(RETRY_DELAYS)


def is_slowed_now(failures: int) -> bool:
    """Whether this failure is the one by which a platform becomes slow."""
    return failures == MAX_FAILED_NIGHTS + len(RETRY_DELAYS)

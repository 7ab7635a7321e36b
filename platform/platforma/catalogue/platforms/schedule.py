"""Schedule: when a platform is crawled next, by its interval with jitter, its crawling hours, and a backoff after failures."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawlers.values.hours import is_within, parse_window

INTERVAL_DAYS = {"daily": 1, "weekly": 7, "monthly": 30}
JITTER = timedelta(minutes=30)
RETRY_DELAYS = (timedelta(hours=1), timedelta(hours=4))
"""Delays after the first and the second failure in a row; after further ones the platform waits for its next turn."""
MAX_FAILED_NIGHTS = 7
FARTHEST_TURN = timedelta(days=32)
"""Farther ahead no turn is planned: a month, its jitter, and until the hours of the next night."""
SLOWED_INTERVAL = "weekly"
"""The interval of a platform after MAX_FAILED_NIGHTS failed turns."""


def is_open(moment: datetime, hours: str | None, zone: str) -> bool:
    """Whether crawling is allowed at a moment by `hours`, such as "22-6" in the time zone `zone`; None allows all hours."""
    return is_within(hours, moment.astimezone(ZoneInfo(zone)))


def next_opening(moment: datetime, hours: str | None, zone: str) -> datetime:
    """The moment itself where crawling is allowed then, else the next time when the hours begin, in UTC."""
    if hours is None or is_open(moment, hours, zone):
        return moment
    local = moment.astimezone(ZoneInfo(zone))
    opening = local.replace(hour=parse_window(hours)[0], minute=0, second=0, microsecond=0)
    return (opening if opening > local else opening + timedelta(days=1)).astimezone(UTC)


def next_turn(started: datetime, interval: str, hours: str | None, zone: str, rng: random.Random) -> datetime:
    """The turn after the one that `started` then: an interval later, with a jitter of half an hour to either side.

    Where that is outside the hours, the turn is within the first hour after they begin, or within the first half hour where
    they last no longer than an hour.
    """
    turn = started + timedelta(days=INTERVAL_DAYS[interval]) + JITTER * rng.uniform(-1, 1)
    opening = next_opening(turn, hours, zone)
    if opening == turn:
        return turn
    return opening + JITTER * rng.uniform(0, 2 if is_open(opening + 2 * JITTER, hours, zone) else 1)


def after_failure(now: datetime, failures: int, interval: str, hours: str | None, zone: str, rng: random.Random) -> datetime:
    """When to retry after so many failures in a row: after RETRY_DELAYS, then at each turn, and from is_slowed on weekly."""
    if failures <= len(RETRY_DELAYS):
        return next_opening(now + RETRY_DELAYS[failures - 1], hours, zone)
    slowest = max(interval, SLOWED_INTERVAL, key=INTERVAL_DAYS.__getitem__)
    return next_turn(now, slowest if is_slowed(failures) else interval, hours, zone, rng)


def has_come(turn: datetime | None, now: datetime) -> bool:
    """Whether a turn has come; also one that only a clock that was wrong can have planned."""
    return turn is not None and not now < turn <= now + FARTHEST_TURN


def is_slowed(failures: int) -> bool:
    """Whether so many turns failed that the platform is tried less often."""
    return failures >= MAX_FAILED_NIGHTS + len(RETRY_DELAYS)


def is_slowed_now(failures: int) -> bool:
    """Whether this failure is the one from which on the platform is slowed, so that curators are told."""
    return failures == MAX_FAILED_NIGHTS + len(RETRY_DELAYS)

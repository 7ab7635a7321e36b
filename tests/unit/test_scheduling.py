"""When a platform's turn comes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from platforma.scheduling import after_failure, is_open, is_slowed, is_slowed_now, next_opening, next_turn

ZONE = "Europe/Riga"
DICE = random.Random(1)


def at(hour: int, minute: int = 0, day: int = 10) -> datetime:
    """A winter instant by its hour in Riga (UTC+2)."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)


@pytest.mark.parametrize(
    ("hours", "hour", "expected"),
    [("22-6", 23, True), ("22-6", 5, True), ("22-6", 6, False), ("22-6", 21, False), ("1-4", 1, True), ("1-4", 4, False),
     (None, 12, True), ("0-24", 12, True)],
)  # fmt: skip
def test_hours_are_of_the_zone(hours: str | None, hour: int, expected: bool) -> None:
    assert is_open(at(hour), hours, ZONE) is expected


def test_outside_its_hours_a_platform_waits_for_them() -> None:
    assert next_opening(at(12), "22-6", ZONE) == at(22)
    assert next_opening(at(23), "22-6", ZONE) == at(23)
    assert next_opening(at(12), "1-4", ZONE) == at(1, day=11)
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert next_opening(summer, "22-6", ZONE) == datetime(2026, 7, 1, 19, tzinfo=UTC)


@pytest.mark.parametrize(("interval", "days"), [("daily", 1), ("weekly", 7), ("monthly", 30)])
def test_turns_come_at_their_interval_sooner_or_later_and_do_not_drift(interval: str, days: int) -> None:
    offsets = [next_turn(at(3), interval, None, ZONE, DICE) - at(3) - timedelta(days=days) for _ in range(200)]
    assert all(abs(offset) <= timedelta(minutes=30) for offset in offsets)
    assert len(set(offsets)) > 100
    assert any(offset < timedelta(0) for offset in offsets) and any(offset > timedelta(0) for offset in offsets)


def test_turns_stay_within_the_hours() -> None:
    for _ in range(200):
        assert is_open(next_turn(at(22, 5), "daily", "22-6", ZONE, DICE), "22-6", ZONE)
        assert is_open(next_turn(at(13), "daily", "3-4", ZONE, DICE), "3-4", ZONE)


def test_failures_are_retried_with_patience() -> None:
    now = at(3)
    assert after_failure(now, 1, "daily", None, ZONE, DICE) == now + timedelta(hours=1)
    assert after_failure(now, 2, "daily", None, ZONE, DICE) == now + timedelta(hours=4)
    third = after_failure(now, 3, "daily", None, ZONE, DICE)
    assert timedelta(hours=23) < third - now < timedelta(hours=25)
    slow = after_failure(now, 9, "daily", None, ZONE, DICE)
    assert timedelta(days=6) < slow - now < timedelta(days=8)
    assert after_failure(at(5, 30), 1, "daily", "22-6", ZONE, DICE) == at(22), "not by day"
    assert after_failure(now, 20, "monthly", None, ZONE, DICE) - now > timedelta(days=29), "never more often than its turns"
    assert [is_slowed(n) for n in (8, 9, 10)] == [False, True, True]
    assert [is_slowed_now(n) for n in (8, 9, 10)] == [False, True, False], "the desk is told once"

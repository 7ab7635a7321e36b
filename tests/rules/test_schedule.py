"""When a platform's turn comes: its interval with jitter, its hours of the night, and patience after failures."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforma.catalogue.platforms.schedule import after_failure, is_open, is_slowed, is_slowed_now, next_opening, next_turn

ZONE = "Europe/Riga"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Dice(random.Random):
    """Always throws the same share of the way from the least to the most."""

    def __init__(self, share: float = 0.5) -> None:
        super().__init__()
        self.share = share

    def uniform(self, a: float, b: float) -> float:
        return a + (b - a) * self.share


def at(hour: int, minute: int = 0, day: int = 10) -> datetime:
    """A winter instant by its hour in Riga (UTC+2)."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - 2 * HOUR


@pytest.mark.parametrize(
    ("hours", "hour", "expected"),
    [("22-6", 22, True), ("22-6", 5, True), ("22-6", 6, False), ("22-6", 21, False), ("1-4", 1, True), ("1-4", 4, False),
     ("1-4", 0, False), (None, 12, True), ("0-24", 12, True)],
)  # fmt: skip
def test_hours_are_of_the_zone(hours: str | None, hour: int, expected: bool) -> None:
    assert is_open(at(hour), hours, ZONE) is expected


def test_outside_its_hours_a_platform_waits_for_them() -> None:
    assert next_opening(at(12), "22-6", ZONE) == at(22)
    assert next_opening(at(21, 59), "22-6", ZONE) == at(22)
    assert next_opening(at(6), "22-6", ZONE) == at(22)
    assert next_opening(at(12, 34), "1-4", ZONE) == at(1, day=11)
    assert next_opening(at(0, 30), "1-4", ZONE) == at(1)
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert next_opening(summer, "22-6", ZONE) == datetime(2026, 7, 1, 19, tzinfo=UTC)
    assert next_opening(at(12) + timedelta(seconds=5, microseconds=7), "22-6", ZONE) == at(22)
    assert next_opening(at(12), "22-6", ZONE).tzinfo is UTC


@pytest.mark.parametrize("moment", [at(22), at(23, 7), at(5, 59)])
def test_within_its_hours_or_without_any_it_need_not_wait(moment: datetime) -> None:
    assert next_opening(moment, "22-6", ZONE) == next_opening(moment, None, ZONE) == moment


@pytest.mark.parametrize(("interval", "days"), [("daily", 1), ("weekly", 7), ("monthly", 30)])
@pytest.mark.parametrize(("share", "minutes"), [(0.0, -30), (0.5, 0), (1.0, 30)])
def test_turns_come_at_their_interval_up_to_half_an_hour_sooner_or_later(
    interval: str, days: int, share: float, minutes: int
) -> None:
    assert next_turn(at(3), interval, None, ZONE, Dice(share)) == at(3) + days * DAY + minutes * MINUTE
    assert next_turn(at(3), interval, "0-24", ZONE, Dice(share)) == at(3) + days * DAY + minutes * MINUTE


@pytest.mark.parametrize(
    ("hours", "opening"), [("22-6", at(22, day=11)), ("22-0", at(22, day=11)), ("1-4", at(1, day=12)), ("11-2", None)]
)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_turn_outside_the_hours_is_moved_into_the_first_hour_of_them(
    hours: str, opening: datetime | None, share: float
) -> None:
    moved = next_turn(at(12), "daily", hours, ZONE, Dice(share))
    assert moved == (opening + share * HOUR if opening else at(12, day=11) + (share - 0.5) * HOUR)


@pytest.mark.parametrize(("hours", "opening"), [("3-4", at(3, day=12)), ("23-24", at(23, day=11)), ("23-0", at(23, day=11))])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_of_a_single_hour_the_second_half_is_left_for_crawling(hours: str, opening: datetime, share: float) -> None:
    assert next_turn(at(12), "daily", hours, ZONE, Dice(share)) == opening + share * HOUR / 2


@given(st.integers(0, 23), st.integers(1, 23), st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.integers(0, 999))
def test_turns_stay_within_the_hours_and_near_their_day(first: int, length: int, moment: datetime, seed: int) -> None:
    hours = f"{first}-{(first + length) % 24}"
    started = moment.replace(tzinfo=UTC)
    turn = next_turn(started, "daily", hours, "UTC", random.Random(seed))
    assert is_open(turn, hours, "UTC")
    assert DAY - HOUR / 2 <= turn - started <= 2 * DAY + 2 * HOUR


@pytest.mark.parametrize(
    ("failures", "interval", "after"),
    [
        (1, "daily", HOUR),
        (2, "daily", 4 * HOUR),
        (3, "daily", DAY),
        (8, "daily", DAY),
        (9, "daily", 7 * DAY),
        (100, "daily", 7 * DAY),
        (1, "weekly", HOUR),
        (2, "monthly", 4 * HOUR),
        (3, "weekly", 7 * DAY),
        (8, "monthly", 30 * DAY),
        (9, "weekly", 7 * DAY),
        (9, "monthly", 30 * DAY),
    ],
)
def test_failures_are_tried_again_with_patience_and_never_more_often_than_turns_come(
    failures: int, interval: str, after: timedelta
) -> None:
    assert after_failure(at(3), failures, interval, None, ZONE, Dice()) == at(3) + after


def test_after_failures_too_the_hours_are_kept() -> None:
    assert after_failure(at(5, 30), 1, "daily", "22-6", ZONE, Dice()) == at(22)
    assert after_failure(at(4, 30), 1, "daily", "22-6", ZONE, Dice()) == at(5, 30)
    assert after_failure(at(12), 3, "daily", "22-6", ZONE, Dice(0.0)) == at(22, day=11)
    assert after_failure(at(12), 9, "daily", "22-6", ZONE, Dice(1.0)) == at(23, day=17)


def test_the_desk_is_told_once_that_a_platform_became_slow() -> None:
    assert [is_slowed(n) for n in (0, 8, 9, 10)] == [False, False, True, True]
    assert [is_slowed_now(n) for n in (0, 8, 9, 10)] == [False, False, True, False]

"""Crawl windows: the hours of the day in which a platform may be crawled."""

from __future__ import annotations

import re
from datetime import datetime

from vocabulary.messages import N_

NO_WINDOW = N_("'%(window)s' is no window of hours; write it as 22-6, from the first hour to where it ends")
_HOURS = re.compile(r"(\d{1,2})\s*-\s*(\d{1,2})")


def parse_window(window: str) -> tuple[int, int]:
    """The first hour, and the hour at which it ends, of a window such as `22-6`. Raises ValueError for other texts."""
    match = _HOURS.fullmatch(window.strip())
    first, last = (int(match[1]), int(match[2])) if match else (-1, -1)
    if not (0 <= first <= 23 and 0 <= last <= 24) or first == last:
        raise ValueError(NO_WINDOW % {"window": window})
    return first, last


def is_within(window: str | None, local_time: datetime) -> bool:
    """Whether a local time lies in a window such as `22-6` (22:00 to 05:59); True where `window` is None.

    The caller converts the time to the time zone of the window. Raises ValueError for a text that is no window.
    """
    if window is None:
        return True
    first, last = parse_window(window)
    return first <= local_time.hour < last if first < last else local_time.hour >= first or local_time.hour < last

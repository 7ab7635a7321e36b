"""Times of day in texts of dates, as the region writes them."""

from __future__ import annotations

import re

OFFSETS = {
    "utc": "Z", "gmt": "Z", "wet": "+00:00", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00",
    "eet": "+02:00", "eest": "+03:00", "msk": "+03:00",
}  # fmt: skip
"""Zones whose abbreviation names one offset in Europe."""
_MARK = r"(?:\b(?:plkst|kl|kell|klo|val|godz|um|at|ob|pulksten|kello|в|о)\b\.? ?)"
_CLOCK = r"(?P<{0}h>[01]?\d|2[0-3])(?:[:.](?P<{0}m>[0-5]\d)(?::[0-5]\d)?)?(?: ?(?P<{0}half>[ap])\.?m\b\.?)?"
_ZONE = rf"(?: ?(?:gmt|utc)?(?P<offset>[+-]\d\d:?\d\d)\b| ?\(?\b(?P<zone>{'|'.join(OFFSETS)})\b\)?)?"
_TIMES = re.compile(
    rf"(?P<mark>{_MARK})?(?<![\d.:]){_CLOCK.format('s')}"
    rf"(?:(?: ?- ?| (?:lidz|to|kuni|iki|do|bis|til|till|до) ){_MARK}?{_CLOCK.format('e')})?"
    rf"(?: ?(?P<unit>uhr|h|val|godz)\b\.?)?{_ZONE}(?![\d.:]*\d)"
)


def read_times(text: str) -> tuple[str, list[str]]:
    """A folded text without its times of day, and these as `18:00` with their offset where the text has it.

    A number alone is a time only behind a mark such as `kl.`, before `Uhr` or with am or pm; dots part hours and
    minutes only there, too.
    """
    times: list[str] = []

    def taken(match: re.Match[str]) -> str:
        if not _is_time(match):
            return match[0]
        zone = OFFSETS.get(match["zone"] or "") or _offset(match["offset"])
        clocks = [_clock(match, end, match["ehalf"]) for end in "se" if match[f"{end}h"]]
        times.extend(clock + zone for clock in clocks)
        return " "

    return _TIMES.sub(taken, text), times


def _is_time(match: re.Match[str]) -> bool:
    if match["mark"] or match["unit"] or match["shalf"] or match["ehalf"]:
        return True
    last = match["em"] if match["eh"] else match["sm"]
    return bool(last) and ":" in match[0] and not re.search(r"\d\.\d", match[0])


def _clock(match: re.Match[str], end: str, half_of_last: str | None) -> str:
    hour, half = int(match[f"{end}h"]), match[f"{end}half"] or half_of_last
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{match[f'{end}m'] or '00'}"


def _offset(text: str | None) -> str:
    return f"{text[:3]}:{text[-2:]}" if text else ""

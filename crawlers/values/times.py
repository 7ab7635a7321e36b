"""Times of day in the texts of dates, in the ways in which the region writes them."""

from __future__ import annotations

import re

OFFSETS = {
    "utc": "Z", "gmt": "Z", "wet": "+00:00", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00",
    "eet": "+02:00", "eest": "+03:00", "msk": "+03:00",
}  # fmt: skip
"""UTC offset by the abbreviation of a time zone, for those that mean one offset in Europe."""
_MARK = r"(?:\b(?:plkst|kl|kell|klo|val|godz|um|at|ob|pulksten|kello|в|о)\b\.? ?)"
_CLOCK = r"(?P<{0}h>[01]?\d|2[0-3])(?:[:.](?P<{0}m>[0-5]\d)(?::[0-5]\d)?)?(?: ?(?P<{0}half>[ap])\.?m\b\.?)?"
_ZONE = rf"(?: ?(?:gmt|utc)?(?P<offset>[+-]\d\d:?\d\d)\b| ?\(?\b(?P<zone>{'|'.join(OFFSETS)})\b\)?)?"
_TIMES = re.compile(
    rf"(?P<mark>{_MARK})?(?<![\d.:]){_CLOCK.format('s')}"
    rf"(?:(?: ?- ?| (?:lidz|to|kuni|iki|do|bis|til|till|до) ){_MARK}?{_CLOCK.format('e')})?"
    rf"(?: ?(?P<unit>uhr|h|val|godz)\b\.?)?{_ZONE}(?![\d.:]*\d)"
)


def read_times(text: str) -> tuple[str, list[str]]:
    """The folded text without its times of day, and the times as `18:00`, with a UTC offset where the text has one.

    A number without minutes, or with a dot before its minutes, is a time only after a mark such as `kl.`, before `Uhr`, or with
    am or pm.
    """
    times: list[str] = []

    def extract(match: re.Match[str]) -> str:
        if not _is_time(match):
            return match[0]
        zone = OFFSETS.get(match["zone"] or "") or _offset(match["offset"])
        clocks = [_clock_time(match, end, match["ehalf"]) for end in "se" if match[f"{end}h"]]
        times.extend(clock + zone for clock in clocks)
        return " "

    return _TIMES.sub(extract, text), times


def _is_time(match: re.Match[str]) -> bool:
    """Whether a match of _TIMES is a time of day rather than a number or a date."""
    if match["mark"] or match["unit"] or match["shalf"] or match["ehalf"]:
        return True
    last = match["em"] if match["eh"] else match["sm"]
    return bool(last) and ":" in match[0] and not re.search(r"\d\.\d", match[0])


def _clock_time(match: re.Match[str], end: str, half_of_last: str | None) -> str:
    """The start (`s`) or end (`e`) of a match as `18:00`; `half_of_last` is the am or pm of its end."""
    hour, half = int(match[f"{end}h"]), match[f"{end}half"] or half_of_last
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{match[f'{end}m'] or '00'}"


def _offset(text: str | None) -> str:
    """`+03:00` for `+0300`; "" for None."""
    return f"{text[:3]}:{text[-2:]}" if text else ""

"""Dates and periods as the region writes them, read into ISO 8601 to the precision known."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from crawlers.texts.wordlists import word_set
from crawlers.values.months import ROMAN, SEASONS, months, weekdays
from crawlers.values.times import OFFSETS, read_times
from vocabulary import fold

Order = Literal["dmy", "mdy"]
Period = tuple[str | None, str | None]
MAX_CHARACTERS = 120
YEARS = range(1900, 2101)
FIRST_YEAR_OF_LAST_CENTURY = 50
"""A two-digit year below this is read as 20xx, any other as 19xx."""
FILLERS = word_set(
    "w gada gads gados gadam g m metu metai men menesis d diena dienos a aasta aastal r roku rok dnia den der"
    " the of on in year vuonna vuosi paivana года году год г року рік р у ar arid el zum dem"
)
PRESENT = word_set("present now ongoing sobrid tagad patlaban praegu siani dabar obecnie nu heute nyt today")
UNTIL_BEFORE = word_set("saakka asti mennessa")
"""Words for "until" that follow the end of a period."""
UNTIL = UNTIL_BEFORE | word_set(
    "lidz to till until iki kuni do bis til по до through thru senast senest spatestens hiljemalt viimeistaan najpozniej"
)
SINCE = word_set("no from since nuo alates od ab vom von fra fran kops seit с з")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")
MAIL_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MAIL_ZONES = {
    "UT": "Z", "Z": "Z", "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00",
    "PST": "-08:00", "PDT": "-07:00",
}  # fmt: skip
"""The zones of RFC 2822, 4.3, by name."""
_MAIL_DATE = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3})[a-z]*\s+(?P<year>\d{4}|\d\d)\s+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?P<zone>[+-]\d\d:?\d\d|[A-Za-z]{1,5}))?(?:\s*\([^()]*\))?"
)
_LABEL = re.compile(r"^[^\d:]{2,40}:\s+(?=\S)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|:e|:a|\.e)\b")
_NUMERIC_FORMS = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<y>\d{4})[./ ] ?(?P<m>\d{1,2})[./ ] ?(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4}|\d{2})",
        r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})",
        r"(?P<m>\d{1,2})[./] ?(?P<y>\d{4})",
        r"(?P<y>\d{4})\. ?(?P<m>\d{2})",
        r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})",
        r"(?P<y>\d{4})",
        r"(?P<d>\d{1,2})",
    )
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a date that a text gives; None for those that it does not give."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def filled(self, other: _Parts) -> _Parts:
        """The parts completed from the other end of the period: the year, and the month where only the day is given."""
        month = other.month if self.month is None and self.day is not None else self.month
        return _Parts(other.year if self.year is None else self.year, month, self.day)

    def iso(self) -> str | None:
        """ISO 8601; None without a year, or where the calendar has no such day."""
        if (
            self.year is None
            or self.year not in YEARS
            or 0 in (self.month, self.day)
            or (self.day is not None and self.month is None)
        ):
            return None
        try:
            whole = date(self.year, self.month or 1, self.day or 1).isoformat()
        except ValueError:
            return None
        return whole[: 10 if self.day else 7 if self.month else 4]


def parse_date(text: str, order: Order | None = None) -> str | None:
    """A date as ISO 8601 to the precision known, from the ways in which the region writes dates; None rather than a guess.

    `order` decides how 03/04/2015 is read; without it such a date is ambiguous and gives None. With dots or hyphens the order
    is always day, month, year. A time of day is kept, with an offset where the text has one. A period gives None.
    """
    start, end = parse_period(text, order)
    return start if end is None else None


def parse_period(text: str, order: Order | None = None) -> Period:
    """Start and end of a period, each as parse_date gives it.

    A single date is a start without an end; "until 5 May 2024" is an end without a start; both are None where nothing is
    understood. A date that is complete to the day may have other words around it, but no other number.
    """
    text = " ".join(text.split())[:MAX_CHARACTERS].rstrip(" .,;")
    if not text:
        return None, None
    if iso := _machine_date(text):
        return iso, None
    words_only, times = read_times(_simplified(_LABEL.sub("", text)))
    return _with_times(_period_of_tokens(_tokens(words_only), order), times)


def utc_instant(text: str) -> str | None:
    """An instant in UTC with `Z`, from a date with or without time as programs write it; None where the text is no full date.

    A time without an offset is taken for UTC. The form of RFC 2822, which feeds use, is read too, with its seconds and zones.
    """
    iso = _mail_date(text) or parse_date(text)
    if iso is None or len(iso) < len("2024-05-01"):
        return None
    moment = datetime.fromisoformat(iso)
    in_utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return in_utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _mail_date(text: str) -> str | None:
    """A date as RFC 2822 writes it (`Fri, 5 Jan 2024 19:48:21 EST`) in ISO 8601; None for another form, or an unknown zone."""
    match = _MAIL_DATE.fullmatch(text.strip()[:MAX_CHARACTERS])
    zone = (match["zone"] or "UT") if match else ""
    offset = zone if zone[:1] in ("+", "-") else MAIL_ZONES.get(zone.upper()) or OFFSETS.get(zone.lower())
    if match is None or offset is None or match["month"].lower() not in MAIL_MONTHS:
        return None
    year = int(match["year"])
    year += (2000 if year < FIRST_YEAR_OF_LAST_CENTURY else 1900) if year < 100 else 0
    month = MAIL_MONTHS.index(match["month"].lower()) + 1
    iso = (
        f"{year}-{month:02d}-{int(match['day']):02d}T{int(match['hour']):02d}:{match['minute']}:{match['second'] or '00'}{offset}"
    )
    return _machine_date(iso)


def _with_times(period: Period, times: list[str]) -> Period:
    """A period with its times of day, where it is clear which end each belongs to and both ends are known to the day."""
    start, end = period
    if not times or any(day and len(day) != len("2024-05-01") for day in period):
        return period
    if start and end:
        return (f"{start}T{times[0]}", f"{end}T{times[1]}") if len(times) == 2 else period
    if end:
        return None, f"{end}T{times[-1]}"
    return (f"{start}T{times[0]}", f"{start}T{times[1]}" if len(times) == 2 else None) if start else period


def _machine_date(text: str) -> str | None:
    """ISO 8601 from the forms that programs write: a blank for the T, or no hyphens; None for others. Midnight is no time."""
    if match := _COMPACT.fullmatch(text):
        clock = f"T{match[4]}:{match[5]}:{match[6]}{match[7]}" if match[4] else ""
        text = f"{match[1]}-{match[2]}-{match[3]}{clock}"
    text = re.sub(r"^(\d{4}-\d\d-\d\d) 00:00(:00(\.0+)?)?$", r"\1", text)
    text = re.sub(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d)", r"\1T\2", text).replace(" +", "+")
    if not _ISO.fullmatch(text):
        return None
    try:
        return (
            text if datetime.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text).year in YEARS else None
        )
    except ValueError:
        return None


def _simplified(text: str) -> str:
    """The folded text with Roman months and ordinals as numbers, and with hyphens only between two dates."""
    text = re.sub(r"(?<=\d)[. ]+([IVX]{1,4})[. ]+(?=\d{4})", _month_number, text)
    text = _ORDINAL.sub("", fold(text))
    text = re.sub(r"(?<!\d)(\d{4})[- ](\d{2})[- ](\d{2})(?!\d)", r"\1/\2/\3", text)
    text = re.sub(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)", r"\1.\2.\3", text)
    text = re.sub(r"(?<!\d)(\d{1,2})-([^\W\d_]{3,12})-(\d{4})(?!\d)", r"\1 \2 \3", text)
    text = re.sub(r"(?<!\d)(\d{4})/(?=\d{4}(?!\d))", r"\1-", text)
    return re.sub(r"'(?=\d\d(?!\d))", "20", text)


def _month_number(match: re.Match[str]) -> str:
    return f".{ROMAN.index(match[1]) + 1}." if match[1] in ROMAN else match[0]


def _tokens(text: str) -> list[str]:
    """Numbers, words and hyphens of a text, without the words that say nothing in a date, weekdays and seasons among them."""
    chunks = re.findall(r"\d+(?:[./] ?\d+)*|[^\W\d_]+|-", text)
    empty = FILLERS | (weekdays() - UNTIL - SINCE) | SEASONS
    return [word for word in chunks if word in months() or word not in empty]


def _period_of_tokens(tokens: list[str], order: Order | None) -> Period:
    """The period of these tokens; words that belong to no date are allowed only around dates that are known to the day."""
    runs = _runs(tokens)
    period = _period(runs[0], order) if len(runs) == 1 else (None, None)
    has_other_words = sum(len(run) for run in runs) < len(tokens)
    is_whole = all(day is None or len(day) == len("2024-05-01") for day in period)
    return (None, None) if has_other_words and not is_whole else period


def _runs(tokens: list[str]) -> list[list[str]]:
    """The tokens cut at words that belong to no date; only runs with a number or a month."""
    runs: list[list[str]] = [[]]
    for word in tokens:
        if _is_of_date(word) or word == "-" or word in UNTIL | SINCE | PRESENT:
            runs[-1].append(word)
        else:
            runs.append([])
    return [run for run in runs if any(map(_is_of_date, run))]


def _is_of_date(word: str) -> bool:
    """Whether a token is a number or the name of a month."""
    return word[0].isdigit() or word in months()


def _period(run: list[str], order: Order | None) -> Period:
    """The period of a run, which may have a hyphen or a word for "until" between its two ends."""
    sides: list[list[str]] = [[]]
    if run[-1] in UNTIL_BEFORE:
        is_whole = bool((UNTIL | {"-"}).intersection(run[:-1]))
        run = run[:-1] if is_whole else [run[-1], *run[:-1]]
    for word in run:
        if word == "-" or word in UNTIL:
            sides.append([])
        elif word not in SINCE | PRESENT:
            sides[-1].append(word)
    if len(sides) > 2 or not any(sides):
        return None, None
    first, last = _parts_of(sides[0], order), _parts_of(sides[-1], order)
    if len(sides) == 1 or not sides[1]:
        return (first.iso() if first else None), None
    if not sides[0]:
        return None, (last.iso() if last else None)
    return _complete_period(first, last) if first and last else (None, None)


def _complete_period(first: _Parts, last: _Parts) -> Period:
    """The period of two ends, of which each may leave out what the other gives; (None, None) where the end comes first."""
    start, end = first.filled(last).iso(), last.filled(first).iso()
    if start and end and start > end and first.year is None and first.month and last.year:
        start = replace(first.filled(last), year=last.year - 1).iso()
    return (start, end) if start and end and start <= end else (None, None)


def _parts_of(tokens: list[str], order: Order | None) -> _Parts | None:
    """The parts of one date in these tokens; None where there are none, or two of one kind."""
    names = [months()[word] for word in tokens if word in months()]
    numbers = [word for word in tokens if word not in months()]
    if not names and len(numbers) == 1:
        return _parts_of_number(numbers[0], order)
    years = [int(n) for n in numbers if len(n) == 4 and n.isdigit()]
    days = [int(n) for n in numbers if len(n) <= 2]
    if len(years) + len(days) < len(numbers) or max(len(names), len(years), len(days)) > 1:
        return None
    return _Parts(*(next(iter(group), None) for group in (years, names, days)))


def _parts_of_number(text: str, order: Order | None) -> _Parts | None:
    """The parts of a date written in numbers only; None for a form that is not in _NUMERIC_FORMS."""
    match = next((match for match in (form.fullmatch(text) for form in _NUMERIC_FORMS) if match), None)
    if match is None:
        return None
    numbers = {name: int(value) for name, value in match.groupdict().items()}
    if "a" in numbers:
        return _slashed(numbers["a"], numbers["b"], numbers["y"], order)
    year = numbers.get("y")
    if year is not None and len(match["y"]) == 2:
        year += 2000 if year < FIRST_YEAR_OF_LAST_CENTURY else 1900
    return _Parts(year, numbers.get("m"), numbers.get("d"))


def _slashed(first: int, second: int, year: int, order: Order | None) -> _Parts | None:
    """The parts of a date such as 3/4/2015 in this order; None where there is no order and both are possible."""
    if order == "mdy":
        return _Parts(year, first, second)
    is_clear = order == "dmy" or first > 12 or first == second
    return _Parts(year, second, first) if is_clear else None

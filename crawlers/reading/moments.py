"""When something takes place, as a part of a page shows it: `time` elements, periods, blocks of day, month and year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from crawlers.markup.elements import Element, text_within
from crawlers.texts.clean import one_line
from crawlers.values.dates import UNTIL, Period, parse_date, parse_period
from crawlers.values.event_words import ends_with_deadline, is_about_events, is_of_page_itself
from crawlers.values.years import is_day_without_year
from vocabulary import fold

MAX_ELEMENTS = 5_000
"""Of a part; what comes behind is not looked at."""
MAX_DATE_CHARACTERS = 80
"""A block of a date is no longer."""
MIN_DATE_CHARACTERS = 6
MAX_BLOCK_ELEMENTS = 8
MAX_BLOCKS_READ = 50
MAX_LABEL_CHARACTERS = 100
MAX_LEVELS = 4
"""How many elements around a `time` are looked at for classes."""
MAX_WRAPPERS = 8
_HEADINGS = ("h1", "h2", "h3", "h4")
_BLOCK_TAGS = ("div", "span", "p", "li", "td", "small", "strong", "b", "em", "dd", "time", "a")
_SIDES = {"startdate": "start", "dtstart": "start", "enddate": "end", "dtend": "end"}
_DASHES = frozenset("-–—−/")
_DAY_CHARACTERS = len("2027-05-01")


@dataclass(frozen=True, slots=True)
class _Time:
    """A `time` element with what it says, and `side`: which end of a period it says that it is."""

    element: Element
    period: Period
    side: str | None


def moments_of(root: Element, url: str, name: Element | None) -> dict[str, str]:
    """Start and end, and the kind `event`, of what a part of a page is about, as far as it shows them; `name` has its name.

    A date is taken where the part is about an event by its class or its address, where two dates make a period, or where the
    words before it say that one can apply until then. The day on which a page was published is none of these.
    """
    times = [time for time in _times(root, name) if any(time.period)]
    deadlines = [time.period for time in times if ends_with_deadline(_text_before(time.element))]
    own = [time for time in times if time.period not in deadlines]
    if is_about_event(root, url, own):
        period = _period_of(own) or (None if times else _block_period(root, name))
        return {"kind": "event"} | _fields(period) if period else {}
    if len(own) == 2 and _are_joined(own[0].element) and (period := _period_of(own)):
        return _fields(period)
    return _fields((None, _first(deadlines[0]))) if len(deadlines) == 1 and not own else {}


def _fields(period: Period) -> dict[str, str]:
    return {field: day for field, day in zip(("start_date", "end_date"), period, strict=True) if day}


def is_about_event(root: Element, url: str, times: Sequence[_Time] = ()) -> bool:
    """Whether a part is about an event: by the path of its page, its outermost elements, or the elements around its dates."""
    if is_about_events(urlsplit(url).path) or any(time.side for time in times):
        return True
    around = [element for time in times[:3] for element in (time.element, *islice(time.element.iterancestors(), MAX_LEVELS))]
    return any(is_about_events(_names_of(element)) for element in (*_outermost(root), *around))


def _outermost(root: Element) -> Iterator[Element]:
    """The elements of which each holds all of a part, from the outside."""
    element = root
    for _ in range(MAX_WRAPPERS):
        yield element
        if len(element) != 1:
            return
        element = element[0]


def _names_of(element: Element) -> str:
    return " ".join(str(element.get(name) or "")[:300] for name in ("class", "id", "itemprop", "itemtype", "typeof"))


def _own_elements(root: Element, name: Element | None) -> Iterator[Element]:
    """The elements of a part up to the first heading behind its name, where something else begins."""
    is_named = name is None
    for element in islice(root.iter(), MAX_ELEMENTS):
        if not isinstance(element.tag, str):
            continue
        if element is name:
            is_named = True
        elif is_named and element.tag in _HEADINGS and name is not None and name.tag in _HEADINGS:
            return
        yield element


def _times(root: Element, name: Element | None) -> Iterator[_Time]:
    """The `time` elements, and others with a machine-readable start or end, that do not date the page itself."""
    for element in _own_elements(root, name):
        side = _SIDES.get((element.get("itemprop") or element.get("property") or "").rpartition(":")[2].lower())
        if element.tag == "time" or side:
            period = _period_in(element)
            if not _dates_page(element):
                yield _Time(element, period, side)


def _dates_page(element: Element) -> bool:
    """Whether a date is that of the page: by its attributes, the classes around it, or the words before it."""
    names = (_names_of(near) for near in (element, *islice(element.iterancestors(), 1)))
    return element.get("pubdate") is not None or any(map(is_of_page_itself, (*names, _text_before(element))))


def _text_before(element: Element) -> str:
    """The text directly before an element, in its parent."""
    previous, parent = element.getprevious(), element.getparent()
    tail = (previous.tail or "") if previous is not None else (parent.text or "") if parent is not None else ""
    if previous is not None and not tail.strip(" :\n\t") and previous.tag != "time":
        tail = text_within(previous, MAX_LABEL_CHARACTERS)
    return one_line(tail[-MAX_LABEL_CHARACTERS:])


def _period_in(element: Element) -> Period:
    """What a `time` element says: by its attribute, with the hours and the end that its text adds to the same day."""
    machine = (element.get("datetime") or element.get("content") or "").strip()[:MAX_DATE_CHARACTERS]
    shown = parse_period(_spaced(element)) if element.tag == "time" else (None, None)
    start, _, end = machine.partition("/")
    said = (_plain(parse_date(start)), _plain(parse_date(end)))
    if said[0] is None:
        return shown if not machine and _is_day(shown[0]) else (None, None)
    if not said[1] and shown[0] and shown[0][:_DAY_CHARACTERS] == said[0]:
        return shown
    return said


def _plain(iso: str | None) -> str | None:
    """A date without a midnight and without seconds."""
    if iso is None:
        return None
    return re.sub(r"T00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?$", "", re.sub(r"(T\d\d:\d\d):00(\.0+)?(?!\d)", r"\1", iso))


def _period_of(times: list[_Time]) -> Period | None:
    """The period of the dates of an event: of one, or of a start and an end; None for several that make none."""
    sides = {time.side: time.period[0] for time in reversed(times) if time.side}
    if sides.get("start"):
        return sides["start"], sides.get("end") if sides.get("end") != sides["start"] else None
    periods = list(dict.fromkeys(time.period for time in times))
    if len(periods) == 1:
        return periods[0]
    if len(periods) == 2 and not periods[0][1] and not periods[1][1]:
        start, end = periods[0][0] or "", periods[1][0] or ""
        return (start, end) if start[: len(end)] < end[: len(start)] or (start[:10] == end[:10] and start < end) else None
    return None


def _first(period: Period) -> str | None:
    return period[0] or period[1]


def _are_joined(element: Element) -> bool:
    """Whether a dash or a word for "until" stands between an element and the next."""
    tail = fold(one_line(element.tail or ""))
    return tail in _DASHES or tail in UNTIL


def _block_period(root: Element, name: Element | None) -> Period | None:
    """The period of the first short element that holds a date to the day and nothing else, such as `12 | MAY | 2027`.

    A day without a year is the text as it stands, as the start: who knows the day of the page concludes the year.
    """
    blocks = (element for element in _own_elements(root, name) if element is not name and _may_be_block(element))
    for element in islice(blocks, MAX_BLOCKS_READ):
        start, end = parse_period(_spaced(element))
        if start and all(day is None or _is_day(day) for day in (start, end)) and not _dates_page(element):
            return start, end
        if is_day_without_year(_spaced(element)) and not _dates_page(element):
            return _spaced(element), None
    return None


def _may_be_block(element: Element) -> bool:
    """Whether an element is small, and has a text with numbers that is as long as a date."""
    if element.tag not in _BLOCK_TAGS or len(list(islice(element.iter(), MAX_BLOCK_ELEMENTS + 1))) > MAX_BLOCK_ELEMENTS:
        return False
    text = _spaced(element)
    return MIN_DATE_CHARACTERS <= len(text) <= MAX_DATE_CHARACTERS and any(map(str.isdigit, text))


def _is_day(iso: str | None) -> bool:
    return bool(iso) and len(iso or "") >= _DAY_CHARACTERS


def _spaced(element: Element) -> str:
    """The text of an element with blanks between its parts."""
    return one_line(" ".join(islice(element.itertext(), 20)))[: MAX_DATE_CHARACTERS + 1]

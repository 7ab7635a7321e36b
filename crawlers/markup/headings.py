"""Headings that an extractor of articles lost, put back before the text that they head.

A page's first h1 is its title, which is read by itself (crawlers.markup.titles), and is not put back.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from crawlers.markup.elements import Element

LEVELS = {f"h{level}": level for level in range(1, 7)}
COMPARED_LETTERS = 20
"""So many letters of a text tell at which line it stands."""
COMPARED_CHARACTERS = 200
"""So many characters of a text are looked at for its letters."""
_NO_LETTERS = re.compile(r"[\W_]+")


def with_lost_headings(lines: Sequence[str], tree: Element) -> list[str]:
    """The lines of a page's article, and before them each heading that they lack although the text directly after it is there."""
    title = next(tree.iter("h1"), None)
    if all(heading is title for heading in tree.iter(*LEVELS)):
        return list(lines)
    letters = [_letters(line) for line in lines]
    places = _places(letters)
    lost: dict[int, list[str]] = {}
    place = 0
    for headings, start in _sections(tree):
        found = _place_of(start, places, place)
        if found is not None:
            lost[found] = [heading for heading in headings if _letters(heading) not in letters[place:found]]
            place = found + 1
    return [text for number, line in enumerate(lines) for text in (*lost.get(number, ()), line)]


def _sections(tree: Element) -> Iterator[tuple[list[str], str]]:
    """The first letters of each text after a heading, with that heading and those that it is directly below."""
    headings: dict[int, str] = {}
    start = ""
    for level, text in _texts(tree):
        if not level:
            start += _letters(text) if headings and len(start) < COMPARED_LETTERS else ""
            continue
        if start:
            yield list(headings.values()), start
            headings, start = {}, ""
        headings = {above: title for above, title in headings.items() if above < level} | {level: text}
    if start:
        yield list(headings.values()), start


def _texts(tree: Element) -> Iterator[tuple[int, str]]:
    """Each heading as its level and text, and each text between headings with 0, in the order of the page."""
    title = next(tree.iter("h1"), None)
    around: Any = None
    walk: Any = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start" and around is None and element.tag in LEVELS:
            around = element
            if element is not title and (text := " ".join(element.text_content().split())):
                yield LEVELS[element.tag], text
        around = None if event == "end" and element is around else around
        if around is None and (text := element.text if event == "start" else element.tail):
            yield 0, text


def _places(letters: Sequence[str]) -> dict[str, list[int]]:
    """The numbers of the lines, in order, by their first letters."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(letters):
        places[line[:COMPARED_LETTERS]].append(number)
    return places


def _place_of(start: str, places: dict[str, list[int]], first: int) -> int | None:
    """The number of the first line, from `first` on, with which a text begins; None without one."""
    numbers = [places.get(start[:length], []) for length in range(1, COMPARED_LETTERS + 1)]
    later = [found[index] for found in numbers if (index := bisect_left(found, first)) < len(found)]
    return min(later, default=None)


def _letters(text: str) -> str:
    """The letters and digits at the beginning of a text, in lower case."""
    return _NO_LETTERS.sub("", text[:COMPARED_CHARACTERS]).casefold()

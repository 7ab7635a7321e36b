"""Places in short lines: "Cēsis, LV", or the text after a name in "**Name**, Town, Country. Text"."""

from __future__ import annotations

import re

from crawlers.markup.elements import Element
from crawlers.texts.clean import one_line
from crawlers.texts.wordlists import word_set
from crawlers.values.towns import find_town
from vocabulary import load

MAX_PLACE_CHARACTERS = 60
MAX_WORDS_BEFORE = 3
"""How many parts may come before a country: a house, a quarter, a town."""
MAX_WORDS = 5
NAMESAKES_OF_STATES = frozenset({"GE"})
"""Alpha-2 codes of countries with the name of a state of the USA."""
_LOWER_CASE_CODES = frozenset({"uk"})
"""Codes that people write in small letters and that are no words of a language."""
_INLINE = ("strong", "b", "a", "span", "em", "i", "u", "font")
_BETWEEN = re.compile(r"^[\s,;:·|–—-]+")
_END = re.compile(r"(?<!\bSt)(?<!\bSv)(?<!\b\w)\.(?=\s|$)|[)\n;:|]|\s[–—-]+\s")
_IN_BRACKETS = re.compile(r"(?<=\w) \([^()]{1,20}\)(?=,)")
"""A province or island in brackets, which distinguishes a town from its namesakes."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PARTICLES = word_set(
    "de del della delle di da do dos das du des d la le les el los las l am an der im bei ob pod nad upon on under sur sous"
    " aan den op van y e og och novads novada pagasts pagasta linn vald"
)
"""Words in small letters that occur in names of towns; a part with any other such word is no name."""


def country_in(text: str, *, is_place: bool = False) -> tuple[str, str] | None:
    """Country and place ("" without one) as a short text such as "Latvia" or "Cēsis, LV" has them; None for other texts.

    `is_place`: the text stands where a place is expected, in brackets or under a label ("Old Town, Bristol, uk"), and may have
    more parts. A list of themes that ends in the letters of a code ("Education, IT") has no country.
    """
    *before, last = [part for piece in re.split(r"[,;·•|/]", text) if (part := piece.strip())] or [""]
    is_code = len(last) in (2, 3) and (last.isupper() or (last in _LOWER_CASE_CODES and " ".join(before)[:1].isupper()))
    is_short = len(text) <= MAX_PLACE_CHARACTERS and len(before) <= MAX_WORDS_BEFORE
    may_be = (1 <= len(before) <= (MAX_WORDS_BEFORE if is_place else 1)) if is_code else len(last) > 3
    if not (is_short and may_be and load().find_country(last)) or any(load().find("theme", part) for part in before):
        return None
    return last, before[0].rpartition(":")[2].strip() if len(before) == 1 else ""


def place_after(name: Element) -> dict[str, str]:
    """Our fields from the text after a name (an lxml element) in its line, up to the first full stop or dash.

    The fields are `country`, `place` if there is one, and `title` where the comma after the name is inside it. Empty where the
    name is alone in its line, or the text before the country cannot be a place in it. A mere code, or a country of
    NAMESAKES_OF_STATES, counts only after the name of a town in that country.
    """
    after, title = _line_after(name), one_line(name.text_content())
    line = _IN_BRACKETS.sub("", _BETWEEN.sub("", after).removeprefix("("))
    phrase = _END.split(line[: MAX_PLACE_CHARACTERS + 2], maxsplit=1)[0].strip()
    country_and_place = country_in(phrase, is_place=True)
    *before, last = [part.strip() for part in re.split(r"[,\s]*,", phrase)]
    if not country_and_place or last != country_and_place[0] or not all(_may_be_in(part, last) for part in before):
        return {}
    code = load().find_country(last) or ""
    is_unsure = code in NAMESAKES_OF_STATES or (len(last) <= 3 and last.lower() not in _LOWER_CASE_CODES)
    if is_unsure and not any(find_town(part, {code}) for part in before):
        return {}
    is_comma_inside = title.endswith(",") and after[:1].isalpha()
    fields = {"country": last, "place": country_and_place[1], "title": title.rstrip(" ,") if is_comma_inside else ""}
    return {field: value for field, value in fields.items() if value}


def _may_be_in(part: str, country: str) -> bool:
    """Whether a part of a line may be the name of a place in a country: no ordinary text, and no town of another country."""
    code = load().find_country(country) or ""
    parts = _WORD.findall(part)
    is_name = 1 <= len(parts) <= MAX_WORDS and parts[0][0].isupper()
    if not is_name or any(not word[0].isupper() and word not in _PARTICLES for word in parts):
        return False
    town = find_town(part)
    is_elsewhere = town is not None and town.country != code and find_town(part, {code}) is None
    return not is_elsewhere and load().find_country(part) in (None, code)


def _line_after(name: Element) -> str:
    """The text after an element that begins a line, up to the next element or break; "" for an element that begins none."""
    while name.tag in _INLINE and not (name.tail or "").strip() and name.getnext() is None:
        parent = name.getparent()
        if parent is None:
            break
        if not _begins_line(name):
            return ""
        name = parent
    if name.tag not in _INLINE or not _begins_line(name):
        return ""
    after = name.getnext()
    if not (name.tail or "").strip() and after is not None and after.tag == "br":
        name = after
    return one_line(name.tail or "")


def _begins_line(element: Element) -> bool:
    """Whether only a number or an image comes before an element in its line."""
    before, parent = element.getprevious(), element.getparent()
    text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    return (before is None or before.tag in ("br", "img")) and not any(c.isalpha() for c in text)

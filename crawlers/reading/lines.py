"""Places in short lines: "Cēsis, LV", or the text after a name in "**Name**, Town, Country. Text"."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_WITH_COUNTRY_IN_BRACKETS = re.compile(r"([^()]+) \(([^()]+)\)")
_INITIAL = re.compile(r"\b[^\W\d_]\.")
_COUNTY = re.compile(r"(?:co\.|county|contae) [^\W\d_]+$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PARTICLES = word_set(
    "de del della delle di da do dos das du des d la le les el los las l am an der im bei ob pod nad upon on under sur sous"
    " aan den op van y e og och novads novada pagasts pagasta linn vald"
)
"""Words in small letters that occur in names of towns; a part with any other such word is no name."""


def country_in(text: str, *, is_place: bool = False) -> tuple[str, str] | None:
    """Country and place ("" without one) as a short text such as "Latvia", "Cēsis, LV" or "Ireland · Co. Cork" has them; None for
    texts with any other words.

    `is_place`: the text stands where a place is expected, in brackets or under a label ("Old Town, Bristol, uk"), and may have
    more parts. What may be an acronym ("Action Network (CAN)") counts only after a town of that country, a country in front only
    before a town or a region of its own.
    """
    parts = [part for piece in re.split(r"[,;·•|/]", text) if (part := piece.strip())]
    if not parts or len(text) > MAX_PLACE_CHARACTERS or len(parts) > 1 + (MAX_WORDS_BEFORE if is_place else 1):
        return None
    return _country_at_end(parts) or (_country_in_front(parts) if len(parts) > 1 else None)


def country_of_known_place(text: str) -> tuple[str, str] | None:
    """As country_in, where the text names no other place than those known in that country: no person and no street."""
    found = country_in(text, is_place=True)
    if found is None or text.strip() == found[0]:
        return found
    code = load().find_lone_country(found[0]) or ""
    parts = (part.strip() for piece in re.split(r"[,;·•|/]", text) for part in [piece.replace(found[0], "")])
    return found if any(is_place_in(part, code) for part in parts if part) else None


def _country_at_end(parts: Sequence[str]) -> tuple[str, str] | None:
    *before, last = parts
    match = None if before else _WITH_COUNTRY_IN_BRACKETS.fullmatch(last)
    if match:
        before, last = [match[1]], match[2]
    code, places = load().find_lone_country(last), [place.rpartition(":")[2].strip() for place in before]
    if code is None or not all(_may_lie_in(place, code) for place in places):
        return None
    if len(last) <= 3 and not _is_code_of(last, code, places, is_doubtful=match is not None or len(last) == 3):
        return None
    return last, places[0] if len(places) == 1 else ""


def _may_lie_in(place: str, code: str) -> bool:
    """Whether a text before a country is written as a name of a place, and names neither a theme nor another country."""
    if load().find("theme", place) or load().find_lone_country(place) not in (None, code):
        return False
    return _is_named_as_place(place)


def _is_code_of(written: str, code: str, places: Sequence[str], *, is_doubtful: bool) -> bool:
    """Whether two or three letters after places are meant as a country's code; one that may be an acronym needs a town of it."""
    if not places or not (written.isupper() or (written in _LOWER_CASE_CODES and places[0][:1].isupper())):
        return False
    if any(find_town(place, {code}) for place in places):
        return True
    return not is_doubtful and written.isupper() and not any(_INITIAL.search(place) for place in places)


def _country_in_front(parts: Sequence[str]) -> tuple[str, str] | None:
    country, *places = parts
    code = load().find_lone_country(country) if len(country) > 3 else None
    if code is None or code in NAMESAKES_OF_STATES or not all(is_place_in(place, code) for place in places):
        return None
    return country, places[0] if len(places) == 1 and find_town(places[0], {code}) else ""


def is_place_in(text: str, country: str) -> bool:
    """Whether a text is the name of a town or a region of a country, or a county by its word (“Co. Waterford”)."""
    is_known = find_town(text, {country}) is not None or load().regions.find(text, {country}) is not None
    return is_known or bool(_COUNTY.match(text))


def _is_named_as_place(text: str) -> bool:
    """Whether a text is written as names of places are: words with capitals, and the small ones of _PARTICLES."""
    words = _WORD.findall(text)
    is_short = 1 <= len(words) <= MAX_WORDS
    return is_short and words[0][0].isupper() and all(word[0].isupper() or word in _PARTICLES for word in words)


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
    if not _is_named_as_place(part):
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

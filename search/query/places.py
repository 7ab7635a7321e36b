"""Places that a question names: towns and regions, under which listings are filed wherever their texts have the name or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.analysis import is_word
from search.query.parser import Part
from vocabulary import load
from vocabulary.languages import LANGUAGES

MAX_WORDS = 2
"""Names of places with more words are found only as regions."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the gazetteer: its id among the values of the facet `place`, and the ISO 3166-1 alpha-2 code of its country."""

    id: str
    country: str


TownLookup = Callable[[str], Town | None]
"""The town that a name in any language means; None where there is none."""
NEAR_COUNTRIES = ("LV", "EE", "LT")
"""The countries of which a town is meant although its name, in small letters, is also a word of a dictionary."""


class _Current:
    """The gazetteer of this process; without one only regions are found."""

    town: TownLookup | None = None


def use_gazetteer(town: TownLookup) -> None:
    """From now on this process finds towns by this lookup."""
    _Current.town = town
    _places.cache_clear()


def towns_in_use() -> TownLookup | None:
    """The lookup by which this process finds towns, None for none; the same object for the same towns."""
    return _Current.town


def places(parts: Sequence[Part]) -> tuple[tuple[str, str], ...]:
    """The (facet, value) pairs of the town and the region that a run of words names; none where it names neither."""
    if any(part.is_quoted or part.is_function_word for part in parts):
        return ()
    written = " ".join(word for part in parts for word in part.written)
    headwords = " ".join(_headword(part) for part in parts)
    return _places(written, headwords, parts[0].is_capitalised)


def _headword(part: Part) -> str:
    """The first of a word's Latvian lemmas; names of places stand in cases."""
    key = next((key for variant in part.variants for key in variant.analysis.keys if key.startswith("lv:")), "")
    return key.removeprefix("lv:") or part.text


@lru_cache(maxsize=5_000)
def _places(written: str, headwords: str, is_capitalised: bool) -> tuple[tuple[str, str], ...]:
    names = tuple(dict.fromkeys((written, headwords)))
    regions = [("region", id) for name in names if (id := load().regions.find(name))][:1]
    return (*_towns(names, is_capitalised), *regions)


def _towns(names: Sequence[str], is_capitalised: bool) -> Iterator[tuple[str, str]]:
    """The town that one of the names means, unless it is more likely a common word."""
    if _Current.town is None or names[0].count(" ") >= MAX_WORDS:
        return
    town = next((town for name in names if (town := _Current.town(name))), None)
    if town and (is_capitalised or town.country in NEAR_COUNTRIES or not _is_common(names[0])):
        yield "place", town.id


def _is_common(name: str) -> bool:
    return all(any(is_word(word, code) for code in LANGUAGES) for word in name.split())

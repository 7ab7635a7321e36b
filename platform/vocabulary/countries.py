"""Names of countries: shown in the interface languages, found in whatever language and form a source wrote them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global
from rapidfuzz.distance import OSA

from vocabulary.folding import sort_words, word_key

LANGUAGES = (
    "lv", "en", "et", "lt", "pl", "da", "sv", "nb", "nn", "fi", "de", "is", "ru", "uk", "fr", "es", "it", "nl", "cs", "sk",
    "pt", "ro", "hu", "el", "bg", "sl", "hr", "ca", "be", "tr", "mt", "ga", "sq", "sr", "se",
)  # fmt: skip
"""Babel's languages that sources of the region use or translate from."""
MIN_LETTERS, MIN_LETTERS_MISSPELT = 4, 7
"""CLDR's names below the first are words or names of persons in other languages; those below the second have neighbours."""
MAX_CHARACTERS = 200
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_BETWEEN = re.compile(r"\s+[-–—]\s+|[,;/|+&•·\n()\[\]]|\s(?:un|and|ja|ir|i|oraz|og|och|und|et|y|e|и|і|en)\s")
_LABEL = re.compile(r"^[^\W\d]{3,20}\s*:\s*")
_JOINING = frozenset({"and", "un", "the", "of"})


@cache
def country_names(lang: str) -> dict[str, str]:
    """Name by ISO 3166-1 alpha-2 code, as Babel's CLDR data has it for the language."""
    territories = Locale.parse(lang).territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in _NOT_ISO}


_NOT_ISO = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "XK", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of degrees (WGS 84) that holds a country with its near islands; it does not cross the date line.

    `is_whole`: no part of the country lies elsewhere, in another ocean.
    """

    south: float
    north: float
    west: float
    east: float
    is_whole: bool = True

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, slots=True)
class Spellings:
    """What Babel has not. `names` and `codes` (as written, capitals) by alpha-2 code; `never` is taken for no country.

    `misspelt` are the codes whose names are known with a letter wrong, `not_alone` the names and codes that mean a state,
    a town or a person as well when anything else stands beside them, `directions` words that make another place of one.
    `before` are words that change nothing of a name behind them, `cases` by language the endings of a name with those of its
    other cases, `postcodes` patterns of postal codes that tell their country, by alpha-2 code.
    """

    names: Mapping[str, Sequence[str]]
    codes: Mapping[str, Sequence[str]]
    never: Sequence[str]
    misspelt: Sequence[str]
    not_alone: Sequence[str]
    directions: Sequence[str]
    before: Sequence[str]
    cases: Mapping[str, Mapping[str, Sequence[str]]]
    postcodes: Mapping[str, str]


class CountryFinder:
    """Finds the country a text names, or None where it names none or could name two."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._never = {word_key(name) for name in spellings.never}
        self._not_alone = {word_key(name) for name in spellings.not_alone}
        names = {key: code for key, code in _by_name(spellings).items() if key not in self._never}
        self._names = {key: code for key, code in _by_case(spellings).items() if key not in self._never} | names
        self._codes = _by_code(spellings)
        self._before = re.compile(rf"^(?:{'|'.join(spellings.before)}) ")
        self._postcodes = {code: re.compile(rf"(?<![\w-]){pattern}(?![\w-])") for code, pattern in spellings.postcodes.items()}
        wanted = set(spellings.misspelt)
        self._misspelt = {k: c for k, c in names.items() if c in wanted and len(k) >= MIN_LETTERS_MISSPELT}

    @property
    def names(self) -> Mapping[str, str]:
        """Folded name or other case of one, in all languages, to alpha-2 code."""
        return self._names

    def find(self, text: str) -> str | None:
        """The alpha-2 code of the one country that a text names, else None; never a guess.

        The text may be a name in any language, an ISO code in capitals or a flag, with a town, a code or another name
        of the same country beside it ("Rīga, Latvija", "Estonia (EE)"), or with one letter wrong ("Germay").
        """
        if word_key(text) in self._never:
            return None
        codes = self.find_all(text)
        return codes[0] if len(codes) == 1 else None

    def find_all(self, text: str) -> tuple[str, ...]:
        """The codes of all countries that a text names, in its order; words that name none are passed over."""
        text = _LABEL.sub("", " ".join(text[: 2 * MAX_CHARACTERS].replace("\n", "; ").split())[:MAX_CHARACTERS])
        if whole := self._whole(text):
            return (whole,)
        parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
        unnamed = [part for part in parts if not self._whole(part)]
        if any(word in self._spellings.directions for part in unnamed for word in sort_words(part)):
            return ()
        code_of_part = [(part, self._part(part, is_alone=len(parts) == 1)) for part in parts]
        has_others = any(code in (None, "US") for _, code in code_of_part)
        sure = (code for part, code in code_of_part if code and not (has_others and word_key(part) in self._not_alone))
        return tuple(dict.fromkeys(sure))

    def _part(self, text: str, *, is_alone: bool) -> str | None:
        return self._whole(text) or self._of_postcode(text) or (self._misspelt_name(word_key(text)) if is_alone else None)

    def _of_postcode(self, text: str) -> str | None:
        return next((code for code, pattern in self._postcodes.items() if pattern.search(text)), None)

    def _whole(self, text: str) -> str | None:
        if flag := _FLAG.fullmatch(text.strip()):
            return self._codes.get("".join(chr(ord(c) - 0x1F1E6 + ord("A")) for c in flag[0]))
        if code := self._codes.get(text.strip(" .,;:()[]\"'")):
            return code
        return next((self._names[key] for key in self._keys(text) if key in self._names), None)

    def _keys(self, text: str) -> Iterator[str]:
        """The ways to look a text up: as it is, without what stands before names, without joining words."""
        key = word_key(text)
        yield key
        yield self._before.sub("", key)
        yield " ".join(word for word in key.split() if word not in _JOINING)

    def _misspelt_name(self, key: str) -> str | None:
        """The country whose name is one letter away; None where the words are another's, or two are as near."""
        if len(key) < MIN_LETTERS_MISSPELT - 1 or key in self._never:
            return None
        near = {code for name, code in self._misspelt.items() if OSA.distance(name, key, score_cutoff=1) <= 1}
        return near.pop() if len(near) == 1 else None


def _by_name(spellings: Spellings) -> dict[str, str]:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for lang in LANGUAGES:
        for code, name in country_names(lang).items():
            if len(name) >= MIN_LETTERS:
                codes[word_key(name)].add(code)
    for code, names in spellings.names.items():
        for name in names:
            codes[word_key(name)] = {code}
    return {key: candidates.pop() for key, candidates in codes.items() if len(candidates) == 1}


def _by_case(spellings: Spellings) -> dict[str, str]:
    """Names in other cases, of the countries whose names are known best; what stands for two of them is left out."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for lang, endings in spellings.cases.items():
        for code in spellings.misspelt:
            for form in _cases(word_key(country_names(lang)[code]), endings):
                codes[form].add(code)
    return {key: candidates.pop() for key, candidates in codes.items() if len(candidates) == 1}


def _cases(name: str, endings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Other cases of a folded name, by the first of the endings that it has."""
    ending = next((candidate for candidate in endings if name.endswith(candidate)), None)
    if ending is not None:
        yield from (name.removesuffix(ending) + other for other in endings[ending])


def _by_code(spellings: Spellings) -> dict[str, str]:
    """Codes as they are written: ISO 3166-1 alpha-2 and alpha-3 in capitals, and those of the spellings."""
    known = set(country_names("en"))
    aliases = {
        old: new[0] for old, new in get_global("territory_aliases").items() if len(old) == 3 and old.isalpha() and len(new) == 1
    }
    own = {written: code for code, all_written in spellings.codes.items() for written in all_written}
    return {code: code for code in known} | {old: new for old, new in aliases.items() if new in known} | own

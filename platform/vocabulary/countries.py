"""Countries: their names in each language (CLDR), and the search for a country in the text of a source."""

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

NAME_LANGUAGES = (
    "lv", "en", "et", "lt", "pl", "da", "sv", "nb", "nn", "fi", "de", "is", "ru", "uk", "fr", "es", "it", "nl", "cs", "sk",
    "pt", "ro", "hu", "el", "bg", "sl", "hr", "ca", "be", "tr", "mt", "ga", "sq", "sr", "se",
)  # fmt: skip
"""Languages whose country names are recognised: those that sources of the region use or translate from."""
MIN_LETTERS, MIN_LETTERS_MISSPELT = 4, 7
"""CLDR names with fewer letters than the first are words or personal names in other languages, and are not used; names with
fewer letters than the second are not matched when misspelt, since other words are one letter away.
"""
MAX_CHARACTERS = 200
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_SEPARATOR = re.compile(r"\s+[-–—]\s+|[,;/|+&•·\n()\[\]]|\s(?:un|and|ja|ir|i|oraz|og|och|und|et|y|e|и|і|en)\s")
_LABEL = re.compile(r"^[^\W\d]{3,20}\s*:\s*")
_JOINING_WORDS = frozenset({"and", "un", "the", "of"})


@cache
def country_names(lang: str) -> dict[str, str]:
    """The name of each country in a language, by ISO 3166-1 alpha-2 code (CLDR)."""
    territories = Locale.parse(lang).territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in _NOT_ISO}


_NOT_ISO = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "XK", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees (WGS 84) around a country and its near islands, which does not cross the date line.

    `is_whole`: no part of the country lies outside, overseas.
    """

    south: float
    north: float
    west: float
    east: float
    is_whole: bool = True

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies in the rectangle."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, slots=True)
class Spellings:
    """What CLDR lacks for the search for countries; the data of countries.yaml.

    names: further names, by alpha-2 code.
    codes: further codes in capitals, by alpha-2 code.
    never: names that are never taken for a country.
    misspelt: alpha-2 codes of countries that are recognised with one letter wrong, and in other grammatical cases.
    not_alone: names and codes that also mean a state, a town or a person, and do not count beside other words.
    directions: words such as "north" that make the name of another place from that of a country.
    before: words that may stand before a name and do not change it.
    cases: by language, each ending of a name with the endings of its other cases.
    postcodes: patterns of postal codes with a country's sign, by alpha-2 code.
    postcode_forms: patterns of postal codes that only one country writes so, by alpha-2 code; they count in addresses.
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
    postcode_forms: Mapping[str, str]


class CountryFinder:
    """Finds the countries that texts name, by CLDR's names in NAME_LANGUAGES and by Spellings."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._never = {word_key(name) for name in spellings.never}
        self._not_alone = {word_key(name) for name in spellings.not_alone}
        names = {key: code for key, code in _by_name(spellings).items() if key not in self._never}
        self._names = {key: code for key, code in _by_case(spellings).items() if key not in self._never} | names
        self._codes = _by_code(spellings)
        self._before = re.compile(rf"^(?:{'|'.join(spellings.before)}) ")
        self._postcodes = {code: re.compile(rf"(?<![\w-]){pattern}(?![\w-])") for code, pattern in spellings.postcodes.items()}
        self._postcode_forms = {
            code: re.compile(rf"(?<![\w-]){form}(?![\w-])") for code, form in spellings.postcode_forms.items()
        }
        wanted = set(spellings.misspelt)
        self._misspelt = {k: c for k, c in names.items() if c in wanted and len(k) >= MIN_LETTERS_MISSPELT}

    @property
    def names(self) -> Mapping[str, str]:
        """The alpha-2 code by word_key of each name, and of its other cases, in all languages."""
        return self._names

    def find(self, text: str) -> str | None:
        """The alpha-2 code of the one country that a text names; None where it names none or several.

        The text may be a name in any language, an ISO code in capitals, or a flag (emoji); a town, a code or another name of
        the same country may stand beside it ("Rīga, Latvija", "Estonia (EE)"); one letter may be wrong ("Germay").
        """
        if word_key(text) in self._never:
            return None
        codes = self.find_all(text)
        return codes[0] if len(codes) == 1 else None

    def find_alone(self, text: str) -> str | None:
        """As find, where nothing but names, codes and postal codes of that country stands in the text."""
        if word_key(text) in self._never:
            return None
        parts = [part.strip() for part in _SEPARATOR.split(text[:MAX_CHARACTERS]) if part.strip()]
        codes = {self._whole(text)} - {None} or {self._part(part, is_alone=len(parts) == 1) for part in parts}
        return codes.pop() if len(codes) == 1 else None

    def find_all(self, text: str) -> tuple[str, ...]:
        """The alpha-2 codes of all countries that a text names, in the order of the text; other words are ignored."""
        text = _LABEL.sub("", " ".join(text[: 2 * MAX_CHARACTERS].replace("\n", "; ").split())[:MAX_CHARACTERS])
        if whole := self._whole(text):
            return (whole,)
        parts = [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
        unnamed = [part for part in parts if not self._whole(part)]
        if any(word in self._spellings.directions for part in unnamed for word in sort_words(part)):
            return ()
        code_of_part = [(part, self._part(part, is_alone=len(parts) == 1)) for part in parts]
        has_others = any(code in (None, "US") for _, code in code_of_part)
        sure = (code for part, code in code_of_part if code and not (has_others and word_key(part) in self._not_alone))
        return tuple(dict.fromkeys(sure))

    def of_postcode(self, text: str) -> str | None:
        """The country of the one form of postal codes in a text, with the country's sign or as only one country writes them."""
        codes = {code for code, pattern in (*self._postcodes.items(), *self._postcode_forms.items()) if pattern.search(text)}
        return codes.pop() if len(codes) == 1 else None

    def _part(self, text: str, *, is_alone: bool) -> str | None:
        return self._whole(text) or self._of_postcode(text) or (self._misspelt_name(word_key(text)) if is_alone else None)

    def _of_postcode(self, text: str) -> str | None:
        return next((code for code, pattern in self._postcodes.items() if pattern.search(text)), None)

    def _whole(self, text: str) -> str | None:
        """The country of which a text is a flag, a code or a name, whole; None for other texts."""
        if flag := _FLAG.fullmatch(text.strip()):
            return self._codes.get("".join(chr(ord(c) - 0x1F1E6 + ord("A")) for c in flag[0]))
        if code := self._codes.get(text.strip(" .,;:()[]\"'")):
            return code
        return next((self._names[key] for key in self._keys(text) if key in self._names), None)

    def _keys(self, text: str) -> Iterator[str]:
        """The keys by which a text is looked up: whole, without words before the name, without joining words."""
        key = word_key(text)
        yield key
        yield self._before.sub("", key)
        yield " ".join(word for word in key.split() if word not in _JOINING_WORDS)

    def _misspelt_name(self, key: str) -> str | None:
        """The country whose name is one letter away; None where there is none, or more than one."""
        if len(key) < MIN_LETTERS_MISSPELT - 1 or key in self._never:
            return None
        near = {code for name, code in self._misspelt.items() if OSA.distance(name, key, score_cutoff=1) <= 1}
        return near.pop() if len(near) == 1 else None


def _by_name(spellings: Spellings) -> dict[str, str]:
    """The alpha-2 code by word_key of each name; names of two countries are left out."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for lang in NAME_LANGUAGES:
        for code, name in country_names(lang).items():
            if len(name) >= MIN_LETTERS:
                codes[word_key(name)].add(code)
    for code, names in spellings.names.items():
        for name in names:
            codes[word_key(name)] = {code}
    return {key: candidates.pop() for key, candidates in codes.items() if len(candidates) == 1}


def _by_case(spellings: Spellings) -> dict[str, str]:
    """The alpha-2 code by each other grammatical case of the names of `misspelt` countries; ambiguous forms are left out."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for lang, endings in spellings.cases.items():
        for code in spellings.misspelt:
            for form in _cases(word_key(country_names(lang)[code]), endings):
                codes[form].add(code)
    return {key: candidates.pop() for key, candidates in codes.items() if len(candidates) == 1}


def _cases(name: str, endings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The other cases of a folded name, by the first of the endings that it has."""
    ending = next((candidate for candidate in endings if name.endswith(candidate)), None)
    if ending is not None:
        yield from (name.removesuffix(ending) + other for other in endings[ending])


def _by_code(spellings: Spellings) -> dict[str, str]:
    """The alpha-2 code by each code that is written: ISO 3166-1 alpha-2 and alpha-3 in capitals, and those of the spellings."""
    known = set(country_names("en"))
    aliases = {
        old: new[0] for old, new in get_global("territory_aliases").items() if len(old) == 3 and old.isalpha() and len(new) == 1
    }
    own = {written: code for code, all_written in spellings.codes.items() for written in all_written}
    return {code: code for code in known} | {old: new for old, new in aliases.items() if new in known} | own

"""Names of countries: shown in the interface languages, found in whatever language a source wrote them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from babel import Locale

from vocabulary.folding import sort_words

LANGUAGES = (
    "lv", "en", "et", "lt", "pl", "da", "sv", "nb", "fi", "de", "is", "ru", "uk", "fr", "es", "it", "nl", "cs", "sk",
    "pt", "ro", "hu", "el", "bg", "sl", "hr", "ca", "be", "tr",
)  # fmt: skip
"""Babel's languages that sources of the region use or translate from."""
ALPHA_3 = {
    "LVA": "LV", "EST": "EE", "LTU": "LT", "POL": "PL", "DEU": "DE", "DNK": "DK", "SWE": "SE", "FIN": "FI",
    "NOR": "NO", "ISL": "IS", "UKR": "UA", "GBR": "GB", "FRA": "FR", "ESP": "ES", "ITA": "IT",
}  # fmt: skip


@cache
def country_names(lang: str) -> dict[str, str]:
    """Name by ISO 3166-1 alpha-2 code, as Babel's CLDR data has it for the language."""
    territories = Locale.parse(lang).territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in _NOT_ISO}


_NOT_ISO = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "XK", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


class CountryFinder:
    """Finds the country a text names, or None where it names none or could name two."""

    def __init__(self, spellings: Mapping[str, Sequence[str]], never: Sequence[str]) -> None:
        codes: defaultdict[str, set[str]] = defaultdict(set)
        for lang in LANGUAGES:
            for code, name in country_names(lang).items():
                codes[_key(name)].add(code)
        for code, names in spellings.items():
            for name in names:
                codes[_key(name)] = {code}
        for name in never:
            codes.pop(_key(name), None)
        self._codes = {key: found.pop() for key, found in codes.items() if len(found) == 1}

    def find(self, text: str) -> str | None:
        """The alpha-2 code of the country that the whole text names, else None; never a guess."""
        if named := self._codes.get(_key(text)):
            return named
        code = text.strip()
        return code if len(code) == 2 and code.isupper() and code in country_names("en") else ALPHA_3.get(code)


def _key(name: str) -> str:
    return " ".join(sort_words(name))

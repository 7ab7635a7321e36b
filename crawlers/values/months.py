"""Words in dates: months and weekdays in the region's languages, from CLDR, with the grammatical cases that CLDR lacks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from crawlers.texts.wordlists import word_set
from vocabulary import fold

MONTH_LANGUAGES = ("lv", "lt", "et", "en", "de", "pl", "sv", "da", "fi", "nb", "ru", "uk", "is", "be")

NAMED_LANGUAGES = (*MONTH_LANGUAGES, "cs", "sk", "fr", "es", "it", "nl", "hu", "ro")
"""Languages in which the name of a month is known for one, although no dates are read in all of them."""

CASES = {
    "lv": (("is", "s"), ("a", "ā", "ī", "am", "im", "os", "u")),
    "et": (("",), ("i", "il", "is", "ist", "ini", "iks", "l", "s", "st", "ni", "ks")),
    "fi": (("",), ("n", "na", "ssa", "sta", "lla")),
}
"""By language: endings of the nominative that are taken off, and endings of other cases that are put on instead."""
POLISH_LOCATIVES = "styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrześniu październiku listopadzie grudniu"
MIN_LETTERS = 3
_YEAR = re.compile(r"\b(19|20)\d\d\b")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
SEASONS = word_set(
    "spring summer autumn fall winter pavasaris pavasari vasara rudens rudeni ziema kevad kevadel suvi suvel"
    " sugis sugisel talv ruduo wiosna lato jesien zima forar sommer efterar vinter var host fruhling fruhjahr"
    " herbst kevat kesa syksy talvi весна лето осень зима літо осінь"
)


@cache
def months() -> Mapping[str, int]:
    """The number of a month by its folded name, abbreviation or case; words that name two different months are left out."""
    numbers_of_word: defaultdict[str, set[int]] = defaultdict(set)
    for lang in MONTH_LANGUAGES:
        for number, name in _names(lang, "months"):
            for form in (name, *_cases(lang, name)):
                numbers_of_word[fold(form).strip(".")].add(number)
    for number, form in enumerate(POLISH_LOCATIVES.split(), start=1):
        numbers_of_word[fold(form)].add(number)
    return {word: numbers.pop() for word, numbers in numbers_of_word.items() if len(numbers) == 1 and len(word) >= MIN_LETTERS}


def is_month(text: str) -> bool:
    """Whether a text is the name of a month, alone or with its year."""
    return _YEAR.sub("", fold(text)).strip(" .,:") in _month_names()


@cache
def _month_names() -> frozenset[str]:
    return frozenset(fold(name).strip(".") for lang in NAMED_LANGUAGES for _, name in _names(lang, "months"))


@cache
def weekdays() -> frozenset[str]:
    """Folded names and abbreviations of weekdays, without those that also name a month."""
    names = {fold(name).strip(".") for lang in MONTH_LANGUAGES for _, name in _names(lang, "days")}
    return frozenset(names - months().keys())


def _names(lang: str, kind: str) -> Iterator[tuple[int, str]]:
    """Number and name of all `months` or `days` in a language."""
    for widths in getattr(Locale.parse(lang), kind).values():
        for width in ("wide", "abbreviated"):
            yield from widths[width].items()


def _cases(lang: str, name: str) -> Iterator[str]:
    """The other cases of a name, by the first ending of CASES that it has."""
    nominative, others = CASES.get(lang, ((), ()))
    for ending in nominative:
        if name.endswith(ending) and not name.endswith("."):
            yield from (name.removesuffix(ending) + other for other in others)
            return

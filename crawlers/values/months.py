"""Words that stand in dates: months and weekdays from CLDR in all the region's languages, and their cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from crawlers.texts.wordlists import words
from vocabulary import fold

LANGUAGES = ("lv", "lt", "et", "en", "de", "pl", "sv", "da", "fi", "nb", "ru", "uk", "is", "be")


CASES = {
    "lv": (("is", "s"), ("a", "ā", "ī", "am", "im", "os", "u")),
    "et": (("",), ("i", "il", "is", "ist", "ini", "iks", "l", "s", "st", "ni", "ks")),
    "fi": (("",), ("n", "na", "ssa", "sta", "lla")),
}
"""What CLDR has not: endings of the nominative to take off, and those of other cases to put on, tried in all pairs."""
POLISH_LOCATIVES = "styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrześniu październiku listopadzie grudniu"
MIN_LETTERS = 3
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
SEASONS = words(
    "spring summer autumn fall winter pavasaris pavasari vasara rudens rudeni ziema kevad kevadel suvi suvel"
    " sugis sugisel talv ruduo wiosna lato jesien zima forar sommer efterar vinter var host fruhling fruhjahr"
    " herbst kevat kesa syksy talvi весна лето осень зима літо осінь"
)


@cache
def months() -> Mapping[str, int]:
    """Folded name, abbreviation or case of a month to its number; what names two months in two languages is left out."""
    numbers_of_word: defaultdict[str, set[int]] = defaultdict(set)
    for lang in LANGUAGES:
        for number, name in _names(lang, "months"):
            for form in (name, *_cases(lang, name)):
                numbers_of_word[fold(form).strip(".")].add(number)
    for number, form in enumerate(POLISH_LOCATIVES.split(), start=1):
        numbers_of_word[fold(form)].add(number)
    return {word: numbers.pop() for word, numbers in numbers_of_word.items() if len(numbers) == 1 and len(word) >= MIN_LETTERS}


@cache
def weekdays() -> frozenset[str]:
    """Folded names and abbreviations of weekdays that are no month's as well."""
    names = {fold(name).strip(".") for lang in LANGUAGES for _, name in _names(lang, "days")}
    return frozenset(names - months().keys())


def _names(lang: str, of: str) -> Iterator[tuple[int, str]]:
    for widths in getattr(Locale.parse(lang), of).values():
        for width in ("wide", "abbreviated"):
            yield from widths[width].items()


def _cases(lang: str, name: str) -> Iterator[str]:
    off, on = CASES.get(lang, ((), ()))
    for ending in off:
        if name.endswith(ending) and not name.endswith("."):
            yield from (name.removesuffix(ending) + other for other in on)
            return

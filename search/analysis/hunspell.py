"""Reading a Hunspell dictionary: which words a form may be a form of, also when it is typed without diacritics.

Works on folded text throughout (no diacritics, lower case): a form's endings are taken off by the dictionary's own
affix rules, the rest is looked up among its folded words, and the form that the rules then make is compared with the
one that was read. So `jaunieši` and `jauniesi` both lead to `jaunietis`, and only the first does so exactly. Format:
hunspell(5); understood are SFX and PFX with one continuation, conditions, NEEDAFFIX, and the `po:` field.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from vocabulary import fold


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the dictionary in small letters, the flags of its affixes, its word class (`po:`, may be empty)."""

    word: str
    flags: str
    category: str
    is_name: bool


@dataclass(frozen=True, slots=True)
class Suffix:
    """A rule: take `strip` off a word whose end meets a condition, put `add` on; suffixes with the flags `then` may follow.

    `needs` is the flag of the prefix without which the form does not exist (CIRCUMFIX), None where it needs none.
    """

    flag: str
    strip: str
    add: str
    then: str
    needs: str | None
    meets: Callable[[str], object]

    def applied(self, word: str) -> str | None:
        """The form that the rule makes of a word; None where it does not apply."""
        if not word.endswith(self.strip) or not self.meets(word):
            return None
        return word[: len(word) - len(self.strip)] + self.add


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a form: of which word, by which derived word in between, how it is spelt in full, and with the flag of
    which suffix (empty for the word itself)."""

    entry: Entry
    derived: str | None
    form: str
    flag: str = ""
    prefix: str = ""


class SuffixIndex:
    """Rules by the folded end that they make and the folded end that they take off."""

    def __init__(self, rules: Iterable[Suffix]) -> None:
        ends: dict[str, dict[str, list[Suffix]]] = defaultdict(lambda: defaultdict(list))
        for rule in rules:
            ends[fold(rule.add)][fold(rule.strip)].append(rule)
        self._rules = {end: list(strips.items()) for end, strips in ends.items()}
        self._longest = max(map(len, ends), default=0)

    def stems_of(self, folded: str) -> Iterator[tuple[str, list[Suffix]]]:
        """What a folded form may have been before its last suffix, with the rules that would have changed it so."""
        for cut in range(max(0, len(folded) - self._longest), len(folded) + 1):
            for strip, rules in self._rules.get(folded[cut:], ()):
                yield folded[:cut] + strip, rules


class Dictionary:
    """A Hunspell dictionary, to read forms by."""

    def __init__(self, affixes: str, words: Iterable[str]) -> None:
        rules, self._prefixes, self._incomplete = _affixes(affixes.splitlines())
        self._all = SuffixIndex(rules)
        self._deriving = SuffixIndex(rule for rule in rules if rule.then)
        flags_of_derived = frozenset("".join(rule.then for rule in rules))
        self._declining = SuffixIndex(rule for rule in rules if rule.flag in flags_of_derived)
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        for line in words:
            entry = _entry(line)
            self._entries[fold(entry.word)].append(entry)

    def readings(self, folded: str) -> list[Reading]:
        """Every way to read a folded form, each with its spelling."""
        found = [reading for reading, needs in self._unprefixed(folded) if needs is None]
        for prefix, flag in self._prefixes:
            start = fold(prefix)
            if folded.startswith(start) and len(folded) > len(start) + 1:
                for reading, needs in self._unprefixed(folded[len(start) :]):
                    if needs == flag or (needs is None and flag in reading.entry.flags):
                        found.append(replace(reading, form=prefix + reading.form, prefix=prefix))
        return found

    def _unprefixed(self, folded: str) -> Iterator[tuple[Reading, str | None]]:
        """Readings by suffixes alone, with the flag of the prefix that the suffix needs, if it does."""
        for entry in self._entries.get(folded, ()):
            if self._incomplete not in entry.flags:
                yield Reading(entry, None, entry.word), None
        for base, outers in self._all.stems_of(folded):
            for entry in self._entries.get(base, ()):
                for outer in outers:
                    if outer.flag in entry.flags and (form := outer.applied(entry.word)):
                        yield Reading(entry, form if outer.then else None, form, outer.flag), outer.needs
        for base, outers in self._declining.stems_of(folded):
            for root, inners in self._deriving.stems_of(base):
                for entry in self._entries.get(root, ()):
                    yield from _twice(entry, inners, outers)


def _twice(entry: Entry, inners: Iterable[Suffix], outers: Iterable[Suffix]) -> Iterator[tuple[Reading, str | None]]:
    """Readings by two rules, the inner of which makes a word that is declined in its turn."""
    for inner in inners:
        if inner.flag not in entry.flags or not (derived := inner.applied(entry.word)):
            continue
        for outer in outers:
            if outer.flag in inner.then and (form := outer.applied(derived)):
                yield Reading(entry, derived, form, inner.flag), outer.needs


def _affixes(lines: Iterable[str]) -> tuple[list[Suffix], list[tuple[str, str]], str]:
    """Suffix rules, prefixes with their flag, and the flag of words that only stand with an affix."""
    suffixes, prefixes, incomplete, around = [], [], "\0", "\0"
    for line in lines:
        match line.split():
            case ["CIRCUMFIX", flag]:
                around = flag
            case ["NEEDAFFIX", flag]:
                incomplete = flag
            case ["SFX", flag, strip, added, condition, *_]:
                add, _, then = added.partition("/")
                needs = then.replace(around, "") if around in then else None
                suffixes.append(Suffix(flag, _text(strip), _text(add), "" if needs else then, needs, _condition(condition)))
            case ["PFX", flag, "0", added, *_]:
                prefixes.append((added.partition("/")[0], flag))
    return suffixes, prefixes, incomplete


def _entry(line: str) -> Entry:
    word, *fields = line.split()
    stem, _, flags = word.partition("/")
    category = next((field[3:] for field in fields if field.startswith("po:")), "")
    return Entry(stem.lower(), flags, category, stem[:1].isupper())


def _text(affix: str) -> str:
    return "" if affix == "0" else affix


@cache
def _condition(pattern: str) -> Callable[[str], object]:
    return re.compile(f"(?:{pattern})$").search

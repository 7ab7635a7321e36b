"""Reads a Hunspell dictionary backwards: from a folded form to the words that it may be a form of.

All look-ups work on folded text (lower case, no diacritics): suffixes are stripped by the dictionary's own affix
rules, the rest is looked up among its folded words, and each rule is then applied forwards to learn how the form is
spelled. So both `jaunieši` and `jauniesi` lead to `jaunietis`, and a caller sees that only the first is spelled so.
Format: hunspell(5); understood are SFX and PFX with one continuation, conditions, CIRCUMFIX, NEEDAFFIX, and `po:`.
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
    """A word of the dictionary in lower case, the flags of its affixes, its word class (`po:`, may be empty)."""

    word: str
    flags: str
    category: str
    is_name: bool


@dataclass(frozen=True, slots=True)
class Suffix:
    """An SFX rule: from a word that ends in `strip` and meets `condition`, take `strip` off and put `add` on.

    `continuation_flags` are the suffixes that may follow. `prefix_flag` is the prefix without which the form does not
    exist (CIRCUMFIX), None where it needs none.
    """

    flag: str
    strip: str
    add: str
    continuation_flags: str
    prefix_flag: str | None
    condition: Callable[[str], object]

    def apply(self, word: str) -> str | None:
        """The form that the rule makes of a word; None where the rule does not apply."""
        if not word.endswith(self.strip) or not self.condition(word):
            return None
        return word[: len(word) - len(self.strip)] + self.add


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a form.

    `entry` is the word of which it is a form, `derived` the word between the two where a suffix followed a suffix,
    `form` the full spelling, `flag` that of the first suffix (empty for the word itself), `prefix` the prefix used.
    """

    entry: Entry
    derived: str | None
    form: str
    flag: str = ""
    prefix: str = ""


class SuffixIndex:
    """Suffix rules by the folded ending that they add and the folded ending that they strip."""

    def __init__(self, rules: Iterable[Suffix]) -> None:
        endings: dict[str, dict[str, list[Suffix]]] = defaultdict(lambda: defaultdict(list))
        for rule in rules:
            endings[fold(rule.add)][fold(rule.strip)].append(rule)
        self._rules = {ending: list(strips.items()) for ending, strips in endings.items()}
        self._max_length = max(map(len, endings), default=0)

    def stems_of(self, folded: str) -> Iterator[tuple[str, list[Suffix]]]:
        """Each folded word from which a rule may have made this folded form, with the rules."""
        for cut in range(max(0, len(folded) - self._max_length), len(folded) + 1):
            for strip, rules in self._rules.get(folded[cut:], ()):
                yield folded[:cut] + strip, rules


class Dictionary:
    """A Hunspell dictionary, from the text of its .aff file and the lines of its .dic file after the first."""

    def __init__(self, affixes: str, lines: Iterable[str]) -> None:
        rules, self._prefixes, self._need_affix_flag = _parse_affixes(affixes.splitlines())
        self._all = SuffixIndex(rules)
        self._deriving = SuffixIndex(rule for rule in rules if rule.continuation_flags)
        continuations = frozenset("".join(rule.continuation_flags for rule in rules))
        self._continuing = SuffixIndex(rule for rule in rules if rule.flag in continuations)
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        for line in lines:
            entry = _parse_entry(line)
            self._entries[fold(entry.word)].append(entry)

    def readings(self, folded: str) -> list[Reading]:
        """Every way to read a folded form, each with its spelling."""
        readings = [reading for reading, prefix_flag in self._without_prefix(folded) if prefix_flag is None]
        for prefix, flag in self._prefixes:
            folded_prefix = fold(prefix)
            if folded.startswith(folded_prefix) and len(folded) > len(folded_prefix) + 1:
                for reading, prefix_flag in self._without_prefix(folded[len(folded_prefix) :]):
                    if prefix_flag == flag or (prefix_flag is None and flag in reading.entry.flags):
                        readings.append(replace(reading, form=prefix + reading.form, prefix=prefix))
        return readings

    def _without_prefix(self, folded: str) -> Iterator[tuple[Reading, str | None]]:
        """Readings by suffixes alone, each with the flag of the prefix that its suffix requires, None for no prefix."""
        for entry in self._entries.get(folded, ()):
            if self._need_affix_flag not in entry.flags:
                yield Reading(entry, None, entry.word), None
        for base, suffixes in self._all.stems_of(folded):
            for entry in self._entries.get(base, ()):
                for suffix in suffixes:
                    if suffix.flag in entry.flags and (form := suffix.apply(entry.word)):
                        derived = form if suffix.continuation_flags else None
                        yield Reading(entry, derived, form, suffix.flag), suffix.prefix_flag
        for base, outer_suffixes in self._continuing.stems_of(folded):
            for root, inner_suffixes in self._deriving.stems_of(base):
                for entry in self._entries.get(root, ()):
                    yield from _with_two_suffixes(entry, inner_suffixes, outer_suffixes)


def _with_two_suffixes(
    entry: Entry, inner_suffixes: Iterable[Suffix], outer_suffixes: Iterable[Suffix]
) -> Iterator[tuple[Reading, str | None]]:
    """Readings by two rules: the inner one derives a word, the outer one inflects it."""
    for inner in inner_suffixes:
        if inner.flag not in entry.flags or not (derived := inner.apply(entry.word)):
            continue
        for outer in outer_suffixes:
            if outer.flag in inner.continuation_flags and (form := outer.apply(derived)):
                yield Reading(entry, derived, form, inner.flag), outer.prefix_flag


def _parse_affixes(lines: Iterable[str]) -> tuple[list[Suffix], list[tuple[str, str]], str]:
    """Suffix rules, prefixes each with its flag, and the flag of words that need an affix (NEEDAFFIX)."""
    suffixes, prefixes, need_affix_flag, circumfix_flag = [], [], "\0", "\0"
    for line in lines:
        match line.split():
            case ["CIRCUMFIX", flag]:
                circumfix_flag = flag
            case ["NEEDAFFIX", flag]:
                need_affix_flag = flag
            case ["SFX", flag, strip, affix, condition, *_]:
                add, _, flags = affix.partition("/")
                prefix_flag = flags.replace(circumfix_flag, "") if circumfix_flag in flags else None
                continuation_flags = "" if prefix_flag else flags
                pattern = _condition(condition)
                suffixes.append(Suffix(flag, _letters(strip), _letters(add), continuation_flags, prefix_flag, pattern))
            case ["PFX", flag, "0", affix, *_]:
                prefixes.append((affix.partition("/")[0], flag))
    return suffixes, prefixes, need_affix_flag


def _parse_entry(line: str) -> Entry:
    word, *fields = line.split()
    stem, _, flags = word.partition("/")
    category = next((field[3:] for field in fields if field.startswith("po:")), "")
    return Entry(stem.lower(), flags, category, stem[:1].isupper())


def _letters(affix: str) -> str:
    """The letters of an affix; `0` stands for none."""
    return "" if affix == "0" else affix


@cache
def _condition(pattern: str) -> Callable[[str], object]:
    return re.compile(f"(?:{pattern})$").search

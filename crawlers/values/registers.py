"""Registers of organisations: their numbers, and the country that a number tells: by its label, else by form and check digit.

A label such as “įmonės kodas” names the register of one country; the number must have its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from crawlers.record import Identifier
from crawlers.texts.wordlists import data_beside
from vocabulary import word_key

MAX_CHARACTERS = 300
LATVIAN_WEIGHTS = (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)
FINNISH_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
DANISH_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
NORWEGIAN_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
BALTIC_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)
UKRAINIAN_WEIGHTS = (1, 2, 3, 4, 5, 6, 7), (7, 1, 2, 3, 4, 5, 6)
UKRAINIAN_MIDDLE = range(30_000_000, 60_000_001)
"""The numbers that are checked by the second of UKRAINIAN_WEIGHTS."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register of organisations; see registers.yaml for its parts."""

    scheme: str
    country: str
    form: re.Pattern[str]
    label_form: re.Pattern[str]
    labels: frozenset[str]
    check: str
    is_main: bool
    sectors: tuple[tuple[str, re.Pattern[str]], ...]

    def number_in(self, text: str) -> str | None:
        """The number of this register's form in a text; None where it holds none."""
        return _first(self.form, text.removeprefix(self.country))

    def labelled_number_in(self, label: str, text: str) -> str | None:
        """The number of this register in a text, where the label or the text itself names the register."""
        if not self.is_named(word_key(label)) and not self.is_named(word_key(text)):
            return None
        return _first(self.label_form, text.removeprefix(self.country))

    def is_named(self, words: str) -> bool:
        """Whether the folded words of a label hold the name of this register."""
        return any(f" {name} " in f" {words} " for name in self.labels)


def register_number(text: str, country: str | None) -> tuple[Identifier, ...]:
    """The number in a country's main register; empty where the text holds no number of that register's form."""
    register = _main_registers().get(country or "")
    number = register.number_in(_joined(text)) if register else None
    return (Identifier(register.scheme, number),) if register and number else ()


def is_register_label(label: str) -> bool:
    """Whether a label names one of the registers."""
    return any(register.is_named(word_key(label)) for register in registers())


def labelled_numbers(label: str, text: str) -> Iterator[tuple[Register, str]]:
    """The registers that a label, or a label inside the text, names, each with the number in the text."""
    for register in registers():
        if number := register.labelled_number_in(label, _joined(text)):
            yield register, number


def countries_by_check(text: str) -> frozenset[str]:
    """The countries in whose main register a number without a label may be, by its form and check digit."""
    number = _joined(text)
    fitting = (register for register in _main_registers().values() if register.check and register.form.fullmatch(number))
    digits = [int(digit) for digit in number if digit.isdigit()]
    return frozenset(register.country for register in fitting if CHECKS[register.check](digits))


def sector_of_number(identifier: Identifier) -> str | None:
    """The sector of all whose number in a register begins like this one; None without one, or for a wrong check digit."""
    register = next((one for one in registers() if one.scheme == identifier.scheme), None)
    if register is None or not register.sectors:
        return None
    digits = [int(digit) for digit in identifier.value if digit.isdigit()]
    if register.check and not CHECKS[register.check](digits):
        return None
    return next((sector for sector, form in register.sectors if form.fullmatch(identifier.value)), None)


@cache
def registers() -> tuple[Register, ...]:
    """All registers that are known."""
    entries = data_beside(__file__)
    return tuple(
        Register(
            scheme,
            entry["country"],
            re.compile(entry["form"]),
            re.compile(entry.get("label_form", entry["form"])),
            frozenset(word_key(label) for label in entry["labels"]),
            entry.get("check", ""),
            entry.get("main", False),
            tuple((sector, re.compile(form)) for sector, form in entry.get("sectors", {}).items()),
        )
        for scheme, entry in entries.items()
    )


@cache
def _main_registers() -> Mapping[str, Register]:
    return {register.country: register for register in registers() if register.is_main}


def _joined(text: str) -> str:
    """A text without the blanks and full stops that group the digits of a number."""
    return re.sub(r"(?<=\d)[\s. ](?=\d)", "", text[:MAX_CHARACTERS])


def _first(form: re.Pattern[str], text: str) -> str | None:
    match = re.search(rf"(?<![\d-])(?:{form.pattern})(?![\d-])", text)
    return match[0] if match else None


def _sum(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def _is_weighted_3(digits: Sequence[int]) -> bool:
    return _sum(digits, LATVIAN_WEIGHTS) % 11 == 3


def _is_baltic(digits: Sequence[int]) -> bool:
    *body, last = digits
    remainders = (_sum(body, weights) % 11 for weights in BALTIC_WEIGHTS)
    return next((rest for rest in remainders if rest < 10), 0) == last


def _is_finnish(digits: Sequence[int]) -> bool:
    return -_sum(digits, FINNISH_WEIGHTS) % 11 == digits[-1]


def _is_danish(digits: Sequence[int]) -> bool:
    return _sum(digits, DANISH_WEIGHTS) % 11 == 0


def _is_norwegian(digits: Sequence[int]) -> bool:
    return -_sum(digits, NORWEGIAN_WEIGHTS) % 11 == digits[-1]


def _is_luhn(digits: Sequence[int]) -> bool:
    """The rule of Swedish numbers; those of organisations have a third digit of 2 or more, those of persons 0 or 1."""
    doubled = (2 * digit if place % 2 == 0 else digit for place, digit in enumerate(digits))
    return digits[2] >= 2 and sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def _is_ukrainian(digits: Sequence[int]) -> bool:
    *body, last = digits
    weights = UKRAINIAN_WEIGHTS[int("".join(map(str, digits))) in UKRAINIAN_MIDDLE]
    rest = _sum(body, weights) % 11
    return (rest if rest < 10 else _sum(body, [weight + 2 for weight in weights]) % 11 % 10) == last


CHECKS: Mapping[str, Callable[[Sequence[int]], bool]] = {
    "weighted_3": _is_weighted_3,
    "baltic": _is_baltic,
    "finnish": _is_finnish,
    "danish": _is_danish,
    "norwegian": _is_norwegian,
    "luhn": _is_luhn,
    "ukrainian": _is_ukrainian,
}

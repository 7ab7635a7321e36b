"""What the values of a column look like: whether they suit the field that its heading names, and what they are without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from crawlers.texts.wordlists import word_set
from crawlers.values.addresses import host_of, is_common_host, web_address
from vocabulary import fold, load

MAX_VALUES = 500
"""The number of values of a column that are looked at."""
MIN_VALUES = 3
"""Fewer values prove nothing against a heading."""
SUITS, CONTRADICTS = 0.5, 0.2
"""Shares of the values: from the first on they suit a field, below the second they contradict it."""
UNIQUE = FILLED = 0.9
"""Shares from which a column counts as one of unique values, and as filled."""
MAX_NAME_CHARACTERS = 200
_NOTHING = word_set("- -- — – ? . n/a na none null nav nera puudub brak ingen keine нет немає няма")
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,15})?")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}(?:/\S*)?", re.IGNORECASE)
_MAIL = re.compile(r"\S+\s?(?:@|\[at\]|\(at\))\s?\S+", re.IGNORECASE)
_YEAR_OR_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}|(?<!\d)\d{9,13}(?!\d)|(?<!\d)(?:19|20)\d{6}(?!\d)|\d\s?\.?\s?[^\W\d]{3}"
)
_NO_NAME = re.compile(r"https?://|www\.|[\d\W]+T[\d\W]*$")
"""Beginnings of texts that are web addresses or instants."""
_FILE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The first filled values of a column, and which share of the rows that were looked at has one."""

    texts: tuple[str, ...]
    filled: float

    @classmethod
    def of(cls, cells: Iterable[str]) -> ColumnValues:
        """The values of these cells, without placeholders such as a dash."""
        looked_at = [cell.strip() for cell, _ in zip(cells, range(MAX_VALUES), strict=False)]
        texts = tuple(text for text in looked_at if text and fold(text) not in _NOTHING)
        return cls(texts, len(texts) / len(looked_at) if looked_at else 0.0)

    @property
    def unique(self) -> float:
        """The share of the values that are different ones."""
        return len({fold(text) for text in self.texts}) / len(self.texts) if self.texts else 0.0

    @property
    def counts_rows(self) -> bool:
        """Whether the values are numbers that only count the rows, from 1 up."""
        numbers = [int(digits) for text in self.texts if (digits := text.rstrip(".) ")).isdecimal() and len(digits) < 10]
        is_rising = all(one < next_one for one, next_one in pairwise(numbers))
        return bool(numbers) and len(numbers) == len(self.texts) and is_rising and numbers[-1] <= 1.5 * len(numbers) + 1

    @property
    def may_be_names(self) -> bool:
        """Whether nearly each row has a value of its own that may be a name."""
        return self.suits("title") and self.unique >= UNIQUE and self.filled >= FILLED

    def suits(self, field: str) -> bool:
        """Whether most values may be ones of a field."""
        test = _TESTS.get(field)
        return test is None or self.share(test) >= SUITS

    def contradicts(self, field: str) -> bool:
        """Whether hardly any value may be one of a field."""
        test = _TESTS.get(field)
        return test is not None and len(self.texts) >= MIN_VALUES and self.share(test) < CONTRADICTS

    def share(self, test: Callable[[str], bool]) -> float:
        """The share of the values that pass a test."""
        return sum(map(test, self.texts)) / len(self.texts) if self.texts else 0.0


def is_number(text: str) -> bool:
    """Whether a text is a number, with a unit of money or percent too."""
    return bool(_NUMBER.fullmatch(re.sub(r"[\s\u00a0'%€$]|eur", "", text[:60].lower())))


def is_web(text: str) -> bool:
    """Whether a text begins with a web address."""
    return bool(_ADDRESS.match(text)) and not _MAIL.match(text)


def is_mail(text: str) -> bool:
    """Whether a text begins with a mail address."""
    return bool(_MAIL.match(text[:200]))


def may_be_name(text: str) -> bool:
    """Whether a text may name something: it has letters, and is no address, day or long text."""
    is_short_text = len(text) <= MAX_NAME_CHARACTERS and any(c.isalpha() for c in text)
    return is_short_text and not is_mail(text) and not _NO_NAME.match(text)


def field_of_values(values: ColumnValues) -> str | None:
    """The field whose values these surely are: web or mail addresses, or names of countries; None for all else."""
    if len(values.texts) < MIN_VALUES:
        return None
    if values.share(is_mail) >= UNIQUE:
        return "email"
    hosts = {host_of(web_address(text) or "") for text in values.texts}
    if values.share(_is_own_site) >= UNIQUE and len(hosts) > len(values.texts) / 2:
        return "website"
    if values.share(_is_country) >= UNIQUE:
        return "country"
    return None


def _is_own_site(text: str) -> bool:
    address = web_address(text) if is_web(text) else None
    return address is not None and not is_common_host(host_of(address)) and not _FILE.search(address)


def _is_country(text: str) -> bool:
    return len(text) > 3 and load().find_country(text) is not None


def _is_degree(limit: float, text: str) -> bool:
    match = _NUMBER.match(text)
    return (match is not None and abs(float(match[0].replace(",", "."))) <= limit) or "°" in text


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _has_digits(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 5


def _is_short_text(text: str) -> bool:
    return not is_number(text) and not is_web(text.split(" ")[0] if text.startswith("http") else "")


def _is_picture(text: str) -> bool:
    return is_web(text) or "/" in text or bool(_FILE.search(text))


def _is_day(text: str) -> bool:
    return bool(_YEAR_OR_DAY.search(text[:60]))


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "title": may_be_name,
    "organisation": may_be_name,
    "legal_name": may_be_name,
    "website": is_web,
    "email": is_mail,
    "phone": _has_digits,
    "registration": _has_digit,
    "lat": partial(_is_degree, 90),
    "lon": partial(_is_degree, 180),
    "country": _is_short_text,
    "place": _is_short_text,
    "region": _is_short_text,
    "address": _is_short_text,
    "kind": _is_short_text,
    "legal_form": _is_short_text,
    "image": _is_picture,
    "start_date": _is_day,
    "end_date": _is_day,
}
"""By field, whether a text may be a value of it."""

"""The filters beside the results: the values of each with their counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from platforma.web.public.filters import label_of
from search.port import FacetCount, Filter
from vocabulary import UNKNOWN, collation_key


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, as the form shows it with the number of listings that have it."""

    value: str
    label: str
    count: int
    is_chosen: bool
    is_excluded: bool = False

    @property
    def quoted(self) -> str:
        """The value, percent-encoded for an address."""
        return _quoted(self.value)


def choices(name: str, counts: Iterable[FacetCount], chosen: Filter, lang: str, platforms: dict[str, str]) -> list[Choice]:
    """The values of a filter, by count, then label; `unknown` comes last. Chosen values stay, even with no listing."""
    count_by_value = {facet.value: facet.count for facet in counts}
    count_by_value |= {value: 0 for value in (*chosen.any_of, *chosen.none_of) if value not in count_by_value}
    unsorted = [
        Choice(value, label_of(name, value, lang, platforms), count, value in chosen.any_of, value in chosen.none_of)
        for value, count in count_by_value.items()
    ]
    return sorted(unsorted, key=lambda choice: (choice.value == UNKNOWN, -choice.count, collation_key(choice.label)))


@lru_cache(maxsize=1_000)
def _quoted(value: str) -> str:
    return quote(value)

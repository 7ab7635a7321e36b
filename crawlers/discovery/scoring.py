"""Scores of candidates: by the fields of their records, the number of records, and their likeness to initiatives."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawlers.reading.selections import is_of_menu
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.values.initiative_words import is_excluded_list, is_site_title
from vocabulary import fold, load

WEIGHTS = {"description": 0.2, "country": 0.2, "website": 0.1, "place": 0.1, "kind": 0.05, "themes": 0.05, "email": 0.05,
           "lat": 0.05, "identifiers": 0.05}  # fmt: skip
"""What each field adds to the worth of a record."""
TITLE_WEIGHT = 0.15
"""The worth of a record with a title alone."""
FACTS = ("country", "place", "website", "email", "address", "lat", "identifiers", "phone", "legal_form", "themes", "start_date")
"""Fields that an initiative has and an article has not."""
DOUBT_FACTOR = 0.25
"""The factor for the score of a list whose name suggests news or staff."""
MIN_SCORE = 0.09
"""Slightly more than the score of a list of news whose entries all have a title and a description."""
SEAT_FIELDS = ("country", "place", "address", "lat", "identifiers", "legal_form")
"""Fields that an organisation or project has and a page about the site itself has not."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that was tried, and what it gave.

    `records` are the first ones, `raws` what they were normalised from, `expected` is the estimated number of records in the
    whole listing, `score` is 0 to 1. `remark` is an error message in English. `is_open_ended`: the listing goes on beyond the
    records, and nothing tells how far, so that `expected` is a guess.
    """

    recipe: Recipe
    records: tuple[Record, ...] = ()
    raws: tuple[RawRecord, ...] = ()
    expected: int = 0
    score: float = 0.0
    remark: str = ""
    is_open_ended: bool = False

    @property
    def titles(self) -> set[str]:
        """The folded titles of the records."""
        return {_title(record) for record in self.records}


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates with their scores, best first; equal ones keep their order. A score below MIN_SCORE is 0."""
    tried = list(candidates)
    likely = [candidate.expected for candidate in tried if _likelihood(candidate) >= 1]
    max_expected = max(likely, default=0) or max((candidate.expected for candidate in tried), default=0)
    scored = [replace(candidate, score=round(_score(candidate, max_expected), 3)) for candidate in tried]
    return sorted(scored, key=lambda candidate: -candidate.score)


def _score(candidate: Candidate, max_expected: int) -> float:
    score = _worth(candidate.records) * _size_factor(candidate.expected, max_expected) * _likelihood(candidate)
    return score if score >= MIN_SCORE else 0.0


def _worth(records: Sequence[Record]) -> float:
    """Return the average worth of the records, times the share of those with a name of their own (0 to 1)."""
    if not records:
        return 0.0
    worth = sum(TITLE_WEIGHT + sum(w for name, w in WEIGHTS.items() if getattr(record, name)) for record in records)
    return worth / len(records) * _named_share(records)


def _named_share(records: Sequence[Record]) -> float:
    """Return the share of the records whose title is unique and can be a name."""
    counts = Counter(_title(record) for record in records)
    return sum(counts[_title(r)] == 1 and _has_name(r) for r in records) / len(records)


def _has_name(record: Record) -> bool:
    """Return whether a title can be a name; those of a site's own pages and of lists for one country cannot."""
    title = next(iter(record.title.values()), "")
    return not is_site_title(title) and load().find_country(title) is None


def _likelihood(candidate: Candidate) -> float:
    """Return 1 if the records are likely to be initiatives, else DOUBT_FACTOR; 0 if there are none.

    It is doubtful if names and addresses suggest news or staff, or the links stand in a menu, and few records have facts.
    """
    records = candidate.records
    if not records:
        return 0.0
    if is_of_menu(candidate.recipe.html.entries):
        return 1.0 if _share_with(SEAT_FIELDS, records) >= 0.5 else DOUBT_FACTOR
    other_share = sum(is_excluded_list(urlsplit(record.url or "").path) for record in records) / len(records)
    is_doubtful = other_share > 0.5 or is_excluded_list(_list_name(candidate.recipe))
    return DOUBT_FACTOR if is_doubtful and _share_with(FACTS, records) < 0.5 else 1.0


def _share_with(fields: Sequence[str], records: Sequence[Record]) -> float:
    """Return the share of the records that have at least one of the fields."""
    return sum(any(getattr(record, name) for name in fields) for record in records) / len(records)


def _list_name(recipe: Recipe) -> str:
    """Return the name of a recipe's list: its types, and the paths of its addresses."""
    return " ".join([*recipe.types, *(urlsplit(address).path for address in recipe.addresses)])


def _size_factor(count: int, max_count: int) -> float:
    """Return a factor for the number of records, on a logarithmic scale up to 1 for `max_count`."""
    return min(1.0, math.log1p(count) / math.log1p(max_count)) if max_count else 0.0


def _title(record: Record) -> str:
    return fold(next(iter(record.title.values()), ""))

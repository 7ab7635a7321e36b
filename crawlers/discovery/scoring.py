"""How good a way of reading a site is: by what its records say, how many there are, and how much they look like initiatives."""

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
"""How much each field of a record adds to its worth, above that of a bare title."""
BARE_TITLE = 0.15
FACTS = ("country", "place", "website", "email", "address", "lat", "identifiers", "phone", "legal_form", "themes", "start_date")
"""Fields by which an initiative differs from a text about something."""
DOUBT = 0.25
"""What is left of the score of a list whose name tells of news or staff."""
MIN_SCORE = 0.09
"""Just above a list of news whose every entry has a text: DOUBT of a title and a description."""
SEATED = ("country", "place", "address", "lat", "identifiers", "legal_form")
"""Facts that an organisation or project has and a page about the site itself has not."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that was tried: the first records that it gives, how many the whole listing may give, its score (0 to 1)."""

    recipe: Recipe
    records: tuple[Record, ...] = ()
    raws: tuple[RawRecord, ...] = ()
    expected: int = 0
    score: float = 0.0
    remark: str = ""

    @property
    def titles(self) -> set[str]:
        """The folded titles of its records."""
        return {_title(record) for record in self.records}


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates with their scores, best first; ties keep their order. What is no initiative at all scores 0."""
    tried = list(candidates)
    most = max((one.expected for one in tried if _likelihood(one) >= 1), default=0) or max(
        (one.expected for one in tried), default=0
    )
    scored = [replace(one, score=round(_score(one, most), 3)) for one in tried]
    return sorted(scored, key=lambda one: -one.score)


def _score(one: Candidate, most: int) -> float:
    score = _worth(one.records) * _share(one.expected, most) * _likelihood(one)
    return score if score >= MIN_SCORE else 0.0


def _worth(records: Sequence[Record]) -> float:
    """What an average record says, and whether the records differ (0 to 1)."""
    if not records:
        return 0.0
    said = sum(BARE_TITLE + sum(w for name, w in WEIGHTS.items() if getattr(record, name)) for record in records)
    return said / len(records) * _distinct(records)


def _distinct(records: Sequence[Record]) -> float:
    """The share of records whose title is their own and could be a name."""
    counts = Counter(_title(record) for record in records)
    return sum(counts[_title(r)] == 1 and _could_be_a_name(r) for r in records) / len(records)


def _could_be_a_name(record: Record) -> bool:
    """Whether a title names something: pages of a site itself and lists for one country do not."""
    title = next(iter(record.title.values()), "")
    return not is_site_title(title) and load().find_country(title) is None


def _likelihood(one: Candidate) -> float:
    """1, or DOUBT where names and addresses tell of news or staff, or links stand in a menu, and few records tell facts."""
    if not one.records:
        return 0.0
    other = sum(is_excluded_list(urlsplit(record.url or "").path) for record in one.records) / len(one.records)
    if is_of_menu(one.recipe.html.entries):
        return 1.0 if _share_with(SEATED, one.records) >= 0.5 else DOUBT
    return DOUBT if (other > 0.5 or is_excluded_list(_name(one.recipe))) and _share_with(FACTS, one.records) < 0.5 else 1.0


def _share_with(fields: Sequence[str], records: Sequence[Record]) -> float:
    """The share of the records that tell one of the fields."""
    return sum(any(getattr(record, name) for name in fields) for record in records) / len(records)


def _name(recipe: Recipe) -> str:
    """What the candidate's list is called: its types, and the paths of its own addresses."""
    return " ".join([*recipe.types, *(urlsplit(address).path for address in recipe.addresses)])


def _share(count: int, most: int) -> float:
    """The more records the better, but ten times as many only a little."""
    return min(1.0, math.log1p(count) / math.log1p(most)) if most else 0.0


def _title(record: Record) -> str:
    return fold(next(iter(record.title.values()), ""))

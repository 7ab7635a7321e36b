"""How good a way of reading a site is: by what its records say, how many there are, and how much they look like initiatives."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Record
from crawlers.values.labels import is_other
from vocabulary import fold, load

WEIGHTS = {"description": 0.2, "country": 0.2, "website": 0.1, "place": 0.1, "kind": 0.05, "themes": 0.05, "email": 0.05,
           "lat": 0.05, "identifiers": 0.05}  # fmt: skip
"""How much each field of a record adds to its worth, above that of a bare title."""
BARE_TITLE = 0.15
FACTS = ("country", "place", "website", "email", "address", "lat", "identifiers", "phone", "legal_form", "themes", "start_date")
"""Fields by which an initiative differs from a text about something."""
DOUBT = 0.25
"""What is left of the score of a list whose name tells of news or staff."""
LEAST_SCORE = 0.08
_NO_TITLE = re.compile(
    r"^(home|about( us)?|contacts?( us)?|privacy( policy)?|cookies?|news|blog|search|login|menu|start|read more|next|previous|\d+"
    r"|sakums|par mums|kontakti|jaunumi|privatuma politika|sikdatnes|lasit vairak|avaleht|kontakt|uudised|meist|pradzia|apie mus"
    r"|naujienos|strona glowna|o nas|aktualnosci|forside|om os|om oss|nyheder|nyheter|etusivu|ueber uns|uber uns|startseite"
    r"|impressum|datenschutz|https?://.*)$"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that was tried: the first records that it gives, how many the whole listing may give, its score (0 to 1)."""

    recipe: Recipe
    records: tuple[Record, ...] = ()
    raws: tuple[Raw, ...] = ()
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
    return score if score >= LEAST_SCORE else 0.0


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
    return not _NO_TITLE.match(fold(title)) and load().find_country(title) is None


def _likelihood(one: Candidate) -> float:
    """1, or DOUBT where names and addresses tell of news or staff and few records tell facts."""
    if not one.records:
        return 0.0
    other = sum(is_other(urlsplit(record.url or "").path) for record in one.records) / len(one.records)
    factual = sum(any(getattr(record, name) for name in FACTS) for record in one.records) / len(one.records)
    return DOUBT if (other > 0.5 or is_other(_name(one.recipe))) and factual < 0.5 else 1.0


def _name(recipe: Recipe) -> str:
    """What the candidate's list is called: its types, and the paths of its own addresses."""
    return " ".join([*recipe.types, *(urlsplit(address).path for address in recipe.addresses)])


def _share(count: int, most: int) -> float:
    """The more records the better, but ten times as many only a little."""
    return min(1.0, math.log1p(count) / math.log1p(most)) if most else 0.0


def _title(record: Record) -> str:
    return fold(next(iter(record.title.values()), ""))

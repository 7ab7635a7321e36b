"""Scores of candidates: by the fields of their records, the number of records, and their likeness to initiatives."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawlers.discovery.likelihood import has_facts, is_factless, likelihood
from crawlers.reading.selections import is_of_menu
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.texts.language import language_of_tag
from crawlers.values.addresses import canonical_address
from crawlers.values.initiative_words import is_site_title
from crawlers.values.labels import is_initiative_page
from crawlers.values.months import is_month
from vocabulary import fold, load

WEIGHTS = {"description": 0.2, "country": 0.2, "website": 0.1, "place": 0.1, "kind": 0.05, "themes": 0.05, "email": 0.05,
           "lat": 0.05, "identifiers": 0.05}  # fmt: skip
"""What each field adds to the worth of a record."""
TITLE_WEIGHT = 0.15
"""The worth of a record with a title alone."""
FACTLESS_FACTOR = 0.6
"""The factor for a list without facts where another list of the site has them."""
OTHER_PAGE_FACTOR = 0.3
"""The factor for a list on another page than the one whose address was given, where that one has a list, too."""
MIN_FULLER_SHARE = 0.9
"""The share of the best score that a list needs to stand before the best one if it holds all its records and more."""
MIN_TWIN_SHARE = 0.5
"""The same for one that is the same list in another language."""
MIN_SCORE = 0.09
"""Slightly more than the score of a list of news whose entries all have a title and a description."""
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that was tried, and what it gave.

    `records` are the first ones, `raws` what they were normalised from, `expected` is the estimated number of records in the
    whole listing, `score` is 0 to 1. `remark` is an error message in English. `is_open_ended`: the listing goes on beyond the
    records, and nothing tells how far, so that `expected` is a guess. `called`: how the site
    calls the list, by titles and headings. `failure` is what `remark` tells of.
    """

    recipe: Recipe
    records: tuple[Record, ...] = ()
    raws: tuple[RawRecord, ...] = ()
    expected: int = 0
    score: float = 0.0
    remark: str = ""
    is_open_ended: bool = False
    called: tuple[str, ...] = ()
    failure: Problem | None = None

    @property
    def titles(self) -> set[str]:
        """The folded titles of the records."""
        return {_title(record) for record in self.records}


def rank(candidates: Iterable[Candidate], day: str = "") -> list[Candidate]:
    """Return the candidates with their scores, best first; equal ones keep their order. A score below MIN_SCORE is 0.

    `day` is the day on which they were read.
    """
    tried = [(each, likelihood(each.recipe, each.records, each.raws, each.called, each.expected, day)) for each in candidates]
    likely = [candidate.expected for candidate, likely in tried if likely >= 1]
    max_expected = max(likely, default=0) or max((candidate.expected for candidate, _ in tried), default=0)
    are_facts_given = any(likely >= 1 and has_facts(candidate.records, candidate.raws) for candidate, likely in tried)
    scored = []
    for candidate, likely_factor in tried:
        factor = likely_factor * (FACTLESS_FACTOR if are_facts_given and is_factless(candidate.records, candidate.raws) else 1)
        score = _worth(candidate.records) * _size_factor(candidate.expected, max_expected) * factor
        scored.append(replace(candidate, score=round(score, 3) if score >= MIN_SCORE else 0.0))
    if any(candidate.score and is_of_address(candidate.recipe) for candidate in scored):
        scored = [
            each if is_of_address(each.recipe) or _is_below_address(each.recipe) else _of_other_page(each) for each in scored
        ]
    return _fuller_first(sorted(scored, key=lambda candidate: -candidate.score))


def _fuller_first(ranked: list[Candidate]) -> list[Candidate]:
    """The candidates, with one before the best that holds all its records and more, and tells nearly as much of each; or that is
    the same list in another language, and longer.
    """
    best = ranked[0] if ranked else None
    fuller = next((other for other in ranked[1:] if best and (_is_fuller(other, best) or _is_longer_twin(other, best))), None)
    return [fuller, *(candidate for candidate in ranked if candidate is not fuller)] if fuller else ranked


def _is_fuller(other: Candidate, best: Candidate) -> bool:
    return best.titles < other.titles and other.score >= MIN_FULLER_SHARE * best.score > 0


def _is_longer_twin(other: Candidate, best: Candidate) -> bool:
    is_longer = other.expected > best.expected and other.score >= MIN_TWIN_SHARE * best.score > 0
    return is_longer and are_one_list(other.recipe, best.recipe)


def are_one_list(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes read the same list in two languages: at addresses that differ in a folder for the language alone."""
    addresses, others = ([_without_language(address) for address in recipe.addresses] for recipe in (one, other))
    is_alike = (one.adapter, one.html) == (other.adapter, other.html) and addresses == others
    return is_alike and bool(addresses) and one.addresses != other.addresses


def _without_language(address: str) -> str:
    parts = urlsplit(canonical_address(address))
    folders = [folder for folder in parts.path.split("/") if folder]
    is_language = bool(folders) and _LANGUAGE.fullmatch(folders[0]) and language_of_tag(folders[0])
    return parts._replace(path="/".join(folders[1:] if is_language else folders)).geturl()


def is_of_address(recipe: Recipe) -> bool:
    """Whether a recipe reads a list on the page whose address was given, where that is no front page."""
    ways = recipe.html
    is_list = recipe.adapter == "json" or bool(ways.lists or ways.entries or ways.blocks or ways.lines)
    is_list = is_list and not is_of_menu(ways.entries)
    addresses = [canonical_address(address) for address in recipe.addresses]
    return is_list and is_initiative_page(recipe.url) and canonical_address(recipe.url) in addresses


def _is_below_address(recipe: Recipe) -> bool:
    """Whether a recipe reads a list in the folder whose address was given, such as "/projekti/visi/" of "/projekti/"."""
    folder = recipe.url.split("?")[0].split("#")[0]
    return folder.endswith("/") and bool(recipe.addresses) and all(address.startswith(folder) for address in recipe.addresses)


def _of_other_page(candidate: Candidate) -> Candidate:
    """The candidate with a lower score if its list is on another page."""
    is_list = candidate.recipe.adapter == "html" and bool(candidate.recipe.addresses)
    return replace(candidate, score=round(candidate.score * OTHER_PAGE_FACTOR, 3)) if is_list else candidate


def _worth(records: Sequence[Record]) -> float:
    """Return the average worth of the records, times the share of those with a name of their own (0 to 1)."""
    if not records:
        return 0.0
    worth = sum(TITLE_WEIGHT + sum(w for name, w in WEIGHTS.items() if getattr(record, name)) for record in records)
    return worth / len(records) * _named_share(records)


def _named_share(records: Sequence[Record]) -> float:
    """Return the share of the records whose title can be a name and is unique, for events together with their dates.

    One name among other titles is that of the site, beside its own pages.
    """
    named = [record for record in records if _has_name(record)]
    if len(named) == 1 < len(records):
        return 0.0
    counts = Counter((_title(record), record.start_date) for record in records)
    return sum(counts[_title(record), record.start_date] == 1 for record in named) / len(records)


def _has_name(record: Record) -> bool:
    """Return whether a title can be a name; those of a site's own pages, questions, months, and lists for one country cannot."""
    title = next(iter(record.title.values()), "")
    return not title.endswith("?") and not is_site_title(title) and not is_month(title) and load().find_country(title) is None


def _size_factor(count: int, max_count: int) -> float:
    """Return a factor for the number of records, on a logarithmic scale up to 1 for `max_count`."""
    return min(1.0, math.log1p(count) / math.log1p(max_count)) if max_count else 0.0


def _title(record: Record) -> str:
    return fold(next(iter(record.title.values()), ""))

"""Scoring: whether two records tell of one thing, how surely, and why. What each observation weighs stands in weights.yaml."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from platforma.catalogue.matching.likeness import NameLikeness
from platforma.catalogue.matching.observations import (
    Observation,
    Reason,
    best_names,
    kilometres,
    observe_contacts,
    observe_kind,
    observe_names,
    observe_numbers,
    observe_place,
    observe_registers,
    observe_sites,
    observe_texts,
)
from platforma.catalogue.matching.profiles import Profile

__all__ = [
    "Comparison",
    "Reason",
    "Sight",
    "Verdict",
    "Weights",
    "amounts",
    "compare",
    "compare_from",
    "is_never_same",
    "load_weights",
    "observe",
    "score_of",
    "turned_reason",
]
DIGITS = 6
"""Scores are rounded so far, that the order of two records cannot matter."""
BARRED = frozenset({"register_differs", "dates_differ"})
"""What is never outweighed."""
LEAST_SCORE, SCORE_OF_REGISTER = 0.02, 0.6
"""The score where something bars it at most; where a register's number is the same at least, since names change."""
SHARED_BY_BRANCHES = frozenset({"page_same", "common_page_same", "site_same", "text_alike"})
ELSEWHERE = frozenset({"far", "place_differs"})
FULLY_ELSEWHERE = 0.4
"""What the branches of one network share, and what tells them apart: from so much of the latter on, the former does not count."""
SHARED_BY_SERIES = SHARED_BY_BRANCHES | {"email_same", "mail_host_same", "phone_same", "near", "address_same", "place_same"}
"""What things share whose names differ by a number: the schools of a town, the years of a festival."""
CLOSE = frozenset({"near", "address_same", "place_same", "register_same", "phone_same", "email_same"})
"""One of these is needed for "same" where the name is made of words that many share."""
DOUBTFUL = frozenset(
    {
        "numbers_differ",
        "number_missing",
        "far",
        "country_differs",
        "kind_differs",
        "place_differs",
        "address_differs",
        "project_dates_differ",
        "date_missing",
        "legal_form_differs",
    }
)
"""With any of these the verdict is never "same"."""


class Verdict(StrEnum):
    """What a comparison comes to: joined without asking, asked, or left apart."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


Sight = tuple[str | None, bool | None]
"""The country of a record and whether it is a work of an organisation; None and an empty text: not known."""
SIDES = {"left": "right", "right": "left"}
"""The names of values of reasons that belong to one side, each with that of the other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two records compare: `score` from 0 to 1, and the reasons, the weightiest first."""

    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]

    def turned(self) -> Comparison:
        """The same comparison with its sides exchanged."""
        return replace(self, reasons=tuple(turned_reason(*reason) for reason in self.reasons))


def turned_reason(text: str, values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """A reason with what it tells of the left side told of the right one, and the other way round."""
    return text, {SIDES.get(name, name): value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of weights.yaml: log-odds by feature, and the scores and needs of the verdicts."""

    weights: Mapping[str, float]
    same: float
    unsure: float
    needed_share: float
    other_words: float


@cache
def load_weights() -> Weights:
    """The shipped weights, read once a process."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("weights.yaml").read_text(encoding="utf-8"))
    return Weights(
        weights={name: entry["weight"] for name, entry in data["weights"].items()},
        same=data["thresholds"]["same"]["score"],
        unsure=data["thresholds"]["unsure"]["score"],
        needed_share=data["needs"]["name_share"]["value"],
        other_words=data["needs"]["other_words"]["value"],
    )


def compare(left: Profile, right: Profile) -> Comparison:
    """Compare two records; the same score and verdict either way round. Without a title, nothing is the same."""
    distance = kilometres(left, right)
    return _compared(left, right, distance, [*_observe_facts(left, right, distance), *observe_texts(left, right)])


def compare_from(least: Verdict, left: Profile, right: Profile) -> Comparison | None:
    """As compare; None where the verdict is less than `least` whatever texts and names are, for comparing these is the dearest
    part.

    `least` is UNSURE or SAME.
    """
    if least == Verdict.SAME and is_never_same((left.country, left.is_work), (right.country, right.is_work)):
        return None
    distance = kilometres(left, right)
    facts = _observe_facts(left, right, distance)
    if not _may_be(least, facts, with_texts=True):
        return None
    facts += observe_texts(left, right)
    return _compared(left, right, distance, facts) if _may_be(least, facts, with_texts=False) else None


def is_never_same(left: Sight, right: Sight) -> bool:
    """Whether two records differ in what nothing outweighs, told from the little that is read before all else: country, and
    whether it is a work of an organisation."""
    (left_country, left_is_work), (right_country, right_is_work) = left, right
    is_elsewhere = bool(left_country and right_country) and left_country != right_country
    return is_elsewhere or (left_is_work is not None and right_is_work is not None and left_is_work != right_is_work)


def observe(left: Profile, right: Profile) -> tuple[list[Observation], NameLikeness | None]:
    """All that agrees and disagrees, and how alike the names are; None where a name is missing."""
    distance = kilometres(left, right)
    return _with_names(left, right, distance, [*_observe_facts(left, right, distance), *observe_texts(left, right)])


def _compared(left: Profile, right: Profile, distance: float | None, facts: list[Observation]) -> Comparison:
    weights = load_weights()
    seen, names = _with_names(left, right, distance, facts)
    score = score_of(amounts(seen), weights.weights) if names else 0.0
    return Comparison(score, _verdict(score, seen, names, weights), _reasons(seen, weights.weights))


def _observe_facts(left: Profile, right: Profile, distance: float | None) -> list[Observation]:
    """All that agrees and disagrees but names and texts."""
    return [
        *observe_registers(left, right),
        *observe_sites(left, right),
        *observe_contacts(left, right),
        *observe_place(left, right, distance),
        *observe_kind(left, right),
    ]


def _with_names(
    left: Profile, right: Profile, distance: float | None, facts: list[Observation]
) -> tuple[list[Observation], NameLikeness | None]:
    """The facts with what the names tell, and how alike these are; None where one is missing."""
    names = best_names(left, right, distance)
    if names is None:
        return facts, None
    is_translated = bool(left.languages and right.languages) and not left.languages & right.languages
    of_numbers = observe_numbers(*names[:2], is_all=not facts)
    return [*facts, *of_numbers, *observe_names(*names, is_translated=is_translated)], names[2]


def _may_be(least: Verdict, facts: Sequence[Observation], *, with_texts: bool) -> bool:
    """Whether a pair with these facts can reach a verdict: with the best of names, as all else that names tell lessens it, and
    `with_texts` that are the same."""
    weights = load_weights()
    if least == Verdict.SAME and any(one.feature in DOUBTFUL for one in facts):
        return False
    texts = [Observation("text_alike", 1.0)] if with_texts else []
    best = score_of(amounts([*facts, *texts]) | {"name": 1.0}, weights.weights)
    return best >= (weights.same if least == Verdict.SAME else weights.unsure)


def amounts(seen: Iterable[Observation]) -> dict[str, float]:
    """How much of each feature there is: less of what branches share, the farther apart they are, and of what a series shares."""
    found: dict[str, float] = {}
    for one in seen:
        found[one.feature] = found.get(one.feature, 0.0) + one.amount
    elsewhere = max(found.get(feature, 0.0) for feature in ELSEWHERE)
    if elsewhere:
        for feature in SHARED_BY_BRANCHES & found.keys():
            found[feature] *= 1 - min(1.0, elsewhere / FULLY_ELSEWHERE)
    for feature in SHARED_BY_SERIES & found.keys():
        found[feature] *= 1 - found.get("numbers_differ", 0.0)
    return found


def score_of(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted sum of amounts, through the logistic function; within the bounds that some features set."""
    sum_ = weights["start"] + math.fsum(weights[feature] * amount for feature, amount in found.items())
    score = round(1 / (1 + math.exp(-sum_)), DIGITS)
    if found.keys() & BARRED:
        return min(score, LEAST_SCORE)
    return max(score, SCORE_OF_REGISTER) if "register_same" in found else score


def _verdict(score: float, seen: Sequence[Observation], names: NameLikeness | None, weights: Weights) -> Verdict:
    if score < weights.unsure or names is None:
        return Verdict.DIFFERENT
    is_name_enough = names.share >= weights.needed_share and names.clash + names.extra <= weights.other_words
    features = {one.feature for one in seen}
    is_doubtful = features & DOUBTFUL or ("name_common" in features and not features & CLOSE)
    return Verdict.SAME if score >= weights.same and is_name_enough and not is_doubtful else Verdict.UNSURE


def _reasons(seen: Sequence[Observation], weights: Mapping[str, float]) -> tuple[Reason, ...]:
    ordered = sorted(seen, key=lambda one: -abs(weights[one.feature] * one.amount))
    return tuple(one.reason for one in ordered if one.reason)

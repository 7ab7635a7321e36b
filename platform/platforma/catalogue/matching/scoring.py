"""Scoring: whether two records tell of one thing, how surely, and why. What each observation weighs stands in weights.yaml."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    farness,
    kilometres,
    observe_contacts,
    observe_kind,
    observe_names,
    observe_place,
    observe_registers,
    observe_sites,
    observe_texts,
)
from platforma.catalogue.matching.profiles import Profile

__all__ = ["Comparison", "Reason", "Verdict", "Weights", "compare", "load_weights", "observe"]
DIGITS = 6
"""Scores are rounded so far, that the order of two records cannot matter."""
BARRED = frozenset({"register_differs", "dates_differ"})
"""What is never outweighed: the score stays below LEAST_SCORE."""
LEAST_SCORE = 0.02
STRONG = frozenset({"page_same", "common_page_same", "site_same", "text_alike"})
"""What the branches of one network share; see `branch` in weights.yaml."""
DOUBTFUL = frozenset({"numbers_differ", "number_missing", "far", "country_differs", "kind_differs", "place_differs"})
"""With any of these the verdict is never "same"."""


class Verdict(StrEnum):
    """What a comparison comes to: joined without asking, asked, or left apart."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two records compare: `score` from 0 to 1, and the reasons, the weightiest first."""

    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of weights.yaml: log-odds by feature, and the scores and needs of the verdicts."""

    weights: Mapping[str, float]
    same: float
    unsure: float
    needed_share: float
    allowed_clash: float


@cache
def load_weights() -> Weights:
    """The shipped weights, read once a process."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("weights.yaml").read_text(encoding="utf-8"))
    return Weights(
        weights={name: entry["weight"] for name, entry in data["weights"].items()},
        same=data["thresholds"]["same"]["score"],
        unsure=data["thresholds"]["unsure"]["score"],
        needed_share=data["needs"]["name_share"]["value"],
        allowed_clash=data["needs"]["name_clash"]["value"],
    )


def compare(left: Profile, right: Profile) -> Comparison:
    """Compare two records; the same score and verdict either way round."""
    weights = load_weights()
    seen, names = observe(left, right)
    score = _score(seen, weights.weights)
    return Comparison(score, _verdict(score, seen, names, weights), _reasons(seen, weights.weights))


def observe(left: Profile, right: Profile) -> tuple[list[Observation], NameLikeness | None]:
    """All that agrees and disagrees, and how alike the names are; None where a name is missing."""
    distance = kilometres(left, right)
    seen: list[Observation] = []
    names = best_names(left, right, distance)
    if names:
        seen += observe_names(*names)
    seen += observe_registers(left, right)
    seen += observe_sites(left, right)
    seen += observe_contacts(left, right)
    seen += observe_place(left, right, distance)
    seen += observe_kind(left, right)
    seen += observe_texts(left, right)
    far = farness(distance)
    if far and (agreeing := [one.amount for one in seen if one.feature in STRONG]):
        seen.append(Observation("branch", far * max(agreeing)))
    return seen, names[2] if names else None


def _score(seen: Sequence[Observation], weights: Mapping[str, float]) -> float:
    """The sum of what was seen, through the logistic function."""
    if not seen:
        return 0.0
    sum_ = weights["start"] + sum(weights[one.feature] * one.amount for one in seen)
    score = round(1 / (1 + math.exp(-sum_)), DIGITS)
    return min(score, LEAST_SCORE) if any(one.feature in BARRED for one in seen) else score


def _verdict(score: float, seen: Sequence[Observation], names: NameLikeness | None, weights: Weights) -> Verdict:
    if score < weights.unsure or names is None:
        return Verdict.DIFFERENT
    is_name_enough = names.share >= weights.needed_share and names.clash <= weights.allowed_clash
    is_doubtful = any(one.feature in DOUBTFUL for one in seen)
    return Verdict.SAME if score >= weights.same and is_name_enough and not is_doubtful else Verdict.UNSURE


def _reasons(seen: Sequence[Observation], weights: Mapping[str, float]) -> tuple[Reason, ...]:
    ordered = sorted(seen, key=lambda one: -abs(weights[one.feature] * one.amount))
    return tuple(one.reason for one in ordered if one.reason)

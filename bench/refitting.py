"""Weights of matching fitted anew: whether labelled pairs ask for others, and what these would change on pairs not seen.

In five folds: on four fifths of each set the weights are fitted (logistic regression, each set with the same say, held to the
shipped weights by a penalty), on the last fifth the F1 of "same or unsure" is measured, with both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from platforma.catalogue.matching.profiles import Profile
from platforma.catalogue.matching.scoring import amounts, load_weights, observe, score_of

FOLDS = 5
ROUNDS, STEP, PENALTY = 400, 1.0, 0.003
"""Of the descent: how many steps, how long, and how much a weight's distance from the shipped one costs."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled pair: how much of each feature there is, and the share that it has of its set."""

    found: Mapping[str, float]
    is_same: bool
    share: float


def run(sets: Mapping[str, Sequence[tuple[Profile, Profile, bool]]]) -> None:
    """Print the table of F1 by set: the mean of the folds and the lowest, with the shipped weights and with fitted ones."""
    shipped = load_weights().weights
    examples = {name: [_example(pair, len(pairs)) for pair in pairs] for name, pairs in sets.items()}
    columns: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in sets}
    for fold in range(FOLDS):
        seen = [one for part in examples.values() for number, one in enumerate(part) if number % FOLDS != fold]
        fitted = fit(seen, shipped)
        for name, part in examples.items():
            held_back = part[fold::FOLDS]
            columns[name][0].append(f1(held_back, shipped))
            columns[name][1].append(f1(held_back, fitted))
    print(
        "| five folds, F1 of same or unsure | shipped: mean / lowest | fitted on the other four: mean / lowest |\n|---|---|---|"
    )
    for name, both in columns.items():
        print(f"| {name} | {' | '.join(f'{fmean(values):.3f} / {min(values):.3f}' for values in both)} |")
    fitted = fit([one for part in examples.values() for one in part], shipped)
    moved = sorted(shipped, key=lambda feature: -abs(fitted[feature] - shipped[feature]))[:6]
    print(
        "\nFitted on all, most moved: "
        + ", ".join(f"{feature} {shipped[feature]} → {fitted[feature]:.1f}" for feature in moved)
        + "\n"
    )


def fit(examples: Sequence[Example], shipped: Mapping[str, float]) -> dict[str, float]:
    """The weights with the least logistic loss and penalty, by gradient descent from the shipped ones."""
    weights = dict(shipped)
    for _ in range(ROUNDS):
        slope = {feature: PENALTY * (weights[feature] - shipped[feature]) for feature in weights}
        for one in examples:
            sum_ = weights["start"] + sum(weights[feature] * amount for feature, amount in one.found.items())
            error = one.share * (1 / (1 + math.exp(-max(-60.0, min(60.0, sum_)))) - one.is_same)
            slope["start"] += error
            for feature, amount in one.found.items():
                slope[feature] += error * amount
        weights = {feature: weight - STEP * slope[feature] for feature, weight in weights.items()}
    return weights


def f1(examples: Sequence[Example], weights: Mapping[str, float]) -> float:
    """F1 of the pairs with at least the score from which a person is asked; 1 where nothing is to be found and nothing is."""
    least = load_weights().unsure
    found = [score_of(one.found, weights) >= least for one in examples]
    hits = sum(is_found and one.is_same for is_found, one in zip(found, examples, strict=True))
    total = sum(found) + sum(one.is_same for one in examples)
    return 2 * hits / total if total else 1.0


def _example(pair: tuple[Profile, Profile, bool], total: int) -> Example:
    left, right, is_same = pair
    return Example(amounts(observe(left, right)[0]), is_same, 1 / total)

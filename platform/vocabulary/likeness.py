"""Misspellings: the one term whose name is nearest to a text by edit distance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from vocabulary.folding import word_key

MIN_LETTERS, MIN_LETTERS_SURE = 5, 7
"""Names with fewer letters than the first are not compared: other words are too near. From the second on, one slip is sure."""
LETTERS_PER_SLIP = 9
"""Names with at least so many letters may have two slips."""


@dataclass(frozen=True, slots=True)
class Near:
    """The id of the term that a text misspells, by so many slips; `is_sure` where hardly another can be meant."""

    id: str
    is_sure: bool
    slips: int = 0


def nearest(text: str, names: Mapping[str, str]) -> Near | None:
    """The term that a text misspells; None where no term, or more than one, is nearest.

    `names` maps each name_key to the id of its term. A slip is one step of the optimal string alignment distance: a letter
    wrong, missing, added, or two exchanged. The first letter must be right. The match is sure only where every other term
    has at least two slips more.
    """
    typed = name_key(text)
    if len(typed) < MIN_LETTERS:
        return None
    max_slips = 2 if len(typed) >= LETTERS_PER_SLIP else 1
    slips: dict[str, int] = {}
    for name, id in names.items():
        if name[:1] == typed[0] and len(name) >= MIN_LETTERS:
            slips[id] = min(OSA.distance(typed, name, score_cutoff=max_slips + 1), slips.get(id, max_slips + 2))
    best, *others = sorted(slips, key=lambda id: slips[id])[:2] or [""]
    if not best or slips[best] > max_slips or any(slips[id] == slips[best] for id in others):
        return None
    is_alone = all(slips[id] > slips[best] + 1 for id in others)
    return Near(best, is_alone and slips[best] == 1 and len(typed) >= MIN_LETTERS_SURE, slips[best])


def name_key(name: str) -> str:
    """The word_key of a name or id, in which an underscore is a blank."""
    return word_key(name.replace("_", " "))

"""Likeness: the one term whose name a text misspells; nothing rather than a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from vocabulary.folding import word_key

MIN_LETTERS, MIN_LETTERS_SURE = 5, 7
"""Shorter names than the first have neighbours of other meanings; from the second on one slip is nearly certainly one."""
LETTERS_A_SLIP = 9
"""A name of so many letters may have a second slip."""


@dataclass(frozen=True, slots=True)
class Near:
    """The id of the term that a text is near to; `is_sure` where it is nearly certain to be meant."""

    id: str
    is_sure: bool


def nearest(text: str, names: Mapping[str, str]) -> Near | None:
    """The term that a text misspells, of `names` (see `name_key`) to ids; None where there is none, or another is as near.

    A slip is a letter wrong, missing, too many, or two that changed places; nobody mistakes the first letter. It is sure
    only where no other is hardly farther.
    """
    typed = name_key(text)
    if len(typed) < MIN_LETTERS:
        return None
    most = 2 if len(typed) >= LETTERS_A_SLIP else 1
    slips: dict[str, int] = {}
    for name, id in names.items():
        if name[:1] == typed[0] and len(name) >= MIN_LETTERS:
            slips[id] = min(OSA.distance(typed, name, score_cutoff=most + 1), slips.get(id, most + 2))
    best, *others = sorted(slips, key=lambda id: slips[id])[:2] or [""]
    if not best or slips[best] > most or any(slips[id] == slips[best] for id in others):
        return None
    is_alone = all(slips[id] > slips[best] + 1 for id in others)
    return Near(best, is_alone and slips[best] == 1 and len(typed) >= MIN_LETTERS_SURE)


def name_key(name: str) -> str:
    """A name or id as it is compared: the word_key of it, an underscore standing for a blank."""
    return word_key(name.replace("_", " "))

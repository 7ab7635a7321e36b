"""Sets of words, written in code as one text."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, separated by white space, as a set."""
    return frozenset(text.split())

"""Lists of words as they are best read: as a sentence."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, parted by blanks, as a set to look into."""
    return frozenset(text.split())

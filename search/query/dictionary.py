"""The words that an index knows under one first letter, laid out for the three questions that guessing asks of them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_CANDIDATES = 50


class TermDictionary:
    """Tokens of one view that begin alike, with the number of documents that hold each; never changed once made."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._in_order = sorted(counts)
        by_length: defaultdict[int, list[str]] = defaultdict(list)
        for token in self._in_order:
            by_length[len(token)].append(token)
        self._by_length = dict(by_length)

    def count(self, token: str) -> int:
        """How many documents hold just this token; 0 for one that is not known."""
        return self._counts.get(token, 0)

    def beginning(self, letters: str) -> Iterator[str]:
        """Every token that begins so, in the order of their letters."""
        at = bisect_left(self._in_order, letters)
        while at < len(self._in_order) and self._in_order[at].startswith(letters):
            yield self._in_order[at]
            at += 1

    def near(self, word: str, most: int) -> list[tuple[int, str]]:
        """(distance, token) of the other tokens within `most` edits, transpositions included; nearest first, then the
        most frequent."""
        found = []
        for length in range(len(word) - most, len(word) + most + 1):
            listed = self._by_length.get(length, ())
            near = process.extract(word, listed, scorer=OSA.distance, score_cutoff=most, limit=MAX_CANDIDATES)
            found += [(int(distance), -self._counts[token], token) for token, distance, _ in near if distance]
        return [(distance, token) for distance, _, token in sorted(found)]

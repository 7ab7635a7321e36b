"""The tokens of an index with one beginning, laid out for counting, completing and correcting words."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_CANDIDATES, MAX_WORDS_KEPT = 50, 20


class TermDictionary:
    """Immutable: the tokens of one view that begin alike, each with the number of documents that hold it.

    Given are terms as search.index.fields.spelled_term makes them, each with its count.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = {term: count for term, count in counts.items() if " " not in term}
        self._spelled: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for term, count in counts.items():
            token, _, spelled = term.partition(" ")
            if spelled:
                self._spelled[token].append((spelled, count))
        self._as_folded = {token: self._counts[token] for token in self._spelled if token in self._counts}
        for token, spellings in self._spelled.items():
            self._counts[token] = sum((count for _, count in spellings), self._counts.get(token, 0))
        self._sorted = sorted(self._counts)
        by_length: defaultdict[int, list[str]] = defaultdict(list)
        for token in self._sorted:
            by_length[len(token)].append(token)
        self._by_length = dict(by_length)
        self._near = lru_cache(maxsize=MAX_WORDS_KEPT)(self._within_distance)

    def __contains__(self, token: str) -> bool:
        return token in self._counts

    def count(self, token: str) -> int:
        """How many documents hold this token, or somewhat more where it is spelled in several ways; 0 for an unknown one."""
        return self._counts.get(token, 0)

    def spellings(self, token: str) -> tuple[tuple[str, int], ...]:
        """How this token is spelled, with diacritics, and in how many documents; () for an unknown one."""
        if token not in self._spelled:
            return ((token, self._counts[token]),) if token in self._counts else ()
        plain = ((token, self._as_folded[token]),) if token in self._as_folded else ()
        return (*self._spelled[token], *plain)

    def with_prefix(self, prefix: str) -> Iterator[str]:
        """The tokens that begin with a prefix, in alphabetical order."""
        position = bisect_left(self._sorted, prefix)
        while position < len(self._sorted) and self._sorted[position].startswith(prefix):
            yield self._sorted[position]
            position += 1

    def within_distance(self, word: str, max_edits: int) -> tuple[tuple[int, str], ...]:
        """(edit distance, token) of tokens other than the word, up to so many edits away; nearest first, then most frequent.

        The last ones asked for are kept: a page of results asks for them again when it offers wider searches.
        """
        return self._near(word, max_edits)

    def _within_distance(self, word: str, max_edits: int) -> tuple[tuple[int, str], ...]:
        candidates = []
        for length in range(len(word) - max_edits, len(word) + max_edits + 1):
            tokens = self._by_length.get(length, ())
            matches = process.extract(word, tokens, scorer=OSA.distance, score_cutoff=max_edits, limit=MAX_CANDIDATES)
            candidates += [(int(distance), -self._counts[token], token) for token, distance, _ in matches if distance]
        return tuple((distance, token) for distance, _, token in sorted(candidates))

"""How many documents of an index hold a term, counted in one request and kept for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from search.engines.elastic.queries import Json, frequencies_body
from search.query.rarity import Frequencies, Term

KEPT_SECONDS = 60
MAX_COUNTS_KEPT = 20_000


class TermCounts:
    """Counts terms by a function that answers a body of a search; keeps the counts for KEPT_SECONDS, until `clear`."""

    def __init__(self, ask: Callable[[Json], Mapping[str, Any]]) -> None:
        self._ask = ask
        self._kept: tuple[float, Frequencies] = (0.0, Frequencies(0, {}))  # until a monotonic time

    def frequencies(self, terms: Collection[Term]) -> Frequencies:
        """See search.query.rarity.FrequencyLookup."""
        expires_at, kept = self._kept
        if expires_at <= time.monotonic() or len(kept.counts) > MAX_COUNTS_KEPT:
            expires_at, kept = time.monotonic() + KEPT_SECONDS, Frequencies(0, {})
        if missing := sorted(set(terms) - kept.counts.keys()):
            answer = self._ask(frequencies_body(missing))
            counted = (bucket["doc_count"] for bucket in answer["aggregations"]["terms"]["buckets"])
            kept = Frequencies(answer["hits"]["total"]["value"], {**kept.counts, **dict(zip(missing, counted, strict=True))})
            self._kept = expires_at, kept
        return kept

    def clear(self) -> None:
        """Forget all counts, as the index changes."""
        self._kept = (0.0, Frequencies(0, {}))

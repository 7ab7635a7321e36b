"""The order of all results of a query, for those who read on page by page: a page far down needs it."""

from __future__ import annotations

from dataclasses import dataclass

from search.port import Hit
from search.query.cursor import Cursor

MAX_ORDERS_KEPT = 2
"""Of 100,000 results each takes about 15 MB."""


@dataclass(frozen=True)
class WholeOrder:
    """All results of a query, the first one first."""

    hits: list[Hit]

    def rank_after(self, cursor: Cursor) -> int:
        """How many results stand before those that follow a cursor: where its id stands now, its old rank if it is gone."""
        ranks = [cursor.rank - 1, *range(len(self.hits))]
        return next((rank + 1 for rank in ranks if rank < len(self.hits) and self.hits[rank].id == cursor.id), cursor.rank)

"""Walking over a queue of the desk: one item at a time, with its place among those that wait and the way to its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Walk:
    """The item that is shown, by its place from 1 on among `total` that wait; place 0 is one that was asked for by its name.

    `words` say the place, `more` what else is to be said of the queue; `address` gives that of the item after so many others.
    """

    place: int
    total: int
    words: str
    more: str
    label: str
    all_label: str
    address: Callable[[int | None], str]

    @property
    def skip(self) -> int:
        """How many items stand before this one."""
        return max(0, self.place - 1)

    @property
    def previous_url(self) -> str:
        return self.address(self.skip - 1 or None) if self.place > 1 else ""

    @property
    def next_url(self) -> str:
        return self.address(self.skip + 1) if self.place < self.total else ""

    @property
    def all_url(self) -> str:
        return self.address(None)

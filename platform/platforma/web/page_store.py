"""Pages of one state of the site in memory, as many as fit."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock

MAX_AGE_SECONDS = 60
"""No page is sent for longer, so that what depends on the time of day comes right."""
MAX_SHARE = 16
"""A page larger than this part of the room is not kept: it would push too many others out."""
OVERHEAD_BYTES = 2_000
"""What a page takes beside its body: its key, headers and what is counted."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as it is sent: its body, packed or not, its headers, a tag that changes with it, and what to count each time."""

    body: bytes
    headers: Sequence[tuple[str, str]]
    tag: str
    counts: Sequence[Callable[[], None]]
    made_at: float = field(default_factory=time.monotonic)

    @property
    def size_bytes(self) -> int:
        """What it takes in memory, roughly."""
        return len(self.body) + OVERHEAD_BYTES


class PageStore:
    """Pages by key for one state, which a stamp stands for, in at most `room_bytes`: who was asked for least lately goes first.

    Threads may share it.
    """

    def __init__(self, room_bytes: int) -> None:
        self._room_bytes = room_bytes
        self._lock = Lock()
        self._stamp = ""
        self._pages: OrderedDict[Hashable, StoredPage] = OrderedDict()
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, stamp: str, key: Hashable) -> StoredPage | None:
        """The page that was made in this very state and lately; None for none. All pages of other states are forgotten."""
        with self._lock:
            if self._stamp != stamp:
                self._stamp, self._pages, self.size_bytes = stamp, OrderedDict(), 0
            page = self._pages.get(key)
            if page is not None and time.monotonic() - page.made_at > MAX_AGE_SECONDS:
                self._drop(key)
                return None
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, stamp: str, key: Hashable, page: StoredPage) -> None:
        """Keep a page that was made after the stamp was read; not one of a state that has passed meanwhile."""
        with self._lock:
            if self._stamp != stamp or page.size_bytes > self._room_bytes // MAX_SHARE:
                return
            self._drop(key)
            self._pages[key] = page
            self.size_bytes += page.size_bytes
            while self.size_bytes > self._room_bytes:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.size_bytes -= page.size_bytes

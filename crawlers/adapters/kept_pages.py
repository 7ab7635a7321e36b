"""Pages of single entries that a listing read on its way, packed, until the frame of their site is known."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace

from crawlers.fetch import Page

MAX_PACKED_BYTES = 8_000_000
"""Of all pages of one listing; those that come later keep what was read of them."""


@dataclass(slots=True)
class KeptPages:
    """Pages by the address of their item."""

    _pages: dict[str, tuple[Page, bytes]] = field(default_factory=dict)
    _size: int = 0

    def keep(self, url: str, page: Page) -> None:
        """Keep a page, unless there is no more room."""
        packed = zlib.compress(page.body, 1)
        if self._size + len(packed) <= MAX_PACKED_BYTES:
            self._size += len(packed)
            self._pages[url] = replace(page, body=b""), packed

    def get(self, url: str | None) -> Page | None:
        """Return a page as it was read; None where it was not kept."""
        page, packed = self._pages.get(url or "", (None, b""))
        return replace(page, body=zlib.decompress(packed)) if page else None

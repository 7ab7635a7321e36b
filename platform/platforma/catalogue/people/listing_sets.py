"""Sets of listings as packed bits: a search that matches 100,000 listings is remembered in at most 12.5 kB."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_BITS = 8


def pack(ids: Iterable[int]) -> bytes:
    """The set of these positive row ids, compressed."""
    unique = set(ids)
    bits = bytearray(max(unique, default=0) // _BITS + 1)
    for id in unique:
        bits[id // _BITS] |= 1 << id % _BITS
    return zlib.compress(bytes(bits))


def unpack(packed: bytes) -> set[int]:
    """The row ids of a packed set; none of empty bytes."""
    bits = zlib.decompress(packed) if packed else b""
    return {position * _BITS + bit for position, byte in enumerate(bits) if byte for bit in range(_BITS) if byte >> bit & 1}

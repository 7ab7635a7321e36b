"""Unpacking of what is sent compressed: gzip of any number of members, deflate with or without its frame; bit by bit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

CHUNK_BYTES = 65_536
_WINDOW_BITS = {"gzip": 31, "deflate": 15}
_WITHOUT_FRAME = -15
_GZIP_BEGINNING = b"\x1f\x8b"


class Unpacker:
    """Unpacks one stream. `encoding` is gzip or deflate."""

    def __init__(self, encoding: str) -> None:
        self._bits = _WINDOW_BITS[encoding]
        self._stream = zlib.decompressobj(self._bits)
        self._begin = b""
        self._has_output = self._is_over = False

    @property
    def is_whole(self) -> bool:
        """Whether the stream came to its end; False too where nothing came at all."""
        return self._is_over or self._stream.eof

    def unpack(self, data: bytes, max_bytes: int) -> Iterator[bytes]:
        """Yield the next part of the stream in pieces, and stop soon after `max_bytes` of this part. Raises zlib.error.

        What follows the end of the stream and is no further member is ignored, as browsers do.
        """
        size, has_more = 0, bool(data)
        while has_more and not self._is_over and size < max_bytes:
            piece = self._piece(data)
            data = self._next_member() if self._stream.eof else self._stream.unconsumed_tail
            has_more = bool(data) or len(piece) == CHUNK_BYTES
            size += len(piece)
            if piece:
                yield piece

    def _piece(self, data: bytes) -> bytes:
        """Unpack a piece; a deflate stream whose very beginning is broken is read anew as one without a frame."""
        try:
            piece = self._stream.decompress(data, CHUNK_BYTES)
        except zlib.error:
            if self._bits != _WINDOW_BITS["deflate"] or self._has_output:
                raise
            self._bits, self._stream = _WITHOUT_FRAME, zlib.decompressobj(_WITHOUT_FRAME)
            piece = self._stream.decompress(self._begin + data, CHUNK_BYTES)
        self._has_output = self._has_output or bool(piece)
        self._begin = b"" if self._has_output else (self._begin + data)[:CHUNK_BYTES]
        return piece

    def _next_member(self) -> bytes:
        """Begin the next member of gzip; return its first bytes, b"" where none has come so far."""
        rest = self._stream.unused_data
        is_member = self._bits == _WINDOW_BITS["gzip"] and rest[:2] == _GZIP_BEGINNING[: len(rest)]
        self._is_over = not is_member
        if len(rest) < len(_GZIP_BEGINNING) or not is_member:
            return b""
        self._stream = zlib.decompressobj(self._bits)
        return rest

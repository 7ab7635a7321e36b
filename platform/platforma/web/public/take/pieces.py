"""Streams of text as bytes, in pieces large enough to be sent one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

PIECE_CHARACTERS = 32_768


def packed(texts: Iterable[str]) -> Iterator[bytes]:
    """The texts one after the other, as UTF-8 in pieces of at least PIECE_CHARACTERS but for the last one.

    Half surrogates, which UTF-8 cannot hold, become question marks.
    """
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= PIECE_CHARACTERS:
            yield "".join(waiting).encode("utf-8", "replace")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8", "replace")

"""Compressed answers: every cut is seen, wherever it is and in whatever pieces the bytes come."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest

from crawlers.fetch.unpacking import CHUNK_BYTES, Unpacker

TEXT = random.Random(1).randbytes(40_000) + b"vieta " * 40_000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


STREAMS = {
    "gzip": (gzip.compress(TEXT), "gzip"),
    "members": (gzip.compress(TEXT[:70_001]) + gzip.compress(TEXT[70_001:]), "gzip"),
    "zlib": (zlib.compress(TEXT), "deflate"),
    "deflate": (raw_deflate(TEXT), "deflate"),
}


def unpacked(packed: bytes, encoding: str, step: int) -> tuple[bytes, bool]:
    unpacker = Unpacker(encoding)
    pieces = [piece for at in range(0, len(packed), step) for piece in unpacker.unpack(packed[at : at + step], 10**9)]
    return b"".join(pieces), unpacker.is_whole


@pytest.mark.parametrize("step", [1, 7, 4096, 10**9])
@pytest.mark.parametrize("name", STREAMS)
def test_whole_streams_come_out_whole(name: str, step: int) -> None:
    packed, encoding = STREAMS[name]
    assert unpacked(packed, encoding, step) == (TEXT, True)


@pytest.mark.parametrize("cut", [0, 1, 2, 9, 10, 11, 100, 30_000, -1, -4, -8, -9])
@pytest.mark.parametrize("name", STREAMS)
def test_a_cut_is_seen_wherever_it_is(name: str, cut: int) -> None:
    packed, encoding = STREAMS[name]
    whole = unpacked(packed[:cut], encoding, 4096)[1]
    assert not whole


@pytest.mark.parametrize("rest", [b"\0" * 600, b"junk", b"\x1f\x9c"])
def test_what_follows_the_end_is_ignored(rest: bytes) -> None:
    assert unpacked(STREAMS["gzip"][0] + rest, "gzip", 4096) == (TEXT, True)


def test_what_is_not_compressed_is_an_error() -> None:
    with pytest.raises(zlib.error):
        unpacked(b"<h1>ok</h1>", "gzip", 4096)


def test_of_a_bomb_little_more_than_the_limit_is_unpacked() -> None:
    pieces = list(Unpacker("gzip").unpack(gzip.compress(bytes(50_000_000)), 100_000))
    assert 100_000 <= sum(map(len, pieces)) < 100_000 + CHUNK_BYTES

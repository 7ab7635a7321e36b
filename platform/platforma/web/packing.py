"""Answers are sent packed where the browser takes that: Brotli, else gzip (RFC 9110, 12.5.3).

An answer with a form's token or for somebody who is signed in is sent as it is. Who can make a browser ask for pages with
words of their own, and can see how long the packed answers are, could guess what else is in them (BREACH,
CVE-2013-3587); public pages hold nothing to guess.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, request
from flask_compress import Compress

from platforma.web.context import is_personal

ENCODINGS = ("br", "gzip")
"""Content codings, the one that packs best first."""
TYPES = (
    "application/atom+xml",
    "application/geo+json",
    "application/javascript",
    "application/json",
    "application/ld+json",
    "application/manifest+json",
    "application/opensearchdescription+xml",
    "application/problem+json",
    "application/x-ndjson",
    "application/xml",
    "image/svg+xml",
    "text/calendar",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
    "text/xml",
)
"""Media types that packing makes shorter; pictures and workbooks are packed already."""
MIN_BYTES = 1_200
"""What is shorter fits into one packet of a network as it is."""
LEVELS = {"COMPRESS_BR_LEVEL": 4, "COMPRESS_LEVEL": 6}
"""Measured on a page of results (117 kB): 12.4 kB in 1.1 ms; the next level takes longer for 6 % less."""
MAX_KEPT = 64
"""How many packed files are kept in memory: more than the site has, in both encodings."""
SLOW_BYTES = 50_000
"""Above this Brotli's highest level takes the first visitor longer than it saves."""


def init_app(app: Flask) -> None:
    """Pack answers last of all that is done to them, so register this first."""
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_MIMETYPES=list(TYPES), COMPRESS_MIN_SIZE=MIN_BYTES, **LEVELS)
    app.config.update(COMPRESS_ALGORITHM=list(ENCODINGS), COMPRESS_ALGORITHM_STREAMING=list(ENCODINGS))
    compress = Compress(app)

    @app.after_request
    def pack(answer: Response) -> Response:
        if not _may_be_packed(answer):
            return answer
        answer.vary.add("Accept-Encoding")
        return compress.after_request(answer) if accepted_encoding() else answer


def accepted_encoding() -> str | None:
    """The content coding that the browser of this request takes and that packs best; None: as it is."""
    return request.accept_encodings.best_match(ENCODINGS)


def packed(content: bytes, encoding: str) -> bytes:
    """The content, packed as an answer is that is made for one request."""
    if encoding == "gzip":
        return gzip.compress(content, LEVELS["COMPRESS_LEVEL"], mtime=0)
    result: bytes = brotli.compress(content, quality=LEVELS["COMPRESS_BR_LEVEL"])
    return result


@lru_cache(MAX_KEPT)
def packed_for_good(content: bytes, encoding: str) -> bytes:
    """The content, packed as well as an encoding can (which takes long), and kept: for files that do not change."""
    if encoding == "gzip":
        return gzip.compress(content, mtime=0)
    packed: bytes = brotli.compress(content, quality=11 if len(content) < SLOW_BYTES else 9)
    return packed


def _may_be_packed(answer: Response) -> bool:
    """Whether packing the answer makes it shorter and gives nothing away. A file that is sent in parts stays as it is."""
    is_page = answer.location is None and "Accept-Ranges" not in answer.headers
    return is_page and answer.mimetype in TYPES and not is_personal()

"""What was removed at somebody's request stays removed: keyed hashes, asked by every ingest."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.record import Record
from platforma.catalogue.models import Suppression
from vocabulary import fold


def fingerprints(key: bytes, platform_id: str, record: Record) -> Iterator[tuple[str, str]]:
    """(kind, keyed SHA-256) of all that a record could be known again by: id, address, domain, name."""
    yield "id", _hash(key, f"{platform_id}\n{record.remote_id}")
    for address in filter(None, (record.url, record.website)):
        parts = urlsplit(address.lower())
        yield "address", _hash(key, f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}")
    if record.website:
        yield "domain", _hash(key, (urlsplit(record.website.lower()).hostname or "").removeprefix("www."))
    for title in record.title.values():
        yield "name", _hash(key, " ".join(fold(title).split()))


class Register:
    """All suppressions, read once for one ingest."""

    def __init__(self, session: Session, key: bytes) -> None:
        self._key = key
        self._hashes = {(row.kind, row.hash) for row in session.scalars(select(Suppression))}

    def forbids(self, platform_id: str, record: Record) -> bool:
        """Whether this record must not come in."""
        return bool(self._hashes) and not self._hashes.isdisjoint(fingerprints(self._key, platform_id, record))


def remember(session: Session, key: bytes, records: Iterable[tuple[str, Record]], *, reason: str, by: str) -> None:
    """Keep (platform id, record) pairs from ever coming back. Domains are left out: one may host many initiatives."""
    known = {(row.kind, row.hash) for row in session.scalars(select(Suppression))}
    found = {pair for platform_id, record in records for pair in fingerprints(key, platform_id, record)}
    for kind, digest in sorted(found - known):
        if kind != "domain":
            session.add(Suppression(kind=kind, hash=digest, reason=reason, by=by))


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()

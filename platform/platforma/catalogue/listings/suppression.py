"""Suppression: what was removed at somebody's request stays removed. Every ingest looks its records up in keyed hashes.

A record is recognised by its number in a register, its id at its platform, an address of its own, or its name together
with its site and, where both have one, its place. A name alone is only a flag for people: different initiatives share names.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.record import Record as CrawledRecord
from crawlers.values.addresses import address_id, canonical_address, is_common_host, site_of
from platforma.catalogue.models import Platform, Record, Removal, Suppression
from platforma.catalogue.shapes import RecordPayload
from vocabulary import fold, title_key

FIELD_OF_KIND = {"identifier": "identifiers", "id": "remote_id", "address": "url", "site_name": "title"}
"""The kinds of hashes that keep a record out, the surest first, with the field of the record that each is made of."""
FLAG = "flag"
"""The kind of hash of a name alone."""
NO_PLACE, ANY_PLACE = "", "*"
"""In a fingerprint: the record has no place; the place is not compared."""
Fingerprint = tuple[str, str]
"""A kind and the text that is hashed (keyed HMAC-SHA-256)."""


class SuppressionList:
    """All suppressions, read once for one ingest."""

    def __init__(self, session: Session, key: bytes) -> None:
        self._key = key
        self._hashes = {(row.kind, row.hash) for row in session.scalars(select(Suppression))}

    def __bool__(self) -> bool:
        """Whether anything was ever removed."""
        return bool(self._hashes)

    def suppressed_by(self, platform_id: str, record: CrawledRecord, shared: Collection[str] = ()) -> str | None:
        """The field by which a record is recognised as removed; None for a record that may come in.

        `shared` are addresses of several records (see `shared_addresses`), by which none of them is recognised.
        """
        fingerprints = _fingerprints(platform_id, record, shared) if self._hashes else ()
        kinds = {kind for kind, text in fingerprints if (kind, _hash(self._key, text)) in self._hashes}
        return next((field for kind, field in FIELD_OF_KIND.items() if kind in kinds), None)

    def has_suppressed_name(self, record: CrawledRecord) -> bool:
        """Whether a record with one of this record's names was removed; it need not have been the same initiative."""
        return any((FLAG, _hash(self._key, name)) in self._hashes for name in _names(record.title))


def add_suppressions(
    session: Session,
    key: bytes,
    records: Iterable[tuple[str, CrawledRecord]],
    *,
    reason: str,
    by: str,
    public_id: str | None = None,
) -> None:
    """Enter a removal, with the hashes that keep the records of (platform id, record) pairs from coming back.

    `public_id` is that of the removed listing.
    """
    pairs = list(records)
    shared = _addresses_of_others(session, pairs)
    fingerprints = {pair for platform_id, record in pairs for pair in _stored_fingerprints(platform_id, record, shared)}
    removal = Removal(public_id=public_id, reason=reason, by=by)
    session.add(removal)
    session.flush()
    for kind, digest in sorted({(kind, _hash(key, text)) for kind, text in fingerprints}):
        session.add(Suppression(removal_id=removal.id, kind=kind, hash=digest))


def shared_addresses(payloads: Iterable[RecordPayload]) -> frozenset[str]:
    """Addresses that records of different names share, such as that of a page that lists them or of a common host."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for payload in payloads:
        for url in (payload.get("url"), payload.get("website")):
            if url:
                names[_address(url)].add(min(_names(payload["title"]), default=""))
    return frozenset(address for address, titles in names.items() if len(titles) > 1)


def _fingerprints(platform_id: str, record: CrawledRecord, shared: Collection[str]) -> Iterator[Fingerprint]:
    """The fingerprints by which an arriving record is looked up."""
    yield from _own_fingerprints(platform_id, record, shared)
    places = (fold(record.place), NO_PLACE) if record.place else (ANY_PLACE,)
    yield from _site_name_fingerprints(platform_id, record, places)


def _stored_fingerprints(platform_id: str, record: CrawledRecord, shared: Collection[str]) -> Iterator[Fingerprint]:
    """The fingerprints that are stored of a removed record."""
    yield from _own_fingerprints(platform_id, record, shared)
    yield from _site_name_fingerprints(platform_id, record, (fold(record.place or NO_PLACE), ANY_PLACE))
    yield from ((FLAG, name) for name in _names(record.title))


def _own_fingerprints(platform_id: str, record: CrawledRecord, shared: Collection[str]) -> Iterator[Fingerprint]:
    """Fingerprints of the identifiers, the id at the platform, and the addresses that no other record has."""
    for identifier in record.identifiers:
        yield "identifier", f"{identifier.scheme}\n{''.join(fold(identifier.value).split())}"
    for id in {record.remote_id, address_id(record.remote_id)}:
        yield "id", f"{platform_id}\n{id}"
    for url in filter(None, (None if _is_part_of_page(record) else record.url, record.website)):
        if (address := _address(url)) not in shared and not is_common_host(address):
            yield "address", address


def _site_name_fingerprints(platform_id: str, record: CrawledRecord, places: Iterable[str]) -> Iterator[Fingerprint]:
    """Fingerprints of each name with the record's own site, or without one with the platform that publishes it."""
    sites = (site_of(url) for url in (record.website, record.url) if url)
    site = next((site for site in sites if not is_common_host(site)), f"platform {platform_id}")
    yield from (("site_name", f"{site}\n{name}\n{place}") for name in _names(record.title) for place in places)


def _addresses_of_others(session: Session, pairs: list[tuple[str, CrawledRecord]]) -> set[str]:
    """Those of the records' addresses that records of other names have, too, and those that are platforms' own."""
    ours = {_address(url) for _, record in pairs for url in (record.url, record.website) if url}
    names = {name for _, record in pairs for name in _names(record.title)}
    url, website, title = (Record.payload[name] for name in ("url", "website", "title"))
    rows = session.execute(select(url.as_string(), website.as_string(), title.as_json()))
    others = {_address(url) for *urls, titles in rows if names.isdisjoint(_names(titles)) for url in urls if url}
    return ours & (others | {_address(url) for url in session.scalars(select(Platform.url)) if url})


def _is_part_of_page(record: CrawledRecord) -> bool:
    """Whether a record is one of several that a page lists, all of which have the page's address."""
    page, fragment_sign, _fragment = record.remote_id.partition("#")
    return bool(fragment_sign and record.url) and _address(page) == _address(record.url or "")


def _names(title: Mapping[str, str]) -> list[str]:
    return [title_key(text) for text in title.values()]


def _address(url: str) -> str:
    """Host, path and query of the canonical form of an address, in lower case."""
    return canonical_address(url).partition("://")[2].lower()


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()

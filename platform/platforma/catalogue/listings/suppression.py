"""What was removed at somebody's request stays removed: keyed hashes, asked by every ingest.

A record is known again by its number in a register, its id at its platform, an address of its own, or its name together
with its site and, where both tell one, its place. A bare name is only a flag for people: many are called alike.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.record import Record as CrawledRecord
from crawlers.values.addresses import address_id, canonical_address, is_common_host, site_of
from platforma.catalogue.models import Platform, Record, Suppression
from vocabulary import fold, title_key

FIELD_OF_KIND = {"identifier": "identifiers", "id": "remote_id", "address": "url", "site_name": "title"}
"""The kinds of hashes that keep a record out, the surest first, with the field of ours that they are of."""
FLAG = "flag"
"""The kind of hash of a bare name."""
NO_PLACE, ANY_PLACE = "", "*"
Mark = tuple[str, str]
"""A kind and what is hashed of it."""


class SuppressionList:
    """All suppressions, read once for one ingest."""

    def __init__(self, session: Session, key: bytes) -> None:
        self._key = key
        self._hashes = {(row.kind, row.hash) for row in session.scalars(select(Suppression))}

    def __bool__(self) -> bool:
        """Whether anything was ever removed."""
        return bool(self._hashes)

    def known_by(self, platform_id: str, record: CrawledRecord, shared: Collection[str] = ()) -> str | None:
        """Our field by which a record that must not come in is known again; None for one that may.

        `shared` are addresses (see `shared_addresses`) that say nothing of a single record.
        """
        marks = list(_marks(platform_id, record, shared)) if self._hashes else []
        kinds = {kind for kind, text in marks if (kind, _hash(self._key, text)) in self._hashes}
        return next((field for kind, field in FIELD_OF_KIND.items() if kind in kinds), None)

    def has_name_of_removed(self, record: CrawledRecord) -> bool:
        """Whether something of one of a record's names was removed, be it this or another."""
        return any((FLAG, _hash(self._key, name)) in self._hashes for name in _names(record.title))


def remember(session: Session, key: bytes, records: Iterable[tuple[str, CrawledRecord]], *, reason: str, by: str) -> None:
    """Keep (platform id, record) pairs from ever coming back."""
    known = {(row.kind, row.hash) for row in session.scalars(select(Suppression))}
    pairs = list(records)
    shared = _addresses_of_others(session, pairs)
    marks = {mark for platform_id, record in pairs for mark in _marks_to_keep(platform_id, record, shared)}
    for kind, digest in sorted({(kind, _hash(key, text)) for kind, text in marks} - known):
        session.add(Suppression(kind=kind, hash=digest, reason=reason, by=by))


def shared_addresses(payloads: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Addresses that records of different names have: that of a page which lists them, or of a site that many are on."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for payload in payloads:
        for url in (payload.get("url"), payload.get("website")):
            if url:
                names[_address(url)].add(min(_names(payload["title"]), default=""))
    return frozenset(address for address, those in names.items() if len(those) > 1)


def _marks(platform_id: str, record: CrawledRecord, shared: Collection[str]) -> Iterator[Mark]:
    """What an arriving record could be known by."""
    yield from _own_marks(platform_id, record, shared)
    places = (fold(record.place), NO_PLACE) if record.place else (ANY_PLACE,)
    yield from _site_names(platform_id, record, places)


def _marks_to_keep(platform_id: str, record: CrawledRecord, shared: Collection[str]) -> Iterator[Mark]:
    """What is remembered of a record that was removed."""
    yield from _own_marks(platform_id, record, shared)
    yield from _site_names(platform_id, record, (fold(record.place or NO_PLACE), ANY_PLACE))
    yield from ((FLAG, name) for name in _names(record.title))


def _own_marks(platform_id: str, record: CrawledRecord, shared: Collection[str]) -> Iterator[Mark]:
    """Identifiers, the id at the platform, and addresses that are no other's."""
    for one in record.identifiers:
        yield "identifier", f"{one.scheme}\n{''.join(fold(one.value).split())}"
    for id in {record.remote_id, address_id(record.remote_id)}:
        yield "id", f"{platform_id}\n{id}"
    for url in filter(None, (None if _is_part_of_page(record) else record.url, record.website)):
        if (address := _address(url)) not in shared and not is_common_host(address):
            yield "address", address


def _site_names(platform_id: str, record: CrawledRecord, places: Iterable[str]) -> Iterator[Mark]:
    """Each name with the record's own site, or where it has none with the site that publishes it."""
    sites = (site_of(url) for url in (record.website, record.url) if url)
    site = next((site for site in sites if not is_common_host(site)), f"platform {platform_id}")
    yield from (("site_name", f"{site}\n{name}\n{place}") for name in _names(record.title) for place in places)


def _addresses_of_others(session: Session, pairs: list[tuple[str, CrawledRecord]]) -> set[str]:
    """Of these records' addresses, those that records of other names have too, and the platforms' own."""
    ours = {_address(url) for _, record in pairs for url in (record.url, record.website) if url}
    names = {name for _, record in pairs for name in _names(record.title)}
    url, website, title = (Record.payload[name] for name in ("url", "website", "title"))
    rows = session.execute(select(url.as_string(), website.as_string(), title.as_json()))
    others = {_address(one) for *urls, titles in rows if names.isdisjoint(_names(titles)) for one in urls if one}
    return ours & (others | {_address(one) for one in session.scalars(select(Platform.url)) if one})


def _is_part_of_page(record: CrawledRecord) -> bool:
    """Whether a record is one of those that a page lists, so that its address is theirs, too."""
    page, mark, _name = record.remote_id.partition("#")
    return bool(mark and record.url) and _address(page) == _address(record.url or "")


def _names(title: Mapping[str, str]) -> list[str]:
    return [title_key(text) for text in title.values()]


def _address(url: str) -> str:
    """Host, path and question of an address, in its one form and in small letters."""
    return canonical_address(url).partition("://")[2].lower()


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()

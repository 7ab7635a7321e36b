"""The records of one crawl: each initiative once, whatever the number of its addresses and declared languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from crawlers.normalise import Normaliser
from crawlers.raw import Raw
from crawlers.record import Problem, Record
from crawlers.state import CrawlState, Known
from crawlers.values.addresses import canonical_address

NOT_CONTENT = ("remote_id", "url", "raw", "fetched_at", "platform", "source_changed_at", "languages", "derived")


@dataclass(frozen=True, slots=True)
class _Kept:
    record: Record
    url: str | None
    known: Known | None
    raw: Raw


class Pile:
    """Normalises raw records and stages those that are not there yet; `found` are the remote ids of all seen."""

    def __init__(self, normaliser: Normaliser, state: CrawlState) -> None:
        self._normaliser, self._state = normaliser, state
        self.found: set[str] = set()
        self._contents: dict[str, str] = {}
        self._translated: dict[str, _Kept] = {}

    def add(self, raw: Raw, url: str | None, known: Known | None) -> Iterable[Problem]:
        """Stage a raw record read from the page `url`; returns what could not be understood of it.

        The same content at another address is left out; a page that the source declares to be another language of one
        that was read before gives that record its texts.
        """
        record = self._normaliser.record(raw)
        problems = list(self._normaliser.problems)
        self._normaliser.problems.clear()
        if record is None:
            return problems
        if earlier := self._translation_of(raw):
            self._keep(
                raw, replace(earlier, record=_with_texts(earlier.record, record), raw=_with_translation(earlier.raw, record))
            )
        elif self._contents.setdefault(_content(record), record.remote_id) == record.remote_id:
            self._keep(raw, _Kept(record, url, known, raw))
        return problems

    def unchanged(self, url: str) -> None:
        """The records of a page are as they were."""
        for remote_id in self._state.of_page(url):
            self.found.add(remote_id)
            self._state.unchanged(remote_id, url)

    def _translation_of(self, raw: Raw) -> _Kept | None:
        own = canonical_address(raw.url or "")
        addresses = [address for address in map(canonical_address, raw.alternates.values()) if address != own]
        others = (self._translated.get(address) for address in addresses)
        return next((kept for kept in others if kept and kept.record.remote_id != raw.remote_id), None)

    def _keep(self, raw: Raw, kept: _Kept) -> None:
        self.found.add(kept.record.remote_id)
        self._state.stage(kept.record, kept.url, kept.known, kept.raw)
        if raw.alternates:
            self._translated[canonical_address(raw.url or "")] = self._translated[canonical_address(kept.record.url or "")] = kept


def _with_texts(record: Record, other: Record) -> Record:
    """The record with the texts of another language that it does not have."""
    return replace(
        record,
        title={**other.title, **record.title},
        summary={**other.summary, **record.summary},
        description={**other.description, **record.description},
        languages=tuple(sorted({*record.languages, *other.languages})),
    )


def _with_translation(raw: Raw, other: Record) -> Raw:
    """The raw record with the other language's texts as a translation, so that reading it again gives them too."""
    texts = {
        lang: {"title": title, "summary": other.summary.get(lang, ""), "description": other.description.get(lang, "")}
        for lang, title in other.title.items()
    }
    return replace(raw, translations={**texts, **raw.translations})


def _content(record: Record) -> str:
    """A digest of what a record says, without where it stands."""
    said = {name: value for name, value in record.to_json().items() if name not in NOT_CONTENT}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

"""The records of one crawl: each initiative once, whatever the number of its addresses and declared languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

from crawlers.normalise import Normaliser
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import CrawlState, PageValidators
from crawlers.values.addresses import canonical_address

FIELDS_WITHOUT_CONTENT = ("remote_id", "url", "raw", "fetched_at", "platform", "source_changed_at", "languages", "derived")


@dataclass(frozen=True, slots=True)
class _StagedRecord:
    record: Record
    url: str | None
    raw: RawRecord


class RecordCollector:
    """Normalises raw records and stages those that are not there yet; `found` are the remote ids of all seen."""

    def __init__(self, normaliser: Normaliser, state: CrawlState) -> None:
        self._normaliser, self._state = normaliser, state
        self.found: set[str] = set()
        self._contents: dict[str, str] = {}
        self._translated: dict[str, _StagedRecord] = {}
        self._declared: set[str] = set()
        self._left: dict[str, str] = {}

    def add_all(self, raws: Iterable[RawRecord], url: str | None, known: PageValidators | None) -> list[Problem]:
        """Stage the raw records of the page `url` and remember it; returns what could not be understood.

        A page that gave nothing but refusals is not remembered, so that they are told again the next time.
        """
        ids, problems = set(), []
        for raw in raws:
            ids.add(self._add(raw, url))
            problems += self._normaliser.problems
            self._normaliser.problems.clear()
        given = frozenset(id for id in ids if id is not None)
        if url and (given or not ids):
            self._state.remember(url, known, given)
        return problems

    def unchanged(self, url: str, known: PageValidators | None = None) -> None:
        """The records of a page are as they were; `known` where what to remember of it did change."""
        ids = self._state.record_ids_of(url)
        for remote_id in ids - self.found:
            self._state.unchanged(remote_id, url)
        self.found |= ids
        self._left[canonical_address(url)] = url
        self._state.remember(url, known, ids)

    def restore_page(self, url: str, ids: frozenset[str]) -> None:
        """The records of a page were staged before this crawl was interrupted."""
        self.found |= ids
        self._left[canonical_address(url)] = url

    def is_translation(self, url: str) -> bool:
        """Whether something read in this crawl declares this page to be the same in another language."""
        return bool(self._declared) and canonical_address(url) in self._declared

    def untouched_translations(self, raw: RawRecord) -> list[str]:
        """Pages left as they were that a raw record declares to be the same in another language; each is told once."""
        found = (self._left.pop(canonical_address(address), None) for address in raw.alternates.values())
        return [url for url in found if url]

    def _add(self, raw: RawRecord, url: str | None) -> str | None:
        """Stage a raw record; returns the remote id of the record that it became or added to, None where it is refused.

        The same content at another address is left out; a page that the source declares to be another language of one
        that was read before gives that record its texts.
        """
        record = self._normaliser.record(raw)
        if record is None:
            return None
        if earlier := self._translation_of(raw):
            texts, whole = _with_texts(earlier.record, record), _with_translation(earlier.raw, record)
            return self._keep(raw, replace(earlier, record=texts, raw=whole))
        same = self._contents.setdefault(_content(record), record.remote_id)
        return self._keep(raw, _StagedRecord(record, url, raw)) if same == record.remote_id else same

    def _translation_of(self, raw: RawRecord) -> _StagedRecord | None:
        if not raw.alternates:
            return None
        own = canonical_address(raw.url or "")
        addresses = [address for address in map(canonical_address, raw.alternates.values()) if address != own]
        others = (self._translated.get(address) for address in addresses)
        return next((kept for kept in others if kept and kept.record.remote_id != raw.remote_id), None)

    def _keep(self, raw: RawRecord, kept: _StagedRecord) -> str:
        self.found.add(kept.record.remote_id)
        self._state.stage(kept.record, kept.url, kept.raw)
        self._declared.update(map(canonical_address, raw.alternates.values()))
        if raw.alternates:
            self._translated[canonical_address(raw.url or "")] = self._translated[canonical_address(kept.record.url or "")] = kept
        return kept.record.remote_id


def _with_texts(record: Record, other: Record) -> Record:
    """The record with the texts of another language that it does not have."""
    return replace(
        record,
        title={**other.title, **record.title},
        summary={**other.summary, **record.summary},
        description={**other.description, **record.description},
        languages=tuple(sorted({*record.languages, *other.languages})),
    )


def _with_translation(raw: RawRecord, other: Record) -> RawRecord:
    """The raw record with the other language's texts as a translation, so that reading it again gives them too."""
    texts = {
        lang: {"title": title, "summary": other.summary.get(lang, ""), "description": other.description.get(lang, "")}
        for lang, title in other.title.items()
    }
    return replace(raw, translations={**texts, **raw.translations})


def _content(record: Record) -> str:
    """A digest of what a record says, without where it stands."""
    said = {field.name: getattr(record, field.name) for field in fields(record) if field.name not in FIELDS_WITHOUT_CONTENT}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=asdict).encode()).hexdigest()

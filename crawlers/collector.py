"""The records of one crawl: each initiative once, whatever the number of its addresses and declared languages."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Set
from dataclasses import asdict, dataclass, fields, replace

from crawlers.adapters.base import Item
from crawlers.errors import CrawlError, Stopped
from crawlers.item_reader import ItemReader, ReadFailure
from crawlers.normalise import Normaliser
from crawlers.normalise.normaliser import BAD_ENTRY
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import CrawlState, PageValidators
from crawlers.texts.missing_pages import NOTHING_THERE
from crawlers.values.addresses import canonical_address

log = logging.getLogger(__name__)
FIELDS_WITHOUT_CONTENT = ("remote_id", "url", "raw", "fetched_at", "platform", "source_changed_at", "languages", "derived")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of reading a page.

    `problems` are those of the page and of its records. `is_whole` is False where the page could not be read, though it may
    still exist. `gone_url` is its address where the server says that it does not exist any more.
    """

    problems: tuple[Problem, ...] = ()
    is_whole: bool = True
    gone_url: str | None = None


@dataclass(frozen=True, slots=True)
class _StagedRecord:
    record: Record
    url: str | None
    raw: RawRecord


class RecordCollector:
    """Reads the items of a listing, normalises their raw records and stages each initiative once.

    `remote_ids` are those of all records that the source lists, changed or not.
    """

    def __init__(self, reader: ItemReader, normaliser: Normaliser, state: CrawlState) -> None:
        self._reader, self._normaliser, self._state = reader, normaliser, state
        self.remote_ids: set[str] = set()
        self._id_by_content: dict[str, str] = {}
        self._staged_translations: dict[str, _StagedRecord] = {}
        self._declared_translations: set[str] = set()
        self._unread_pages: dict[str, str] = {}  # the address as the listing gives it, by its canonical form

    def take(self, item: Item, *, is_forced: bool = False) -> Iterator[Outcome]:
        """Read an item and stage its records; with `is_forced` also where they did not change.

        Yields an outcome for each page that could be read or failed: translations that had to be read anew, then the item.
        A page that this crawl read before it was interrupted is not read again. Raises SiteGivenUp and Stopped.
        """
        if item.url and not is_forced and (staged_ids := self._state.staged(item.url)) is not None:
            self._note_unread(item.url, staged_ids)
            return
        content = self._reader.read(item, is_forced=is_forced or self._is_declared_translation(item.url))
        if isinstance(content, ReadFailure):
            yield Outcome((content.problem,), content.is_gone, item.url if content.is_gone else None)
        elif content.raws is None:
            self._keep_unchanged(item.url or "", content.validators)
        else:
            yield from self._read_translations_anew(content.raws)
            problems = self._add_all(content.raws, item.url, content.validators)
            problems += [content.warning] if content.warning else []
            yield Outcome(tuple(problems), is_whole=self._is_whole(item.url, {problem.reason for problem in problems}))

    def _is_whole(self, url: str | None, reasons: Set[str]) -> bool:
        """Return whether a page with problems of these reasons told all that it lists, so that what is missing is gone.

        A page that says that nothing is there does so only where nothing was known of it; a site that is broken may say so.
        """
        is_broken = NOTHING_THERE in reasons and (url is None or bool(self._state.record_ids_of(url)))
        return BAD_ENTRY not in reasons and not is_broken

    def _is_declared_translation(self, url: str | None) -> bool:
        """Return whether a page read in this crawl declares this one to be itself in another language."""
        if not url or not self._declared_translations:
            return False
        return canonical_address(url) in self._declared_translations

    def _note_unread(self, url: str, remote_ids: frozenset[str]) -> None:
        """Count the records of a page that is not read in this run."""
        self.remote_ids.update(remote_ids)
        self._unread_pages[canonical_address(url)] = url

    def _keep_unchanged(self, url: str, validators: PageValidators | None) -> None:
        """Keep the records of a page as they are."""
        remote_ids = self._state.record_ids_of(url)
        for remote_id in remote_ids - self.remote_ids:
            self._state.unchanged(remote_id, url)
        self._note_unread(url, remote_ids)
        self._state.remember(url, validators, remote_ids)

    def _read_translations_anew(self, raws: Iterable[RawRecord]) -> Iterator[Outcome]:
        """Read and stage the pages not read so far that the raw records declare to be themselves in another language.

        They come first, so that the raw records find the record that they are translations of.
        """
        for raw in raws:
            unread = [self._unread_pages.pop(canonical_address(address), None) for address in raw.alternates.values()]
            for url in filter(None, unread):
                before = self._state.validators_of(url)
                changed_at = before.changed_at if before else None
                yield from self.take(Item(url, changed_at=changed_at, is_own_page=True), is_forced=True)

    def _add_all(self, raws: Iterable[RawRecord], url: str | None, validators: PageValidators | None) -> list[Problem]:
        """Stage the raw records of a page and remember the page; return what could not be understood.

        A page that gave nothing but refusals, or that may list more than it told, is not remembered: the next crawl reads it
        again, reports the same, and takes nothing that is missing there for gone.
        """
        remote_ids, problems = set(), []
        for raw in raws:
            try:
                remote_ids.add(self._add(raw, url))
            except (CrawlError, Stopped, MemoryError):
                raise
            except Exception as error:
                log.exception("staging %s of %s", raw.remote_id, url)
                remote_ids.add(None)
                problems.append(Problem("refused", BAD_ENTRY, raw.url, raw.remote_id, values={"error": type(error).__name__}))
            problems += self._normaliser.take_problems()
        staged_ids = frozenset(remote_id for remote_id in remote_ids if remote_id is not None)
        is_whole = self._is_whole(url, {problem.reason for problem in problems})
        if url and is_whole and (staged_ids or not remote_ids):
            self._state.remember(url, validators, staged_ids)
        return problems

    def _add(self, raw: RawRecord, url: str | None) -> str | None:
        """Stage a raw record; return the remote id of the record that it became or added to, None where it is refused.

        The same content at another address is left out. A page that the source declares to be the translation of one that
        was read before adds its texts to that page's record.
        """
        record = self._normaliser.record(raw)
        if record is None:
            return None
        if original := self._original_of(raw):
            merged = replace(original, record=_with_texts(original.record, record), raw=_with_translation(original.raw, record))
            return self._stage(raw, merged)
        remote_id = self._id_by_content.setdefault(_content_digest(record), record.remote_id)
        return self._stage(raw, _StagedRecord(record, url, raw)) if remote_id == record.remote_id else remote_id

    def _original_of(self, raw: RawRecord) -> _StagedRecord | None:
        """Return the record, staged before, that a raw record is the translation of; None where there is none."""
        if not raw.alternates:
            return None
        own_address = canonical_address(raw.url or "")
        addresses = [address for address in map(canonical_address, raw.alternates.values()) if address != own_address]
        records = (self._staged_translations.get(address) for address in addresses)
        return next((staged for staged in records if staged and staged.record.remote_id != raw.remote_id), None)

    def _stage(self, raw: RawRecord, staged: _StagedRecord) -> str:
        """Stage a record that `raw` became or added to; return its remote id."""
        self._state.stage(staged.record, staged.url, staged.raw)
        self.remote_ids.add(staged.record.remote_id)
        self._declared_translations.update(map(canonical_address, raw.alternates.values()))
        if raw.alternates:
            for url in (raw.url, staged.record.url):
                self._staged_translations[canonical_address(url or "")] = staged
        return staged.record.remote_id


def _with_texts(record: Record, translation: Record) -> Record:
    """Return the record with the texts in languages that only its translation has."""
    return replace(
        record,
        title={**translation.title, **record.title},
        summary={**translation.summary, **record.summary},
        description={**translation.description, **record.description},
        languages=tuple(sorted({*record.languages, *translation.languages})),
    )


def _with_translation(raw: RawRecord, translation: Record) -> RawRecord:
    """Return the raw record with the translation's texts, so that normalising it again gives them too."""
    texts = {
        lang: {
            "title": title,
            "summary": translation.summary.get(lang, ""),
            "description": translation.description.get(lang, ""),
        }
        for lang, title in translation.title.items()
    }
    return replace(raw, translations={**texts, **raw.translations})


def _content_digest(record: Record) -> str:
    """Return the SHA-256, in hex, of a record's content without its id, addresses and origin."""
    content = {field.name: getattr(record, field.name) for field in fields(record) if field.name not in FIELDS_WITHOUT_CONTENT}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=asdict).encode()).hexdigest()

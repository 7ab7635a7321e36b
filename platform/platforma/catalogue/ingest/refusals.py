"""Refusals because of removals: the records that an ingest keeps out, and those that only have the name of a removed listing.

A record that is kept out is reported without its name, id and address, for these were removed. Only the report of an import
names remote ids, since it is not stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from crawlers.record import Problem
from crawlers.record import Record as CrawledRecord
from platforma.catalogue import notices
from platforma.catalogue.listings import left_out
from platforma.catalogue.listings.left_out import LEFT_OUT
from platforma.catalogue.listings.suppression import SuppressionList, shared_addresses
from platforma.catalogue.models import Record
from platforma.catalogue.shapes import RecordPayload
from vocabulary.messages import N_

NOT_UPDATED = N_(
    "A listing with the same number, address, or name and site was removed on request, so this one is no longer"
    " updated; a curator checks whether it should be removed, too"
)
NAMESAKE = N_("A listing with this name was removed on request; a curator checks whether this is the same one")


class Refusals:
    """The check of one platform's ingest against the suppression list; it collects `problems`.

    `payloads` are those of all its records, staged and known. `names_ids`: problems name remote ids, which only a report
    that is not stored may do.
    """

    def __init__(
        self, suppressed: SuppressionList, platform_id: str, payloads: Iterable[RecordPayload], *, names_ids: bool
    ) -> None:
        self._suppressed, self._platform_id, self._names_ids = suppressed, platform_id, names_ids
        self._shared = shared_addresses(payloads) if suppressed else frozenset()
        self._for_curators: dict[str, dict[str, str]] = {}
        self._left_out: set[str] = set()
        self._not_updated: set[str] = set()
        self.problems: list[Problem] = []

    def keep_out(self, payload: RecordPayload, known: Record | None) -> bool:
        """Whether a record must be kept out; if so, add a problem. A `known` record stays as it is, for a curator to decide."""
        record = CrawledRecord.from_json(payload)
        field = self._suppressed.suppressed_by(self._platform_id, record, self._shared)
        if field is not None and known is not None:
            self._not_updated.add(record.remote_id)
            self._report("refused", NOT_UPDATED, known, field)
        elif field is not None:
            self._left_out.add(record.remote_id)
            remote_id = record.remote_id if self._names_ids else None
            self.problems.append(Problem("refused", LEFT_OUT, remote_id=remote_id, field=field))
        return field is not None

    def flag(self, record: Record) -> None:
        """Add a problem, and a notice for curators, where an ingested record has the name of a removed listing."""
        if self._suppressed and self._suppressed.has_suppressed_name(CrawledRecord.from_json(record.payload)):
            self._report("warning", NAMESAKE, record, "title")

    def forget(self, session: Session, crawl_id: int) -> None:
        """Delete every trace of what was left out from the crawl's staged pages and stored problems."""
        left_out.forget_pages(session, crawl_id, self._left_out | self._not_updated)
        left_out.forget_problems(session, crawl_id, self._left_out)

    def remember(self, session: Session, now: datetime) -> None:
        """Raise notices of the listings that a curator must look at; a listing that had such a notice gets no second one."""
        known = notices.notice_keys(session, self._platform_id, notices.REMOVAL_TOPICS)
        new = {key: values for key, values in self._for_curators.items() if key not in known}
        notices.raise_notices(session, self._platform_id, notices.REMOVAL_TOPICS[0], new, now=now)

    def _report(self, severity: str, reason: str, record: Record, field: str) -> None:
        title = next(iter(record.payload["title"].values()), record.remote_id)
        self.problems.append(Problem(severity, reason, record.payload.get("url"), record.remote_id, field, title[:200]))
        self._for_curators[record.initiative.public_id] = {"title": title[:200], "reason": reason}

"""Refusals because of removals: what an ingest keeps out, what only bears a removed name, and how that is told.

What is kept out is told without its name, id or address: these were removed. An import, whose report is not kept, names ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crawlers.record import Problem
from crawlers.record import Record as CrawledRecord
from platforma.catalogue import notices
from platforma.catalogue.errors import N_
from platforma.catalogue.listings.suppression import SuppressionList, shared_addresses
from platforma.catalogue.models import CrawlProblem, Record, StagedPage
from platforma.catalogue.shapes import RecordPayload

LEFT_OUT = N_("This was removed from the directory at somebody's request and was left out; nothing need be done")
NOT_UPDATED = N_(
    "Something with the same number, address, or name and site was removed at somebody's request, so this is not updated"
    " any more; a curator looks whether it is to be removed, too"
)
NAMESAKE = N_("Something of this name was removed at somebody's request; a curator looks whether this is the same")


class Refusals:
    """What was removed, as it concerns one ingest of a platform; `names_ids` where the report is for the moment only."""

    def __init__(
        self, register: SuppressionList, platform_id: str, payloads: Iterable[RecordPayload], *, names_ids: bool
    ) -> None:
        self._register, self._platform_id, self._names_ids = register, platform_id, names_ids
        self._shared = shared_addresses(payloads) if register else frozenset()
        self._for_people: dict[str, dict[str, Any]] = {}
        self._left_out: set[str] = set()
        self.problems: list[Problem] = []

    def keep_out(self, payload: RecordPayload, known: Record | None) -> bool:
        """Whether a record must not come in; it is told why. One that is listed already stands as it is, for people to see."""
        arrived = CrawledRecord.from_json(payload)
        field = self._register.suppressed_by(self._platform_id, arrived, self._shared)
        if field is not None and known is not None:
            self._tell("refused", NOT_UPDATED, known, field)
        elif field is not None:
            self._left_out.add(arrived.remote_id)
            id = arrived.remote_id if self._names_ids else None
            self.problems.append(Problem("refused", LEFT_OUT, remote_id=id, field=field))
        return field is not None

    def flag(self, record: Record) -> None:
        """Tell people of a record that came in though something of its name was removed."""
        if self._register and self._register.has_suppressed_name(CrawledRecord.from_json(record.payload)):
            self._tell("warning", NAMESAKE, record, "title")

    def forget(self, session: Session, crawl_id: int) -> None:
        """Take what was left out from the pages that a crawl would remember, and from what it tells."""
        if not self._left_out:
            return
        for page in session.scalars(select(StagedPage).where(StagedPage.crawl_id == crawl_id)):
            rest = [id for id in page.remote_ids if id not in self._left_out]
            if page.remote_ids and not rest:
                session.delete(page)
            else:
                page.remote_ids = rest
        told = CrawlProblem.crawl_id == crawl_id, CrawlProblem.remote_id.in_(self._left_out)
        session.execute(delete(CrawlProblem).where(*told))
        session.flush()

    def remember(self, session: Session, now: datetime) -> None:
        """Put what people must look at on the desk; what they have looked at once does not come back."""
        known = notices.keys_of(session, self._platform_id, notices.REMOVAL_TOPICS)
        new = {key: values for key, values in self._for_people.items() if key not in known}
        notices.raise_notices(session, self._platform_id, notices.REMOVAL_TOPICS[0], new, now=now)

    def _tell(self, severity: str, reason: str, record: Record, field: str) -> None:
        title = next(iter(record.payload["title"].values()), record.remote_id)
        self.problems.append(Problem(severity, reason, record.payload.get("url"), record.remote_id, field, title[:200]))
        self._for_people[record.initiative.public_id] = {"title": title[:200], "reason": reason}

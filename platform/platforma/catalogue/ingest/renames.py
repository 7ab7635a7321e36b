"""Records whose source address changed its form only (http, www, a slash, tracking): the same records by another name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.addresses import address_id
from platforma.catalogue.models import Crawl, Record, RecordState, StagedRecord


def rename_records(session: Session, crawl: Crawl) -> int:
    """Give known records the remote ids under which the crawl found them; how many."""
    staged = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    of_platform = select(Record.remote_id).where(Record.platform_id == crawl.platform_id)
    known = list(session.scalars(of_platform.order_by(Record.state != RecordState.SEEN, Record.id)))
    new_ids = new_remote_ids(known, staged)
    renaming = select(Record).where(Record.platform_id == crawl.platform_id, Record.remote_id.in_(new_ids))
    for record in session.scalars(renaming):
        record.remote_id = new_ids[record.remote_id]
    session.flush()
    return len(new_ids)


def new_remote_ids(known: Sequence[str], staged: Collection[str]) -> dict[str, str]:
    """The new remote id of each record whose own one was not staged but, as one not known, another form of the same address.

    Where several known ones have that form, the first of them gets it.
    """
    new = {address_id(id): id for id in sorted(set(staged) - set(known)) if _is_address(id)}
    found: dict[str, str] = {}
    for id in known:
        if id not in staged and _is_address(id) and (new_id := new.pop(address_id(id), None)):
            found[id] = new_id
    return found


def _is_address(remote_id: str) -> bool:
    return remote_id.startswith(("http://", "https://"))

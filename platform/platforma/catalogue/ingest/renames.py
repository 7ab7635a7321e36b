"""Renames: records whose address changed only its form (http, www, a slash, tracking) stay the same, under a new remote id."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.addresses import address_id
from platforma.catalogue.models import Crawl, Record, RecordState, StagedRecord


def rename_records(session: Session, crawl: Crawl) -> int:
    """Give known records the remote ids under which the crawl found them; return how many were renamed."""
    staged = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    is_ours = Record.platform_id == crawl.platform_id
    known = session.scalars(select(Record.remote_id).where(is_ours).order_by(Record.state != RecordState.SEEN, Record.id))
    new_ids = new_remote_ids(list(known), staged)
    for record in session.scalars(select(Record).where(is_ours, Record.remote_id.in_(new_ids))):
        record.remote_id = new_ids[record.remote_id]
    session.flush()
    return len(new_ids)


def new_remote_ids(known: Sequence[str], staged: Collection[str]) -> dict[str, str]:
    """Known to new remote id, where the crawl staged another form of the known one's address instead of it.

    Where several known ids are forms of one staged address, the first of them gets it.
    """
    unknown = {address_id(id): id for id in sorted(set(staged) - set(known)) if _is_address(id)}
    new_ids: dict[str, str] = {}
    for id in known:
        if id not in staged and _is_address(id) and (new_id := unknown.pop(address_id(id), None)):
            new_ids[id] = new_id
    return new_ids


def _is_address(remote_id: str) -> bool:
    return remote_id.startswith(("http://", "https://"))

"""Records whose source address changed its form only (http, www, a slash, tracking): the same records by another name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.addresses import address_id
from platforma.catalogue.models import Crawl, Record, RecordState, StagedRecord


def rename(session: Session, crawl: Crawl) -> int:
    """Give known records the remote ids under which the crawl found them; how many.

    A record is renamed where the crawl did not stage its id but, as one that is not known, another form of the same address.
    """
    staged = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    known = set(session.scalars(select(Record.remote_id).where(Record.platform_id == crawl.platform_id)))
    by_form = {address_id(id): id for id in sorted(staged - known) if _is_address(id)}
    missing = {id: by_form[form] for id in known - staged if _is_address(id) and (form := address_id(id)) in by_form}
    is_missing = Record.platform_id == crawl.platform_id, Record.remote_id.in_(missing)
    renamed = 0
    for record in session.scalars(select(Record).where(*is_missing).order_by(Record.state != RecordState.SEEN, Record.id)):
        if id := by_form.pop(address_id(record.remote_id), None):
            record.remote_id = id
            renamed += 1
    session.flush()
    return renamed


def _is_address(remote_id: str) -> bool:
    return remote_id.startswith(("http://", "https://"))

"""Held crawls: a curator approves one, and it is ingested, or discards it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue import notices
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, NotFound
from platforma.catalogue.ingest.crawl_end import ingest_crawl
from platforma.catalogue.ingest.staging import drop_staged
from platforma.catalogue.models import Crawl, CrawlPurpose, CrawlState
from platforma.catalogue.platforms import coverage_changes, recipes
from platforma.catalogue.states import DECIDED, CrawlAction, crawl_after


def approve_held_crawl(session: Session, *, crawl_id: int, actor: str, secret_key: bytes) -> None:
    """Ingest a held crawl as it is, without crawling again; the recipe that it tried goes live.

    Raises NotFound, and BadState for a crawl that is not held any more.
    """
    crawl = lock_held_crawl(session, crawl_id)
    if crawl.purpose == CrawlPurpose.TRIAL:
        recipes.go_live(session, platform_id=crawl.platform_id, version=crawl.recipe_version, actor=actor)
    crawl.failure = crawl.failure_values = None
    ingest_crawl(session, crawl, secret_key=secret_key)
    session.flush()
    coverage_changes.update_coverage(session, crawl.platform_id)
    notices.resolve_notices(session, crawl.platform_id, ("held",), now=utc_now())
    record_event(session, actor=actor, action="approve", object_type="crawl", object_id=str(crawl_id), after=crawl.counts)


def discard_held_crawl(session: Session, *, crawl_id: int, actor: str, keeps_staged: bool = False) -> None:
    """Discard a held crawl, and the draft that it tried; the last good data and the live recipe stay.

    `keeps_staged`: what it has staged is dropped later, so that this can be undone. Raises NotFound, and BadState for a crawl
    that is not held any more.
    """
    _discard(session, lock_held_crawl(session, crawl_id), actor, keeps_staged=keeps_staged)


def discard_all(session: Session, platform_id: str, *, actor: str, keeps_staged: bool = False) -> None:
    """Discard all held crawls of a platform, which the caller has locked; `keeps_staged` as with one."""
    is_held = Crawl.platform_id == platform_id, Crawl.state == CrawlState.HELD
    for crawl in session.scalars(select(Crawl).where(*is_held).order_by(Crawl.id).with_for_update()):
        _discard(session, crawl, actor, keeps_staged=keeps_staged)


def _discard(session: Session, crawl: Crawl, actor: str, *, keeps_staged: bool) -> None:
    if crawl.purpose == CrawlPurpose.TRIAL:
        recipes.drop_draft(session, platform_id=crawl.platform_id, version=crawl.recipe_version, actor=actor)
    crawl.state = crawl_after(crawl.state, CrawlAction.DISCARD)
    if not keeps_staged:
        drop_staged(session, crawl.id)
    notices.resolve_notices(session, crawl.platform_id, ("held",), now=utc_now())
    record_event(session, actor=actor, action="discard", object_type="crawl", object_id=str(crawl.id))


def lock_held_crawl(session: Session, crawl_id: int) -> Crawl:
    """The held crawl, locked after its platform: everybody locks in this order, so that nobody waits in a circle."""
    crawl = session.get(Crawl, crawl_id)
    if crawl is None:
        raise NotFound(str(crawl_id))
    session.refresh(crawl.platform, with_for_update=True)
    session.refresh(crawl, with_for_update=True)
    if crawl.state != CrawlState.HELD:
        raise BadState(DECIDED)
    return crawl

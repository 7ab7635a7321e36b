"""Held crawls: a curator takes what was read in, or throws it away."""

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
from platforma.catalogue.platforms import field_coverage, recipes
from platforma.catalogue.states import DECIDED, CrawlAction, crawl_after
from platforma.settings import Settings


def approve_held_crawl(session: Session, *, crawl_id: int, actor: str, settings: Settings) -> None:
    """Take a held crawl in as it is, without crawling anew; a recipe that was tried by it goes live."""
    crawl = _held(session, crawl_id)
    if crawl.purpose == CrawlPurpose.TRIAL:
        recipes.go_live(session, platform_id=crawl.platform_id, version=crawl.recipe_version, actor=actor)
    crawl.failure = crawl.failure_values = None
    ingest_crawl(session, crawl, settings=settings)
    session.flush()
    field_coverage.update_coverage(session, crawl.platform_id)
    notices.resolve_notices(session, crawl.platform_id, ("held",), now=utc_now())
    record_event(session, actor=actor, action="approve", object_type="crawl", object_id=str(crawl_id), after=crawl.counts)


def discard_held_crawl(session: Session, *, crawl_id: int, actor: str) -> None:
    """Throw a held crawl away; the last good data stays, and so does the recipe."""
    _discard(session, _held(session, crawl_id), actor)


def discard_all(session: Session, platform_id: str, *, actor: str) -> None:
    """Throw away all that is held of a platform, which the caller has locked."""
    held = select(Crawl).where(Crawl.platform_id == platform_id, Crawl.state == CrawlState.HELD).order_by(Crawl.id)
    for crawl in session.scalars(held.with_for_update()):
        _discard(session, crawl, actor)


def _discard(session: Session, crawl: Crawl, actor: str) -> None:
    if crawl.purpose == CrawlPurpose.TRIAL:
        recipes.drop_draft(session, platform_id=crawl.platform_id, version=crawl.recipe_version, actor=actor)
    crawl.state = crawl_after(crawl.state, CrawlAction.DISCARD)
    drop_staged(session, crawl.id)
    notices.resolve_notices(session, crawl.platform_id, ("held",), now=utc_now())
    record_event(session, actor=actor, action="discard", object_type="crawl", object_id=str(crawl.id))


def _held(session: Session, crawl_id: int) -> Crawl:
    """The held crawl, locked after its platform as everywhere. Raises NotFound, and BadState for one that is held no more."""
    crawl = session.get(Crawl, crawl_id)
    if crawl is None:
        raise NotFound(str(crawl_id))
    session.refresh(crawl.platform, with_for_update=True)
    session.refresh(crawl, with_for_update=True)
    if crawl.state != CrawlState.HELD:
        raise BadState(DECIDED)
    return crawl

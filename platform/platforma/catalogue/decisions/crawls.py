"""Decisions on held crawls: take in or throw away. Neither is carried out before it cannot be undone any more."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.decisions import rows, snapshots
from platforma.catalogue.errors import BadState
from platforma.catalogue.ingest import held_crawls
from platforma.catalogue.ingest.staging import drop_staged
from platforma.catalogue.models import Crawl, CrawlPurpose, CrawlState, Decision, DecisionObject
from platforma.catalogue.pending import TAKING_IN
from platforma.catalogue.platforms import recipes
from platforma.catalogue.states import DECIDED
from vocabulary.messages import N_

KIND = "crawl"
DISCARD = "discard"
VERBS = (TAKING_IN, DISCARD)
OVERTAKEN = N_("A newer crawl has come since, so this cannot be undone. Nothing has been changed.")


def decide(session: Session, *, crawl_id: int, verb: str, actor: str) -> Decision:
    """Let a held crawl be taken in, or throw it away. Raises NotFound, and BadState for one that does not wait any more."""
    crawl = held_crawls.lock_held_crawl(session, crawl_id)
    if rows.standing_of(session, KIND, str(crawl_id)) is not None:
        raise BadState(DECIDED)
    before = snapshots.of_rows(KIND, [crawl])
    if verb == DISCARD:
        held_crawls.discard_held_crawl(session, crawl_id=crawl_id, actor=actor, keeps_staged=True)
    after = snapshots.of_rows(KIND, [crawl])
    subjects = {(KIND, str(crawl_id))}
    return rows.store(session, kind=KIND, verb=verb, actor=actor, subjects=subjects, before=before, after=after, waits=True)


def undo(session: Session, decision: Decision) -> None:
    """Let a crawl wait again. Raises BadState where a newer one has come, or somebody changed it."""
    before, after = rows.objects_of(session, decision.id)
    found = snapshots.check_unchanged(session, after)
    snapshots.restore(found, before)
    if decision.verb == DISCARD:
        for crawl in found.values():
            reopen(session, crawl)


def reopen(session: Session, crawl: Crawl) -> None:
    """Let a crawl that was thrown away wait again, with the draft that it tried. Raises BadState where a newer one has come."""
    is_newer = Crawl.platform_id == crawl.platform_id, Crawl.id > crawl.id, Crawl.purpose == crawl.purpose
    has_come = Crawl.state.in_((CrawlState.HELD, CrawlState.DONE))
    if session.scalar(select(Crawl.id).where(*is_newer, has_come).limit(1)) is not None:
        raise BadState(OVERTAKEN)
    if crawl.purpose == CrawlPurpose.TRIAL:
        if recipes.newest_version(session, crawl.platform_id) != crawl.recipe_version:
            raise BadState(OVERTAKEN)
        recipes.version_of(session, crawl.platform_id, crawl.recipe_version).state = recipes.DRAFT


def carry_out(session: Session, decision: Decision, secret_key: bytes) -> None:
    """Take the crawl in as was decided. Raises BadState where it does not wait any more."""
    _before, after = rows.objects_of(session, decision.id)
    for _kind, id in after:
        held_crawls.approve_held_crawl(session, crawl_id=int(id), actor=decision.by, secret_key=secret_key)


def drop_discarded(session: Session, decision: Decision) -> None:
    """Drop what the crawls that a decision has thrown away had staged."""
    is_crawl = DecisionObject.decision_id == decision.id, DecisionObject.kind == KIND
    for id in session.scalars(select(DecisionObject.object_id).where(*is_crawl)):
        crawl = session.get(Crawl, int(id))
        if crawl is not None and crawl.state == CrawlState.DISCARDED:
            drop_staged(session, crawl.id)

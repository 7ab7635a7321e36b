"""Decisions on platforms: approve, put on probation, ask back, pause, refuse, part with; and undo, with all listings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.decisions import crawls, regrouping, rows, snapshots
from platforma.catalogue.enums import MessageKind
from platforma.catalogue.errors import BadState
from platforma.catalogue.listings import by_rule, groups, visibility
from platforma.catalogue.models import Crawl, CrawlState, Decision, Platform, PlatformState
from platforma.catalogue.people import memberships
from platforma.catalogue.platforms import conversation, platform_states
from platforma.catalogue.states import PLATFORM_REASONS, PUBLIC_PLATFORMS, PlatformAction
from vocabulary.languages import DEFAULT_LANGUAGE

KIND = "platform"
APPROVALS = (PlatformAction.TRUST, PlatformAction.PROBATION)
WITHDRAWALS = (PlatformAction.REFUSE, PlatformAction.LEAVE)
_CHANGES: Mapping[PlatformAction, Callable[..., None]] = {
    PlatformAction.TRUST: partial(platform_states.approve_platform, trusted=True),
    PlatformAction.PROBATION: partial(platform_states.approve_platform, trusted=False),
    PlatformAction.PAUSE: platform_states.pause_platform,
    PlatformAction.LEAVE: partial(platform_states.leave_platform, keeps_staged=True),
    PlatformAction.ASK: platform_states.ask_partner,
}
"""Refusing is no part of it: it takes a reason."""
_WRITTEN = {PlatformAction.ASK: MessageKind.QUESTION, PlatformAction.REFUSE: MessageKind.REFUSAL}
"""What is written to the partner with a decision."""
MESSAGE = "message"
"""Key of a decision's details: the id of what was written with it."""


@dataclass(frozen=True, slots=True)
class PlatformDecision:
    """A decision on a platform; `is_news`: whoever proposed the platform is to be told."""

    decision: Decision
    is_news: bool


def decide(
    session: Session,
    *,
    platform_id: str,
    action: PlatformAction,
    actor: str,
    reason: str = "",
    is_proposal: bool = False,
) -> PlatformDecision:
    """Do with a platform what its state allows; where it `is_proposal`, only while nobody has decided on the proposal.

    `reason` is that of a refusal, or what the partner is asked; it becomes part of the conversation. Raises NotFound, BadValue
    where it is missing, and BadState.
    """
    platform = platform_states.lock_platform(session, platform_id)
    if is_proposal and platform.state != PlatformState.PROPOSED:
        raise BadState(PLATFORM_REASONS[PlatformState(platform.state)], platform=platform_id)
    groups.lock_groups(session)
    ids, former = visibility.listing_ids(session, platform), PlatformState(platform.state)
    held = session.scalars(select(Crawl).where(Crawl.platform_id == platform_id, Crawl.state == CrawlState.HELD)).all()
    before, newest = _snapshot(session, platform, held, ids), by_rule.newest_judgement(session)
    refuse = partial(platform_states.refuse_platform, reason=reason, keeps_staged=True)
    change = refuse if action == PlatformAction.REFUSE else _CHANGES[action]
    change(session, platform_id=platform_id, actor=actor)
    written = _write(session, platform, action, actor, reason)
    session.flush()
    ids = sorted({*ids, *visibility.listing_ids(session, platform)})
    after = _snapshot(session, platform, held, ids)
    made = {place: snapshots.NEVER_PUBLIC for place in after if place not in before}
    decision = rows.store(
        session, kind=KIND, verb=str(action), actor=actor, subjects={("platform", platform_id)}, before=before | made,
        after=after, waits=bool(held) and action in WITHDRAWALS,
        details={rows.JUDGEMENTS: by_rule.judged_since(session, newest, ids)} | written,
    )  # fmt: skip
    is_news = action in _WRITTEN or (action in APPROVALS and former not in PUBLIC_PLATFORMS)
    return PlatformDecision(decision, is_news)


def undo(session: Session, decision: Decision, actor: str) -> None:
    """Let a platform, its listings and its held crawls stand as before. Raises BadState where something else changed since."""
    _before, after = rows.objects_of(session, decision.id)
    (platform_id,) = (id for kind, id in after if kind == "platform")
    platform = platform_states.lock_platform(session, platform_id)
    if MESSAGE in decision.details:
        conversation.take_back(session, platform_id, decision.details[MESSAGE])
    groups.lock_groups(session)
    found = regrouping.restore_listings(session, decision, actor)
    for row in found.values():
        if isinstance(row, Crawl):
            crawls.reopen(session, row)
    session.flush()
    if platform.state not in PUBLIC_PLATFORMS:
        visibility.withdraw(session, platform)


def _write(session: Session, platform: Platform, action: PlatformAction, actor: str, text: str) -> dict[str, int]:
    """Store what is written to the partner with a decision, and let the platform's contact answer where nobody else could."""
    if action not in _WRITTEN:
        return {}
    if platform.contact_email:
        lang = platform.contact_lang or DEFAULT_LANGUAGE
        memberships.join(session, email=platform.contact_email, platform_id=platform.id, lang=lang)
    kind = _WRITTEN[action]
    return {MESSAGE: conversation.write(session, platform_id=platform.id, kind=kind, by=actor, text=text)}


def _snapshot(session: Session, platform: Platform, held: Sequence[Crawl], ids: list[int]) -> snapshots.Snapshot:
    return snapshots.of_rows("platform", [platform]) | snapshots.of_rows("crawl", held) | snapshots.of_listings(session, ids)

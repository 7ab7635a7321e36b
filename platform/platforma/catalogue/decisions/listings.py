"""Decisions on listings, on one or on many at once: publish, unpublish or refuse, and undo."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import regrouping, rows, snapshots
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import by_rule, compose, duplicates, edits, groups, visibility
from platforma.catalogue.models import Addition, Decision, Initiative, InitiativeState
from platforma.catalogue.pending import is_removed_soon
from platforma.catalogue.states import INITIATIVE_REASONS, SHOWN_STATES, InitiativeAction, initiative_after
from vocabulary.messages import N_

KIND = "listing"
VERBS = {"publish": InitiativeAction.PUBLISH, "refuse": InitiativeAction.REFUSE, "unpublish": InitiativeAction.WITHDRAW}
GONE = N_("There is no such listing any more")
NONE_CHOSEN = N_("Choose at least one listing")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision on listings; `failures` maps the public ids of those left as they were to the reason.

    `decision` is None where none could be decided.
    """

    decision: Decision | None
    failures: Mapping[str, BadState]


def decide(session: Session, *, public_id: str, verb: str, actor: str, reason: str = "") -> Decision:
    """Publish or refuse one listing. Raises NotFound, BadValue without a reason to refuse, and BadState."""
    return _of_one(decide_all(session, public_ids=[public_id], verb=verb, actor=actor, reason=reason), public_id)


def decide_on_page(session: Session, *, public_id: str, verb: str, actor: str, reason: str, version: int | None) -> Decision:
    """Publish, unpublish or refuse a listing in whatever state allows that, as `version` of it was read.

    Raises as `decide`, and VersionConflict.
    """
    groups.lock_groups(session)
    edits.find_initiative(session, public_id, VERBS[verb], version)
    anywhere = tuple(InitiativeState)
    outcome = decide_all(session, public_ids=[public_id], verb=verb, actor=actor, reason=reason, former=anywhere)
    return _of_one(outcome, public_id)


def decide_all(
    session: Session,
    *,
    public_ids: Collection[str],
    verb: str,
    actor: str,
    reason: str = "",
    former: Collection[InitiativeState] = (InitiativeState.NEW,),
) -> Outcome:
    """Publish or refuse listings by one decision; those that are in none of the `former` states stay as they are and are named,
    as do those that may not be published.

    Raises BadValue where a refusal has no reason, or none is chosen.
    """
    if not public_ids:
        raise BadValue("ids", NONE_CHOSEN)
    if verb == "refuse" and not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    groups.lock_groups(session)
    found, failures = _allowed(session, public_ids, VERBS[verb], former)
    if not found:
        return Outcome(None, failures)
    ids = [row.id for row in found]
    before, newest = snapshots.of_listings(session, ids), by_rule.newest_judgement(session)
    _CHANGE[VERBS[verb]](session, found, actor, reason.strip())
    session.flush()
    decision = rows.store(
        session, kind=KIND, verb=verb, actor=actor, subjects={("initiative", row.public_id) for row in found}, before=before,
        after={place: columns for place, columns in snapshots.of_listings(session, ids).items() if place in before},
        waits=_is_awaited(session, ids), details={rows.JUDGEMENTS: by_rule.judged_since(session, newest, ids)},
    )  # fmt: skip
    return Outcome(decision, failures)


def undo(session: Session, decision: Decision, actor: str) -> None:
    """Let the listings stand as before. Raises BadState where one of them was changed since."""
    groups.lock_groups(session)
    regrouping.restore_listings(session, decision, actor)


def _allowed(
    session: Session, public_ids: Collection[str], action: InitiativeAction, former: Collection[InitiativeState]
) -> tuple[list[Initiative], dict[str, BadState]]:
    """The listings whose state allows the action, locked, in the order of their age; and why the others' does not."""
    known = snapshots.rows_of(session, "initiative", set(public_ids))
    failures = {id: BadState(GONE) for id in public_ids if id not in known}
    hidden = _hidden(session, [row.id for row in known.values()]) if action == InitiativeAction.PUBLISH else {}
    allowed = []
    for id, row in known.items():
        try:
            initiative_after(row.state, action)
            if row.state not in former:
                raise BadState(INITIATIVE_REASONS[InitiativeState(row.state)])
            if row.id in hidden:
                raise BadState(hidden[row.id])
            allowed.append(row)
        except BadState as error:
            failures[id] = error
    return sorted(allowed, key=lambda row: row.id), failures


def _hidden(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Those of the listings that may not be published, with the reason: their platforms are hidden, or they are to be removed."""
    found: dict[int, str] = {}
    for batch in groups.batched(ids):
        for condition, reason in ((visibility.is_withdrawn(), edits.HIDDEN), (is_removed_soon(), edits.REMOVED_SOON)):
            query = select(Initiative.id).where(Initiative.id.in_(batch), condition)
            found |= dict.fromkeys(session.scalars(query), reason)
    return found


def _of_one(outcome: Outcome, public_id: str) -> Decision:
    """The decision on a single listing. Raises why it could not be made."""
    if outcome.decision is None:
        error = outcome.failures[public_id]
        raise NotFound(public_id) if error.reason == GONE else error
    return outcome.decision


def _refuse(session: Session, found: Sequence[Initiative], actor: str, reason: str) -> None:
    edits.set_states(session, found, InitiativeAction.REFUSE, actor, reason)


def _unpublish(session: Session, found: Sequence[Initiative], actor: str, _reason: str) -> None:
    """Hide listings: they are new again, and so are those that are joined with them, if they are ever parted."""
    edits.set_states(session, found, InitiativeAction.WITHDRAW, actor, reason=None)
    groups.let_joined_follow(session, [row.id for row in found], SHOWN_STATES, InitiativeState.NEW)


def _publish(session: Session, found: Sequence[Initiative], actor: str, _reason: str) -> None:
    """Publish listings; those that are certainly the same as public ones are joined with them."""
    now, new = utc_now(), [row.id for row in found if row.state == InitiativeState.NEW]
    for row in found:
        row.published_at = row.published_at or now
    edits.set_states(session, found, InitiativeAction.PUBLISH, actor, reason=None)
    session.flush()
    duplicates.look(session, new, now=now)
    compose.recompose(session, new, now)


def _is_awaited(session: Session, ids: Sequence[int]) -> bool:
    """Whether somebody who added one of the listings is told by mail."""
    heads = groups.heads(session, ids).values()
    members = [row.id for group in groups.members(session, set(heads) | set(ids)).values() for row in group]
    is_told = Addition.email.is_not(None), Addition.told_at.is_(None)
    return any(
        session.scalar(select(Addition.id).where(Addition.initiative_id.in_(batch), *is_told).limit(1)) is not None
        for batch in groups.batched(members)
    )


_CHANGE: Mapping[InitiativeAction, Callable[[Session, Sequence[Initiative], str, str], None]] = {
    InitiativeAction.PUBLISH: _publish,
    InitiativeAction.REFUSE: _refuse,
    InitiativeAction.WITHDRAW: _unpublish,
}
"""What an action does to listings: who does it, and the reason."""

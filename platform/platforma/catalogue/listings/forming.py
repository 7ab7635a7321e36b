"""Forming groups: what is connected by standing judgements that listings are the same is one, and one of it stands for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import compose, groups, settling
from platforma.catalogue.models import Initiative, InitiativeState, Judgement, JudgementVerdict, Outbox
from platforma.catalogue.states import InitiativeAction, initiative_after

JOINING = (JudgementVerdict.SAME, JudgementVerdict.TRANSLATION)
"""Listings of which these are said are one initiative."""
ORDER = (InitiativeState.PUBLISHED, InitiativeState.ARCHIVED, InitiativeState.REFUSED, InitiativeState.NEW)
"""The listing of a group that stands has the first of these states; of several, the oldest."""


def regroup(session: Session, head_ids: Collection[int], now: datetime) -> None:
    """Form the groups of these heads' members anew, from the judgements that stand, and compose them."""
    session.flush()
    before = groups.members(session, head_ids)
    rows = [row for group in before.values() for row in group]
    components = _components(session, rows)
    parted = [row for component in components for row in _form(component, now)]
    left_behind = [
        row for component in components for row in component if any(member not in component for member in before.get(row.id, ()))
    ]
    session.flush()
    settling.settle_parted(session, [row.id for row in (*parted, *left_behind)])
    heads = {row.merged_into_id or row.id for row in rows}
    settling.settle_states(session, heads)
    session.flush()
    compose.recompose(session, heads, now)
    session.add_all(Outbox(initiative_id=row.id) for row in rows if row.merged_into_id is not None)
    session.flush()


def rank(row: Initiative) -> tuple[int, int]:
    """Of several listings the one with the least rank stands for all."""
    return ORDER.index(_own_state(row)), row.id


def joining_judgements(session: Session, ids: Collection[int]) -> list[Judgement]:
    """The standing judgements by which listings among these are joined, by id."""
    is_joining = Judgement.undone_at.is_(None), Judgement.verdict.in_(JOINING), Judgement.left_id.in_(ids)
    rows = session.scalars(select(Judgement).where(*is_joining).order_by(Judgement.id))
    return [row for row in rows if row.right_id in ids]


def path(judgements: Sequence[Judgement], start: int, end: int) -> list[Judgement]:
    """The judgements on the shortest way from a listing to another; empty where none connects them."""
    around: defaultdict[int, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        around[judgement.left_id].append(judgement)
        around[judgement.right_id].append(judgement)
    came_by: dict[int, Judgement | None] = {start: None}
    queue = [start]
    for id in queue:
        for judgement in around[id]:
            other = other_id(judgement, id)
            if other not in came_by:
                came_by[other] = judgement
                queue.append(other)
    return _walk_back(came_by, start, end)


def other_id(judgement: Judgement, id: int) -> int:
    """The listing that a judgement of this one is also of."""
    return judgement.right_id if judgement.left_id == id else judgement.left_id


def _components(session: Session, rows: Iterable[Initiative]) -> list[list[Initiative]]:
    """The listings by what connects them, each connected set by id."""
    by_id = {row.id: row for row in rows}
    root = {id: id for id in by_id}

    def find(id: int) -> int:
        while root[id] != id:
            id = root[id]
        return id

    for judgement in joining_judgements(session, by_id):
        low, high = sorted((find(judgement.left_id), find(judgement.right_id)))
        root[high] = low
    components: defaultdict[int, list[Initiative]] = defaultdict(list)
    for id in sorted(by_id):
        components[find(id)].append(by_id[id])
    return list(components.values())


def _form(rows: Sequence[Initiative], now: datetime) -> list[Initiative]:
    """Make listings one group; return those that were part of another until now and stand again.

    One of those that stood until now goes on standing.
    """
    standing = [row for row in rows if row.merged_into_id is None]
    head = min(standing or rows, key=rank)
    parted = [head] if head.merged_into_id is not None else []
    if head.merged_into_id is not None:
        head.state, head.state_apart, head.merged_into_id, head.changed_at = _own_state(head), None, None, now
    for row in rows:
        if row is not head and row.merged_into_id != head.id:
            if row.merged_into_id is None:
                row.state_apart, row.state = row.state, initiative_after(row.state, InitiativeAction.MERGE)
            row.merged_into_id, row.composed, row.changed_at = head.id, {}, now
    return parted


def _own_state(row: Initiative) -> InitiativeState:
    """The state that a listing has, or would have if it were not joined."""
    state = row.state_apart if row.merged_into_id is not None else row.state
    return InitiativeState(state or InitiativeState.PUBLISHED)


def _walk_back(came_by: Mapping[int, Judgement | None], start: int, end: int) -> list[Judgement]:
    """The judgements by which the end was reached from the start."""
    path: list[Judgement] = []
    while end != start and (judgement := came_by.get(end)) is not None:
        path.append(judgement)
        end = other_id(judgement, end)
    return path

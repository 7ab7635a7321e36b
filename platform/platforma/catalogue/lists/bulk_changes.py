"""Bulk changes: one thing done to many listings in small transactions, with its result, and undone as a whole.

What is still to be done stands in the database, so that whoever goes on after a killed process neither leaves anything out nor
does anything twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, select
from sqlalchemy.orm import Session

from platforma.catalogue import audit
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.errors import BadState, BadValue, CatalogueError, NotFound
from platforma.catalogue.listings.facts import marked
from platforma.catalogue.lists import bulk_steps
from platforma.catalogue.lists.bulk_steps import ALREADY, DIMENSIONS, STATE_ACTIONS, BulkAction
from platforma.catalogue.lists.choosing import Choice, chosen_ids, conditions
from platforma.catalogue.models import BulkChange, BulkItem, BulkState, Initiative, InitiativeState, ItemState, ListingFacts
from platforma.catalogue.states import INITIATIVE_TRANSITIONS, InitiativeAction
from vocabulary import load
from vocabulary.messages import N_

BATCH = 25
"""So many listings are changed in one transaction, which keeps others from writing for less than a second."""
AT_ONCE = 200
"""So many are changed while the person waits; of more, the worker changes all."""
OPEN_STATES = (BulkState.WAITING, BulkState.UNDOING)
NOTHING_CHOSEN = N_("Tick at least one listing")
OTHER_NUMBER = N_("Another number of listings matches by now. Look again at what will change.")
NOT_UNDOABLE = N_("This change is under way, or %(who)s has it undone already")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to which listings. `value` is the id of a term, or why they are refused."""

    choice: Choice
    action: BulkAction
    value: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would do: to how many of all that are chosen something, nothing, or what their state does not allow."""

    chosen: int
    changed: int
    same: int
    impossible: int


@dataclass(frozen=True, slots=True)
class BulkReport:
    """A bulk change as it stands; `counts` are its listings by their state."""

    id: int
    actor: str
    action: BulkAction
    value: str
    state: BulkState
    created_at: datetime
    ended_at: datetime | None
    undone_by: str | None
    counts: Mapping[ItemState, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """How many are still to be changed, or changed back."""
        return self.counts.get(ItemState.DONE if self.state == BulkState.UNDOING else ItemState.WAITING, 0)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Leftover:
    """A listing with which something could not be done or undone: its row id, and why (message id and values)."""

    initiative_id: int
    reason: str
    values: Mapping[str, object]


def checked(action: str, value: str) -> tuple[BulkAction, str]:
    """The action and its value. Raises BadValue for an unknown action, a term that is not in the list, or no reason."""
    if action not in list(BulkAction):
        raise BadValue("action", N_("Choose what to do"))
    wanted, text = BulkAction(action), value.strip()
    if wanted is BulkAction.REFUSE and not text:
        raise BadValue("reason", N_("Say why, in a sentence"))
    if wanted in DIMENSIONS and text not in load().ids(DIMENSIONS[wanted]):
        raise BadValue(DIMENSIONS[wanted], N_("Choose from the list"))
    return wanted, text if wanted in DIMENSIONS or wanted is BulkAction.REFUSE else ""


def preview(session: Session, order: Order) -> Preview:
    """What an order would do now; nothing is changed."""
    outcome = case((_is_same(order), "same"), (Initiative.state.in_(_allowed(order.action)), "changed"), else_="impossible")
    query = select(outcome, func.count()).select_from(ListingFacts).join(Initiative, Initiative.id == ListingFacts.initiative_id)
    counts: dict[str, int] = dict(session.execute(query.where(*conditions(order.choice)).group_by(outcome)).all())
    return Preview(sum(counts.values()), *(counts.get(name, 0) for name in ("changed", "same", "impossible")))


def start(session: Session, order: Order, *, actor: str, key: str, expected: int) -> int:
    """Enter a bulk change of the listings that are chosen now; return its id, that of the first where the form comes again.

    Raises BadValue where none is chosen, and BadState where they are not as many as in the preview.
    """
    known = session.scalar(select(BulkChange.id).where(BulkChange.key == key))
    if known is not None:
        return known
    bulk = BulkChange(key=key, actor=actor, action=order.action, value=order.value)
    session.add(bulk)
    session.flush()
    columns = ["bulk_id", "initiative_id", "state"]
    chosen = chosen_ids(order.choice).subquery()
    query = select(literal(bulk.id), chosen.c.initiative_id, literal(str(ItemState.WAITING)))
    session.execute(insert(BulkItem).from_select(columns, query, include_defaults=False))
    number = session.scalar(select(func.count()).where(BulkItem.bulk_id == bulk.id)) or 0
    if not number:
        raise BadValue("ids", NOTHING_CHOSEN)
    if number != expected:
        raise BadState(OTHER_NUMBER)
    after = {"action": order.action, "value": order.value, "listings": number}
    audit.record_event(session, actor=actor, action="bulk_change", object_type="bulk", object_id=str(bulk.id), after=after)
    return bulk.id


def start_undoing(session: Session, bulk_id: int, *, actor: str) -> None:
    """Let a bulk change be undone. Raises NotFound, and BadState for one that is under way or undone."""
    bulk = _locked(session, bulk_id)
    if bulk.state != BulkState.DONE:
        raise BadState(NOT_UNDOABLE, who=bulk.undone_by or bulk.actor)
    bulk.state, bulk.undone_by, bulk.ended_at = BulkState.UNDOING, actor, None
    audit.record_event(session, actor=actor, action="bulk_undo", object_type="bulk", object_id=str(bulk_id))


def carry_on(database: Database, bulk_id: int) -> None:
    """Do all that is left of a bulk change or of its undoing. Raises NotFound."""
    while _next_batch(database, bulk_id):
        pass


def open_ids(session: Session) -> list[int]:
    """The ids of the bulk changes that are not at their end, the oldest first."""
    return list(session.scalars(select(BulkChange.id).where(BulkChange.state.in_(OPEN_STATES)).order_by(BulkChange.id)))


def report(session: Session, bulk_id: int) -> BulkReport:
    """How a bulk change stands. Raises NotFound."""
    row = session.get(BulkChange, bulk_id)
    if row is None:
        raise NotFound(str(bulk_id))
    return _reports(session, [row])[0]


def newest(session: Session, limit: int) -> list[BulkReport]:
    """The bulk changes, the newest first."""
    return _reports(session, session.scalars(select(BulkChange).order_by(BulkChange.id.desc()).limit(limit)).all())


def leftovers(session: Session, bulk_id: int, *, limit: int, offset: int = 0) -> list[Leftover]:
    """What could not be done or undone, by row id."""
    is_left = BulkItem.bulk_id == bulk_id, BulkItem.state.in_((ItemState.FAILED, ItemState.KEPT))
    query = select(BulkItem).where(*is_left).order_by(BulkItem.initiative_id).limit(limit).offset(offset)
    return [Leftover(item.initiative_id, item.reason or "", item.values or {}) for item in session.scalars(query)]


def _is_same(order: Order) -> ColumnElement[bool]:
    """Condition on ListingFacts and Initiative: there is nothing to do."""
    if order.action in STATE_ACTIONS:
        return Initiative.state == ALREADY[order.action]
    dimension = DIMENSIONS[order.action]
    stands = Initiative.state.in_(_allowed(order.action))
    if dimension == "kind":
        return and_(stands, ListingFacts.kind == order.value)
    column = {"theme": ListingFacts.themes, "sector": ListingFacts.sectors, "country": ListingFacts.countries}[dimension]
    if order.action.startswith("set"):
        return and_(stands, column == marked([order.value]))
    has = column.contains(marked([order.value]), autoescape=True)
    return and_(stands, has if order.action.startswith("add") else ~has)


def _allowed(action: BulkAction) -> list[InitiativeState]:
    """The states in which the action can be done."""
    wanted = STATE_ACTIONS.get(action, InitiativeAction.EDIT)
    return [state for state, actions in INITIATIVE_TRANSITIONS.items() if wanted in actions]


def _next_batch(database: Database, bulk_id: int) -> bool:
    """Change the next listings in one transaction; False once nothing is left, which ends the change."""
    with database.writing() as session:
        bulk = _locked(session, bulk_id)
        if bulk.state not in OPEN_STATES:
            return False
        left = ItemState.DONE if bulk.state == BulkState.UNDOING else ItemState.WAITING
        query = select(BulkItem).where(BulkItem.bulk_id == bulk_id, BulkItem.state == left)
        items = session.scalars(query.order_by(BulkItem.initiative_id).limit(BATCH)).all()
        for item in items:
            _step(session, bulk, item)
        if not items:
            bulk.state = BulkState.UNDONE if bulk.state == BulkState.UNDOING else BulkState.DONE
            bulk.ended_at = utc_now()
        return bool(items)


def _step(session: Session, bulk: BulkChange, item: BulkItem) -> None:
    """Change or change back one listing; what cannot be done is noted with the reason, and nothing of it stays."""
    row = session.get_one(Initiative, item.initiative_id, populate_existing=True)
    is_undoing = bulk.state == BulkState.UNDOING
    try:
        with session.begin_nested():
            if is_undoing:
                bulk_steps.undo(session, bulk, row, item.before or {}, item.event_id or 0)
                item.state = ItemState.UNDONE
            else:
                item.before = bulk_steps.change(session, bulk, row)
                item.state = ItemState.SAME if item.before is None else ItemState.DONE
                session.flush()
                item.event_id = audit.newest_id(session)
    except (BadState, BadValue) as error:
        item.state, item.reason, item.values = ItemState.KEPT if is_undoing else ItemState.FAILED, error.reason, error.values
    except CatalogueError:
        item.state, item.reason = ItemState.KEPT if is_undoing else ItemState.FAILED, N_("It is not as it was any more")
    session.flush()


def _locked(session: Session, bulk_id: int) -> BulkChange:
    """The change, which no other process works on meanwhile. Raises NotFound."""
    bulk = session.get(BulkChange, bulk_id, with_for_update=True)
    if bulk is None:
        raise NotFound(str(bulk_id))
    return bulk


def _reports(session: Session, rows: Sequence[BulkChange]) -> list[BulkReport]:
    query = select(BulkItem.bulk_id, BulkItem.state, func.count()).where(BulkItem.bulk_id.in_([row.id for row in rows]))
    counts: dict[int, dict[ItemState, int]] = {row.id: {} for row in rows}
    for bulk_id, state, number in session.execute(query.group_by(BulkItem.bulk_id, BulkItem.state)):
        counts[bulk_id][ItemState(state)] = number
    return [
        BulkReport(
            row.id, row.actor, BulkAction(row.action), row.value, BulkState(row.state), row.created_at, row.ended_at,
            row.undone_by, counts[row.id],
        )
        for row in rows
    ]  # fmt: skip

"""A walk on which curators also decide what waits at the desk, change many listings at once, and undo what they did."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import conflict_decisions, conflicts, groups, stale, stale_decisions
from platforma.catalogue.listings.edits import Edit
from platforma.catalogue.lists import bulk_changes
from platforma.catalogue.lists.bulk_changes import Order
from platforma.catalogue.lists.bulk_steps import BulkAction
from platforma.catalogue.lists.choosing import Choice
from platforma.catalogue.models import BulkChange, BulkItem, BulkState, Confirmation, Initiative, ItemState, Value
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.walk import BY, Walk, choices, difference, picture_of

CHANGES = (
    (BulkAction.ADD_THEME, "education"),
    (BulkAction.SET_KIND, "project"),
    (BulkAction.SET_COUNTRY, "EE"),
    (BulkAction.PUBLISH, ""),
    (BulkAction.UNPUBLISH, ""),
    (BulkAction.REFUSE, "walk"),
)
MAX_WAITING = 100
Item = TypeVar("Item")


class DeskWalk(Walk):
    """As Walk, with the desk's queues of conflicts and of what is out of date, and with bulk changes."""

    # What waits

    @rule(choice=choices, source=choices, action=st.sampled_from(conflict_decisions.ACTIONS), is_undone=st.booleans())
    def decide_conflict(self, choice: int, source: int, action: str, is_undone: bool) -> None:
        def decide(session: Session) -> int:
            asked = _picked(conflicts.waiting(session, limit=MAX_WAITING), choice)
            line = conflict_decisions.value_line(session, asked.public_id, asked.field, asked.lang)
            assert line is not None and line.news, f"{asked} waits, and no source says anything new"
            row = session.scalars(select(Initiative).where(Initiative.public_id == asked.public_id)).one()
            edit = Edit(row.public_id, asked.field, asked.lang, BY, row.version)
            event_id = conflict_decisions.decide(session, edit, action, line.news[source % len(line.news)].platform_id)
            if action == conflict_decisions.TAKE:
                self._forget(session, row, (asked.field,), asked.lang)
            return event_id

        self._decide(decide, conflict_decisions.undo if is_undone else None)

    @rule(choice=choices, is_over=st.booleans())
    def answer(self, choice: int, is_over: bool) -> None:
        """An organisation answers a letter: it is as the listing says, or it no longer exists."""

        def act(session: Session) -> None:
            row = self._row(session, choice)
            if is_over:
                stale_decisions.note_end(session, row.id, utc_now())
            else:
                stale_decisions.confirm(session, row.id, BY, utc_now())

        self._act(act)

    @rule(choice=choices, action=st.sampled_from(stale_decisions.DECISIONS), is_undone=st.booleans())
    def decide_stale(self, choice: int, action: str, is_undone: bool) -> None:
        def decide(session: Session) -> int:
            item = _picked(stale.items(session, limit=MAX_WAITING), choice)
            asked = {"public_id": item.public_id, "cause": str(item.cause), "actor": BY}
            if action == stale_decisions.UNPUBLISH:
                return stale_decisions.unpublish(session, **asked, reason="walk")
            if action == stale_decisions.ASK:
                return stale_decisions.ask(session, **asked)[0]
            return stale_decisions.keep(session, **asked)

        def undo(session: Session, event_id: int, actor: str) -> None:
            stale_decisions.take_back(session, event_id, actor=actor)

        self._decide(decide, undo if is_undone else None)

    def _decide(self, decide: Callable[[Session], int], undo: Callable[[Session, int, str], object] | None) -> None:
        """Decide, and undo that at once, if it can be: then all is as it was."""
        before, said, made = desk_picture(self.catalogue), dict(self.memory.said), list[int]()
        if not self._act(lambda session: made.append(decide(session))) or undo is None:
            return
        self._drain()
        if self._act(lambda session: undo(session, made[0], BY)):
            self.memory.said = said
            differs = difference(before, desk_picture(self.catalogue))
            assert not differs, f"undoing a decision does not give back what was before it: {differs}"

    # What is done to many

    @rule(chosen=st.sets(choices, min_size=1, max_size=3), change=st.sampled_from(CHANGES), is_undone=st.booleans())
    def change_many(self, chosen: set[int], change: tuple[BulkAction, str], is_undone: bool) -> None:
        before, said, made = desk_picture(self.catalogue), dict(self.memory.said), list[int]()
        self.words += 1

        def start(session: Session) -> None:
            ids = tuple(sorted({self._pick(session, choice) for choice in chosen}))
            order = Order(Choice(ids=ids), *change)
            expected = bulk_changes.preview(session, order).chosen
            made.append(bulk_changes.start(session, order, actor=BY, key=f"key{self.words}", expected=expected))

        if not self._act(start):
            return
        self._carry_on(made[0])
        if is_undone:
            self._drain()
            is_all = self._undo_change(made[0])
            if is_all and change[0] != BulkAction.PUBLISH:  # a rule may join what was published
                self.memory.said = said
                differs = difference(before, desk_picture(self.catalogue))
                assert not differs, f"undoing {change} does not give back what was before it: {differs}"

    @rule(choice=choices)
    def undo_former_change(self, choice: int) -> None:
        with self.catalogue.database.reading() as session:
            ids = list(session.scalars(select(BulkChange.id).where(BulkChange.state == BulkState.DONE).order_by(BulkChange.id)))
        if ids:
            self._undo_change(ids[choice % len(ids)])

    def _undo_change(self, bulk_id: int) -> bool:
        """Undo a bulk change; whether that could be done with each of its listings."""
        self._act(lambda session: bulk_changes.start_undoing(session, bulk_id, actor=BY))
        self._carry_on(bulk_id)
        with self.catalogue.database.reading() as session:
            states = set(session.scalars(select(BulkItem.state).where(BulkItem.bulk_id == bulk_id)))
        return ItemState.KEPT not in states

    def _carry_on(self, bulk_id: int) -> None:
        """Let a bulk change or its undoing be done, and remember what that means for what must hold."""
        bulk_changes.carry_on(self.catalogue.database, bulk_id)

        def remember(session: Session) -> None:
            bulk = session.get_one(BulkChange, bulk_id)
            changed = {ItemState.DONE, ItemState.UNDONE}
            query = select(BulkItem.initiative_id).where(BulkItem.bulk_id == bulk_id, BulkItem.state.in_(changed))
            for row in session.scalars(select(Initiative).where(Initiative.id.in_(query))):
                self._forget(session, row, ("country", "countries") if bulk.action == BulkAction.SET_COUNTRY else (), "")
                self._note_state(BulkAction(bulk.action), row.id, is_done=bulk.state == BulkState.DONE)

        self._act(remember)

    def _note_state(self, action: BulkAction, id: int, *, is_done: bool) -> None:
        if action not in (BulkAction.PUBLISH, BulkAction.UNPUBLISH):
            return
        if is_done == (action == BulkAction.PUBLISH):
            self.memory.by_hand.add(id)
            self.memory.hidden.discard(id)
        else:
            self.memory.hidden.add(id)

    def _forget(self, session: Session, row: Initiative, fields: Collection[str], lang: str) -> None:
        """What people said of these fields of a group need not stand any more."""
        ids = groups.member_ids(session, row)
        about = {groups.subject(field) for field in fields}
        self.memory.said = {
            key: word
            for key, word in self.memory.said.items()
            if not (key[0] in ids and groups.subject(key[1]) in about and key[2] == lang)
        }


def desk_picture(catalogue: CatalogueFixture) -> dict[object, object]:
    """What undoing must give back, besides what parting must: what waits, since when, and what sources had said."""
    with catalogue.database.reading() as session:
        found: dict[object, object] = {
            ("value", value.initiative_id, value.field, value.lang, value.layer): (
                value.value, value.by, value.at, value.seen, value.is_kept_for_good, value.contested_at,
            )
            for value in session.scalars(select(Value))
        }  # fmt: skip
        found |= {
            ("confirmation", row.initiative_id): noted
            for row in session.scalars(select(Confirmation))
            if any(noted := (row.confirmed_at, row.ended_at, row.gone_settled_at, row.asked_at))  # a row of nothing says nothing
        }
        found["conflicts"] = {
            (one.public_id, one.field, one.lang, one.since) for one in conflicts.waiting(session, limit=MAX_WAITING)
        }
        found["stale"] = {(item.public_id, item.cause) for item in stale.items(session, limit=MAX_WAITING)}
    return found | picture_of(catalogue)


def _picked(waiting: Sequence[Item], choice: int) -> Item:
    if not waiting:
        raise NotFound("nothing waits")
    return waiting[choice % len(waiting)]

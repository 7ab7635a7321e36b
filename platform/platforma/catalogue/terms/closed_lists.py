"""The closed lists as curators made them: themes, sectors and kinds, with what was changed and added laid over the shipped ones.

Ids never change and are never deleted. Records and people keep the ids that they gave; what stands in the place of a term
that is not offered any more is decided when a listing is composed (see listings.replaced_terms).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.listings import groups, replaced_terms, waiting
from platforma.catalogue.models import Event, TermEdit
from platforma.catalogue.shapes import SplitRule
from platforma.catalogue.terms.term_words import checked_words
from vocabulary import UNKNOWN, Term, TermChange, Words, fold, shipped
from vocabulary.languages import FALLBACK_LANGUAGE
from vocabulary.messages import N_

EDITED_DIMENSIONS = ("theme", "sector", "kind")
FIXED_KINDS = frozenset({"event", "funding", "network", "platform", "project", "resource"})
"""Kinds by which the software shows dates, contents and members: their words can be changed, but none stands in their place."""
MAX_TERMS = 200
MAX_RULES = 10
MAX_ID_CHARACTERS = 50
OBJECT_TYPE = "term"
FIXED = N_("The software shows listings of this kind in a way of their own, so it cannot be replaced")
NOTHING_CHOSEN = N_("Choose where its listings are to go, all or some of them")
NOT_OFFERED = N_("What stands in its place is not offered any more; choose another one")
IN_A_CIRCLE = N_("That one is replaced by this one already")
REPLACED_ALREADY = N_("Others stand in its place already; undo that first")
NOTHING_TO_UNDO = N_("There is nothing to undo")


class Origin(StrEnum):
    """Who a term is from: shipped, shipped and changed by curators, or added by them."""

    SHIPPED = "shipped"
    CHANGED = "changed"
    OWN = "own"


class State(TypedDict):
    """What of a term can change, as events hold it."""

    words: Words | None
    is_offered: bool
    replaced_by: str | None
    splits: list[SplitRule]


@dataclass(frozen=True, slots=True)
class ListedTerm:
    """A term of a closed list as it is in force. `version` is 0 while nobody changed it; see TermEdit for the rest."""

    dimension: str
    term: Term
    origin: Origin
    version: int = 0
    replaced_by: str | None = None
    splits: Sequence[SplitRule] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return self.term.id

    @property
    def is_settled(self) -> bool:
        """Whether it is offered, and stands in all of its listings itself."""
        return self.term.is_offered and not self.splits

    @property
    def is_fixed(self) -> bool:
        """Whether the software depends on it, so that nothing can stand in its place."""
        return self.dimension == "kind" and self.id in FIXED_KINDS


@dataclass(frozen=True, slots=True)
class Instead:
    """What stands in the place of a term: for some listings what `splits` say, for the others `rest`.

    `is_offered`: the term itself stays for the others, and `rest` is None. A rest of None without that: they are without it.
    """

    is_offered: bool
    rest: str | None = None
    splits: Sequence[SplitRule] = field(default_factory=list)


def stamp(session: Session) -> int:
    """A number that grows with each change of the closed lists."""
    return session.scalar(select(func.max(Event.id)).where(Event.object_type == OBJECT_TYPE)) or 0


def changes(session: Session) -> list[TermChange]:
    """What curators made of the vocabulary, for vocabulary.use_changes; terms that they added come by id."""
    return [_change(edit) for edit in session.scalars(select(TermEdit).order_by(TermEdit.dimension, TermEdit.id))]


def terms(session: Session, dimension: str) -> list[ListedTerm]:
    """All terms of a closed list in its order, also those that are not offered any more. Raises NotFound for other lists."""
    if dimension not in EDITED_DIMENSIONS:
        raise NotFound(dimension)
    edits = {edit.id: edit for edit in session.scalars(select(TermEdit).where(TermEdit.dimension == dimension))}
    vocabulary = shipped().with_changes(changes(session))
    return [_listed(dimension, term, edits.get(term.id)) for term in vocabulary.every_term(dimension)]


def term(session: Session, dimension: str, id: str) -> ListedTerm:
    """One term, also one that is not offered any more. Raises NotFound."""
    found = next((one for one in terms(session, dimension) if one.id == id), None)
    if found is None:
        raise NotFound(f"{dimension}:{id}")
    return found


def add(session: Session, *, dimension: str, words: Words, actor: str) -> str:
    """Add a theme or a sector; return its id, which is made of the label in English. Raises BadValue and BadState."""
    if dimension == "kind":
        raise BadState(FIXED)
    groups.lock_groups(session)
    every = terms(session, dimension)
    if len(every) >= MAX_TERMS:
        raise BadValue("labels", N_("There are %(most)s terms already, and there cannot be more"), most=MAX_TERMS)
    checked = checked_words(dimension, words, (), [one.term for one in every])
    id = _new_id(checked["labels"][FALLBACK_LANGUAGE], {one.id for one in every})
    edit = TermEdit(dimension=dimension, id=id, version=0)
    session.add(edit)
    _write(session, edit, State(words=checked, is_offered=True, replaced_by=None, splits=[]), actor, "add_term", before=None)
    return id


def save_words(session: Session, *, dimension: str, id: str, words: Words, version: int, actor: str) -> None:
    """Change the words of a term. Raises BadValue, NotFound, VersionConflict."""
    groups.lock_groups(session)
    before = term(session, dimension, id)
    others = [one.term for one in terms(session, dimension) if one.id != id]
    checked = checked_words(dimension, words, tuple(before.term.names()), others)
    original = shipped().term(dimension, id)
    is_shipped = original is not None and original.words() == checked
    after = _state(before) | State(words=None if is_shipped else checked)  # type: ignore[typeddict-item] # the rest is there
    _change_row(session, before, cast(State, after), version, actor, "change_term")


def replace(session: Session, *, dimension: str, id: str, instead: Instead, version: int, actor: str) -> None:
    """Let other terms, or none, stand in the place of a term. Its listings are composed anew by a worker.

    Raises NotFound, VersionConflict, BadState where the software depends on the term, and BadValue.
    """
    groups.lock_groups(session)
    before = term(session, dimension, id)
    check_instead(session, before, instead)
    state = _state(before)
    after = State(words=state["words"], is_offered=instead.is_offered, replaced_by=instead.rest, splits=list(instead.splits))
    _change_row(session, before, after, version, actor, "replace_term")


def check_instead(session: Session, before: ListedTerm, instead: Instead) -> None:
    """Raise BadState where the software depends on the term, and BadValue where what is to stand in its place cannot."""
    if before.is_fixed:
        raise BadState(FIXED)
    if not before.is_settled:
        raise BadState(REPLACED_ALREADY)
    if instead.is_offered and not instead.splits:
        raise BadValue("into", NOTHING_CHOSEN)
    if len(instead.splits) > MAX_RULES:
        raise BadValue("into", N_("There can be at most %(most)s rules"), most=MAX_RULES)
    offered = {one.id: one for one in terms(session, before.dimension) if one.term.is_offered}
    targets = [rule["into"] for rule in instead.splits] + ([instead.rest] if instead.rest else [])
    for target in targets:
        if target not in offered or target == before.id:
            raise BadValue("into", NOT_OFFERED)
        if before.id in {rule["into"] for rule in offered[target].splits}:
            raise BadValue("into", IN_A_CIRCLE)


def undo(session: Session, *, dimension: str, id: str, version: int, actor: str) -> None:
    """Make a term what it was before its last change; a term that was only added is not offered any more.

    Raises NotFound, VersionConflict, BadState where there is nothing to undo, and BadValue where that cannot be any more.
    """
    groups.lock_groups(session)
    now = term(session, dimension, id)
    last = _last_event(session, dimension, id)
    if last is None:
        raise BadState(NOTHING_TO_UNDO)
    after = cast(State, last.before) if last.before else cast(State, {**_state(now), "is_offered": False})
    if (not after["is_offered"] or after["splits"]) and now.is_settled:
        check_instead(session, now, Instead(after["is_offered"], after["replaced_by"], after["splits"]))
    if after["words"] is not None:
        others = [one.term for one in terms(session, dimension) if one.id != id]
        checked_words(dimension, after["words"], tuple(now.term.names()), others)
    _change_row(session, now, after, version, actor, "undo_term")


def can_undo(session: Session, listed: ListedTerm) -> bool:
    """Whether its last change can be undone."""
    return _last_event(session, listed.dimension, listed.id) is not None


def ids_leading_to(session: Session, dimension: str, id: str) -> list[str]:
    """The id, and those of all terms in whose place it stands, directly or by another one."""
    edits = list(session.scalars(select(TermEdit).where(TermEdit.dimension == dimension)))
    found, waiting_ids = {id}, [id]
    while waiting_ids:
        target = waiting_ids.pop()
        new = {edit.id for edit in edits if target in _targets(edit)} - found
        found |= new
        waiting_ids += new
    return sorted(found)


def _targets(edit: TermEdit) -> list[str]:
    """The ids that stand in the place of a term: those of its rules, then that for the rest; none while it is as shipped."""
    rest = [edit.replaced_by] if edit.replaced_by and not edit.is_offered else []
    return [*(rule["into"] for rule in edit.splits), *rest]


def _change(edit: TermEdit) -> TermChange:
    return {
        "dimension": edit.dimension,
        "id": edit.id,
        "words": edit.words,
        "is_offered": edit.is_offered,
        "replaced_by": list(dict.fromkeys(_targets(edit))),
    }


def _listed(dimension: str, one: Term, edit: TermEdit | None) -> ListedTerm:
    if edit is None:
        return ListedTerm(dimension, one, Origin.SHIPPED)
    is_changed = edit.words is not None or not edit.is_offered or bool(edit.splits)
    origin = Origin.CHANGED if is_changed else Origin.SHIPPED
    if shipped().term(dimension, one.id) is None:
        origin = Origin.OWN
    return ListedTerm(dimension, one, origin, edit.version, edit.replaced_by, edit.splits)


def _state(listed: ListedTerm) -> State:
    """A term's state as a row holds it: words that are as shipped are none of its own."""
    original = shipped().term(listed.dimension, listed.id)
    words = None if original is not None and original.words() == listed.term.words() else listed.term.words()
    return State(words=words, is_offered=listed.term.is_offered, replaced_by=listed.replaced_by, splits=list(listed.splits))


def _change_row(session: Session, before: ListedTerm, after: State, version: int, actor: str, action: str) -> None:
    """Write a state where the stored version is `version`; else raise VersionConflict."""
    if before.version != version:
        raise VersionConflict(before.id)
    row = session.get(TermEdit, (before.dimension, before.id))
    if row is None:
        row = TermEdit(dimension=before.dimension, id=before.id, version=0)
        session.add(row)
    _write(session, row, after, actor, action, before=_state(before))


def _write(session: Session, row: TermEdit, after: State, actor: str, action: str, *, before: State | None) -> None:
    """Write a state with the next version, record the event, and let the listings wait that it touches."""
    row.words, row.is_offered, row.replaced_by, row.splits = (
        after["words"], after["is_offered"], after["replaced_by"], after["splits"],
    )  # fmt: skip
    row.version, row.at = row.version + 1, utc_now()
    record_event(
        session, actor=actor, action=action, object_type=OBJECT_TYPE, object_id=f"{row.dimension}:{row.id}",
        before=cast(Mapping[str, object] | None, before), after=cast(Mapping[str, object], after),
    )  # fmt: skip
    session.flush()
    if before is not None and {**before, "words": None} != {**after, "words": None}:
        ids = ids_leading_to(session, row.dimension, row.id)
        waiting.queue(session, replaced_terms.having(row.dimension, ids))


def _last_event(session: Session, dimension: str, id: str) -> Event | None:
    is_of_term = Event.object_type == OBJECT_TYPE, Event.object_id == f"{dimension}:{id}"
    return session.scalars(select(Event).where(*is_of_term).order_by(Event.id.desc()).limit(1)).first()


def _new_id(label: str, taken: Iterable[str]) -> str:
    """An id made of a label, such as `food_sharing`; with a number behind it where that is taken, or is a word of addresses."""
    base = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:MAX_ID_CHARACTERS] or "term"
    known = {*taken, UNKNOWN, "new"}
    return base if base not in known else next(id for n in range(2, MAX_TERMS + 3) if (id := f"{base}_{n}") not in known)

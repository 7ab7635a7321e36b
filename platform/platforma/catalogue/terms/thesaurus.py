"""The thesaurus as curators made it: the shipped concepts, with what was changed, added and removed laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import N_, BadValue, NotFound, VersionConflict
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.models import ConceptEdit, Event
from vocabulary import ShippedConcept, collation_key, load, sort_words

MAX_CONCEPTS = 2_000
MAX_NAMES = 12
"""So many names of one language may a concept have; search looks for no more."""
MAX_NAME_CHARACTERS = 80
MAX_SOURCE_CHARACTERS = 200


class Origin(StrEnum):
    """Whose a concept is: as it is shipped, a shipped one that curators changed or removed, or one of theirs."""

    SHIPPED = "shipped"
    CHANGED = "changed"
    REMOVED = "removed"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Concept:
    """What one thing is called in Latvian and in English, and where the pair is from. `version` is 0 while nobody changed it."""

    id: str
    lv: tuple[str, ...]
    en: tuple[str, ...]
    source: str
    origin: Origin
    version: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.lv, *self.en)

    def by_language(self) -> dict[str, tuple[str, ...]]:
        """Its names, as search takes them."""
        return {"lv": self.lv, "en": self.en}


def stamp(session: Session) -> int:
    """A number that grows with each change of the thesaurus; one look at an index."""
    return session.scalar(select(func.max(Event.id)).where(Event.object_type == "concept")) or 0


def concepts(session: Session, *, removed: bool = False) -> list[Concept]:
    """All concepts by their first Latvian name; those that were removed only where they are asked for."""
    edits = {row.id: row for row in session.scalars(select(ConceptEdit))}
    shipped = load().thesaurus
    found = [_concept(id, edits.get(id)) for id in (*shipped, *(id for id in edits if id not in shipped))]
    kept = (one for one in found if removed or one.origin != Origin.REMOVED)
    return sorted(kept, key=lambda one: (collation_key(one.names[0]), one.id))


def concept(session: Session, concept_id: str) -> Concept:
    """One concept, also a removed one. Raises NotFound."""
    edit = session.get(ConceptEdit, concept_id)
    if edit is None and concept_id not in load().thesaurus:
        raise NotFound(concept_id)
    return _concept(concept_id, edit)


def matching(found: Iterable[Concept], words: str) -> list[Concept]:
    """Those in one of whose names all these words stand, in part or whole, whatever the diacritics."""
    wanted = sort_words(words)
    return [one for one in found if any(_has(name, wanted) for name in one.names)]


def save(
    session: Session, *, concept_id: str | None, lv: Sequence[str], en: Sequence[str], source: str, seen: int, actor: str
) -> str:
    """Change a concept, or add one where the id is None; gives its id. Raises BadValue, NotFound, VersionConflict."""
    before = concept(session, concept_id) if concept_id else None
    names = {"lv": _names("lv", lv), "en": _names("en", en)}
    if len(source.strip()) > MAX_SOURCE_CHARACTERS:
        raise BadValue("source", N_("Say it in %(most)s characters"), most=MAX_SOURCE_CHARACTERS)
    others = [one for one in concepts(session) if one.id != concept_id]
    if before is None and len(others) >= MAX_CONCEPTS:
        raise BadValue("lv", N_("There are %(most)s concepts, and no more fit in"), most=MAX_CONCEPTS)
    _refuse_taken(names, before, others)
    row = _row(session, concept_id, seen)
    row.lv, row.en, row.source, row.is_removed = names["lv"], names["en"], source.strip(), False
    _note(session, actor, "change_concept" if before else "add_concept", before, row)
    return row.id


def remove(session: Session, *, concept_id: str, seen: int, actor: str) -> None:
    """Find it no more; it can be restored. Raises NotFound, VersionConflict."""
    before = concept(session, concept_id)
    row = _row(session, concept_id, seen)
    row.lv, row.en, row.source, row.is_removed = list(before.lv), list(before.en), before.source, True
    _note(session, actor, "remove_concept", before, row)


def restore(session: Session, *, concept_id: str, seen: int, actor: str) -> None:
    """Make a shipped concept as it was shipped, and one of the curators' own as it was when it was removed.

    Raises NotFound, VersionConflict, and BadValue where one of its names meanwhile stands under another concept.
    """
    before = concept(session, concept_id)
    shipped = load().thesaurus.get(concept_id) or ShippedConcept({"lv": before.lv, "en": before.en}, before.source)
    names = {lang: list(some) for lang, some in shipped.names.items()}
    others = [one for one in concepts(session) if one.id != concept_id]
    _refuse_taken(names, None, others)
    row = _row(session, concept_id, seen)
    row.lv, row.en, row.source, row.is_removed = names["lv"], names["en"], shipped.source, False
    _note(session, actor, "restore_concept", before, row)


def _concept(id: str, edit: ConceptEdit | None) -> Concept:
    shipped = load().thesaurus.get(id)
    if edit is None:
        assert shipped is not None
        return Concept(id, shipped.names["lv"], shipped.names["en"], shipped.source, Origin.SHIPPED)
    made = ShippedConcept({"lv": tuple(edit.lv), "en": tuple(edit.en)}, edit.source)
    origin = Origin.OWN if shipped is None else Origin.SHIPPED if made == shipped else Origin.CHANGED
    return Concept(id, tuple(edit.lv), tuple(edit.en), edit.source, Origin.REMOVED if edit.is_removed else origin, edit.version)


def _row(session: Session, concept_id: str | None, seen: int) -> ConceptEdit:
    """The row to write to, of the next version. Raises VersionConflict where it is not of the version that was seen."""
    row = session.get(ConceptEdit, concept_id) if concept_id else None
    if concept_id and (row.version if row else 0) != seen:
        raise VersionConflict(concept_id)
    if row is None:
        row = ConceptEdit(id=concept_id or f"own-{new_public_id()}", version=0)
        session.add(row)
    row.version, row.at = row.version + 1, utc_now()
    return row


def _names(lang: str, typed: Iterable[str]) -> list[str]:
    """The names without blanks and repetitions. Raises BadValue."""
    names = list({_folded(name): " ".join(name.split()) for name in typed if name.strip()}.values())
    if not names:
        raise BadValue(lang, N_("Write at least one name"))
    if len(names) > MAX_NAMES:
        raise BadValue(lang, N_("Write at most %(most)s names"), most=MAX_NAMES)
    for name in names:
        if not sort_words(name):
            raise BadValue(lang, N_("“%(name)s” holds no word"), name=name)
        if len(name) > MAX_NAME_CHARACTERS:
            raise BadValue(lang, N_("“%(name)s …” is longer than %(most)s characters"), name=name[:40], most=MAX_NAME_CHARACTERS)
    return names


def _refuse_taken(names: dict[str, list[str]], before: Concept | None, others: Iterable[Concept]) -> None:
    """Raise BadValue for a name that newly comes to stand under two concepts."""
    had = {_folded(name) for name in before.names} if before and before.origin != Origin.REMOVED else set()
    taken = {_folded(name): one for one in others for name in one.names}
    for lang, some in names.items():
        for name in some:
            if (folded := _folded(name)) in taken and folded not in had:
                other = taken[folded].names[0]
                raise BadValue(lang, N_("“%(name)s” already stands under the concept “%(other)s”"), name=name, other=other)


def _note(session: Session, actor: str, action: str, before: Concept | None, row: ConceptEdit) -> None:
    after = {"lv": row.lv, "en": row.en, "source": row.source, "is_removed": row.is_removed}
    former = _as_json(before) if before else None
    record_event(session, actor=actor, action=action, object_type="concept", object_id=row.id, before=former, after=after)


def _as_json(one: Concept) -> dict[str, Any]:
    is_removed = one.origin == Origin.REMOVED
    return {"lv": list(one.lv), "en": list(one.en), "source": one.source, "is_removed": is_removed}


def _folded(name: str) -> str:
    return " ".join(sort_words(name))


def _has(name: str, wanted: Sequence[str]) -> bool:
    folded = _folded(name)
    return all(word in folded for word in wanted)

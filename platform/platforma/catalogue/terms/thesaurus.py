"""The thesaurus as curators made it: the shipped concepts, with what was changed, added and removed laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadValue, NotFound, VersionConflict
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.models import ConceptEdit, Event
from platforma.catalogue.terms.relations import BROADER, RELATED, Relations, is_term, term_label
from search.query.concepts import ThesaurusEntry
from vocabulary import ShippedConcept, collation_key, load, sort_words
from vocabulary.characters import single_line, without_controls
from vocabulary.languages import DEFAULT_LANGUAGE, FALLBACK_LANGUAGE, LANGUAGES
from vocabulary.messages import N_

MAX_CONCEPTS = 2_000
MAX_NAMES = 12
"""The most names of one language that a concept may have; search looks for no more."""
MAX_NAME_CHARACTERS = 80
MAX_SOURCE_CHARACTERS = 200
REQUIRED_LANGUAGES = (DEFAULT_LANGUAGE, FALLBACK_LANGUAGE)
"""The languages in which every concept has a name; further ones may lack it."""


class Origin(StrEnum):
    """Who a concept is from: shipped, shipped and changed by curators, removed by them, or added by them."""

    SHIPPED = "shipped"
    CHANGED = "changed"
    REMOVED = "removed"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Concept:
    """What one thing is called in each interface language, and the source of the translation.

    `names` are in the order of LANGUAGES, the most common of each language first; a language without names is left out.
    `broader` are ids of concepts of which it is a part, or of terms, as in “theme:housing”; `related` are ids of concepts.
    `version` is 0 while nobody changed the concept.
    """

    id: str
    names: Mapping[str, tuple[str, ...]]
    source: str
    origin: Origin
    version: int = 0
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        """Its names in all languages."""
        return tuple(chain.from_iterable(self.names.values()))

    @property
    def title(self) -> str:
        """The name by which lists and messages call it."""
        return self.all_names[0]

    def name_for(self, lang: str) -> tuple[str, str]:
        """The language and the text of its name for readers of a language: in that, where it has one."""
        shown = lang if lang in self.names else next(iter(self.names))
        return shown, self.names[shown][0]


@dataclass(frozen=True, slots=True)
class Draft:
    """A concept as a curator wrote it: names by interface language, source, and the version that the form was filled from.

    `broader` and `related` hold a name or an id of another concept each, `broader` also of a theme.
    """

    names: Mapping[str, Sequence[str]]
    source: str = ""
    version: int = 0
    broader: Sequence[str] = ()
    related: Sequence[str] = ()


def stamp(session: Session) -> int:
    """A number that grows with each change of the thesaurus; one query that an index answers."""
    return session.scalar(select(func.max(Event.id)).where(Event.object_type == "concept")) or 0


def concepts(session: Session, *, removed: bool = False) -> list[Concept]:
    """All concepts by title, in Latvian order; with `removed` also those that curators removed."""
    edits = {row.id: row for row in session.scalars(select(ConceptEdit))}
    shipped = load().thesaurus
    every = (_concept(id, edits.get(id)) for id in (*shipped, *(id for id in edits if id not in shipped)))
    shown = (concept for concept in every if removed or concept.origin != Origin.REMOVED)
    return sorted(shown, key=lambda concept: (collation_key(concept.title), concept.id))


def entries(session: Session) -> list[ThesaurusEntry]:
    """All concepts as the search takes them."""
    return [_entry(one.id, one.names, one.broader, one.related) for one in concepts(session)]


def concept(session: Session, concept_id: str) -> Concept:
    """One concept, also a removed one. Raises NotFound."""
    edit = session.get(ConceptEdit, concept_id)
    if edit is None and concept_id not in load().thesaurus:
        raise NotFound(concept_id)
    return _concept(concept_id, edit)


def relation_names(session: Session, ids: Sequence[str], lang: str) -> list[str]:
    """What the concepts and terms of these ids are called, so that each is found again by it, in the order of the ids."""
    called = names_by_id(session, ids, lang)
    return [called[id] for id in ids if id in called]


def names_by_id(session: Session, ids: Iterable[str], lang: str) -> dict[str, str]:
    """What the concepts and terms of these ids are called: the name in a language, and for a term that is called as a concept is,
    its id. Unknown ids are left out."""
    ids = tuple(ids)
    if not ids:
        return {}
    by_id = {one.id: one for one in concepts(session, removed=True)}
    taken = {_folded(name) for one in by_id.values() for name in one.all_names}
    labels = {id: term_label(id, lang) for id in ids if is_term(id)}
    terms = {id: id if _folded(label) in taken or not id.startswith("theme:") else label for id, label in labels.items()}
    called = {id: by_id[id].names.get(lang, by_id[id].all_names)[0] for id in ids if id in by_id}
    return called | terms


def parts(session: Session, concept_id: str) -> list[Concept]:
    """The concepts that are a part of one, by title."""
    return [one for one in concepts(session) if concept_id in one.broader]


def matching(candidates: Iterable[Concept], words: str) -> list[Concept]:
    """The concepts with a name that holds all these words, whole or as parts of words, with or without diacritics."""
    wanted = sort_words(words)
    return [candidate for candidate in candidates if any(_has(name, wanted) for name in candidate.all_names)]


def save(session: Session, *, concept_id: str | None, draft: Draft, actor: str) -> str:
    """Change a concept, or add one where the id is None; returns its id. Raises BadValue, NotFound, VersionConflict."""
    before = concept(session, concept_id) if concept_id else None
    words = _checked(session, concept_id, draft)
    row = _row(session, concept_id, draft.version)
    row.names, row.source, row.is_removed = words, without_controls(draft.source).strip(), False
    _record(session, actor, "change_concept" if before else "add_concept", before, row)
    return row.id


def add_name(session: Session, *, concept_id: str, name: str, lang: str, version: int, actor: str) -> None:
    """Give a concept one more name in a language. Raises BadValue, NotFound, VersionConflict."""
    before = concept(session, concept_id)
    names = {code: list(before.names.get(code, ())) for code in LANGUAGES}
    names[lang].append(name)
    save(session, concept_id=concept_id, draft=Draft(names, before.source, version, before.broader, before.related), actor=actor)


def entries_with(session: Session, *, concept_id: str | None, draft: Draft) -> list[ThesaurusEntry]:
    """All concepts as they would be with a draft, of which nothing is saved. Raises BadValue, NotFound."""
    words = _checked(session, concept_id, draft)
    drafted = _entry(concept_id or "", words, words[BROADER], words[RELATED])
    return [*(one for one in entries(session) if one.id != concept_id), drafted]


def remove(session: Session, *, concept_id: str, version: int, actor: str) -> None:
    """Take a concept out of searches; it can be restored. Raises NotFound, VersionConflict."""
    before = concept(session, concept_id)
    row = _row(session, concept_id, version)
    row.names, row.source, row.is_removed = _words(before), before.source, True
    _record(session, actor, "remove_concept", before, row)


def restore(session: Session, *, concept_id: str, version: int, actor: str) -> None:
    """Make a shipped concept as it was shipped, and one of the curators' own as it was when it was removed.

    Raises NotFound, VersionConflict, and BadValue where one of its names meanwhile stands under another concept.
    """
    before = concept(session, concept_id)
    restored = load().thesaurus.get(concept_id) or before
    _refuse_taken(restored.names, None, [other for other in concepts(session) if other.id != concept_id])
    row = _row(session, concept_id, version)
    row.names, row.source, row.is_removed = _words(restored), restored.source, False
    _record(session, actor, "restore_concept", before, row)


def _concept(id: str, edit: ConceptEdit | None) -> Concept:
    shipped = load().thesaurus.get(id)
    if edit is None:
        assert shipped is not None
        return Concept(id, shipped.names, shipped.source, Origin.SHIPPED, 0, shipped.broader, shipped.related)
    names = {lang: tuple(edit.names[lang]) for lang in LANGUAGES if edit.names.get(lang)}
    broader = tuple(edit.names.get(BROADER, shipped.broader if shipped else ()))
    related = tuple(edit.names.get(RELATED, shipped.related if shipped else ()))
    edited = ShippedConcept(names, edit.source, broader, related)
    origin = Origin.OWN if shipped is None else Origin.SHIPPED if edited == shipped else Origin.CHANGED
    return Concept(id, names, edit.source, Origin.REMOVED if edit.is_removed else origin, edit.version, broader, related)


def _entry(id: str, names: Mapping[str, Sequence[str]], broader: Sequence[str], related: Sequence[str]) -> ThesaurusEntry:
    return ThesaurusEntry(id, {lang: names[lang] for lang in LANGUAGES if lang in names}, broader, related)


def _row(session: Session, concept_id: str | None, version: int) -> ConceptEdit:
    """The row to write to, with the next version. Raises VersionConflict where the stored version is another than `version`."""
    row = session.get(ConceptEdit, concept_id) if concept_id else None
    if concept_id and (row.version if row else 0) != version:
        raise VersionConflict(concept_id)
    if row is None:
        row = ConceptEdit(id=concept_id or f"own-{new_public_id()}", version=0)
        session.add(row)
    row.version, row.at = row.version + 1, utc_now()
    return row


def _checked(session: Session, concept_id: str | None, draft: Draft) -> dict[str, list[str]]:
    """The words of a draft as they are stored: names by language, cleaned, and ids of what it stands in a relation to. Raises
    BadValue, and NotFound for an unknown id."""
    before = concept(session, concept_id) if concept_id else None
    names = {lang: cleaned for lang in LANGUAGES if (cleaned := _cleaned(lang, draft.names.get(lang, ())))}
    if len(draft.source.strip()) > MAX_SOURCE_CHARACTERS:
        raise BadValue("source", N_("Say it in %(most)s characters"), most=MAX_SOURCE_CHARACTERS)
    others = [other for other in concepts(session) if other.id != concept_id]
    if before is None and len(others) >= MAX_CONCEPTS:
        raise BadValue(DEFAULT_LANGUAGE, N_("There are %(most)s concepts already, and there cannot be more"), most=MAX_CONCEPTS)
    _refuse_taken(names, before, others)
    broader = {other.id: other.broader for other in others}
    relations = Relations(concept_id, {other.id: other.all_names for other in others}, broader)
    return {**names, BROADER: relations.broader(draft.broader), RELATED: relations.related(draft.related)}


def _cleaned(lang: str, typed: Iterable[str]) -> list[str]:
    """The names of one language without control characters and repetitions. Raises BadValue for the language."""
    written = [single_line(name) for name in typed]
    names = list({_folded(name): name for name in written if name}.values())
    if not names and lang in REQUIRED_LANGUAGES:
        raise BadValue(lang, N_("Write at least one name"))
    if len(names) > MAX_NAMES:
        raise BadValue(lang, N_("Write at most %(most)s names"), most=MAX_NAMES)
    for name in names:
        if not sort_words(name):
            raise BadValue(lang, N_("“%(name)s” contains no word"), name=name)
        if len(name) > MAX_NAME_CHARACTERS:
            raise BadValue(lang, N_("“%(name)s …” is longer than %(most)s characters"), name=name[:40], most=MAX_NAME_CHARACTERS)
    return names


def _refuse_taken(names: Mapping[str, Sequence[str]], before: Concept | None, others: Iterable[Concept]) -> None:
    """Raise BadValue for a new name that stands under another concept already; one that it had `before` may stay."""
    former = {_folded(name) for name in before.all_names} if before and before.origin != Origin.REMOVED else set()
    owners = {_folded(name): other for other in others for name in other.all_names}
    for lang, of_language in names.items():
        for name in of_language:
            if (folded := _folded(name)) in owners and folded not in former:
                other = owners[folded].title
                raise BadValue(lang, N_("“%(name)s” already belongs to the concept “%(other)s”"), name=name, other=other)


def _record(session: Session, actor: str, action: str, before: Concept | None, row: ConceptEdit) -> None:
    """Enter a change into the history: names stand there under the code of their language."""
    former = {**_words(before), "source": before.source, "is_removed": before.origin == Origin.REMOVED} if before else None
    after = {**row.names, "source": row.source, "is_removed": row.is_removed}
    record_event(session, actor=actor, action=action, object_type="concept", object_id=row.id, before=former, after=after)


def _words(concept: Concept | ShippedConcept) -> dict[str, list[str]]:
    """The names and relations as JSON holds them."""
    names = {lang: list(of_language) for lang, of_language in concept.names.items()}
    return {**names, BROADER: list(concept.broader), RELATED: list(concept.related)}


def _folded(name: str) -> str:
    return " ".join(sort_words(name))


def _has(name: str, wanted: Sequence[str]) -> bool:
    folded = _folded(name)
    return all(word in folded for word in wanted)

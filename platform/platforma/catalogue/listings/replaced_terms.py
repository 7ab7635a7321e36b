"""Terms that curators replaced: which one stands in the place of a term in a listing, and which listings have a term.

Records and people keep the ids that they gave; a listing shows what stands in their place when it is composed. So taking a
change back gives exactly what was there before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from platforma.catalogue.models import ListingTerm, TermEdit
from platforma.catalogue.shapes import Composed, FieldValue, SplitRule
from vocabulary import sort_words

EDITED_FIELDS: Mapping[str, str] = {"theme": "themes", "sector": "sectors", "kind": "kind"}
"""The field of a listing that holds the terms of each dimension that curators edit."""
COLUMNS = ("initiative_id", "dimension", "term_id")


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules of splitting go by: a listing's public id, its platforms, and what it says, with its own terms."""

    public_id: str
    platforms: frozenset[str]
    composed: Composed

    def fit(self, rule: SplitRule) -> bool:
        """Whether all conditions of a rule hold."""
        return (
            (not rule["platform"] or rule["platform"] in self.platforms)
            and (not rule["kind"] or rule["kind"] == self.composed["fields"].get("kind"))
            and (not rule["listings"] or self.public_id in rule["listings"])
            and (not rule["word"] or self._has_word(rule["word"]))
        )

    def _has_word(self, beginning: str) -> bool:
        """Whether words of its texts begin like this, with or without diacritics."""
        wanted = f" {' '.join(sort_words(beginning))}"
        texts = (text for of_field in self.composed["texts"].values() for text in of_field.values())
        return any(wanted in f" {' '.join(sort_words(text))}" for text in texts)


@dataclass(frozen=True, slots=True)
class Replacements:
    """The terms in whose place others stand, in all listings or in some, by dimension and id."""

    edits: Mapping[tuple[str, str], TermEdit]

    @classmethod
    def of(cls, session: Session) -> Replacements:
        """Those in force."""
        edits = session.scalars(select(TermEdit))
        return cls({(edit.dimension, edit.id): edit for edit in edits if edit.splits or not edit.is_offered})

    def replace_in(self, composed: Composed, public_id: str, platforms: Collection[str]) -> None:
        """Put the terms that stand in the place of its own into a composed listing; a field without any is left out."""
        if self.edits and any(term in self.edits for term in terms_of(composed)):
            facts = Facts(public_id, frozenset(platforms), deepcopy(composed))
            for dimension, field in EDITED_FIELDS.items():
                self._replace(composed, dimension, field, facts)

    def _replace(self, composed: Composed, dimension: str, field: str, facts: Facts) -> None:
        fields = cast(dict[str, FieldValue], composed["fields"])
        found = (self._standing(dimension, id, facts) for id in _ids(fields.get(field)))
        ids = list(dict.fromkeys(id for id in found if id))
        if ids:
            fields[field] = ids[0] if field == "kind" else ids
        elif fields.pop(field, None) is not None:
            composed["origins"].pop(field, None)
            composed["derived"].pop(field, None)

    def _standing(self, dimension: str, id: str, facts: Facts) -> str | None:
        """The id that stands in a listing in the place of another; None where none does."""
        passed = set[str]()
        while (edit := self.edits.get((dimension, id))) and id not in passed:
            passed.add(id)
            into = next((rule["into"] for rule in edit.splits if facts.fit(rule)), None)
            if into is None and edit.is_offered:
                return id
            if (next_id := into or edit.replaced_by) is None:
                return None
            id = next_id
        return id


def having(dimension: str, ids: Sequence[str]) -> Select[int]:
    """The ids of the listings that records or people give one of these terms."""
    is_one = ListingTerm.dimension == dimension, ListingTerm.term_id.in_(ids)
    return select(ListingTerm.initiative_id).where(*is_one).distinct()


def store_terms(session: Session, terms: Mapping[int, Collection[tuple[str, str]]]) -> None:
    """Store the terms of listings, by listing id, as (dimension, id)."""
    query = select(ListingTerm.initiative_id, ListingTerm.dimension, ListingTerm.term_id)
    stored = {tuple(row) for row in session.execute(query.where(ListingTerm.initiative_id.in_(terms)))}
    wanted = {(listing_id, *term) for listing_id, of_listing in terms.items() for term in of_listing}
    for listing_id, dimension, term_id in sorted(stored - wanted):
        row = ListingTerm.initiative_id == listing_id, ListingTerm.dimension == dimension, ListingTerm.term_id == term_id
        session.execute(delete(ListingTerm).where(*row))
    if new := sorted(wanted - stored):
        session.execute(insert(ListingTerm), [dict(zip(COLUMNS, row, strict=True)) for row in new])


def terms_of(composed: Composed) -> Iterator[tuple[str, str]]:
    """Dimension and id of each term that a listing has."""
    fields = cast(dict[str, FieldValue], composed["fields"])
    for dimension, field in EDITED_FIELDS.items():
        yield from ((dimension, id) for id in _ids(fields.get(field)))


def _ids(value: FieldValue) -> list[str]:
    return [value] if isinstance(value, str) else cast(list[str], value or [])

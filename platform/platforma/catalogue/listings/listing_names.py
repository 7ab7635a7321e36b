"""What listings are called, in any state: those that were joined with others by their own records, too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import compose, groups
from platforma.catalogue.listings.listing import Text, text_for
from platforma.catalogue.models import Initiative, InitiativeState
from platforma.catalogue.shapes import Composed


@dataclass(frozen=True, slots=True)
class ListingName:
    """A listing by its name. `texts` are its titles by BCP 47 tag, none for one that was removed.

    `platforms` are the titles of the platforms of its own records, each once. `head_id` is the listing that stands for it.
    """

    id: int
    head_id: int
    public_id: str
    slug: str
    state: InitiativeState
    texts: Mapping[str, str]
    original_lang: str | None
    platforms: Sequence[str]

    def title(self, lang: str) -> Text:
        """The title for a reader; the public id where no language has one."""
        return text_for(lang, self.texts, self.original_lang) or Text(self.public_id, None)


def listing_names(session: Session, initiative_ids: Collection[int]) -> dict[int, ListingName]:
    """The names of listings, by id."""
    names: dict[int, ListingName] = {}
    for ids in groups.batched(sorted(set(initiative_ids))):
        rows = session.scalars(select(Initiative).where(Initiative.id.in_(ids))).all()
        for is_joined in (False, True):
            names |= _names(session, [row for row in rows if (row.merged_into_id is not None) == is_joined])
    return names


def names_by_public_id(session: Session, public_ids: Collection[str]) -> dict[str, ListingName]:
    """The names of listings, by public id; those that there are none of are missing."""
    ids = session.scalars(select(Initiative.id).where(Initiative.public_id.in_(public_ids))).all()
    return {name.public_id: name for name in listing_names(session, ids).values()}


def _names(session: Session, rows: Sequence[Initiative]) -> dict[int, ListingName]:
    """The names of listings that all stand, or are all joined with others."""
    ids = [row.id for row in rows]
    records, values = groups.records_behind(session, ids), groups.values_behind(session, ids)
    names: dict[int, ListingName] = {}
    for row in rows:
        own = [record for record in records.get(row.id, ()) if record.initiative_id == row.id]
        composed = row.composed if row.merged_into_id is None else compose.compose(own, values.get(row.id, ()))
        names[row.id] = _name(row, composed, list(dict.fromkeys(record.platform.title for record in own)))
    return names


def _name(row: Initiative, composed: Composed, platforms: Sequence[str]) -> ListingName:
    return ListingName(
        id=row.id,
        head_id=row.merged_into_id or row.id,
        public_id=row.public_id,
        slug=composed.get("slug", "-"),
        state=InitiativeState(row.state),
        texts=composed.get("texts", {}).get("title", {}),
        original_lang=composed.get("original_lang"),
        platforms=platforms,
    )

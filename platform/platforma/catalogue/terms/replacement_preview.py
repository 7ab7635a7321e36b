"""What a replacement of a term would do to its listings, before anything is saved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import groups, replaced_terms
from platforma.catalogue.listings.groups import head_id
from platforma.catalogue.listings.replaced_terms import Facts
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Initiative, InitiativeState, Record
from platforma.catalogue.shapes import Composed, SplitRule, Texts
from platforma.catalogue.terms import closed_lists
from platforma.catalogue.terms.closed_lists import Instead, ListedTerm

MAX_LOOKED_AT = 500
"""So many listings of a term are looked at one by one, where rules tell where they go."""
MAX_SAMPLES = 3
WITHOUT_CONTENT = (InitiativeState.MERGED, InitiativeState.SUPPRESSED)
MAX_LISTED = 100
Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class TermListing:
    """A listing of a term: its public id, and its titles by BCP 47 tag, in the original language first where that is known."""

    public_id: str
    titles: Texts
    original_lang: str | None


@dataclass(frozen=True, slots=True)
class Going:
    """Where listings of a term go: to the term `into` (None: they are without it), how many, and some of them."""

    into: str | None
    count: int
    samples: Sequence[TermListing]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a replacement does: how many listings the term has, how many of them are public, and where they go.

    `looked_at` is how many of them the counts of `going` are of.
    """

    total: int
    public: int
    looked_at: int
    going: Sequence[Going]


def preview(session: Session, listed: ListedTerm, instead: Instead) -> Preview:
    """What the replacement would do. Raises BadState and BadValue as `replace` does."""
    closed_lists.check_instead(session, listed, instead)
    is_of_term = _is_of_term(session, listed)
    total, public = session.execute(select(func.count(), func.count().filter(is_published())).where(*is_of_term)).one()
    rest = listed.id if instead.is_offered else instead.rest
    looked_at = min(total, MAX_LOOKED_AT) if instead.splits else total
    counts, samples = Counter[str | None](), defaultdict[str | None, list[TermListing]](list)
    most, by_platform = MAX_LOOKED_AT if instead.splits else MAX_SAMPLES, any(one["platform"] for one in instead.splits)
    for listing, facts in _looked_at(session, is_of_term, most, by_platform=by_platform):
        into = next((rule["into"] for rule in instead.splits if facts.fit(rule)), rest)
        counts[into] += 1
        if len(samples[into]) < MAX_SAMPLES:
            samples[into].append(listing)
    if not instead.splits and total:
        counts[rest] = total
    targets = dict.fromkeys([*(rule["into"] for rule in instead.splits), rest])
    return Preview(total, public, looked_at, [Going(into, counts[into], samples[into]) for into in targets])


def listings_of(session: Session, listed: ListedTerm) -> list[TermListing]:
    """Some of the listings of a term, the newest first, at most MAX_LISTED."""
    query = select(Initiative.public_id, Initiative.composed).where(*_is_of_term(session, listed))
    rows = session.execute(query.order_by(Initiative.id.desc()).limit(MAX_LISTED))
    return [_listing(public_id, composed) for public_id, composed in rows]


def _is_of_term(session: Session, listed: ListedTerm) -> Conditions:
    """Conditions on Initiative: it has the term, or one that leads to it."""
    leading = closed_lists.ids_leading_to(session, listed.dimension, listed.id)
    having = replaced_terms.having(listed.dimension, leading)
    return Initiative.id.in_(having), Initiative.state.not_in(WITHOUT_CONTENT)


def _looked_at(session: Session, is_of_term: Conditions, most: int, *, by_platform: bool) -> list[tuple[TermListing, Facts]]:
    query = select(Initiative.id, Initiative.public_id, Initiative.composed).where(*is_of_term)
    rows = session.execute(query.order_by(Initiative.id).limit(most)).all()
    platforms = _platforms(session, [row.id for row in rows]) if by_platform else {}
    return [
        (_listing(public_id, composed), Facts(public_id, frozenset(platforms.get(id, ())), composed))
        for id, public_id, composed in rows
        if composed
    ]


def _platforms(session: Session, ids: Sequence[int]) -> Mapping[int, set[str]]:
    """The platforms that have each listing, by its id."""
    platforms = defaultdict[int, set[str]](set)
    for batch in groups.batched(ids):
        query = select(head_id(), Record.platform_id).join(Record, Record.initiative_id == Initiative.id)
        is_in_group = or_(Initiative.id.in_(batch), Initiative.merged_into_id.in_(batch))
        for id, platform_id in session.execute(query.where(is_in_group).distinct()):
            platforms[id].add(platform_id)
    return platforms


def _listing(public_id: str, composed: Composed) -> TermListing:
    return TermListing(public_id, composed.get("texts", {}).get("title", {}), composed.get("original_lang"))


def rule(into: str, *, platform: str = "", kind: str = "", word: str = "", listings: Sequence[str] = ()) -> SplitRule:
    """A rule of splitting."""
    return {"into": into, "platform": platform, "kind": kind, "word": word, "listings": list(listings)}

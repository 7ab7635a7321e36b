"""What the desk shows of the queue of pairs: one pair with both listings, and what a listing may be the same as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import duplicate_queue, judgements, listing_queries
from platforma.catalogue.listings.duplicate_queue import WaitingPair
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_names import ListingName, names_by_public_id

MAX_LIKELY = 3
"""So many listings that may be the same are named of each, the likeliest."""


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair with both listings, and the public id of the one that stands if they are joined."""

    pair: WaitingPair
    left: Listing
    right: Listing
    stays: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue with the pair that is shown, None where nothing waits.

    `place` is that of the pair from 1 on, 0 for one that waits for nobody; `put_off` of the `total` were put off. `is_missed`:
    the pair that was asked for does not wait any more, and another one is shown.
    """

    shown: ShownPair | None
    place: int
    total: int
    put_off: int
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Likely:
    """A listing that another one may be the same as, and the pair that the two are."""

    pair: WaitingPair
    name: ListingName


def queue(session: Session, wanted: Sequence[str], skip: int) -> Queue:
    """The queue with the pair of the two `wanted` listings, by public ids, else with that after `skip` others, else the last."""
    pairs = duplicate_queue.waiting_pairs(session)
    place = _place(pairs, wanted) if wanted else min(skip, len(pairs) - 1) + 1
    pair = pairs[place - 1] if place else _unqueued(session, wanted)
    is_missed = bool(wanted) and pair is None
    if is_missed and pairs:
        pair, place = pairs[0], 1
    put_off = sum(one.is_put_off for one in pairs)
    return Queue(_shown(session, pair) if pair else None, place, len(pairs), put_off, is_missed)


def likely_same(session: Session, public_ids: Sequence[str]) -> dict[str, list[Likely]]:
    """For each of these listings those that it may be the same as, the likeliest first; listings without any are missing."""
    pairs = {id: of_one[:MAX_LIKELY] for id, of_one in duplicate_queue.pairs_of(session, public_ids).items()}
    names = names_by_public_id(session, {pair.other(id) for id, of_one in pairs.items() for pair in of_one})
    return {id: [Likely(pair, names[pair.other(id)]) for pair in of_one] for id, of_one in pairs.items()}


def _place(pairs: Sequence[WaitingPair], wanted: Sequence[str]) -> int:
    """The place of a pair from 1 on; 0 where it is not in the queue."""
    return next((place for place, pair in enumerate(pairs, start=1) if {pair.left, pair.right} == set(wanted)), 0)


def _unqueued(session: Session, wanted: Sequence[str]) -> WaitingPair | None:
    """A pair that a rule will join, so that it stands in no queue."""
    return duplicate_queue.asked_pair(session, wanted[0], wanted[-1]) if wanted else None


def _shown(session: Session, pair: WaitingPair) -> ShownPair:
    left, right = (_listing(session, id) for id in (pair.left, pair.right))
    return ShownPair(pair, left, right, judgements.would_stand(session, pair.left, pair.right))


def _listing(session: Session, public_id: str) -> Listing:
    found = listing_queries.listing_for_desk(session, public_id)
    if not isinstance(found, Listing):
        raise NotFound(public_id)
    return found

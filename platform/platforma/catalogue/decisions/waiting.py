"""What waits for a person in the queues of the desk, by age: how many, and the first of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.decisions.claims import Item
from platforma.catalogue.enums import CorrectionState, PlatformState
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.listings import duplicate_queue
from platforma.catalogue.listings.visibility import is_asked
from platforma.catalogue.models import Correction, Crawl, Initiative, Platform


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits: the kind of its queue, its name in it, and since when, in UTC."""

    since: datetime
    kind: str
    name: str

    @property
    def item(self) -> Item:
        return self.kind, self.name


@dataclass(frozen=True, slots=True)
class Queued:
    """The items that wait and that nobody else has, from the `skip`th on; `total` counts them all, `taken` those of others."""

    items: list[Waiting]
    total: int
    taken: int


def _listings() -> Select[datetime, str]:
    return select(Initiative.created_at, Initiative.public_id).where(is_asked()).order_by(Initiative.created_at, Initiative.id)


def _platforms() -> Select[datetime, str]:
    is_undecided = Platform.state == PlatformState.PROPOSED, Platform.asked_at.is_(None)
    return select(Platform.created_at, Platform.id).where(*is_undecided).order_by(Platform.created_at, Platform.id)


def _crawls() -> Select[datetime, int]:
    return select(Crawl.started_at, Crawl.id).where(crawl_queries.is_waiting()).order_by(Crawl.started_at, Crawl.id)


def _messages() -> Select[datetime, int]:
    is_open = Correction.state == CorrectionState.OPEN
    return select(Correction.created_at, Correction.id).where(is_open).order_by(Correction.created_at, Correction.id)


_QUERIES: Mapping[str, Callable[[], Select[datetime, str] | Select[datetime, int]]] = {
    "message": _messages,
    "platform": _platforms,
    "listing": _listings,
    "crawl": _crawls,
}
PAIR = "pair"
KINDS = (*_QUERIES, PAIR)
"""The kinds of queues; of pairs only those that nobody has put off."""


def queued(session: Session, kinds: Collection[str], *, skip: int, limit: int, taken: Collection[Item]) -> Queued:
    """What waits in queues of these kinds, the oldest first; items that others have are left out."""
    end = skip + limit + len(taken)
    pairs = _pairs(session) if PAIR in kinds else []
    heads = [_first(session, kind, end) for kind in kinds if kind != PAIR]
    order = merge(*heads, sorted(pairs, key=_age), key=_age)
    free = (one for one in order if one.item not in taken)
    items = list(islice(free, skip, skip + limit))
    total = sum(counts(session, [kind for kind in kinds if kind != PAIR]).values()) + len(pairs)
    return Queued(items, total, sum(kind in kinds for kind, _name in taken))


def counts(session: Session, kinds: Collection[str]) -> dict[str, int]:
    """How many wait in each queue; pairs are counted by their own queue."""
    return {
        kind: session.scalar(select(func.count()).select_from(_QUERIES[kind]().order_by(None).subquery())) or 0 for kind in kinds
    }


def _first(session: Session, kind: str, limit: int) -> list[Waiting]:
    return [Waiting(since, kind, str(name)) for since, name in session.execute(_QUERIES[kind]().limit(limit))]


def _pairs(session: Session) -> list[Waiting]:
    pairs = duplicate_queue.waiting_pairs(session)
    return [Waiting(pair.found_at, PAIR, f"{pair.left}-{pair.right}") for pair in pairs if not pair.is_put_off]


def _age(one: Waiting) -> tuple[datetime, str, str]:
    return one.since, one.kind, one.name

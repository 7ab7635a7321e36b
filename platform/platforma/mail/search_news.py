"""What is new for a saved search: listings that match and did not before, and dates that come near; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.people import listing_sets, saved_queries
from platforma.catalogue.people.subscriptions import Saved
from search.port import ENDING_KINDS, Filter, Query, SearchEngine

MAX_SHOWN = 20
"""So many listings of each sort a digest names for one search; of the others it tells the number."""
NEAR = {"funding": timedelta(days=14), "event": timedelta(days=7)}
"""How long before its date a listing of this kind is told as near: the deadline of a call, the beginning of an event."""
BATCH = 500


@dataclass(frozen=True, slots=True)
class SearchNews:
    """What a digest tells of one search: at most MAX_SHOWN listings that are `new` and `near`, and how many more there are.

    `known` and `told_dates` are what is no news any more once this is told (see Saved).
    """

    saved: Saved
    new: Sequence[Listing]
    more_new: int
    near: Sequence[Listing]
    more_near: int
    known: bytes
    told_dates: Mapping[str, str]

    @property
    def new_count(self) -> int:
        """How many listings are new."""
        return len(self.new) + self.more_new

    @property
    def near_count(self) -> int:
        """How many dates come near."""
        return len(self.near) + self.more_near


def first_known(session: Session, engine: SearchEngine, saved: Saved, today: date) -> bytes:
    """The listings that a search finds and that were published before it was saved, packed. Raises SearchError."""
    ids = list(engine.scan(saved_queries.to_query(saved.question, today)))
    return listing_sets.pack(listing_queries.published_ids(session, ids, until=saved.created_at).values())


def news_of(session: Session, engine: SearchEngine, saved: Saved, today: date) -> SearchNews:
    """What is new for a search on a day. Raises SearchError.

    A listing is told as new once, the first time that it matches, whether it was published or changed since; and as near
    once for each date. One that is shown as new is not told as near as well, since its date stands there.
    """
    query, known = saved_queries.to_query(saved.question, today), listing_sets.unpack(saved.known or b"")
    ids = list(engine.scan(query))
    rows = listing_queries.published_ids(session, ids)
    new_ids = [id for id in ids if id in rows and rows[id] not in known]
    new = listing_queries.listings(session, new_ids[:MAX_SHOWN])
    near = sorted(_near_listings(session, engine, query), key=lambda listing: (date_of(listing), listing.public_id))
    dates = {listing.public_id: date_of(listing) for listing in near}
    shown = {listing.public_id for listing in new}
    untold = [one for one in near if one.public_id not in shown and saved.told_dates.get(one.public_id) != dates[one.public_id]]
    still_ahead = {id: day for id, day in saved.told_dates.items() if day >= today.isoformat()}
    return SearchNews(
        saved, new, len(new_ids) - len(new), untold[:MAX_SHOWN], len(untold[MAX_SHOWN:]),
        listing_sets.pack(known | set(rows.values())), still_ahead | dates,
    )  # fmt: skip


def date_of(listing: Listing) -> str:
    """The deadline of a call, the first day of an event, as YYYY-MM-DD; empty where it is not known to the day, and for all
    other kinds."""
    kind = listing.get("kind")
    text = listing.get("end_date") if kind == "funding" else (listing.get("start_date") or listing.get("end_date"))
    return text[:10] if kind in NEAR and text and len(text) >= len("2026-01-01") else ""


def _near_listings(session: Session, engine: SearchEngine, query: Query) -> Iterator[Listing]:
    """The calls and events of a search whose dates come near."""
    kinds = query.filters.get("kind", Filter())
    wanted = tuple(kind for kind in sorted(ENDING_KINDS) if not kinds.any_of or kind in kinds.any_of)
    if not wanted or query.today is None:
        return
    filters = {**query.filters, "kind": Filter(wanted, kinds.none_of)}
    ids = list(engine.scan(replace(query, filters=filters, sort="soonest")))
    for start in range(0, len(ids), BATCH):
        listings = listing_queries.listings(session, ids[start : start + BATCH])
        yield from (listing for listing in listings if _is_near(listing, query.today))
        if listings and date_of(listings[-1]) > (query.today + max(NEAR.values())).isoformat():
            return


def _is_near(listing: Listing, today: date) -> bool:
    day = date_of(listing)
    return bool(day) and today <= date.fromisoformat(day) <= today + NEAR[listing.get("kind") or ""]

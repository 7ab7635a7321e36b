"""From a listing to the search engine's document: the one place that knows both sides."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.addresses import written_host_of
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_queries import to_listings
from platforma.catalogue.models import Initiative, InitiativeState, RecordState
from search.port import ENDING_KINDS, Document
from vocabulary.languages import LANGUAGES

BATCH = 500
FULL_TEXT_CHARACTERS = 600
FRESH = timedelta(days=90)
"""A source that still listed it so recently makes a listing fresh."""


def documents(session: Session, initiative_ids: Collection[int]) -> tuple[list[Document], list[str]]:
    """The documents of what is public among these, and the public ids of the rest, to be taken out."""
    rows = list(session.scalars(select(Initiative).where(Initiative.id.in_(initiative_ids)).order_by(Initiative.id)))
    public = [row for row in rows if row.state == InitiativeState.PUBLISHED]
    kept = {row.id for row in public}
    return [document(one) for one in to_listings(session, public)], [row.public_id for row in rows if row.id not in kept]


def all_documents(session: Session) -> Iterator[Document]:
    """Every public listing's document, by id."""
    last = 0
    while True:
        query = select(Initiative.id).where(Initiative.id > last, Initiative.state == InitiativeState.PUBLISHED)
        ids = list(session.scalars(query.order_by(Initiative.id).limit(BATCH)))
        if not ids:
            return
        yield from documents(session, ids)[0]
        session.expunge_all()
        last = ids[-1]


def document(listing: Listing) -> Document:
    """What is searched, filtered and sorted by."""
    return Document(
        id=listing.public_id,
        title=listing.texts.get("title", {}),
        summary=listing.texts.get("summary", {}),
        body=listing.texts.get("description", {}),
        names=_names(listing),
        facets={
            "country": tuple(listing.get("countries")) or tuple(filter(None, (listing.get("country"),))),
            "sector": tuple(listing.get("sectors")),
            "theme": tuple(listing.get("themes")),
            "kind": tuple(filter(None, (listing.get("kind"),))),
            "platform": tuple(dict.fromkeys(source.platform_id for source in listing.sources)),
            "language": tuple(sorted({code for texts in listing.texts.values() for code in texts if code != "und"})),
        },
        sort_names={lang: listing.title(lang).text for lang in LANGUAGES},
        newest_at=listing.published_at,
        ends_on=_ends_on(listing),
        prior=_prior(listing),
    )


def _names(listing: Listing) -> tuple[str, ...]:
    host = written_host_of(listing.get("website") or "")
    single = (listing.get("organisation"), listing.get("place"), listing.get("region"), listing.get("legal_form"), host)
    numbers = (one["value"] for one in listing.get("identifiers"))
    return tuple(filter(None, (*single, *listing.get("tags"), *numbers)))


def _ends_on(listing: Listing) -> date | None:
    """The last day of an event or call as far as it is known to the day; None for all else."""
    said = listing.get("end_date") or listing.get("start_date")
    if listing.get("kind") not in ENDING_KINDS or not said or len(said) < len("2026-01-01"):
        return None
    return date.fromisoformat(said[:10])


def _prior(listing: Listing) -> float:
    """Between 0 and 1: the mean of length of text, facts, several sources, a title in several languages, and freshness."""
    facts = [bool(listing.get(name)) for name in ("country", "kind", "themes", "website", "place")]
    length = max((len(text) for text in listing.texts.get("description", {}).values()), default=0)
    parts = (
        min(1.0, length / FULL_TEXT_CHARACTERS),
        sum(facts) / len(facts),
        float(sum(source.state == RecordState.SEEN for source in listing.sources) > 1),
        float(len(LANGUAGES.keys() & listing.texts.get("title", {})) > 1),
        float(any(utc_now() - source.last_seen_at < FRESH for source in listing.sources)),
    )
    return sum(parts) / len(parts)

"""The search engine's documents of listings; no other module knows both."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.addresses import written_host_of
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import groups
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_queries import to_listings
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.listings.whereabouts import countries_of, whereabouts_facets
from platforma.catalogue.models import Initiative, RecordState
from platforma.catalogue.states import PUBLIC_PLATFORMS
from search.port import Document
from vocabulary import load
from vocabulary.languages import LANGUAGES

BATCH = 500
LONG_TEXT_CHARACTERS = 600
"""A description of this length has the full share of the prior."""
MAX_AGE_OF_FRESH = timedelta(days=90)
"""A listing is fresh while a source was seen to list it so recently."""


def documents(session: Session, initiative_ids: Collection[int]) -> tuple[list[Document], list[str]]:
    """The documents of the published listings among these, and the public ids of the others, to be deleted from the index."""
    is_meant = Initiative.id.in_(initiative_ids)
    published = list(session.scalars(select(Initiative).where(is_meant, is_published()).order_by(Initiative.id)))
    hidden_ids = list(session.scalars(select(Initiative.public_id).where(is_meant, ~is_published()).order_by(Initiative.id)))
    listings = to_listings(session, published)
    several = {row.id: row.public_id for row, one in zip(published, listings, strict=True) if len(one.sources) > 1}
    titles = _titles_of_sources(session, several)
    return [document(listing, titles.get(listing.public_id, ())) for listing in listings], hidden_ids


def all_documents(session: Session) -> Iterator[Document]:
    """The document of every published listing, by id."""
    last_id = 0
    while True:
        query = select(Initiative.id).where(Initiative.id > last_id, is_published())
        ids = list(session.scalars(query.order_by(Initiative.id).limit(BATCH)))
        if not ids:
            return
        yield from documents(session, ids)[0]
        session.expunge_all()
        last_id = ids[-1]


def published_versions(session: Session) -> dict[str, tuple[int, int]]:
    """By the public id of every published listing, by row: the id and the version of its row."""
    query = select(Initiative.public_id, Initiative.id, Initiative.version).where(is_published()).order_by(Initiative.id)
    return {public_id: (id, version) for public_id, id, version in session.execute(query)}


def _titles_of_sources(session: Session, public_ids: Mapping[int, str]) -> dict[str, tuple[str, ...]]:
    """What the sources of public platforms call each of these listings, by public id."""
    behind = groups.records_behind(session, public_ids)
    public = {
        public_ids[id]: [one for one in records if one.platform.state in PUBLIC_PLATFORMS] for id, records in behind.items()
    }
    return {id: tuple(title for one in records for title in one.payload["title"].values()) for id, records in public.items()}


def document(listing: Listing, titles_of_sources: Collection[str] = ()) -> Document:
    """A listing's document; what its sources call it otherwise are further names."""
    return Document(
        id=listing.public_id,
        title=listing.texts.get("title", {}),
        summary=listing.texts.get("summary", {}),
        body=listing.texts.get("description", {}),
        names=(*_names(listing), *_other_titles(listing, titles_of_sources)),
        contacts=_contacts(listing),
        facets=facets_of(listing),
        sort_names={lang: listing.title(lang).text for lang in LANGUAGES},
        newest_at=listing.published_at,
        starts_on=listing.starts_on,
        ends_on=listing.ends_on,
        lat=listing.get("lat"),
        lon=listing.get("lon"),
        prior=_prior(listing),
    )


def facets_of(listing: Listing) -> dict[str, tuple[str, ...]]:
    """The values by which filters find a listing, by filter."""
    return {
        "country": countries_of(listing),
        "sector": tuple(listing.get("sectors")),
        "theme": tuple(listing.get("themes")),
        **whereabouts_facets(listing),
        "legal_form": tuple(filter(None, (_legal_form(listing),))),
        "kind": tuple(filter(None, (listing.get("kind"),))),
        "platform": tuple(dict.fromkeys(source.platform_id for source in listing.sources)),
        "language": tuple(sorted({code for texts in listing.texts.values() for code in texts if code != "und"})),
    }


def _legal_form(listing: Listing) -> str | None:
    """The id of its legal form; None where it has none, or one that nobody can tell from its name and country."""
    text, countries = listing.get("legal_form") or "", countries_of(listing)
    forms = load().forms
    return forms.find(text, countries) or forms.find(load().legal_form_in(text) or "", countries)


def _names(listing: Listing) -> tuple[str, ...]:
    host = written_host_of(listing.get("website") or "")
    single = (listing.get("organisation"), listing.get("place"), listing.get("region"), listing.get("legal_form"), host)
    numbers = (identifier["value"] for identifier in listing.get("identifiers"))
    return tuple(filter(None, (*single, *listing.get("tags"), *numbers)))


def _other_titles(listing: Listing, titles_of_sources: Collection[str]) -> list[str]:
    shown = {title.casefold() for title in listing.texts.get("title", {}).values()}
    return list({title.casefold(): title for title in titles_of_sources if title.casefold() not in shown}.values())


def _contacts(listing: Listing) -> tuple[str, ...]:
    numbers = (identifier["value"] for identifier in listing.get("identifiers"))
    host = written_host_of(listing.get("website") or "")
    return tuple(filter(None, (listing.get("email"), listing.get("phone"), host, *numbers)))


def _prior(listing: Listing) -> float:
    """How much a listing tells a reader, from 0 to 1: the mean of text length, facts, several sources, a title in several
    languages, and freshness."""
    facts = [bool(listing.get(name)) for name in ("country", "kind", "themes", "website", "place")]
    length = max((len(text) for text in listing.texts.get("description", {}).values()), default=0)
    parts = (
        min(1.0, length / LONG_TEXT_CHARACTERS),
        sum(facts) / len(facts),
        float(sum(source.state == RecordState.SEEN for source in listing.sources) > 1),
        float(len(LANGUAGES.keys() & listing.texts.get("title", {})) > 1),
        float(any(utc_now() - source.last_seen_at < MAX_AGE_OF_FRESH for source in listing.sources)),
    )
    return sum(parts) / len(parts)

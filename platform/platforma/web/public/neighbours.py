"""What stands beside a listing: who runs it, what it runs, what is like it, and what else its source lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.organisation_names import ORGANISATION_KINDS, WORK_KINDS, bare_name, is_same_organisation
from platforma.web.context import services
from platforma.web.kept_pages import leave_out
from platforma.web.public.filters import query_of
from platforma.web.public.overview import newest
from search.port import UNKNOWN, Filter, Query, SearchError
from vocabulary import sort_words

MAX_WORK, MAX_SIMILAR, MAX_OF_PLATFORM = 6, 5, 3
MAX_NAMESAKES = 12
"""So many listings are looked at for one that has a name exactly."""
CANDIDATES = 8
RANK_OFFSET = 10
"""Reciprocal rank fusion: a candidate at rank r of a query adds weight / (RANK_OFFSET + r)."""
MIN_WORD_CHARACTERS, MAX_WORDS = 5, 2
WEIGHT_OF_MEANING = 5.0
"""Beside some five queries by what a listing is, each of a weight of 1 to 2: as much as most of them together."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Listings beside a listing, each group in the order in which it is shown; no listing is in two groups.

    `of_platform` are the newest of the platform with the id `platform_id`, which has `of_platform_total` in all.
    """

    organisation: Listing | None = None
    work: Sequence[Listing] = ()
    similar: Sequence[Listing] = ()
    of_platform: Sequence[Listing] = ()
    of_platform_total: int = 0
    platform_id: str | None = None


def neighbours(listing: Listing, lang: str, own_platform_id: str | None = None) -> Neighbours:
    """The neighbours of a listing for a reader; none while the search engine does not answer, as the page can do without.

    Past events and closed calls are never among them. `own_platform_id` is that of the platform that the listing is of.
    """
    base = replace(query_of(MultiDict(), lang, per_page=CANDIDATES), facets=(), expand=False, relax=False)
    try:
        return _neighbours(listing, base, own_platform_id or _main_platform_id(listing))
    except SearchError:
        leave_out()
        return Neighbours()


def _neighbours(listing: Listing, base: Query, platform_id: str | None) -> Neighbours:
    organisation_ids, work_ids = _ids(_organisation_query(listing, base)), _ids(_work_query(listing, base))
    similar_ids = _similar_ids(listing, base)
    of_platform_ids, total = _of_platform(platform_id)
    by_id = _loaded(listing, (*organisation_ids, *work_ids, *similar_ids, *of_platform_ids))
    organisation = next((by_id[id] for id in organisation_ids if id in by_id and _is_named(by_id[id], listing)), None)
    work = [by_id[id] for id in work_ids if id in by_id and _is_named(listing, by_id[id])][:MAX_WORK]
    shown = {entry.public_id for entry in (organisation, *work) if entry}
    similar = _first(by_id, similar_ids, shown, MAX_SIMILAR)
    of_platform = _first(by_id, of_platform_ids, shown, MAX_OF_PLATFORM)
    return Neighbours(organisation, work, similar, of_platform, total, platform_id)


def _main_platform_id(listing: Listing) -> str | None:
    """The platform that the title is from; that of the first source where people named the listing; None without sources."""
    of_sources = [source.platform_id for source in listing.sources]
    of_titles = [origin for name, origin in listing.origins.items() if name.startswith("title/") and origin in of_sources]
    return next(iter((*of_titles, *of_sources)), None)


def _organisation_query(listing: Listing, base: Query) -> Query | None:
    """The search for the listing of the organisation that runs this one; None where nobody says who that is."""
    name = listing.get("organisation")
    return _named(base, name, (*ORGANISATION_KINDS, UNKNOWN)) if name else None


def _work_query(listing: Listing, base: Query) -> Query | None:
    """The search for what an organisation runs; None for a listing that is no organisation."""
    is_organisation = listing.get("kind") in (*ORGANISATION_KINDS, None)
    return _named(base, listing.title(base.lang).text, WORK_KINDS) if is_organisation else None


def _named(base: Query, name: str, kinds: Sequence[str]) -> Query:
    return replace(base, text=f'"{bare_name(name)}"', filters={"kind": Filter(tuple(kinds))}, per_page=MAX_NAMESAKES)


def _is_named(organisation: Listing, work: Listing) -> bool:
    """Whether a title of the organisation's listing is the name of whoever runs the other one."""
    name = work.get("organisation")
    return name is not None and any(is_same_organisation(name, title) for title in organisation.texts.get("title", {}).values())


def _similar_ids(listing: Listing, base: Query) -> list[str]:
    """The listings that are nearest in meaning, and those that most of the queries for similar ones find, and find early; wider
    queries only where these find few."""
    points: defaultdict[str, float] = defaultdict(float)
    for rank, hit in enumerate(services().engine.like(listing.public_id, base)):
        points[hit.id] += WEIGHT_OF_MEANING / (RANK_OFFSET + rank)
    for queries in (_similar_queries(listing, base), _wider_queries(listing, base)):
        for weight, query in queries:
            for rank, hit in enumerate(services().engine.search(query).hits):
                points[hit.id] += weight / (RANK_OFFSET + rank)
        if len(points) > MAX_SIMILAR:
            break
    return sorted(points, key=lambda id: (-points[id], id))[:CANDIDATES]


def _similar_queries(listing: Listing, base: Query) -> Iterator[tuple[float, Query]]:
    """Queries for similar listings, each with its weight: by themes and kind, in its countries, and by words of the title."""
    themes, kind, countries = listing.get("themes"), listing.get("kind"), listing.get("countries")
    alike = {"theme": Filter(tuple(themes))} if themes else {}
    of_kind = alike | ({"kind": Filter((kind,))} if kind else {})
    if of_kind:
        yield 1.5, replace(base, filters=of_kind | {"language": Filter((base.lang,))})
        yield 1.0, replace(base, filters=of_kind)
    if of_kind and countries:
        yield 2.0, replace(base, filters=of_kind | {"country": Filter(tuple(countries))})
    for word in _telling_words(listing.title(base.lang).text):
        yield 1.0, replace(base, text=word, filters=alike)


def _wider_queries(listing: Listing, base: Query) -> Iterator[tuple[float, Query]]:
    """Queries for listings that are somewhat similar: of the same themes or the same kind, in its countries and elsewhere."""
    themes, kind, countries = listing.get("themes"), listing.get("kind"), listing.get("countries")
    for where in ([{"country": Filter(tuple(countries))}] if countries else []) + [{}]:
        if themes:
            yield 0.5, replace(base, filters=where | {"theme": Filter(tuple(themes))})
        if kind:
            yield 0.3, replace(base, filters=where | {"kind": Filter((kind,))})


def _telling_words(title: str) -> list[str]:
    """The longest words of a title, which say most."""
    words = [word for word in dict.fromkeys(sort_words(title)) if len(word) >= MIN_WORD_CHARACTERS and not word.isdigit()]
    return sorted(words, key=lambda word: (-len(word), word))[:MAX_WORDS]


def _of_platform(platform_id: str | None) -> tuple[list[str], int]:
    """The newest listings of the platform, and how many it has in all."""
    if platform_id is None:
        return [], 0
    page = newest(CANDIDATES, platform=platform_id)
    return [hit.id for hit in page.hits], page.total


def _ids(query: Query | None) -> list[str]:
    return [hit.id for hit in services().engine.search(query).hits] if query else []


def _loaded(listing: Listing, ids: Sequence[str]) -> dict[str, Listing]:
    """The listings by their ids, without the one that they stand beside."""
    others = [id for id in dict.fromkeys(ids) if id != listing.public_id]
    with services().database.connection() as connection:
        return {other.public_id: other for other in listing_queries.listings_by(connection, others)}


def _first(by_id: dict[str, Listing], ids: Sequence[str], shown: set[str], limit: int) -> list[Listing]:
    """The first listings of the ids that are not shown already; they count as shown from then on."""
    chosen = [by_id[id] for id in ids if id in by_id and id not in shown][:limit]
    shown.update(entry.public_id for entry in chosen)
    return chosen

"""The directory as a whole: what a search without words and filters counts, and why there may be nothing to show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from platforma.catalogue import totals
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.platforms import crawled_platforms
from platforma.catalogue.platforms.platform_queries import ListingCounts
from platforma.i18n import current_language
from platforma.web.context import is_curator, services
from platforma.web.public.filters import query_of
from search.port import EngineUnavailable, IndexNotReady, Page


@dataclass(frozen=True, slots=True)
class EmptyDirectory:
    """Why there is nothing to show: all is past, or is being collected; `proposed_platforms` a curator could approve."""

    has_past: bool
    is_collecting: bool
    proposed_platforms: int


def search_for_everything(**parameters: str) -> Page:
    """The search without words, whose counts are those that the results page shows; `parameters` narrow it."""
    return services().engine.search(query_of(MultiDict(parameters), current_language(), per_page=1))


def everything_counted(**parameters: str) -> Page | None:
    """As search_for_everything; None where the engine does not answer."""
    try:
        return search_for_everything(**parameters)
    except (EngineUnavailable, IndexNotReady):
        return None


def soonest(limit: int, **parameters: str) -> list[str]:
    """The public ids of the events or calls of a search that come soonest; none where the engine does not answer."""
    query = replace(query_of(MultiDict({**parameters, "sort": "soonest"}), current_language(), per_page=limit), facets=())
    try:
        return [hit.id for hit in services().engine.search(query).hits]
    except (EngineUnavailable, IndexNotReady):
        return []


def listing_counts(page: Page) -> ListingCounts:
    """How many listings each platform has among those of a search, by its id."""
    return {facet.value: facet.count for facet in page.facets["platform"]}


def empty_directory() -> EmptyDirectory:
    """Why there is nothing to show."""
    with services().database.reading() as session:
        return EmptyDirectory(
            has_past=bool(totals.totals(session).initiatives),
            is_collecting=crawled_platforms.is_collecting(session, utc_now()),
            proposed_platforms=totals.desk_counts(session).proposed_platforms if is_curator() else 0,
        )

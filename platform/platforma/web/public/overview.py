"""The directory as a whole: what a search without words and filters counts, and why there may be nothing to show."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from platforma.catalogue import totals
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.platforms import crawled_platforms
from platforma.catalogue.platforms.platform_queries import ListingCounts
from platforma.i18n import current_language
from platforma.web.context import is_curator, services
from platforma.web.public.filters import query_of
from search.port import Page


@dataclass(frozen=True, slots=True)
class EmptyDirectory:
    """Why there is nothing to show: all is past, or is being collected; `proposed_platforms` a curator could approve."""

    has_past: bool
    is_collecting: bool
    proposed_platforms: int


def search_for_everything() -> Page:
    """The search without words and filters, whose counts are those that the results page shows."""
    return services().engine.search(query_of(MultiDict(), current_language(), per_page=1))


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

"""The directory as a whole: what a search without words and filters counts, and why there may be nothing to show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from platforma.catalogue import totals
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.platforms import crawled_platforms
from platforma.catalogue.platforms.platform_queries import ListingCounts
from platforma.i18n import current_language, today
from platforma.web.context import may_decide, services
from platforma.web.kept_pages import leave_out
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
    return first_and_counts(1, **parameters)


def first_and_counts(limit: int, **parameters: str) -> Page:
    """The first results of a search without words, with its counts. Raises SearchError."""
    return _kept(limit, has_counts=True, **parameters)


def everything_counted(**parameters: str) -> Page | None:
    """As search_for_everything; None where the engine does not answer."""
    try:
        return search_for_everything(**parameters)
    except (EngineUnavailable, IndexNotReady):
        leave_out()
        return None


def soonest(limit: int, **parameters: str) -> list[str]:
    """The public ids of the events or calls of a search that come soonest; none where the engine does not answer."""
    try:
        return [hit.id for hit in _kept(limit, has_counts=False, sort="soonest", **parameters).hits]
    except (EngineUnavailable, IndexNotReady):
        leave_out()
        return []


def newest(limit: int, **parameters: str) -> Page:
    """The newest listings of a search, without counts of filters. Raises SearchError."""
    return _kept(limit, has_counts=False, sort="newest", **parameters)


def listing_counts(page: Page) -> ListingCounts:
    """How many listings each platform has among those of a search, by its id."""
    return {facet.value: facet.count for facet in page.facets["platform"]}


def empty_directory() -> EmptyDirectory:
    """Why there is nothing to show."""
    with services().database.reading() as session:
        return EmptyDirectory(
            has_past=bool(totals.totals(session).initiatives),
            is_collecting=crawled_platforms.is_collecting(session, utc_now()),
            proposed_platforms=totals.proposed_platforms(session) if may_decide() else 0,
        )


def _kept(per_page: int, *, has_counts: bool, **parameters: str) -> Page:
    """The first page of a search that many pages of the site need, kept for a day or until the index changes."""
    asked = ("page", tuple(parameters.items()), current_language(), today(), per_page, has_counts)
    return services().until_change(asked, lambda: _found(per_page, has_counts=has_counts, **parameters))


def _found(per_page: int, *, has_counts: bool, **parameters: str) -> Page:
    query = query_of(MultiDict(parameters), current_language(), per_page=per_page)
    return services().engine.search(query if has_counts else replace(query, facets=()))

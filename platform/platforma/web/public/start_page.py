"""The view model of the start page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from flask import url_for

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.i18n import fixed_url, today
from platforma.web.public.browse import BrowseLink, browse_links
from platforma.web.public.geography.region_map import RegionMap, region_map
from platforma.web.public.overview import EmptyDirectory, empty_directory
from platforma.web.public.rows import Row, row
from platforma.web.public.search_addresses import search_address
from platforma.web.public.site_json_ld import site_json_ld
from search.port import Page
from vocabulary import load

MAX_SOON, MAX_NEWEST = 4, 6
EVENTS = {"kind": "event", "when": "upcoming"}
CALLS = {"kind": "funding", "when": "open"}
"""The searches for what comes soonest."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What the start page shows of the catalogue: events and calls that come soonest, what is new, and all platforms."""

    events: Sequence[Listing]
    calls: Sequence[Listing]
    newest: Sequence[Listing]
    platforms: Sequence[PlatformCard]


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start page: `examples` are (question, address) in `examples_lang`, `updated_at` the end of the last
    good crawl in UTC.

    Without the engine (`is_searchable`) there are no counts to browse by. `nothing` says why nothing is listed, and is None
    where something is.
    """

    is_searchable: bool
    initiatives: int
    updated_at: datetime | None
    kinds: Sequence[BrowseLink]
    themes: Sequence[BrowseLink]
    countries: Sequence[BrowseLink]
    platforms: Sequence[BrowseLink]
    region: RegionMap | None
    events: Sequence[Row]
    events_url: str
    calls: Sequence[Row]
    calls_url: str
    newest: Sequence[Row]
    examples: Sequence[tuple[str, str]]
    examples_lang: str
    nothing: EmptyDirectory | None
    json_ld: str


def start_page(page: Page | None, lists: Lists, initiatives: int, updated_at: datetime | None, lang: str) -> StartPage:
    """The view model of the start page; `page` is the search for everything, None where the engine does not answer."""
    examples_lang, examples = load().example_searches(lang)
    kinds, themes, countries = ([] if page is None else browse_links(name, page, lang) for name in ("kind", "theme", "country"))
    return StartPage(
        is_searchable=page is not None,
        initiatives=initiatives,
        updated_at=updated_at,
        kinds=kinds,
        themes=themes,
        countries=countries,
        platforms=[_platform_link(card) for card in sorted(lists.platforms, key=lambda card: -card.initiatives)],
        region=None if page is None else region_map(page.facets["country"], lang, partial(search_address, "country")),
        events=_rows(lists.events, lang),
        events_url=_search(EVENTS),
        calls=_rows(lists.calls, lang),
        calls_url=_search(CALLS),
        newest=_rows(lists.newest, lang),
        examples=[(words, url_for("directory.search", q=words)) for words in examples],
        examples_lang=examples_lang,
        nothing=None if initiatives else empty_directory(),
        json_ld=site_json_ld(updated_at),
    )


def _search(parameters: Mapping[str, str]) -> str:
    return f"{fixed_url('directory.search')}?{urlencode(parameters)}"


def _rows(listings: Sequence[Listing], lang: str) -> list[Row]:
    return [row(listing, lang, today=today()) for listing in listings]


def _platform_link(card: PlatformCard) -> BrowseLink:
    address = url_for("directory.platform", public_id=card.public_id, slug=card.slug)
    return BrowseLink(card.id, card.title, card.initiatives, address)

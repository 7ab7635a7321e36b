"""The view models of a platform: its line in the list of platforms, and its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from crawlers.values.addresses import written_host_of
from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.i18n import fixed_url, today
from platforma.i18n import gettext as _
from platforma.web.public.browse import BrowseLink, browse_links
from platforma.web.public.embed.places import Place, places
from platforma.web.public.json_ld import crumbs_json_ld
from platforma.web.public.monograms import Monogram, monogram
from platforma.web.public.pictures import Picture, shown_picture
from platforma.web.public.rows import Row, row
from platforma.web.public.take.take_along import own_data
from search.port import Filter, Page, Query

MAX_NEWEST = 6


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A platform in the list: `host` is where its site is, empty where it has none; `read_at`, in UTC, when it was last tried."""

    url: str
    title: str
    monogram: Monogram
    host: str
    initiatives: int
    licence: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue knows of a platform: the listing that it is itself, its newest listings, the end of its last good
    crawl in UTC, and whether it was shown that its people run the site."""

    card: PlatformCard
    own: Listing | None
    newest: Sequence[Listing]
    read_at: datetime | None
    is_proven: bool


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """The page of a platform. `about` is what it says of itself; `read_at` is the end of the last good crawl in UTC.

    `logo` is the picture of the listing that the platform itself is; a monogram stands for one that has none. Browsing leads to
    searches within the platform; where the engine does not answer there is none. `places` are its pages elsewhere, `data` what
    programs can read of its listings, both as (label, address). `json_ld` is safe inside a script element.
    """

    line: PlatformLine
    logo: Picture | None
    site_url: str
    about: Text | None
    read_at: datetime | None
    is_proven: bool
    kinds: Sequence[BrowseLink]
    countries: Sequence[BrowseLink]
    themes: Sequence[BrowseLink]
    newest: Sequence[Row]
    all_url: str
    places: Sequence[Place]
    data: Sequence[tuple[str, str]]
    widget_url: str
    badge_url: str
    report_url: str
    removal_url: str
    json_ld: str


def platform_line(card: PlatformCard) -> PlatformLine:
    """A platform as a line of the list."""
    return PlatformLine(
        url=url_for("directory.platform", public_id=card.public_id, slug=card.slug),
        title=card.title,
        monogram=monogram(card.title, card.public_id),
        host=written_host_of(card.url),
        initiatives=card.initiatives,
        licence=card.licence,
        read_at=card.last_crawl.ended_at if card.last_crawl else None,
    )


def platform_page(known: Known, page: Page | None, lang: str) -> PlatformPage:
    """The page of a platform; `page` is the search for its listings, None where the engine does not answer."""
    card, own = known.card, known.own
    kinds, countries, themes = (
        [] if page is None else browse_links(name, page, lang, platform=card.id) for name in ("kind", "country", "theme")
    )
    line = platform_line(card)
    return PlatformPage(
        line=line if page is None else replace(line, initiatives=page.total),
        logo=shown_picture(own, "thumb") if own else None,
        site_url=card.url,
        about=(own.shown("summary", lang) or own.shown("description", lang)) if own else None,
        read_at=known.read_at,
        is_proven=known.is_proven,
        kinds=kinds,
        countries=countries,
        themes=themes,
        newest=[row(listing, lang, today=today()) for listing in known.newest],
        all_url=url_for("directory.search", platform=card.id),
        places=places(own, but=card.id) if own else [],
        data=own_data(Query(lang=lang, filters={"platform": Filter((card.id,))})) if line.initiatives else [],
        widget_url=url_for("embed.configurator", platform=card.id),
        badge_url=url_for("badge.page", platform=card.public_id),
        report_url=url_for("corrections.report_platform", public_id=card.public_id),
        removal_url=url_for("corrections.report_platform", public_id=card.public_id, topic="removal"),
        json_ld=crumbs_json_ld([(_("Platforms"), fixed_url("directory.platforms")), (line.title, line.url)]),
    )

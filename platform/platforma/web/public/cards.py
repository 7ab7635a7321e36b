"""What the cards of pages say that are shown where the pages are shared."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from crawlers.values.addresses import written_host_of
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.i18n import current_language, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.drawing.card import Card
from platforma.web.public.rows import place_text, vocabulary_label
from platforma.web.public.search_titles import search_title
from search.port import Query


def site_card() -> Card:
    """The card of every page that has none of its own."""
    return _card(_("Social innovation around the Baltic Sea"), "", _("Organisations, projects, funding and events in one place"))


def listing_card(listing: Listing) -> Card:
    """The card of a listing: its title, kind and place."""
    lang = current_language()
    return _card(listing.title(lang).text, vocabulary_label("kind", listing.get("kind"), lang), place_text(listing, lang))


def platform_card(platform: PlatformCard) -> Card:
    """The card of a platform: its title and where it is on the web."""
    badge = vocabulary_label("kind", "platform", current_language())
    return _card(platform.title, badge, written_host_of(platform.url) if platform.url else "")


def search_card(query: Query, total: int, platforms: dict[str, str]) -> Card:
    """The card of a search: what it shows by its filters, and how many; `platforms` are titles by id.

    Words that a reader typed are never drawn: a card would show anything that somebody puts into an address.
    """
    if query.text or not (query.filters or query.when != "current"):
        return site_card()
    line = ngettext("%(number)s result", "%(number)s results", total, number=number(total))
    return _card(search_title(query, platforms), "", line)


def shared_query(query: Query) -> Query:
    """The part of a query that its card depends on."""
    return Query() if query.text else replace(query, page=1, sort="relevance", near=None, area=None, expand=True)


def _card(title: str, badge: str, line: str) -> Card:
    badge = badge[:1].upper() + badge[1:]
    return Card(title, badge, line, _("Platform of Platforms"), urlsplit(services().settings.base_url).netloc)

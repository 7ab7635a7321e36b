"""What a widget shows: the results of its search as lines, and the words around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, fixed_url, ngettext, number, today
from platforma.i18n import gettext as _
from platforma.web.context import absolute, services
from platforma.web.public.listing_dates import period
from platforma.web.public.row_dates import deadline
from platforma.web.public.rows import listing_url, place_text, vocabulary_label
from platforma.web.public.search_addresses import query_address
from platforma.web.public.search_titles import search_title
from platforma.web.public.take.licences import licence_of
from search.port import Query


@dataclass(frozen=True, slots=True)
class Line:
    """A result: `lang` is the BCP 47 tag of its title where that is not in the reader's language. `facts` are kind, place and
    date, `credit` is where it is from and under which licence; `url` is absolute."""

    title: str
    lang: str | None
    url: str
    facts: str
    credit: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The results of a widget's search; `title` says what they are, `found` how many, `more_url` leads to all of them."""

    title: str
    found: str
    lines: Sequence[Line]
    more_url: str


def lines(query: Query) -> Lines:
    """The first results of a query, as many as it has on a page. Raises SearchError."""
    page = services().engine.search(query)
    with services().database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
        platforms, licences = platform_queries.platform_titles(session), platform_queries.platform_licences(session)
    day = query.today or today()
    return Lines(
        title=search_title(query, platforms),
        found=ngettext("%(number)s result", "%(number)s results", page.total, number=number(page.total)),
        lines=[_line(listing, query.lang, day, licences) for listing in listings],
        more_url=absolute(query_address(query)),
    )


def words() -> Mapping[str, str]:
    """What the widget says beside its results, in the reader's language."""
    return {
        "field": _("Search initiatives"),
        "button": _("Search"),
        "more": _("All results"),
        "failed": _("Search is not available at the moment"),
        "site": _("Platform of Platforms"),
        "site_url": absolute(fixed_url("directory.start")),
        "lang": current_language(),
    }


def _line(listing: Listing, lang: str, day: date, licences: Mapping[str, str]) -> Line:
    title = listing.title(lang)
    facts = (vocabulary_label("kind", listing.get("kind"), lang), place_text(listing, lang), _date(listing, day))
    return Line(
        title=title.text,
        lang=title.lang if title.lang != lang else None,
        url=absolute(listing_url(listing)),
        facts=" · ".join(filter(None, facts)),
        credit=_credit(listing, licence_of(listing, licences)),
    )


def _date(listing: Listing, day: date) -> str:
    """When an event is, or until when a call can be answered; empty for other kinds."""
    if listing.get("kind") == "event":
        return period(listing)
    last = deadline(listing, day) if listing.get("kind") == "funding" else None
    return last.text if last else ""


def _credit(listing: Listing, licence: str | None) -> str:
    titles = ", ".join(dict.fromkeys(source.platform_title for source in listing.sources))
    sources = _("From: %(sources)s", sources=titles) if titles else ""
    return " · ".join(filter(None, (sources, _("licence: %(licence)s", licence=licence) if licence else "")))

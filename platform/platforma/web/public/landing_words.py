"""The words of a landing page: its numbers in sentences, and its description for search engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import day, joined, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.public.browse import known_counts, value_label
from platforma.web.public.landings import Chosen
from platforma.web.public.rows import shorten
from search.port import ENDING_KINDS, Page

MAX_VALUES = 5
MAX_DESCRIPTION_CHARACTERS = 200


def sentences(chosen: Chosen, page: Page, listings: Sequence[Listing], lang: str) -> list[str]:
    """How many there are and from where, of which kinds, themes and places, and since when; one sentence for each.

    `listings` are those shown, the newest first where they have no dates of their own.
    """
    return [_how_many(page), *_frequent_values(chosen, page, lang), *_latest(chosen, listings)]


def description(heading: str, told: Sequence[str]) -> str:
    """What search engines show under the page's title."""
    return shorten(f"{heading}. {' '.join(told)}", MAX_DESCRIPTION_CHARACTERS)


def _how_many(page: Page) -> str:
    initiatives = ngettext("%(number)s initiative", "%(number)s initiatives", page.total, number=number(page.total))
    sources = ngettext("from %(num)s platform", "from %(num)s platforms", len(known_counts("platform", page)))
    return _("In the directory: %(initiatives)s %(sources)s.", initiatives=initiatives, sources=sources)


def _frequent_values(chosen: Chosen, page: Page, lang: str) -> Iterator[str]:
    """A sentence for each filter that is not chosen and has known values; towns only within a country."""
    sayings: dict[str, Callable[[str], str]] = {
        "kind": lambda values: _("Kinds: %(values)s.", values=values),
        "theme": lambda values: _("Main themes: %(values)s.", values=values),
        "place" if "country" in chosen else "country": lambda values: _("Places: %(values)s.", values=values),
    }
    for name, saying in sayings.items():
        known = known_counts(name, page)[:MAX_VALUES]
        if known and name not in chosen:
            yield saying(joined([f"{value_label(name, value, lang)} ({number(count)})" for value, count in known]))


def _latest(chosen: Chosen, listings: Sequence[Listing]) -> Iterator[str]:
    """When the newest was added; listings with dates of their own come in the order of these."""
    if chosen.get("kind") not in ENDING_KINDS and listings and listings[0].published_at:
        yield _("Latest addition: %(day)s.", day=day(listings[0].published_at))

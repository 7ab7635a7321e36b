"""Which landing pages there are: kinds, themes, countries, and the kinds and themes within each country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from platforma.i18n import current_language, fixed_url, today
from platforma.web.context import services
from platforma.web.public.browse import known_counts
from platforma.web.public.filters import query_of
from search.port import Page, Query

MIN_LISTINGS = 5
"""With fewer listings a page of its own says no more than they do: search engines are asked to leave it out."""
LANDING = "directory.landing"
SHAPES = (("kind",), ("theme",), ("country",), ("kind", "country"), ("theme", "country"))
"""The filters that landing pages are made for, one value of each."""
Chosen = Mapping[str, str]
"""Value by filter, in the order of SHAPES."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A landing page that search engines may keep, with the number of its listings."""

    chosen: Chosen
    total: int


def landing_query(chosen: Chosen, lang: str, *, per_page: int = 1) -> Query:
    """The search that a landing page shows: the one that the same parameters ask for."""
    return query_of(MultiDict(chosen), lang, per_page=per_page)


def landing_address(chosen: Chosen) -> str:
    """The address of a landing page in the reader's language, without a host; `chosen` has one of SHAPES."""
    return url_for(LANDING, **address_values(chosen))


def address_values(chosen: Chosen) -> dict[str, Any]:
    """The parts of a landing page's address: codes of countries in small letters."""
    return {name: value.lower() if name == "country" else value for name, value in chosen.items()}


def narrowed_address(chosen: Chosen, total: int) -> str:
    """Where the listings with these values are shown: at their landing page where there are enough, else by a search."""
    if total >= MIN_LISTINGS and tuple(sorted(chosen)) in {tuple(sorted(shape)) for shape in SHAPES}:
        return landing_address(chosen)
    return f"{fixed_url('directory.search')}?{urlencode(dict(chosen))}"


def landings() -> Sequence[Landing]:
    """All landing pages that have enough listings: those of one value, then the kinds and themes of each country.

    Kept until the index changes, as this takes a search for each country. Raises SearchError.
    """
    return services().until_change(("landings", today()), lambda: list(_landings()))


def _landings() -> Iterator[Landing]:
    everything = _counted({})
    for name in ("kind", "theme", "country"):
        yield from _enough(everything, {}, name)
    for country in _enough(everything, {}, "country"):
        within = _counted(country.chosen)
        for name in ("kind", "theme"):
            yield from _enough(within, country.chosen, name)


def _counted(chosen: Chosen) -> Page:
    return services().engine.search(landing_query(chosen, current_language()))


def _enough(page: Page, chosen: Chosen, name: str) -> Iterator[Landing]:
    """The landing pages of the values of one filter that enough of the listings of a search have."""
    for value, count in known_counts(name, page):
        if count >= MIN_LISTINGS:
            yield Landing({name: value, **chosen}, count)

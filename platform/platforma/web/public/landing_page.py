"""The view models of landing pages and of the page that lists them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import fixed_url, today
from platforma.i18n import gettext as _
from platforma.web.public.browse import BrowseLink, known_counts, value_label
from platforma.web.public.json_ld import Crumb, crumbs_json_ld
from platforma.web.public.landing_words import description, sentences
from platforma.web.public.landings import MIN_LISTINGS, Chosen, Landing, landing_address, landing_query, narrowed_address
from platforma.web.public.rows import Row, row
from platforma.web.public.search_addresses import query_address
from platforma.web.public.search_titles import search_title
from search.port import Page, Query
from vocabulary import load

MAX_ROWS = 10


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ways on from a landing page along one filter."""

    heading: str
    links: Sequence[BrowseLink]


@dataclass(frozen=True, slots=True)
class LandingPage:
    """A landing page: `sentences` tell its numbers, `neighbours` lead to narrower pages and to those beside it.

    `about` is what curators say of its theme or kind, empty where they say nothing. `is_indexed` is False where there are too
    few listings. The addresses are those of the same search in its other forms.
    """

    heading: str
    description: str
    is_indexed: bool
    total: int
    query: Query
    crumbs: Sequence[Crumb]
    about: str
    sentences: Sequence[str]
    rows: Sequence[Row]
    next_event: Row | None
    neighbours: Sequence[Neighbours]
    search_url: str
    map_url: str
    mail_url: str
    table_url: str
    feed_url: str
    json_ld: str


@dataclass(frozen=True, slots=True)
class BrowseCountry:
    """What there is of one country: the page of the country, of its kinds and of its themes."""

    country: BrowseLink
    kinds: Sequence[BrowseLink]
    themes: Sequence[BrowseLink]


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """All landing pages: those of kinds, of themes, and of countries with what is within each."""

    kinds: Sequence[BrowseLink]
    themes: Sequence[BrowseLink]
    countries: Sequence[BrowseCountry]


def landing_page(chosen: Chosen, query: Query, page: Page, listings: Sequence[Listing], events: Sequence[Listing]) -> LandingPage:
    """The view model of a landing page; `page` are its results, `events` the next of its events, none or one."""
    heading = search_title(query, {})
    told = sentences(chosen, page, listings, query.lang)
    crumbs = _crumbs(chosen, query.lang)
    return LandingPage(
        heading=heading,
        description=description(heading, told),
        is_indexed=page.total >= MIN_LISTINGS,
        total=page.total,
        query=query,
        crumbs=crumbs,
        about=_about(chosen, query.lang),
        sentences=told,
        rows=[row(listing, query.lang, today=today()) for listing in listings],
        next_event=next((row(event, query.lang, today=today()) for event in events), None),
        neighbours=list(_neighbours(chosen, page, query.lang)),
        search_url=query_address(query),
        map_url=query_address(query, "directory.map"),
        mail_url=query_address(query, "subscriptions.subscribe"),
        table_url=query_address(query, "take.export", format="xlsx"),
        feed_url=query_address(query, "take.export", format="atom"),
        json_ld=crumbs_json_ld([*crumbs, (heading, landing_address(chosen))]),
    )


def browse_page(landings: Sequence[Landing], lang: str) -> BrowsePage:
    """The view model of the page that lists the landing pages."""
    return BrowsePage(
        kinds=_listed(landings, ("kind",), lang),
        themes=_listed(landings, ("theme",), lang),
        countries=[
            BrowseCountry(country, _within(landings, "kind", country.id, lang), _within(landings, "theme", country.id, lang))
            for country in _listed(landings, ("country",), lang)
        ],
    )


def _listed(landings: Sequence[Landing], shape: tuple[str, ...], lang: str) -> list[BrowseLink]:
    return [_link(landing, shape[0], lang) for landing in landings if tuple(landing.chosen) == shape]


def _within(landings: Sequence[Landing], name: str, country: str, lang: str) -> list[BrowseLink]:
    found = (landing for landing in landings if tuple(landing.chosen) == (name, "country"))
    return [_link(landing, name, lang) for landing in found if landing.chosen["country"] == country]


def _link(landing: Landing, name: str, lang: str) -> BrowseLink:
    value = landing.chosen[name]
    return BrowseLink(value, value_label(name, value, lang), landing.total, landing_address(landing.chosen))


def _about(chosen: Chosen, lang: str) -> str:
    """What curators say of the theme or kind of a page that is of nothing else."""
    name, id = next(iter(chosen.items()))
    term = load().term(name, id) if len(chosen) == 1 else None
    return term.descriptions.get(lang, "") if term else ""


def _crumbs(chosen: Chosen, lang: str) -> list[Crumb]:
    """The way to a landing page: the page that lists them all, then for a pair the page of its first value."""
    way = [(_("Browse"), fixed_url("directory.browse"))]
    if len(chosen) > 1:
        first = dict(list(chosen.items())[:1])
        way.append((search_title(landing_query(first, lang), {}), landing_address(first)))
    return way


def _neighbours(chosen: Chosen, page: Page, lang: str) -> Iterator[Neighbours]:
    """Pages beside this one, which have another value of a filter that is chosen, and narrower ones."""
    narrower = {"country": _("Countries"), "kind": _("Kinds"), "theme": _("Themes")}
    others = {"country": _("Other countries"), "kind": _("Other kinds"), "theme": _("Other themes")}
    for name, heading in {**narrower, **{name: others[name] for name in chosen}}.items():
        if links := list(_links(name, chosen, page, lang)):
            yield Neighbours(heading, links)


def _links(name: str, chosen: Chosen, page: Page, lang: str) -> Iterator[BrowseLink]:
    for value, count in known_counts(name, page):
        if value != chosen.get(name):
            yield BrowseLink(value, value_label(name, value, lang), count, narrowed_address({**chosen, name: value}, count))

"""View models: what each page is handed, so that templates hold no logic beyond loops and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from markupsafe import Markup, escape

from platforma.catalogue.errors import N_
from platforma.catalogue.listings.listing import INTERFACE_LANGUAGES, Listing, Source, Text
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.totals import Totals
from platforma.i18n import fixed_url, instant, language_name
from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, SORTS, Choice, FilterDefinition, choices, heading, label_of
from search.port import Filter, Page, Query, RelaxationStep
from search.query.highlighting import Highlighter, Segment
from vocabulary import load

EXCERPT = 300
NEVER_TOUCHED = Filter()
NO_HIGHLIGHTS = Highlighter()
MAX_NAMES_SHOWN = 6
DATES = ("start_date", "end_date")
BASES = {"legal form ": N_("legal form %(what)s"), "schema.org type ": N_("schema.org type %(what)s"),
         "town ": N_("the town %(what)s")}  # fmt: skip
"""By how a record's note of what a value was concluded from begins."""
BASIC_FIELDS = {
    "title": N_("the name"), "legal_name": N_("the name in the register"), "address": N_("the address"), "place": N_("the place"),
}  # fmt: skip
"""By the field that a record's note names as a whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """A listing in a list."""

    url: str
    title: Text
    title_marked: Markup
    summary: Text | None
    summary_marked: Markup
    facts: str
    sources: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen value that can be taken away."""

    label: str
    without_url: str
    is_excluded: bool


@dataclass(frozen=True, slots=True)
class FilterBox:
    """A filter's values on the results page."""

    name: str
    heading: str
    choices: Sequence[Choice]
    without_base: str


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What would be found (`total`) by a query that leaves something out: a filter's name, `filters` or `past`."""

    left_out: str
    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The results, or what to do when there are none."""

    query: Query
    total: int
    rows: Sequence[Row]
    boxes: Sequence[FilterBox]
    chips: Sequence[Chip]
    sorts: Sequence[tuple[str, str, bool]]
    previous_url: str | None
    next_url: str | None
    share_url: str
    clear_url: str
    exact_url: str
    also_called: Sequence[str]
    relaxation: RelaxationStep | None
    did_you_mean: tuple[str, str] | None
    relaxed: Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value of a listing; `origin` says where it is from, `derived` what it was concluded from."""

    label: str
    value: str
    origin: str
    derived: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One listing."""

    listing: Listing
    title: Text
    summary: Text | None
    description: Text | None
    other_language: str | None
    facts: Sequence[Fact]
    website: str | None
    sources: Sequence[Source]
    json_ld: str
    contact: str


@dataclass(frozen=True, slots=True)
class EmptyDirectory:
    """Why there is nothing to show: all of it is past, or is being collected now; what a curator could approve."""

    has_past: bool
    is_collecting: bool
    proposed_platforms: int


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start page; browsing lists are of (label, count, address). `nothing` is None where there is something."""

    totals: Totals
    browse: Mapping[str, Sequence[tuple[str, int, str]]]
    newest: Sequence[Row]
    platforms: Sequence[PlatformCard]
    examples: Sequence[tuple[str, str]]
    nothing: EmptyDirectory | None


def row(listing: Listing, lang: str, highlighter: Highlighter = NO_HIGHLIGHTS) -> Row:
    """A listing as a row of a list, with what matched marked, in a text that matched where there is one."""
    countries = [listing.get("country")] if listing.get("country") else listing.get("countries")
    place = ", ".join(filter(None, (listing.get("place"), *(_label("country", one, lang) for one in countries))))
    sectors = ", ".join(_label("sector", one, lang) for one in listing.get("sectors"))
    facts = " · ".join(filter(None, (_label("kind", listing.get("kind"), lang), place, sectors)))
    title = listing.title(lang)
    summary = _telling(listing, title, lang, highlighter)
    return Row(
        listing_url(listing),
        title,
        _marked(highlighter.segments(title.text, title.lang)),
        summary,
        _marked(highlighter.excerpt(summary.text, summary.lang, EXCERPT)) if summary else Markup(),
        facts,
        ", ".join(dict.fromkeys(source.platform_title for source in listing.sources)),
    )


def _telling(listing: Listing, title: Text, lang: str, highlighter: Highlighter) -> Text | None:
    """The text that tells why a listing was found: the shown summary, unless only another text than it or the title matched."""
    shown = listing.shown("summary", lang)
    if highlighter is NO_HIGHLIGHTS or any(text and highlighter.has_match(text.text, text.lang) for text in (title, shown)):
        return shown
    first = (lang, *INTERFACE_LANGUAGES)
    for name in ("summary", "description"):
        texts = listing.texts.get(name) or {}
        for code in dict.fromkeys((*first, *sorted(texts))):
            if code in texts and highlighter.has_match(texts[code], code):
                return Text(texts[code], None if code == "und" else code)
    return shown


def _marked(found: Iterable[Segment]) -> Markup:
    """Escaped text with its matches in mark elements."""
    pieces = [f"<mark>{escape(text)}</mark>" if is_match else escape(text) for text, is_match in found]
    return Markup("".join(pieces))  # noqa: S704 - escaped here


def listing_url(listing: Listing) -> str:
    """The listing's address in the reader's language; ids and slugs are made of letters that stand in addresses."""
    return f"{fixed_url('directory.start')}initiatives/{listing.public_id}/{listing.slug}"


def results_page(
    query: Query, page: Page, listings: Sequence[Listing], platforms: dict[str, str], relaxed: Sequence[Relaxation] = ()
) -> ResultsPage:
    """Everything of the results page; `relaxed` is what would be found with less."""
    last = min(page.total, 10_000)
    first_url = _address(query, page=1)
    highlighter = Highlighter(page.highlight_tokens) if page.highlight_tokens else NO_HIGHLIGHTS
    meant = page.did_you_mean
    return ResultsPage(
        query=query,
        total=page.total,
        rows=[row(listing, query.lang, highlighter) for listing in listings],
        boxes=[_box(one, page, query, platforms, first_url) for one in FILTERS],
        chips=list(_chips(query, platforms)),
        sorts=[(_sort_label(one), _address(query, sort=one, page=1), one == query.sort) for one in SORTS],
        previous_url=_address(query, page=query.page - 1) if query.page > 1 else None,
        next_url=_address(query, page=query.page + 1) if query.page * query.per_page < last else None,
        share_url=first_url,
        clear_url=url_for("directory.search", q=query.text or None),
        exact_url=_address(query, page=1, expand=not query.expand),
        also_called=page.also_called[:MAX_NAMES_SHOWN],
        relaxation=page.relaxation,
        did_you_mean=(meant, _address(query, text=meant, page=1)) if meant else None,
        relaxed=[(_relaxed_label(one, query, platforms), _address(one.query, page=1), one.total) for one in relaxed],
    )


def listing_page(listing: Listing, lang: str, json_ld: str, contact: str, platforms: dict[str, str]) -> ListingPage:
    """Everything of a listing's page."""
    description = listing.shown("description", lang)
    if description and not listing.full_text_allowed:
        description = Text(shorten(description.text), description.lang)
    title = listing.title(lang)
    main = description or listing.shown("summary", lang) or title
    return ListingPage(
        listing=listing,
        title=title,
        summary=listing.shown("summary", lang),
        description=description,
        other_language=language_name(main.lang) if main.lang and main.lang != lang else None,
        facts=list(_facts(listing, lang, platforms)),
        website=listing.get("website"),
        sources=listing.sources,
        json_ld=json_ld,
        contact=contact,
    )


def shorten(text: str, most: int = EXCERPT) -> str:
    """At most so many characters, cut at a word."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def query_string(query: Query, **changes: Any) -> str:
    """The parameters of a query's address, without those that stand for themselves."""
    asked = replace(query, **changes)
    pairs: list[tuple[str, str]] = [("q", asked.text)] if asked.text else []
    for name, chosen in asked.filters.items():
        pairs += [(name, value) for value in chosen.any_of] + [(name, f"-{value}") for value in chosen.none_of]
    pairs += [("sort", asked.sort)] if asked.sort != "relevance" else []
    pairs += [("past", "1")] if asked.include_past else []
    pairs += [("exact", "1")] if not asked.expand else []
    pairs += [("page", str(asked.page))] if asked.page > 1 else []
    return urlencode(pairs)


def _address(query: Query, **changes: Any) -> str:
    return f"{fixed_url('directory.search')}?{query_string(query, **changes)}".rstrip("?")


def _box(definition: FilterDefinition, page: Page, query: Query, platforms: dict[str, str], base: str) -> FilterBox:
    chosen = query.filters.get(definition.name, NEVER_TOUCHED)
    counts = page.facets.get(definition.name, ())
    listed = choices(definition.name, counts, chosen, query.lang, platforms)
    return FilterBox(definition.name, heading(definition), listed, f"{base}{'&' if '?' in base else '?'}{definition.name}=-")


def _chips(query: Query, platforms: dict[str, str]) -> Sequence[Chip]:
    found = []
    for name, chosen in query.filters.items():
        for value, is_excluded in [(v, False) for v in chosen.any_of] + [(v, True) for v in chosen.none_of]:
            rest = Filter(
                tuple(v for v in chosen.any_of if v != value or is_excluded),
                tuple(v for v in chosen.none_of if v != value or not is_excluded),
            )
            others = {n: f for n, f in {**query.filters, name: rest}.items() if f.any_of or f.none_of}
            label = label_of(name, value, query.lang, platforms)
            found.append(Chip(label, _address(query, filters=others, page=1), is_excluded))
    return found


def relaxations(query: Query) -> Iterator[tuple[str, Query]]:
    """What may be left out when nothing was found: each filter, all filters, the past; with the query that is left."""
    for name in query.filters:
        yield name, replace(query, filters={n: chosen for n, chosen in query.filters.items() if n != name}, page=1)
    if len(query.filters) > 1:
        yield "filters", replace(query, filters={}, page=1)
    if not query.include_past:
        yield "past", replace(query, include_past=True, page=1)


def _relaxed_label(one: Relaxation, query: Query, platforms: dict[str, str]) -> str:
    if one.left_out == "past":
        return _("Also past events and closed calls")
    if one.left_out == "filters":
        return _("Search without any filter")
    chosen = query.filters[one.left_out]
    labels = ", ".join(label_of(one.left_out, value, query.lang, platforms) for value in (*chosen.any_of, *chosen.none_of))
    return _("Search without the filter “%(label)s”", label=labels)


def _sort_label(sort: str) -> str:
    return {"relevance": _("relevance"), "newest": _("newest"), "name": _("name")}[sort]


def _facts(listing: Listing, lang: str, platforms: dict[str, str]) -> Sequence[Fact]:
    vocabulary_fields = (
        (_("Kind"), "kind", "kind"),
        (_("Country"), "countries", "country"),
        (_("Sector"), "sectors", "sector"),
        (_("Theme"), "themes", "theme"),
    )
    found = []
    for label, name, dimension in vocabulary_fields:
        values = listing.get(name) or ()
        shown = [_label(dimension, one, lang) for one in ([values] if isinstance(values, str) else values)]
        if shown:
            found.append(Fact(label, ", ".join(shown), _origin(listing, name, platforms), _derived(listing, name)))
    plain = (
        (_("Place"), "place"),
        (_("Address"), "address"),
        (_("Legal form"), "legal_form"),
        (_("Begins"), "start_date"),
        (_("Ends"), "end_date"),
        (_("E-mail"), "email"),
        (_("Telephone"), "phone"),
    )
    for label, name in plain:
        if value := listing.get(name):
            said = instant(value) if name in DATES else value
            found.append(Fact(label, said, _origin(listing, name, platforms), _derived(listing, name)))
    return found


def _derived(listing: Listing, name: str) -> str | None:
    """What a field's value was concluded from; None where somebody says it."""
    if name == "countries" and listing.origins.get(name) not in ("curator", "owner"):
        return _basis(listing.derived.get("country"))
    return _basis(listing.derived.get(name))


def _basis(concluded_from: str | None) -> str | None:
    """What a value was concluded from, in the reader's language; names of schema.org and words of the source stay."""
    for begins, message in BASES.items():
        if concluded_from and concluded_from.startswith(begins):
            return _(message, what=concluded_from.removeprefix(begins))
    return _(BASIC_FIELDS[concluded_from]) if concluded_from in BASIC_FIELDS else concluded_from


def _origin(listing: Listing, name: str, platforms: dict[str, str]) -> str:
    origin = listing.origins.get(name, "")
    return {"curator": _("our curators"), "owner": _("the organisation itself")}.get(origin, platforms.get(origin, origin))


def _label(dimension: str, id: str | None, lang: str) -> str:
    return load().label(dimension, id, lang) if id else ""

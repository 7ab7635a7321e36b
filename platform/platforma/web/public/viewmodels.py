"""View models of the public pages: all that a template shows, so that templates need no logic but loops and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import url_for
from markupsafe import Markup, escape

from crawlers.basis import BasisKind
from platforma.catalogue.listings.listing import Listing, Source, Text
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.shapes import LineField, TextListField
from platforma.catalogue.totals import Totals
from platforma.i18n import fixed_url, instant, language_name
from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, NO_FILTER, SORTS, Choice, FilterDefinition, choices, heading, label_of
from search.port import MAX_RESULTS, Filter, Page, Query, RelaxationStep
from search.query.highlighting import Highlighter, Segment
from vocabulary import FIELD_DIMENSIONS, load
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

MAX_EXCERPT_CHARACTERS = 300
NO_HIGHLIGHTS = Highlighter()
MAX_NAMES_SHOWN = 6
DATES = ("start_date", "end_date")
BASIS_LABELS = {
    BasisKind.LEGAL_FORM: N_("legal form %(what)s"),
    BasisKind.SCHEMA_TYPE: N_("schema.org type %(what)s"),
    BasisKind.TOWN: N_("the town %(what)s"),
}
BASIS_FIELD_LABELS = {
    "title": N_("the name"), "legal_name": N_("the name in the register"), "address": N_("the address"), "place": N_("the place"),
}  # fmt: skip
"""The labels of bases that are a field as a whole (BasisKind.FIELD)."""


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
    """A chosen value of a filter, with the address of the search without it."""

    label: str
    without_url: str
    is_excluded: bool


@dataclass(frozen=True, slots=True)
class FilterBox:
    """A filter of the results page. `without_base` and a value are the address of the search that excludes the value."""

    name: str
    heading: str
    choices: Sequence[Choice]
    without_base: str


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A wider query and how many it finds; `left_out` is a filter's name, `filters` for all of them, or `past`."""

    left_out: str
    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The results, or what to do when there are none; lists of links hold (label, address, …)."""

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
    relaxations: Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value of a listing: `origin` says where it is from, `derived` what it was concluded from, None where stated."""

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
    """Why there is nothing to show: all is past, or is being collected; `proposed_platforms` a curator could approve."""

    has_past: bool
    is_collecting: bool
    proposed_platforms: int


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start page; browsing lists are of (label, count, address), examples of (question, address) in `examples_lang`.
    `nothing` is None where there is something."""

    totals: Totals
    browse: Mapping[str, Sequence[tuple[str, int, str]]]
    newest: Sequence[Row]
    platforms: Sequence[PlatformCard]
    examples: Sequence[tuple[str, str]]
    examples_lang: str
    nothing: EmptyDirectory | None


def row(listing: Listing, lang: str, highlighter: Highlighter = NO_HIGHLIGHTS) -> Row:
    """A listing as a row of a list; `highlighter` marks what matched, and chooses a text that matched as the summary."""
    countries = [listing.get("country")] if listing.get("country") else listing.get("countries")
    place = ", ".join(filter(None, (listing.get("place"), *(_label("country", id, lang) for id in countries))))
    sectors = ", ".join(_label("sector", id, lang) for id in listing.get("sectors"))
    facts = " · ".join(filter(None, (_label("kind", listing.get("kind"), lang), place, sectors)))
    title = listing.title(lang)
    summary = _matching_text(listing, title, lang, highlighter)
    return Row(
        listing_url(listing),
        title,
        _marked(highlighter.segments(title.text, title.lang)),
        summary,
        _marked(highlighter.excerpt(summary.text, summary.lang, MAX_EXCERPT_CHARACTERS)) if summary else Markup(),
        facts,
        ", ".join(dict.fromkeys(source.platform_title for source in listing.sources)),
    )


def _matching_text(listing: Listing, title: Text, lang: str, highlighter: Highlighter) -> Text | None:
    """The summary in the reader's language; another text where neither that nor the title has a match, but the other has."""
    shown = listing.shown("summary", lang)
    if highlighter is NO_HIGHLIGHTS or any(text and highlighter.has_match(text.text, text.lang) for text in (title, shown)):
        return shown
    for name in ("summary", "description"):
        texts = listing.texts.get(name) or {}
        for code in dict.fromkeys((lang, *LANGUAGES, *sorted(texts))):
            if code in texts and highlighter.has_match(texts[code], code):
                return Text(texts[code], None if code == "und" else code)
    return shown


def _marked(segments: Iterable[Segment]) -> Markup:
    """Escaped text with its matches in mark elements."""
    pieces = [f"<mark>{escape(text)}</mark>" if is_match else escape(text) for text, is_match in segments]
    return Markup("".join(pieces))  # noqa: S704 - escaped here


def listing_url(listing: Listing) -> str:
    """The listing's address in the reader's language, without a host."""
    return listing_address(fixed_url("directory.start"), listing.public_id, listing.slug)


def listing_address(start: str, public_id: str, slug: str) -> str:
    """The address of a listing, by that of the start page in the same language.

    It is what url_for("directory.listing") returns (a test compares them), but cheap enough for the thousands of a sitemap.
    """
    return f"{start}initiatives/{public_id}/{slug}"


def results_page(
    query: Query, page: Page, listings: Sequence[Listing], platforms: dict[str, str], relaxations: Sequence[Relaxation] = ()
) -> ResultsPage:
    """The view model of the results; `platforms` are titles by id, `relaxations` wider queries where nothing was found."""
    last = min(page.total, MAX_RESULTS)
    first_url = _address(replace(query, page=1))
    highlighter = Highlighter(page.highlight_tokens) if page.highlight_tokens else NO_HIGHLIGHTS
    spelling = page.did_you_mean
    return ResultsPage(
        query=query,
        total=page.total,
        rows=[row(listing, query.lang, highlighter) for listing in listings],
        boxes=[_box(definition, page, query, platforms, first_url) for definition in FILTERS],
        chips=list(_chips(query, platforms)),
        sorts=[(_sort_label(sort), _address(replace(query, sort=sort, page=1)), sort == query.sort) for sort in SORTS],
        previous_url=_address(replace(query, page=query.page - 1)) if query.page > 1 else None,
        next_url=_address(replace(query, page=query.page + 1)) if query.page * query.per_page < last else None,
        share_url=first_url,
        clear_url=url_for("directory.search", q=query.text or None),
        exact_url=_address(replace(query, page=1, expand=not query.expand)),
        also_called=page.also_called[:MAX_NAMES_SHOWN],
        relaxation=page.relaxation,
        did_you_mean=(spelling, _address(replace(query, text=spelling, page=1))) if spelling else None,
        relaxations=[
            (_relaxation_label(relaxation.left_out, query, platforms), _address(relaxation.query), relaxation.total)
            for relaxation in relaxations
        ],
    )


def listing_page(listing: Listing, lang: str, json_ld: str, contact: str, platforms: dict[str, str]) -> ListingPage:
    """The view model of a listing; `platforms` are titles by id."""
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


def shorten(text: str, max_characters: int = MAX_EXCERPT_CHARACTERS) -> str:
    """The text, cut at the end of a word and with an ellipsis where it is longer."""
    return text if len(text) <= max_characters else text[: max_characters - 1].rsplit(" ", 1)[0] + "…"


def query_string(query: Query) -> str:
    """The parameters of a query's address, without those that have their default."""
    pairs: list[tuple[str, str]] = [("q", query.text)] if query.text else []
    for name, chosen in query.filters.items():
        pairs += [(name, value) for value in chosen.any_of] + [(name, f"-{value}") for value in chosen.none_of]
    pairs += [("sort", query.sort)] if query.sort != "relevance" else []
    pairs += [("past", "1")] if query.include_past else []
    pairs += [("exact", "1")] if not query.expand else []
    pairs += [("page", str(query.page))] if query.page > 1 else []
    return urlencode(pairs)


def search_address(name: str, value: str) -> str:
    """The address of a search for the listings with one value of one filter."""
    return f"{fixed_url('directory.search')}?{urlencode({name: value})}"


def _address(query: Query) -> str:
    return f"{fixed_url('directory.search')}?{query_string(query)}".rstrip("?")


def _box(definition: FilterDefinition, page: Page, query: Query, platforms: dict[str, str], base: str) -> FilterBox:
    chosen = query.filters.get(definition.name, NO_FILTER)
    counts = page.facets.get(definition.name, ())
    values = choices(definition.name, counts, chosen, query.lang, platforms)
    return FilterBox(definition.name, heading(definition), values, f"{base}{'&' if '?' in base else '?'}{definition.name}=-")


def _chips(query: Query, platforms: dict[str, str]) -> Iterator[Chip]:
    """A chip for each chosen value; those of one filter: what is wanted, then what is excluded."""
    for name, chosen in query.filters.items():
        for value in chosen.any_of:
            rest = Filter(tuple(other for other in chosen.any_of if other != value), chosen.none_of)
            yield _chip(query, name, value, rest, platforms, is_excluded=False)
        for value in chosen.none_of:
            rest = Filter(chosen.any_of, tuple(other for other in chosen.none_of if other != value))
            yield _chip(query, name, value, rest, platforms, is_excluded=True)


def _chip(query: Query, name: str, value: str, rest: Filter, platforms: dict[str, str], *, is_excluded: bool) -> Chip:
    """The chip of a value; without it, `rest` is left of the filter."""
    filters = {name: chosen for name, chosen in {**query.filters, name: rest}.items() if chosen.any_of or chosen.none_of}
    return Chip(label_of(name, value, query.lang, platforms), _address(replace(query, filters=filters, page=1)), is_excluded)


def wider_queries(query: Query) -> Iterator[tuple[str, Query]]:
    """Queries for when nothing was found: without each filter, without any, with the past; each with what it leaves out."""
    for name in query.filters:
        others = {other: chosen for other, chosen in query.filters.items() if other != name}
        yield name, replace(query, filters=others, page=1)
    if len(query.filters) > 1:
        yield "filters", replace(query, filters={}, page=1)
    if not query.include_past:
        yield "past", replace(query, include_past=True, page=1)


def _relaxation_label(left_out: str, query: Query, platforms: dict[str, str]) -> str:
    if left_out == "past":
        return _("Also past events and closed calls")
    if left_out == "filters":
        return _("Search without any filter")
    chosen = query.filters[left_out]
    labels = ", ".join(label_of(left_out, value, query.lang, platforms) for value in (*chosen.any_of, *chosen.none_of))
    return _("Search without the filter “%(label)s”", label=labels)


def _sort_label(sort: str) -> str:
    return {"relevance": _("relevance"), "newest": _("newest"), "name": _("name")}[sort]


def _facts(listing: Listing, lang: str, platforms: dict[str, str]) -> Iterator[Fact]:
    """The facts of a listing that say something: ids of closed lists by their labels, then single values."""
    vocabulary_fields: tuple[tuple[str, LineField | TextListField], ...] = (
        (_("Kind"), "kind"),
        (_("Country"), "countries"),
        (_("Sector"), "sectors"),
        (_("Theme"), "themes"),
    )
    for label, name in vocabulary_fields:
        ids = listing.get(name) or ()
        labels = [_label(FIELD_DIMENSIONS[name], id, lang) for id in ([ids] if isinstance(ids, str) else ids)]
        if labels:
            yield Fact(label, ", ".join(labels), _origin(listing, name, platforms), _derived(listing, name))
    plain: tuple[tuple[str, LineField], ...] = (
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
            text = instant(value) if name in DATES else value
            yield Fact(label, text, _origin(listing, name, platforms), _derived(listing, name))


def _derived(listing: Listing, name: str) -> str | None:
    """What a field's value was concluded from, in the reader's language; None where a source or a person states it.

    Names of schema.org types and words of the source are not translated.
    """
    basis = listing.basis(name)
    if basis is None:
        return None
    if basis.kind == BasisKind.TERM:
        return basis.value
    if basis.kind == BasisKind.FIELD:
        return _(BASIS_FIELD_LABELS[basis.value])
    return _(BASIS_LABELS[basis.kind], what=basis.value)


def _origin(listing: Listing, name: str, platforms: dict[str, str]) -> str:
    origin = listing.origins.get(name, "")
    return {"curator": _("our curators"), "owner": _("the organisation itself")}.get(origin, platforms.get(origin, origin))


def _label(dimension: str, id: str | None, lang: str) -> str:
    return load().label(dimension, id, lang) if id else ""

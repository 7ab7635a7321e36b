"""What the views of one search have in common: its name and numbers, what is chosen, filters, orders, the other views."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from platforma.i18n import fixed_url, number
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.public.filter_boxes import FilterForm, filter_form, has_dates
from platforma.web.public.filters import FILTERS, heading, label_of, offered_sorts
from platforma.web.public.search_addresses import query_address, query_string, with_parameters
from platforma.web.public.search_titles import near_label, search_title, when_label
from platforma.web.public.suggestions import named as values_named
from platforma.web.public.suggestions import totals
from platforma.web.public.take.take_along import TakeAlong, take_along
from search.port import ENDING_KINDS, MAX_RESULTS, UNKNOWN, Filter, Page, Query, RelaxationStep, Sort
from search.query.offers import offer
from search.query.see_also import see_also

MAX_NAMES_SHOWN = 6
MAX_SEE_ALSO, MAX_COUNTED = 4, 8
"""So many concepts near those of a question are shown, of the first so many those for which a search finds something."""
LIST, MAP, TABLE = "directory.search", "directory.map", "directory.table"
AddressOf = Callable[[Query], str]


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is chosen, with the address of the search without it."""

    label: str
    without_url: str
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class WayToSee:
    """A view of the search or an order of its results, with its address."""

    name: str
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a filter that has the very name that was searched for, with the number and the address of its listings."""

    heading: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class SearchFrame:
    """What stands around the results in each view of a search.

    `heading` says what is shown; `page_title` also which page. `range` is `21–40 of 188`, empty where all is on one page.
    `action` is the address of this view without parameters, `first_url` with those of the search, from its first page; `kept`
    the parameters that new words leave as they are. `order` is the label of the order that the results really have, `named`
    what has the very name that was searched for, `by_filters` (title, address) of the search with filters in place of the words
    that name them. `did_you_mean` is (question, address). `corrected_to` is the question whose results these are instead of
    those of what was typed, which are at `literal_url`; empty where they are what was typed.
    `see_also` are (name, address) of searches for what is near what was searched for.
    `complete` of the results have all the words, where `relaxation` says that others have some, and `close` ones stand there for
    their meaning. `take` are the ways to take the search along.
    """

    query: Query
    heading: str
    page_title: str
    total: int
    range: str
    action: str
    kept: Sequence[tuple[str, str]]
    first_url: str
    clear_url: str
    exact_url: str
    form: FilterForm
    chips: Sequence[Chip]
    named: Sequence[Named]
    by_filters: tuple[str, str] | None
    see_also: Sequence[tuple[str, str]]
    views: Sequence[WayToSee]
    sorts: Sequence[WayToSee]
    order: str
    also_called: Sequence[str]
    relaxation: RelaxationStep | None
    complete: int
    close: int
    did_you_mean: tuple[str, str] | None
    corrected_to: str
    literal_url: str
    take: TakeAlong


def search_frame(query: Query, page: Page, platforms: dict[str, str], endpoint: str = LIST, columns: str = "") -> SearchFrame:
    """The frame of a view (`endpoint`) of a search; `platforms` are titles by id.

    `columns` are the view's own parameters as they stand in an address, which its links repeat.
    """

    def address_of(other: Query) -> str:
        return with_parameters(query_address(other, endpoint), columns)

    first = replace(query, page=1)
    title = search_title(query, platforms)
    sorts = _sorts(first, page, address_of)
    spelling = page.did_you_mean
    named = [] if query.filters else list(_named(query, endpoint))
    return SearchFrame(
        query=query,
        heading=title,
        page_title=f"{title} – {_('page %(number)s', number=query.page)}" if query.page > 1 else title,
        total=page.total,
        range=_range(query, page),
        action=fixed_url(endpoint),
        kept=parse_qsl(with_parameters(f"?{query_string(replace(first, text='', expand=True))}", columns)[1:]),
        first_url=address_of(first),
        clear_url=address_of(Query(text=query.text, lang=query.lang)),
        exact_url=address_of(replace(first, expand=not query.expand)),
        form=filter_form(query, page, platforms),
        chips=list(_chips(first, platforms, address_of)),
        named=named,
        by_filters=None if named or query.filters else _by_filters(first, page, platforms, address_of),
        see_also=[] if query.filters or query.page > 1 else _see_also(query, page, endpoint, {each.label for each in named}),
        views=_views(first, endpoint),
        sorts=sorts,
        order=next((way.label for way in sorts if way.is_current), ""),
        also_called=page.also_called[:MAX_NAMES_SHOWN],
        relaxation=page.relaxation,
        complete=page.complete,
        close=page.close,
        did_you_mean=(spelling, address_of(replace(first, text=spelling))) if spelling else None,
        corrected_to=page.corrected_to or "",
        literal_url=address_of(replace(first, expand=False)),
        take=take_along(query, page),
    )


def real_sort(query: Query) -> Sort:
    """The order that results really have: without words nothing is more relevant, so what has dates comes by date, what is
    near by distance, all else by age. It is the order of search.query.plan (a test compares them), without reading the words.
    """
    if query.sort != "relevance" or query.text.strip():
        return query.sort
    kinds = query.filters.get("kind")
    is_dated = kinds is not None and bool(kinds.any_of) and ENDING_KINDS.issuperset(kinds.any_of)
    if is_dated or query.when in ("upcoming", "open", "past"):
        return "soonest"
    return "distance" if query.near else "newest"


def sort_label(sort: Sort) -> str:
    """What the results are sorted by, as it follows “Sort by:”."""
    labels: dict[Sort, str] = {
        "relevance": _("relevance"),
        "newest": _("newest"),
        "name": _("name"),
        "soonest": _("date"),
        "distance": _("distance"),
    }
    return labels[sort]


def _sorts(query: Query, page: Page, address_of: AddressOf) -> list[WayToSee]:
    """The orders that make sense here: by relevance with words, by date where something has one, by distance from a place."""
    current = page.sort
    senseless = {*(() if query.text.strip() else ("relevance",)), *(() if has_dates(query, page) else ("soonest",))} - {current}
    offered = [sort for sort in offered_sorts(query) if sort not in senseless]
    return [WayToSee(sort, sort_label(sort), address_of(_sorted_by(query, sort)), sort == current) for sort in offered]


def _sorted_by(query: Query, sort: Sort) -> Query:
    """The query in an order, without saying it where the order is the query's own."""
    is_own = real_sort(replace(query, sort="relevance")) == sort
    return replace(query, sort="relevance" if is_own else sort)


def _named(query: Query, endpoint: str) -> Iterator[Named]:
    headings = {definition.name: heading(definition) for definition in FILTERS}
    for name, found in values_named(query.text, query.lang):
        only = Query(text="", lang=query.lang, filters={name: Filter((found.value,))})
        yield Named(headings[name], label_of(name, found.value, query.lang, {}), found.count, query_address(only, endpoint))


def _by_filters(query: Query, page: Page, platforms: dict[str, str], address_of: AddressOf) -> tuple[str, str] | None:
    """The title and the address of the search with the filters that its words name and that some result has."""
    named, other_words = offer(query)
    if not named or not all(_is_counted(page, name, value) for name, value in named.items()):
        return None
    by_filters = replace(query, text=other_words, filters={name: Filter((value,)) for name, value in named.items()})
    return search_title(by_filters, platforms), address_of(by_filters)


def _see_also(query: Query, page: Page, endpoint: str, offered: Collection[str]) -> list[tuple[str, str]]:
    """The names and addresses of searches for concepts near those that the question names, of which something is found.

    `offered` are the labels of filters that stand on the page already.
    """
    near = see_also(replace(query, text=page.corrected_to or query.text))
    names = [name for name in near if name not in offered][:MAX_COUNTED]
    counts = totals(services(), names, query.lang, expand=True)
    found = [name for name in names if counts[name]][:MAX_SEE_ALSO]
    return [(name, query_address(Query(text=name, lang=query.lang), endpoint)) for name in found]


def _is_counted(page: Page, name: str, value: str) -> bool:
    return any(counted.value == value for counted in page.facets.get(name, ()))


def _views(query: Query, endpoint: str) -> list[WayToSee]:
    labels = {LIST: _("List"), MAP: _("Map"), TABLE: _("Table")}
    parameters = query_string(query)
    return [
        WayToSee(name.partition(".")[2], label, with_parameters(fixed_url(name), parameters), name == endpoint)
        for name, label in labels.items()
    ]


def _range(query: Query, page: Page) -> str:
    """Which results of how many are on this page; empty where it is all of them."""
    first = (query.page - 1) * query.per_page + 1
    last = min(first + query.per_page - 1, page.total, MAX_RESULTS)
    if first > last or page.total <= query.per_page:
        return ""
    return _("%(first)s–%(last)s of %(total)s", first=number(first), last=number(last), total=number(page.total))


def _chips(query: Query, platforms: dict[str, str], address_of: AddressOf) -> Iterator[Chip]:
    """A chip for each chosen value; those of one filter: what is wanted, then what is excluded; then place and time."""
    for definition in FILTERS:
        chosen = query.filters.get(definition.name, Filter())
        for value in (*chosen.any_of, *chosen.none_of):
            label = label_of(definition.name, value, query.lang, platforms)
            label = f"{heading(definition)}: {label}" if value == UNKNOWN else label
            yield Chip(label, address_of(_without(query, definition.name, value)), value in chosen.none_of)
    if query.near:
        sort: Sort = "relevance" if query.sort == "distance" else query.sort
        yield Chip(near_label(query.near, query.lang), address_of(replace(query, near=None, sort=sort)))
    if query.area:
        yield Chip(_("in a part of the map"), address_of(replace(query, area=None)))
    if query.when != "current":
        yield Chip(when_label(query.when), address_of(replace(query, when="current")))


def _without(query: Query, name: str, value: str) -> Query:
    """The query without one value of one filter."""
    chosen = query.filters[name]
    rest = Filter(*(tuple(other for other in values if other != value) for values in (chosen.any_of, chosen.none_of)))
    filters = {other: one for other, one in {**query.filters, name: rest}.items() if one.any_of or one.none_of}
    return replace(query, filters=filters)

"""The filters beside the results of a search: boxes of values with their counts, time, a place, the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, NO_FILTER, FilterDefinition, heading, label_of
from platforma.web.public.parameters import DEFAULT_KM
from platforma.web.public.search_titles import near_name, when_label
from search.port import ENDING_KINDS, FacetCount, Filter, Page, Query, When
from vocabulary import UNKNOWN, collation_key

MAX_SHOWN = 6
"""A box shows so many values at first; chosen ones are always among them."""
MIN_TO_FIND = 12
"""A box with more values has a field to find one by name (with JavaScript)."""
MAIN_BOXES = ("country", "kind", "theme", "sector", "region")
"""The boxes that stand first; the others are behind one word."""
WHENS_OFFERED: tuple[When, ...] = ("current", "upcoming", "open", "past", "all")
KM_OFFERED = (5, 10, 25, 50, 100, 200)
BAR_UNITS = 100
"""The length of the longest bar of a box."""


class Choice(NamedTuple):
    """A value of a filter, as the form shows it with the number of listings that have it; `bar` is from 0 to BAR_UNITS.

    It is a tuple because a page has a hundred of them.
    """

    value: str
    label: str
    number: int
    is_chosen: bool
    is_excluded: bool = False
    bar: int = 0


@dataclass(frozen=True, slots=True)
class FilterBox:
    """A filter with its values: those seen at first, and the others."""

    name: str
    heading: str
    first: Sequence[Choice]
    others: Sequence[Choice]

    @property
    def size(self) -> int:
        """How many values it has."""
        return len(self.first) + len(self.others)

    @property
    def is_long(self) -> bool:
        """Whether it has so many values that one is rather found by name."""
        return self.size > MIN_TO_FIND


@dataclass(frozen=True, slots=True)
class NearField:
    """The field for a place and its distance: what stands in it, and the distances to choose from, as (km, is chosen)."""

    text: str
    distances: Sequence[tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class FilterForm:
    """All filters of a search.

    `kept` are the parameters that the form repeats unseen. `times` are (value, label, is chosen), empty where the results
    have nothing with dates. `own_language` is the reader's language as a value of the filter `language`, None where no
    result has a text in it. `more` are the boxes behind one word, open where one of them is used. `chosen` counts what is
    chosen in all.
    """

    kept: Sequence[tuple[str, str]]
    times: Sequence[tuple[str, str, bool]]
    boxes: Sequence[FilterBox]
    near: NearField
    own_language: Choice | None
    more: Sequence[FilterBox]
    is_more_open: bool
    chosen: int


def filter_form(query: Query, page: Page, platforms: dict[str, str]) -> FilterForm:
    """The filters as a page shows them beside the results of a query; `platforms` are titles by id."""
    boxes = {definition.name: _box(definition, page, query, platforms) for definition in FILTERS}
    usable = {name: box for name, box in boxes.items() if _is_useful(box)}
    more = [box for name, box in usable.items() if name not in MAIN_BOXES]
    return FilterForm(
        kept=list(_kept(query)),
        times=_times(query, page),
        boxes=[usable[name] for name in MAIN_BOXES if name in usable],
        near=_near_field(query),
        own_language=_own_language(query, page),
        more=more,
        is_more_open=any(choice.is_chosen or choice.is_excluded for box in more for choice in box.first),
        chosen=number_chosen(query),
    )


def number_chosen(query: Query) -> int:
    """How many values are chosen or left out, a place, a part of the map and a time included."""
    values = sum(len(chosen.any_of) + len(chosen.none_of) for chosen in query.filters.values())
    return values + sum((query.near is not None, query.area is not None, query.when != "current"))


def has_dates(query: Query, page: Page) -> bool:
    """Whether events or calls are among the results; the counts of kinds do not go by the filter of kinds itself."""
    chosen = query.filters.get("kind")
    kinds = {count.value for count in page.facets.get("kind", ()) if count.count}
    if chosen:
        kinds = {kind for kind in kinds if (not chosen.any_of or kind in chosen.any_of) and kind not in chosen.none_of}
    return not ENDING_KINDS.isdisjoint(kinds)


def choices(name: str, counts: Iterable[FacetCount], chosen: Filter, lang: str, platforms: dict[str, str]) -> list[Choice]:
    """The values of a filter, by count, then label; `unknown` comes last. Chosen values stay, even with no listing."""
    count_by_value = {facet.value: facet.count for facet in counts}
    count_by_value |= {value: 0 for value in (*chosen.any_of, *chosen.none_of) if value not in count_by_value}
    most = max(count_by_value.values(), default=0) or 1
    unsorted = [
        Choice(
            value, label_of(name, value, lang, platforms), count,
            value in chosen.any_of, value in chosen.none_of, round(count * BAR_UNITS / most),
        )
        for value, count in count_by_value.items()
    ]  # fmt: skip
    return sorted(unsorted, key=lambda choice: (choice.value == UNKNOWN, -choice.number, collation_key(choice.label)))


def _box(definition: FilterDefinition, page: Page, query: Query, platforms: dict[str, str]) -> FilterBox:
    name = definition.name
    chosen = query.filters.get(name, NO_FILTER)
    values = choices(name, page.facets.get(name, ()), chosen, query.lang, platforms)
    if name == "language":  # the reader's own has a place of its own
        values = [choice for choice in values if choice.value != query.lang]
    used = [choice for choice in values if choice.is_chosen] + [choice for choice in values if choice.is_excluded]
    in_order = used + [choice for choice in values if choice not in used]
    size = max(MAX_SHOWN, len(used)) if len(in_order) > MAX_SHOWN + 1 else len(in_order)
    return FilterBox(name, heading(definition), in_order[:size], in_order[size:])


def _is_useful(box: FilterBox) -> bool:
    """Whether a box has something to choose: a known value, or one that is chosen already."""
    return any(choice.value != UNKNOWN or choice.is_chosen or choice.is_excluded for choice in box.first)


def _kept(query: Query) -> Iterator[tuple[str, str]]:
    if query.text:
        yield "q", query.text
    if query.sort != "relevance":
        yield "sort", query.sort
    if query.area:
        yield "area", f"{query.area.west:g},{query.area.south:g},{query.area.east:g},{query.area.north:g}"
    if not query.expand:
        yield "exact", "1"


def _times(query: Query, page: Page) -> list[tuple[str, str, bool]]:
    """The times to choose from, where some results have dates or a time is chosen."""
    if not has_dates(query, page) and query.when == "current":
        return []
    return [("" if when == "current" else when, when_label(when), when == query.when) for when in WHENS_OFFERED]


def _near_field(query: Query) -> NearField:
    km = query.near.km if query.near else DEFAULT_KM
    distances = sorted({*KM_OFFERED, round(km)})
    return NearField(near_name(query.near, query.lang) if query.near else "", [(one, one == round(km)) for one in distances])


def _own_language(query: Query, page: Page) -> Choice | None:
    chosen = query.filters.get("language", NO_FILTER)
    count = next((facet.count for facet in page.facets.get("language", ()) if facet.value == query.lang), 0)
    label = _("With text in %(language)s", language=label_of("language", query.lang, query.lang, {}))
    own = Choice(query.lang, label, count, query.lang in chosen.any_of, query.lang in chosen.none_of)
    return own if own.number or own.is_chosen or own.is_excluded else None

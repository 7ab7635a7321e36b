"""Filters of searches: one definition makes the form, the parameter of addresses and of the API, and its documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import current_app
from werkzeug.datastructures import MultiDict

from platforma.i18n import gettext as _
from platforma.i18n import language_name
from platforma.web.public.parameters import BadRequest, area, near, whole_number
from platforma.web.public.places import place_label
from search.port import MAX_RESULTS, SORTS, WHENS, Filter, Query, Sort, When
from vocabulary import UNKNOWN, Vocabulary, load
from vocabulary.messages import N_

PER_PAGE = 20
MAX_QUESTION_CHARACTERS = 500
CLOSED_LISTS = ("country", "region", "sector", "theme", "kind", "legal_form")
WRONG_VALUE = N_("%(name)s has no value “%(value)s”")
WRONG_VALUE_WITH_HINT = N_("%(name)s has no value “%(value)s”; did you mean “%(hint)s”?")
CHOICE_FORM = N_("%(name)s is one of: %(values)s")
MAX_VALUES, MAX_VALUE_CHARACTERS = 50, 80


@dataclass(frozen=True, slots=True)
class FilterDefinition:
    """A filter: `name` is its parameter in addresses and in the API, and its facet in the index; `about` documents it."""

    name: str
    label: str
    about: str


FILTERS: tuple[FilterDefinition, ...] = (
    FilterDefinition("country", N_("Country"), "ISO 3166-1 alpha-2 code of a country where it works"),
    FilterDefinition("region", N_("Region"), "region, county or municipality, an id such as LV-latgale or EE-harju"),
    FilterDefinition("place", N_("Town"), "town or village, an id such as LV-riga"),
    FilterDefinition("sector", N_("Sector"), "public, private, ngo or academic"),
    FilterDefinition("theme", N_("Theme"), "field of activity, an id of the vocabulary"),
    FilterDefinition("kind", N_("Kind"), "kind of initiative, an id of the vocabulary"),
    FilterDefinition("legal_form", N_("Legal form"), "legal form, an id of the vocabulary"),
    FilterDefinition("platform", N_("Source"), "id of the platform it comes from"),
    FilterDefinition("language", N_("Language"), "BCP 47 tag of a language that its texts are in"),
)
NAMES = tuple(definition.name for definition in FILTERS)


NO_FILTER = Filter()


def query_of(args: MultiDict[str, str], lang: str, *, per_page: int = PER_PAGE) -> Query:
    """The query that the parameters of an address ask for. Raises BadRequest.

    A parameter may repeat, for any of its values; a value with a leading - excludes.
    """
    circle = near(args.get("near", ""), args.get("km", ""))
    return Query(
        text=args.get("q", "")[:MAX_QUESTION_CHARACTERS],
        lang=lang,
        filters={name: chosen for name in NAMES if (chosen := _filter(name, args.getlist(name)))},
        area=area(args.get("area", "")),
        near=circle,
        when=_when(args),
        sort=_sort(args.get("sort") or "relevance", has_place=circle is not None),
        page=_page(args.get("page") or "1", per_page),
        per_page=per_page,
        facets=NAMES,
        today=datetime.now(ZoneInfo(str(current_app.config["TIME_ZONE"]))).date(),
        expand=args.get("exact") != "1",
    )


def label_of(name: str, value: str, lang: str, platforms: dict[str, str]) -> str:
    """The label of a value of a filter in an interface language."""
    if name == "platform" and value != UNKNOWN:
        return platforms.get(value, value)
    if name == "language" and value != UNKNOWN:
        return language_name(value)
    return _label_in(load(), name, value, lang)


@lru_cache(maxsize=10_000)
def _label_in(vocabulary: Vocabulary, name: str, value: str, lang: str) -> str:
    """The label by a state of the vocabulary; a page has a hundred of them."""
    return place_label(value, lang) if name == "place" and value != UNKNOWN else vocabulary.label(name, value, lang)


def heading(definition: FilterDefinition) -> str:
    """The filter's name in the reader's language."""
    return _(definition.label)


def _filter(name: str, values: Sequence[str]) -> Filter | None:
    """The filter of a repeated parameter; None without a value. Longer values are cut, further ones left out.

    A value that is wanted and excluded is excluded. An id that is not offered any more counts as those in its place. Raises
    BadRequest for what is no id of a closed list.
    """
    usable = [value[:MAX_VALUE_CHARACTERS] for value in values if value.strip("-")][:MAX_VALUES]
    for value in usable:
        _check_value(name, value.removeprefix("-"))
    if not usable:
        return None
    usable = current_values(name, usable)
    none_of = dict.fromkeys(value[1:] for value in usable if value.startswith("-"))
    any_of = dict.fromkeys(value for value in usable if not value.startswith("-") and value not in none_of)
    return Filter(tuple(any_of), tuple(none_of))


def current_values(name: str, values: Sequence[str]) -> list[str]:
    """The values with those in the place of ids that are not offered any more; one in whose place nothing stands stays."""
    current: list[str] = []
    for value in values:
        sign = "-" if value.startswith("-") else ""
        id = value.removeprefix("-")
        current += [f"{sign}{one}" for one in load().successors(name, id) or (id,)]
    return list(dict.fromkeys(current))


def _check_value(name: str, value: str) -> None:
    """Raise BadRequest for what is no id of a closed list, with the id that was probably meant."""
    if name not in CLOSED_LISTS or value == UNKNOWN or value in load().ids(name):
        return
    hint = _id_meant(name, value)
    raise BadRequest(WRONG_VALUE_WITH_HINT if hint else WRONG_VALUE, hint, name=name, value=value)


def _id_meant(name: str, value: str) -> str | None:
    """The id that a label, a synonym, or an id in another case stands for."""
    ids = {id.casefold(): id for id in load().ids(name)}
    return ids.get(value.casefold()) or load().find(name, value)


def offered_sorts(query: Query) -> tuple[Sort, ...]:
    """The orders that a query may have; by distance only from a place."""
    return SORTS if query.near else tuple(sort for sort in SORTS if sort != "distance")


def _sort(text: str, *, has_place: bool) -> Sort:
    sort = next((sort for sort in SORTS if sort == text), None)
    if sort is None:
        raise BadRequest(CHOICE_FORM, name="sort", values=", ".join(SORTS))
    return sort if sort != "distance" or has_place else "relevance"


def _when(args: MultiDict[str, str]) -> When:
    """The days that are asked for; `past=1` is what addresses had for all of them."""
    text = args.get("when") or ("all" if args.get("past") == "1" else "current")
    when = next((when for when in WHENS if when == text), None)
    if when is None:
        raise BadRequest(CHOICE_FORM, name="when", values=", ".join(WHENS))
    return when


def _page(text: str, per_page: int) -> int:
    page = whole_number(text, "page")
    if page * per_page > MAX_RESULTS:
        raise BadRequest(N_("page times per_page is at most %(most)s"), name="page", most=MAX_RESULTS)
    return page

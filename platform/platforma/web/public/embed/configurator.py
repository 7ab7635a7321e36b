"""The page on which a partner chooses what a widget shows and how it looks, sees it, and copies its code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict

from platforma.addresses import SITE
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, force_locale, language_name
from platforma.i18n import gettext as _
from platforma.web.context import absolute, services
from platforma.web.public.embed.asked import DEFAULT_LIMIT, MAX_LIMIT, Asked, asked, limit, search_parameters, settings
from platforma.web.public.embed.colours import wrong_colours
from platforma.web.public.embed.lines import Lines, lines
from platforma.web.public.embed.snippets import frame_code, links_code, origin, script_code
from platforma.web.public.embed.views import blueprint
from platforma.web.public.filter_boxes import choices
from platforma.web.public.filters import FILTERS, NO_FILTER, heading, query_of
from platforma.web.public.overview import everything_counted
from platforma.web.public.parameters import BadRequest
from platforma.web.public.search_addresses import query_address, query_string, with_parameters
from platforma.web.public.search_titles import search_title
from platforma.web.public.take.export import first_page
from platforma.web.public.take.take_along import own_data
from search.port import Page, Query, SearchError
from vocabulary.languages import LANGUAGES

WAYS = ("script", "frame", "links")
POLICIES = {"script": "script-src {site}; connect-src {site}", "frame": "frame-src {site}", "links": ""}
"""What a content security policy of the partner's page must allow, by the way in which the widget stands there."""
SELECTED = ("kind", "theme", "country", "sector", "platform")
"""Filters with a list to choose one value from; what else a search has comes from the page of its results, and stays."""
Option = tuple[str, str]
"""A value and its label."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter of which one value can be chosen."""

    name: str
    label: str
    value: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Made:
    """A widget as it is to be used: its code, the policy that it needs (empty for none), and what shows it beforehand.

    `preview` is the address of its frame without a host; `lines` are shown where only links are wanted, None otherwise.
    """

    code: str
    policy: str
    preview: str
    lines: Lines | None


@dataclass(frozen=True, slots=True)
class WidgetPage:
    """The page. `title` says what is searched, `search_url` leads to the results; `kept` are parameters that the form repeats
    unseen. `errors` are by field; where there are any, nothing is `made`, and neither where the engine does not answer."""

    title: str
    search_url: str
    typed: MultiDict[str, str]
    way: str
    lang: str
    languages: Sequence[Option]
    selections: Sequence[Selection]
    kept: Sequence[tuple[str, str]]
    errors: dict[str, str]
    made: Made | None
    data: Sequence[tuple[str, str]]
    max_limit: int = MAX_LIMIT
    default_limit: int = DEFAULT_LIMIT


@blueprint.get(f"{SITE}/widget")
def configurator() -> tuple[str, int]:
    """The page; 400 where what was chosen cannot be. Raises BadRequest for a search that cannot be understood."""
    query = first_page(query_of(search_parameters(_of_search()), current_language()))
    errors = _errors(request.args)
    page = _page(query, errors)
    return render_template("pages/widget.html", page=page), 400 if errors else 200


def _of_search() -> MultiDict[str, str]:
    return MultiDict([(name, value) for name, value in request.args.items(multi=True) if name not in ("way", "reader")])


def _errors(args: MultiDict[str, str]) -> dict[str, str]:
    """What is wrong with the widget's own settings, by field, in the reader's language."""
    labels = {"links": _("Links and button"), "text": _("Text"), "ground": _("Background")}
    wrong = {name: f"{labels[name]}: {_(error.reason, **error.values)}" for name, error in wrong_colours(args).items()}
    try:
        limit(args)
    except BadRequest as error:
        wrong["limit"] = _(error.reason, **error.values)
    return wrong


def _page(query: Query, errors: dict[str, str]) -> WidgetPage:
    args, everything = request.args, everything_counted()
    with services().database.reading() as session:
        platforms = platform_queries.platform_titles(session)
    way = args.get("way") if args.get("way") in WAYS else WAYS[0]
    lang = args.get("reader") if args.get("reader") in LANGUAGES else current_language()
    assert way and lang
    selections = list(_selections(query, everything, platforms))
    shown = {"q", *(one.name for one in selections)}
    return WidgetPage(
        title=search_title(query, platforms),
        search_url=query_address(query),
        typed=args,
        way=way,
        lang=lang,
        languages=[(code, language_name(code)) for code in LANGUAGES],
        selections=selections,
        kept=[(name, value) for name, value in parse_qsl(query_string(query)) if name not in shown],
        errors=errors,
        made=None if errors else _made(way, lang),
        data=own_data(query),
    )


def _selections(query: Query, everything: Page | None, platforms: dict[str, str]) -> Iterator[Selection]:
    """The filters of which at most one value is chosen, with the values that listings have."""
    headings = {definition.name: heading(definition) for definition in FILTERS}
    for name in SELECTED:
        chosen = query.filters.get(name, NO_FILTER)
        if len(chosen.any_of) <= 1 and not chosen.none_of:
            found = choices(name, everything.facets[name] if everything else (), chosen, query.lang, platforms)
            options = [(choice.value, choice.label) for choice in found]
            yield Selection(name, headings[name], next(iter(chosen.any_of), ""), options)


def _made(way: str, lang: str) -> Made | None:
    """The widget in its own language; None where the engine does not answer."""
    with force_locale(lang):
        try:
            it = asked(_of_search(), lang)
            found = lines(it.query)
        except SearchError:
            return None
        own = settings(request.args)
        frame = with_parameters(
            url_for("embed.frame", lang=lang), "&".join(filter(None, (query_string(it.query), urlencode(own))))
        )
        code = _code(way, it, found, own, absolute(frame))
    return Made(code, POLICIES[way].format(site=origin()), frame, found if way == "links" else None)


def _code(way: str, it: Asked, found: Lines, own: Sequence[tuple[str, str]], frame: str) -> str:
    address, lang = absolute(query_address(it.query)), it.query.lang
    if way == "frame":
        return frame_code(found.title, address, lang, frame)
    if way == "links":
        return links_code(found.title, address, lang, found.lines)
    return script_code(found.title, address, lang, own)

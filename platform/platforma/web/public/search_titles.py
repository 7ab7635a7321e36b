"""What a search is called: “Social enterprises in Estonia”, for headings, titles of pages, files and mails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from platforma.i18n import gettext as _
from platforma.i18n import joined, ngettext
from platforma.web.public.filters import FILTERS, NO_FILTER, heading, label_of
from search.port import UNKNOWN, Near, Query, When
from vocabulary.messages import N_
from vocabulary.phrases import in_country, in_place, plural_kind

MAX_NAMED = 3
"""More values of a filter than these are counted, not named."""
WHEN_LABELS: dict[When, str] = {
    "current": N_("current"),
    "upcoming": N_("upcoming events"),
    "open": N_("calls still open"),
    "past": N_("past events and closed calls"),
    "all": N_("current and past"),
}
_DATED_KINDS: dict[tuple[When, tuple[str, ...]], str] = {
    ("upcoming", ("event",)): N_("upcoming events"),
    ("open", ("funding",)): N_("calls still open"),
    ("past", ("event",)): N_("past events"),
    ("past", ("funding",)): N_("closed calls"),
}
"""How one dated kind and a time are said together."""


def search_title(query: Query, platforms: dict[str, str]) -> str:
    """What is searched, in the query's language and as a heading; `platforms` are titles by id.

    The words in quotation marks, then kinds and where, then themes, then each other filter with its name.
    """
    words = _("“%(words)s”", words=query.text) if query.text else ""
    if words and not is_narrowed(query):
        return words
    what = _capitalised(_what(query, platforms))
    return f"{words} – {what}" if words else what


def is_narrowed(query: Query) -> bool:
    """Whether a query asks for more than its words: by filters, by a place or by a time."""
    return bool(query.filters or query.near or query.area) or query.when != "current"


def when_label(when: When) -> str:
    """The name of a time that can be searched in."""
    return _(WHEN_LABELS[when])


def near_label(near: Near, lang: str) -> str:
    """A circle in words: `within 25 km of Cēsis`."""
    return _("within %(km)s km of %(place)s", km=f"{near.km:g}", place=near_name(near, lang))


def near_name(near: Near, lang: str) -> str:
    """The town in the middle of a circle, or its coordinates; filters.query_of reads either."""
    return label_of("place", near.place, lang, {}) if near.place else f"{near.lat:g},{near.lon:g}"


def _what(query: Query, platforms: dict[str, str]) -> str:
    kinds = _named(query, "kind", lambda id: plural_kind(id, query.lang) or id)
    themes = _named(query, "theme", lambda id: label_of("theme", id, query.lang, {}))
    places = _places(query)
    subject, is_time_said = _subject(query, kinds)
    named = " ".join((subject, *places.values())) + (f": {joined(themes)}" if themes else "")
    said = {*places, *(("kind",) if kinds else ()), *(("theme",) if themes else ())}
    return " · ".join((named, *_rest(query, said, platforms, is_time_said=is_time_said)))


def _subject(query: Query, kinds: Sequence[str]) -> tuple[str, bool]:
    """What is looked for, and whether the time is said with it."""
    if together := _DATED_KINDS.get((query.when, query.filters.get("kind", NO_FILTER).any_of)):
        return _(together), True
    if kinds:
        return joined(kinds), False
    if "kind" not in query.filters and query.when in ("upcoming", "open"):
        return when_label(query.when), True
    return (_("initiatives") if is_narrowed(query) else _("all initiatives")), False


def _places(query: Query) -> dict[str, str]:
    """Phrases of where (“in Estonia and Latvia”), by the name of the filter that says it."""
    found = {name: _where(name, query.filters.get(name, NO_FILTER).any_of, query.lang) for name in ("place", "region", "country")}
    return {name: phrase for name, phrase in found.items() if phrase}


def _where(name: str, values: Sequence[str], lang: str) -> str | None:
    if name == "country" and len(values) > MAX_NAMED:
        return ngettext("in %(num)s country", "in %(num)s countries", len(values))
    if not values or len(values) > MAX_NAMED:
        return None
    found = [in_country(id, lang) if name == "country" else in_place(label_of(name, id, lang, {}), lang) for id in values]
    return None if UNKNOWN in values else _one_phrase([phrase for phrase in found if phrase], len(values))


def _one_phrase(phrases: Sequence[str], wanted: int) -> str | None:
    """The phrases as one, with their common preposition said once; None where one is missing."""
    if len(phrases) < wanted:
        return None
    preposition = "in " if all(phrase.startswith("in ") for phrase in phrases) else ""
    return preposition + joined([phrase.removeprefix(preposition) for phrase in phrases])


def _named(query: Query, name: str, label: Callable[[str], str]) -> list[str]:
    """The labels of the chosen values; none where they are too many, or `unknown` is among them."""
    values = query.filters.get(name, NO_FILTER).any_of
    return [label(value) for value in values] if len(values) <= MAX_NAMED and UNKNOWN not in values else []


def _rest(query: Query, said: set[str], platforms: dict[str, str], *, is_time_said: bool) -> Iterator[str]:
    """Each filter that is not said yet, with its name; what is left out; where and when."""
    for definition in FILTERS:
        chosen = query.filters.get(definition.name, NO_FILTER)
        if chosen.any_of and definition.name not in said:
            yield f"{heading(definition)}: {_listed(definition.name, chosen.any_of, query.lang, platforms)}"
        if chosen.none_of:
            yield _("without: %(labels)s", labels=_listed(definition.name, chosen.none_of, query.lang, platforms))
    if query.near:
        yield near_label(query.near, query.lang)
    if query.area:
        yield _("in a part of the map")
    if query.when != "current" and not is_time_said:
        yield when_label(query.when)


def _listed(name: str, values: Sequence[str], lang: str, platforms: dict[str, str]) -> str:
    labels = [label_of(name, value, lang, platforms) for value in values[:MAX_NAMED]]
    more = len(values) - MAX_NAMED
    return ", ".join(labels) + (f" {_('and %(number)s more', number=more)}" if more > 0 else "")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]

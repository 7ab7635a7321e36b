"""What a search asks for, in words: for pages and mails that name a search without showing its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from platforma.i18n import current_language, decimal, language_name
from platforma.i18n import gettext as _
from search.port import Near, Query
from vocabulary import UNKNOWN, load
from vocabulary.messages import N_

SEPARATOR = " · "
WHEN_WORDS = {
    "upcoming": N_("only upcoming events"),
    "open": N_("only calls that are still open"),
    "past": N_("only past events and closed calls"),
    "all": N_("also past events and closed calls"),
}
"""What is said of the days that a search is for (search.port.When); nothing of the current ones."""
UNKNOWN_WORDS = {
    "country": N_("country unknown"),
    "region": N_("region unknown"),
    "place": N_("town unknown"),
    "sector": N_("sector unknown"),
    "theme": N_("theme unknown"),
    "kind": N_("kind unknown"),
    "legal_form": N_("legal form unknown"),
    "platform": N_("source unknown"),
    "language": N_("language unknown"),
}


def words_of(query: Query, platforms: Mapping[str, str]) -> str:
    """What the query asks for, in the language in force, such as `“bread” · social enterprise · Latvia`; `platforms` are titles
    by id. A search without words and filters asks for everything new."""
    return SEPARATOR.join(_parts(query, platforms)) or _("everything new in the directory")


def _parts(query: Query, platforms: Mapping[str, str]) -> Iterator[str]:
    if text := " ".join(query.text.split()):
        yield _("“%(words)s”", words=text)
    for name, chosen in query.filters.items():
        if chosen.any_of:
            yield ", ".join(_value(name, value, platforms) for value in chosen.any_of)
        for value in chosen.none_of:
            yield _("not: %(label)s", label=_value(name, value, platforms))
    if query.near:
        yield _near(query.near)
    if query.area:
        yield _("in a part of the map")
    if query.when in WHEN_WORDS:
        yield _(WHEN_WORDS[query.when])


def _value(name: str, value: str, platforms: Mapping[str, str]) -> str:
    """The label of a value of a filter."""
    if value == UNKNOWN:
        return _(UNKNOWN_WORDS[name]) if name in UNKNOWN_WORDS else value
    if name == "platform":
        return _("source: %(title)s", title=platforms.get(value, value))
    if name == "language":
        return _("in %(language)s", language=language_name(value))
    return load().label(name, value, current_language())


def _near(near: Near) -> str:
    place = load().label("place", near.place, current_language()) if near.place else _("a point on the map")
    return _("within %(km)s km of %(place)s", km=decimal(near.km), place=place)

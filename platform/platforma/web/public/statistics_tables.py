"""The tables of the statistics: each with a sentence that says what it shows, and bars where they help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from platforma.catalogue import public_statistics
from platforma.catalogue.public_statistics import DIMENSIONS, Health
from platforma.catalogue.terms import searches
from platforma.i18n import day, language_name, number
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.labels import dimension_label, field_label
from platforma.web.public.overview import search_for_everything
from platforma.web.public.statistics_growth import growth, growth_by, published
from platforma.web.public.statistics_table import Table, table_of_data, value_label
from search.port import UNKNOWN, Page
from vocabulary import collation_key, load
from vocabulary.languages import LANGUAGES

MAX_COUNTRIES = 12
"""So many countries stand in the table of countries and themes, those with the most listings."""
THIN = 3
"""A country has few listings of a theme where it has fewer than this."""
WITH_PAST = {"past": "1"}
"""Statistics count past events and closed calls as well."""


def tables(year: int | None) -> list[Table]:
    """All tables; `year` narrows the growth. Raises SearchError."""
    return [make(year) for make in TABLES.values()]


def _by_dimension(name: str, title: Callable[[], str]) -> Callable[[int | None], Table]:
    def make(_year: int | None) -> Table:
        page = search_for_everything(**WITH_PAST)
        rows = [(value_label(name, one.value), one.count) for one in page.facets[name]]
        known = [row for row, one in zip(rows, page.facets[name], strict=True) if one.value != UNKNOWN]
        says = _("Most: %(label)s, %(count)s of %(total)s.") if known else _("There is nothing to count yet.")
        label, count = known[0] if known else ("", 0)
        says %= {"label": label, "count": number(count), "total": number(page.total)}
        counts = [(label, count, number(count)) for label, count in rows]
        return table_of_data(name, title(), says, (title(), _("Listings")), rows, counts)

    return make


def _coverage(_year: int | None) -> Table:
    """Themes by countries."""
    everything = search_for_everything(**WITH_PAST)
    countries = [one.value for one in everything.facets["country"] if one.value != UNKNOWN][:MAX_COUNTRIES]
    themes = sorted((term.id for term in load().terms("theme")), key=lambda id: collation_key(value_label("theme", id)))
    counted = {country: _themes_of(search_for_everything(country=country, **WITH_PAST)) for country in countries}
    rows: list[list[str | int]] = [
        [value_label("theme", theme), *(counted[country].get(theme, 0) for country in countries)] for theme in themes
    ]
    thin = sum(count < THIN for row in rows for count in row[1:] if isinstance(count, int))
    says = _("Of %(all)s pairs of a country and a theme, %(thin)s have fewer than %(few)s listings: there the directory is thin.")
    says %= {"all": number(len(countries) * len(themes)), "thin": number(thin), "few": number(THIN)}
    head = _("Theme"), *(value_label("country", id) for id in countries)
    return table_of_data("coverage", _("Countries and themes"), says, head, rows)


def _themes_of(page: Page) -> Mapping[str, int]:
    return {one.value: one.count for one in page.facets["theme"]}


def _quality(_year: int | None) -> Table:
    """Which share of the listings says what."""
    rows = [
        (label, count, round(100 * count / of) if of else 0)
        for label, count, of in (*_known(), _with_place(), _with_website(), *_told())
    ]
    least = min(rows, key=lambda row: row[2])
    says = _("What is known least often: %(label)s, of %(share)s %% of the listings.", label=least[0], share=number(least[2]))
    counts = [(label, share, f"{number(share)} %") for label, _count, share in rows]
    head = _("Known"), _("Listings"), _("Per cent")
    return table_of_data("quality", _("What is known of the listings"), says, head, rows, counts)


def _known() -> list[tuple[str, int, int]]:
    """Of each dimension: its name, of how many listings it is known, and of how many in all."""
    page, names = search_for_everything(**WITH_PAST), ("sector", "country", "theme", "kind")
    return [(dimension_label(name), page.total - _unknown(page, name), page.total) for name in names]


def _with_place() -> tuple[str, int, int]:
    return field_label("place"), published().with_place, published().total


def _with_website() -> tuple[str, int, int]:
    def count() -> int:
        with services().database.reading() as session:
            return public_statistics.with_alive_website(session)

    return _("Website that answers"), services().until_change(("statistics", "websites"), count), published().total


def _told() -> list[tuple[str, int, int]]:
    """The same for a text in each of the interface's languages."""

    def count() -> Mapping[str, int]:
        with services().database.reading() as session:
            return public_statistics.by_text_languages(session)

    told = services().until_change(("statistics", "languages"), count)
    spoken = {lang: sum(count for languages, count in told.items() if f" {lang} " in languages) for lang in LANGUAGES}
    return [(_("Text: %(language)s", language=language_name(lang)), spoken[lang], sum(told.values())) for lang in LANGUAGES]


def _unknown(page: Page, name: str) -> int:
    return next((one.count for one in page.facets[name] if one.value == UNKNOWN), 0)


def _sources(_year: int | None) -> Table:
    with services().database.reading() as session:
        found = public_statistics.sources(session)
    failing = sum(one.is_failing for one in found)
    says = _("Of %(all)s sources, %(failing)s could not be read well the last time.")
    says %= {"all": number(len(found)), "failing": number(failing)}
    head = _("Source"), _("Last read"), _("Found"), _("Taken (per cent)"), _("State")
    return Table(
        "sources", _("How the sources are"), says, head, [_source_row(one) for one in found],
        [(one.title, _instant(one.read_at), one.found, _taken(one), int(one.is_failing)) for one in found],
    )  # fmt: skip


def _source_row(one: Health) -> tuple[str, ...]:
    state = _("cannot be read now") if one.is_failing else _("in order") if one.read_at else _("not read yet")
    return one.title, day(one.read_at) or "–", number(one.found), _taken(one) or "–", state


def _searched(year: int | None) -> Table:
    """The questions that are names of our own lists; all others only the staff see, for anybody can write them."""
    with services().database.reading() as session:
        rows = [(one.words, one.times, one.days) for one in searches.most_asked_names(session, year)]
    says = _("Most often: “%(words)s”, on %(days)s days.") if rows else _("There is nothing to count yet.")
    says %= {"words": rows[0][0], "days": number(rows[0][2])} if rows else {}
    counts = [(words, times, number(times)) for words, times, _days in rows]
    head = _("Searched for"), _("Times"), _("Days")
    return table_of_data("searched", _("What people search for"), says, head, rows, counts)


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _taken(one: Health) -> str:
    return "" if one.taken_share is None else str(round(100 * one.taken_share))


TABLES: Mapping[str, Callable[[int | None], Table]] = {
    "growth": growth,
    **{f"growth-{name}": growth_by(name) for name in DIMENSIONS},
    "kind": _by_dimension("kind", lambda: _("Kind")),
    "theme": _by_dimension("theme", lambda: _("Theme")),
    "sector": _by_dimension("sector", lambda: _("Sector")),
    "country": _by_dimension("country", lambda: _("Country")),
    "coverage": _coverage,
    "quality": _quality,
    "sources": _sources,
    "searched": _searched,
}
"""The tables by the names of their files, in the order of the page."""

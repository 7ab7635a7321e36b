"""The view model of “Take the results with you”: every way in which a search can be taken, as links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app, url_for

from platforma.i18n import gettext as _
from platforma.i18n import ngettext, number
from platforma.web.context import absolute
from platforma.web.public.filter_boxes import has_dates
from platforma.web.public.search_addresses import query_address, query_string
from platforma.web.public.take.export import first_page
from search.port import Page, Query

SUBSCRIBE = "subscriptions.subscribe"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take a search along: `links` are (label, address), `note` says what one gets, `id` names it on the page."""

    heading: str
    note: str
    links: Sequence[tuple[str, str]]
    id: str = ""


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """A search to take along; `link` is its absolute address, `feed` that of its feed without a host.

    `table` and `mail` are the addresses of the spreadsheet and of the form for mails, empty where there is none; `calendar` says
    whether there is a calendar.
    """

    total: int
    link: str
    feed: str
    ways: Sequence[Way]
    table: str
    mail: str
    calendar: bool


def take_along(query: Query, page: Page) -> TakeAlong:
    """The ways for a search that found this page; files only where it found something, calendars where that may have a date."""
    whole = first_page(query)
    feed = query_address(whole, "take.export", format="atom")
    files = [_tables(whole, page.total)] if page.total else []
    calendars = [_calendars(whole)] if page.total and has_dates(query, page) else []
    programs = [_programs(whole)] if page.total else []
    ways = [*files, *calendars, _news(whole, feed), *programs]
    return TakeAlong(
        total=page.total,
        link=absolute(query_address(whole)),
        feed=feed,
        ways=ways,
        table=query_address(whole, "take.export", format="xlsx") if page.total else "",
        mail=_mail(whole),
        calendar=bool(calendars),
    )


def _tables(query: Query, total: int) -> Way:
    rows = ngettext("All results: %(number)s row", "All results: %(number)s rows", total, number=number(total))
    return Way(_("As a table"), rows, list(_files(query, {"xlsx": "Excel", "csv": "CSV"})))


def _calendars(query: Query) -> Way:
    file = query_address(query, "take.export", format="ics")
    subscription = f"webcal://{absolute(file).partition('://')[2]}"
    links = [(_("Subscribe to the calendar"), subscription), (_("Calendar file"), file)]
    return Way(
        _("In your calendar"),
        _("Events and deadlines; a subscribed calendar shows new ones automatically."),
        links,
        "take-calendar",
    )


def _news(query: Query, feed: str) -> Way:
    """What is new: by mail, where the site sends mails of searches, and as a feed."""
    by_mail = [(_("By e-mail"), mail)] if (mail := _mail(query)) else []
    return Way(_("What is new"), _("When something is added that matches this search."), [*by_mail, (_("Feed (Atom)"), feed)])


def _mail(query: Query) -> str:
    return query_address(query, SUBSCRIBE) if SUBSCRIBE in current_app.view_functions else ""


def _programs(query: Query) -> Way:
    files = _files(query, {"json": "JSON", "geojson": "GeoJSON", "jsonld": "JSON-LD"})
    api = f"{url_for('api.initiatives')}?{query_string(query)}&lang={query.lang}".replace("?&", "?")
    return Way(_("For programs"), _("The same data with stable ids."), [*files, (_("API"), api)])


def _files(query: Query, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    for format, label in labels.items():
        yield label, query_address(query, "take.export", format=format)

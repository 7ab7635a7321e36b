"""The view model of “Take the results with you”: every way in which a search can be taken, as links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app

from platforma.i18n import fixed_url, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.context import absolute
from platforma.web.public.filter_boxes import has_dates
from platforma.web.public.search_addresses import query_address, query_string, with_parameters
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
    parameters = query_string(whole)
    feed, mail = _file(parameters, "atom"), _mail(parameters)
    files = [_tables(parameters, page.total)] if page.total else []
    calendars = [_calendars(parameters)] if page.total and has_dates(query, page) else []
    programs = [_programs(parameters, query.lang), _own_site(parameters)] if page.total else []
    return TakeAlong(
        total=page.total,
        link=absolute(query_address(whole)),
        feed=feed,
        ways=[*files, *calendars, _news(mail, feed), *programs],
        table=_file(parameters, "xlsx") if page.total else "",
        mail=mail,
        calendar=bool(calendars),
    )


def own_data(query: Query) -> list[tuple[str, str]]:
    """What a partner's own programs can read of a search, as (label, address)."""
    parameters = query_string(first_page(query))
    files = {"atom": _("Feed (Atom)"), "csv": "CSV", "xlsx": "Excel", "json": "JSON", "ics": _("Calendar file")}
    return list(_files(parameters, files))


def _own_site(parameters: str) -> Way:
    link = (_("A widget for your site"), with_parameters(fixed_url("embed.configurator"), parameters))
    return Way(_("On your own site"), _("A list or a search on your pages, with the code to copy."), [link])


def _tables(parameters: str, total: int) -> Way:
    rows = ngettext("All results: %(number)s row", "All results: %(number)s rows", total, number=number(total))
    return Way(_("As a table"), rows, list(_files(parameters, {"xlsx": "Excel", "csv": "CSV"})))


def _calendars(parameters: str) -> Way:
    file = _file(parameters, "ics")
    subscription = f"webcal://{absolute(file).partition('://')[2]}"
    links = [(_("Subscribe to the calendar"), subscription), (_("Calendar file"), file)]
    return Way(
        _("In your calendar"),
        _("Events and deadlines; a subscribed calendar shows new ones automatically."),
        links,
        "take-calendar",
    )


def _news(mail: str, feed: str) -> Way:
    """What is new: by mail, where the site sends mails of searches, and as a feed."""
    by_mail = [(_("By e-mail"), mail)] if mail else []
    return Way(_("What is new"), _("When something is added that matches this search."), [*by_mail, (_("Feed (Atom)"), feed)])


def _mail(parameters: str) -> str:
    """The address of the form for mails; empty where the site sends none."""
    return with_parameters(fixed_url(SUBSCRIBE), parameters) if SUBSCRIBE in current_app.view_functions else ""


def _programs(parameters: str, lang: str) -> Way:
    files = _files(parameters, {"json": "JSON", "geojson": "GeoJSON", "jsonld": "JSON-LD"})
    api = f"{fixed_url('api.initiatives')}?{parameters}&lang={lang}".replace("?&", "?")
    return Way(_("For programs"), _("The same data with stable ids."), [*files, (_("API"), api)])


def _files(parameters: str, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    for format, label in labels.items():
        yield label, _file(parameters, format)


def _file(parameters: str, format: str) -> str:
    """The address of the search with these parameters as a file."""
    return with_parameters(fixed_url("take.export", format=format), parameters)

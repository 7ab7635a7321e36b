"""Lists of events in JSON and in the scripts of pages: FullCalendar, The Events Calendar, calendars of Google and Microsoft."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.adapters import json_data
from crawlers.discovery.discover import discover
from crawlers.markup import Html
from crawlers.reading.calendar_addresses import event_sources, plugin_interface
from crawlers.record import RawRecord
from tests.crawlers.memory_site import BASE, Body, MemorySite, crawled, page, recipe_of

JSON = recipe_of("json")
Dates = tuple[str | None, str | None]


def raws_of(data: Any) -> list[RawRecord]:
    body = data if isinstance(data, str) else json.dumps(data)
    return list(json_data.extract(page(body, "x"), JSON))


def dates_of(data: Any) -> list[Dates]:
    return [(raw.fields.get("start_date"), raw.fields.get("end_date")) for raw in raws_of(data)]


def kinds_of(data: Any) -> list[str | None]:
    return [raw.fields.get("kind") for raw in raws_of(data)]


EVENTS = [
    ({"start": "2027-02-06T17:00:00+02:00", "end": "2027-02-06T20:00:00+02:00"}, ("2027-02-06T17:00+02:00", "2027-02-06T20:00+02:00")),
    ({"start": "2027-03-01", "end": "2027-03-04", "allDay": True}, ("2027-03-01", "2027-03-03")),
    ({"start": "2027-03-01", "end": "2027-03-02", "allDay": True}, ("2027-03-01", None)),
    ({"start": "2027-03-01T00:00:00", "end": "2027-03-03T23:59:59", "all_day": True}, ("2027-03-01", "2027-03-03")),
    ({"start": "2027-03-01", "end": "2027-03-04", "allDay": False}, ("2027-03-01", "2027-03-04")),
    ({"start": 1811829600, "timezone": "Europe/Riga"}, ("2027-06-01T09:00+03:00", None)),
    ({"start": 1811829600000}, ("2027-06-01T06:00+00:00", None)),
    ({"start": {"dateTime": "2027-05-01T10:00:00", "timeZone": "FLE Standard Time"}}, ("2027-05-01T10:00+03:00", None)),
    ({"start": {"dateTime": "2027-05-01T07:00:00Z", "timeZone": "Europe/Riga"}}, ("2027-05-01T10:00+03:00", None)),
    ({"start": {"local": "2027-05-01T10:00:00", "utc": "2027-05-01T07:00:00Z", "timezone": "Europe/Riga"}}, ("2027-05-01T10:00+03:00", None)),
    ({"start": {"date": "2027-05-01"}, "end": {"date": "2027-05-03"}, "allDay": False}, ("2027-05-01", "2027-05-02")),
    ({"start_date": "2027-05-01", "start_time": "18:00", "end_time": "20:30"}, ("2027-05-01T18:00", "2027-05-01T20:30")),
    ({"start_date": "01.05.2027", "time": "18.00", "end_date": "02.05.2027"}, ("2027-05-01T18:00", "2027-05-02")),
    ({"start": "2027-05-02T10:00", "end": "2027-05-01T10:00"}, ("2027-05-02T10:00", None)),
    ({"startDateTime": "2027-05-02T10:00", "endDateTime": "2027-05-02T10:00"}, ("2027-05-02T10:00", None)),
]  # fmt: skip


@pytest.mark.parametrize(("dates", "expected"), EVENTS)
def test_events_have_their_dates_in_one_form(dates: dict[str, Any], expected: Dates) -> None:
    things = [{"title": "Talka", "id": 1, **dates}, {"title": "Tirgus", "id": 2, "start": "2027-01-01T10:00"}]
    assert dates_of(things)[0] == expected
    assert kinds_of(things) == ["event", "event"]


def test_a_list_that_is_called_so_holds_events_also_where_only_days_are_given() -> None:
    things = [{"title": "Talka", "date": "2027-05-01"}, {"title": "Tirgus", "date": "2027-05-02"}]
    assert kinds_of({"upcoming_events": things}) == kinds_of({"data": {"pasakumi": things}}) == ["event", "event"]
    assert kinds_of({"posts": things}) == [None, None]


def test_a_list_of_projects_with_days_is_none_of_events() -> None:
    projects = [{"title": name, "start": "2024-01-01", "end": "2025-12-31"} for name in ("Upe", "Māja")]
    assert (kinds_of(projects), dates_of(projects)[0]) == ([None, None], ("2024-01-01", "2025-12-31"))
    posts = [{"title": name, "date": "2026-05-01T10:23:11+03:00"} for name in ("Upe", "Māja")]
    assert kinds_of(posts) == [None, None]


def test_events_of_one_title_without_ids_are_told_apart_by_their_start() -> None:
    assert [raw.remote_id for raw in raws_of([{"title": "Pyvo", "start": f"2027-05-{day}T19:00"} for day in (10, 17)])] == [
        "pyvo 2027-05-10T19:00",
        "pyvo 2027-05-17T19:00",
    ]


def test_title_address_and_place_of_an_event_are_known_by_the_names_of_calendars() -> None:
    (raw,) = raws_of(
        [{"summary": "Talka", "start": {"dateTime": "2027-05-01T10:00"}, "location": "Nams, Iela 1, Ogre", "url": "/e/1"}]
    )
    assert (raw.fields["title"], raw.fields["address"], raw.url) == ("Talka", "Nams, Iela 1, Ogre", f"{BASE}e/1")


PLUGIN = {
    "events": [
        {"id": 5, "url": f"{BASE}event/a/", "title": "Talka", "description": "<p>Nāc</p>", "start_date": "2027-05-12 18:00:00", "end_date": "2027-05-12 20:00:00",
         "utc_start_date": "2027-05-12 15:00:00", "timezone": "Europe/Riga", "all_day": False, "image": False, "website": "https://x.lv", "categories": [{"name": "vide"}],
         "venue": {"venue": "Nams", "address": "Iela 1", "city": "Ogre", "country": "Latvia", "website": "https://nams.lv"}, "organizer": [{"organizer": "Tīkls", "email": "info@tikls.lv"}]},
        {"id": 6, "url": f"{BASE}event/b/", "title": "Skola", "start_date": "2027-07-05 00:00:00", "end_date": "2027-07-07 23:59:59", "utc_start_date": "2027-07-04 21:00:00",
         "timezone": "Europe/Riga", "all_day": True, "image": {"url": f"{BASE}b.jpg"}, "venue": [], "organizer": []},
    ],
    "rest_url": f"{BASE}wp-json/tribe/events/v1/events/", "total": 2, "total_pages": 1,
}  # fmt: skip


def test_events_of_the_wordpress_plugin_come_with_venue_organiser_and_local_times() -> None:
    first, second = raws_of(PLUGIN)
    assert (first.remote_id, first.url) == ("5", f"{BASE}event/a/")
    wanted = {"start_date": "2027-05-12T18:00+03:00", "end_date": "2027-05-12T20:00+03:00", "place": "Ogre", "country": "Latvia", "address": "Nams, Iela 1",
              "organisation": "Tīkls", "email": "info@tikls.lv", "website": "https://x.lv", "tags": ["vide"]}  # fmt: skip
    assert {name: first.fields.get(name) for name in wanted} == wanted
    assert (second.fields["start_date"], second.fields["end_date"], second.fields["image"]) == (
        "2027-07-05",
        "2027-07-07",
        f"{BASE}b.jpg",
    )


HUB = "<html lang=en><title>Events</title><h1>Events</h1><div id=calendar></div>"
INLINE = [{"title": "Angel evening", "start": "2027-02-06T17:00:00+02:00"}, {"title": "Polar", "start": "2027-03-01", "end": "2027-03-03"}, {"title": "Café", "start": "2027-03-12"}]  # fmt: skip


def test_events_in_the_script_of_a_page_are_proposed_and_are_a_window() -> None:
    site: dict[str, str | bytes] = {"": f"{HUB}<script id=events-data type=application/json>{json.dumps(INLINE)}</script>"}
    proposal = discover(BASE, MemorySite(site))
    assert (proposal.recipe.adapter, len(proposal.samples)) == ("json", 3)
    result, state = crawled(proposal.recipe, site)
    assert ({record.kind for record in state.records.values()}, result.complete) == ({"event"}, False)


def test_whole_days_of_fullcalendar_end_on_the_day_before_their_end() -> None:
    script = f"<script>new FullCalendar.Calendar(el, {{events: {json.dumps(INLINE)}}})</script>"
    assert dates_of(HUB + script)[1] == ("2027-03-01", "2027-03-02")
    assert dates_of(HUB + script.replace("FullCalendar", "Agenda"))[1] == ("2027-03-01", "2027-03-03")


SOURCES = [
    ("<script>$('#c').fullCalendar({events: '/api/events.php'})</script>", "api/events.php"),
    ("<script>new FullCalendar.Calendar(c, {eventSources: ['/feed.json']})</script>", "feed.json"),
    ("<script>new FullCalendar.Calendar(c, {events: {url: 'data/e.json?all=1', method: 'GET'}})</script>", "data/e.json?all=1"),
    ('<div class="calendar" data-events-url="/api/events"></div>', "api/events"),
    ('<div id="event-calendar" data-url="/api/all"></div>', "api/all"),
]
NO_SOURCES = [
    "<script>ajax({url: '/api/login'})</script>",
    "<script>new FullCalendar.Calendar(c, {events: 'https://other.example/e.json'})</script>",
    "<script>new FullCalendar.Calendar(c, {events: 'background'})</script>",
    '<div class="map" data-url="/api/all"></div>',
    '<div class="calendar" data-url="listMonth"></div>',
]


@pytest.mark.parametrize(("markup", "path"), SOURCES)
def test_the_address_from_which_a_calendar_in_a_page_gets_its_events_is_read(markup: str, path: str) -> None:
    assert event_sources(Html(BASE, HUB + markup)) == [BASE + path]
    events = [{**event, "url": f"/e/{number}"} for number, event in enumerate(INLINE)]
    proposal = discover(BASE, MemorySite({"": HUB + markup, path: json.dumps(events)}))
    assert proposal.recipe.addresses == (BASE + path,)


@pytest.mark.parametrize("markup", NO_SOURCES)
def test_other_addresses_in_a_page_are_no_calendars(markup: str) -> None:
    assert event_sources(Html(BASE, HUB + markup)) == []


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="alternate" href="/wp-json/tribe/events/v1/">',
        '<link rel="https://api.w.org/" href="/wp-json/"><body class="tribe-events-page-template">',
    ],
)
def test_the_interface_of_the_wordpress_plugin_is_found_and_read(head: str) -> None:
    address = f"{BASE}wp-json/tribe/events/v1/"
    assert plugin_interface(Html(BASE, HUB + head)) == address
    site: dict[str, str | bytes] = {"": HUB + head, "wp-json/tribe/events/v1/events?per_page=50": json.dumps(PLUGIN)}
    assert discover(BASE, MemorySite(site)).recipe.addresses == (f"{address}events?per_page=50",)


def test_a_page_without_the_plugin_has_no_such_interface() -> None:
    assert plugin_interface(Html(BASE, f'{HUB}<link rel="https://api.w.org/" href="/wp-json/">')) is None


def test_the_events_of_a_calendar_whose_oldest_lack_their_dates_are_all_events() -> None:
    """They are proposed for the address of their page, whatever other pages hold."""
    events = [
        {"title": f"Evening {n}", "start": "" if n < 14 else f"2026-10-{n - 9:02}T18:00", "allDay": False, "url": f"/events/{n}"}
        for n in range(30)
    ]
    data = f'<script id="events-data" type="application/json">{json.dumps(events)}</script>'
    services = "".join(
        f'<div class=card><h3>Service {n}</h3><p>Helps those who begin a company, {n}.</p><a href="https://service{n}.example/">Website</a></div>'
        for n in range(12)
    )
    pages: dict[str, Body] = {
        "": '<html lang=en><title>Startups</title><a href="/services.html">Services</a><a href="/events.html">Events</a></html>',
        "services.html": f"<html lang=en><title>Services</title><main>{services}</main></html>",
        "events.html": f'<html lang=en><title>Events</title><a href="/services.html">Services</a><main><h1>Events</h1></main>{data}</html>',
    }
    proposal = discover(BASE + "events.html", MemorySite(pages))
    _, state = crawled(proposal.recipe, pages)
    assert proposal.recipe.adapter == "json"
    assert {record.kind for record in state.records.values()} == {"event"}
    assert sum(bool(record.start_date) for record in state.records.values()) == 16
    assert len(state.records) == 30

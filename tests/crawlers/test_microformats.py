"""Microformats: organisations' cards and events are read in both versions, persons' cards are not."""

from __future__ import annotations

import pytest

from crawlers.markup import Html
from crawlers.markup.entities import Entity
from tests.crawlers.memory_site import extracted, recipe_of

CLASSIC = """<div class="vcard"><a class="fn org url" href="/x">Saules māja</a>
<div class="adr"><span class="street-address">Upes 1</span>, <span class="locality">Cēsis</span> <span class="country-name">Latvija</span></div>
<span class="geo"><abbr class="latitude" title="57.31">Z</abbr><abbr class="longitude" title="25.27">A</abbr></span>
<span class="tel">+371 67000000</span><a class="email" href="mailto:info@x.example">raksti</a><p class="note">Dārzs pilsētā.</p></div>"""
SECOND = """<div class="h-card"><a class="p-name p-org u-url" href="/x">Saules māja</a>
<div class="p-adr h-adr"><span class="p-street-address">Upes 1</span>, <span class="p-locality">Cēsis</span> <span class="p-country-name">Latvija</span></div>
<span class="h-geo"><data class="p-latitude" value="57.31"></data><data class="p-longitude" value="25.27"></data></span>
<span class="p-tel">+371 67000000</span><a class="u-email" href="mailto:info@x.example">raksti</a><p class="p-note">Dārzs pilsētā.</p></div>"""
EVENTS = {
    "classic": """<div class="vevent"><span class="summary">Talka</span> <abbr class="dtstart" title="2026-04-20">20. aprīlī</abbr>
<span class="location">Rīga</span><p class="description">Kopā</p></div>""",
    "second": """<div class="h-event"><h2 class="p-name">Talka</h2> <time class="dt-start" datetime="2026-04-20">20. aprīlī</time>
<span class="p-location">Rīga</span><p class="e-content">Kopā</p><div class="p-organizer h-card"><b class="p-name">A. B.</b></div></div>""",
}


def entities(markup: str) -> list[Entity]:
    return Html("https://x.example/a/", f"<html lang=lv><body>{markup}").entities


@pytest.mark.parametrize("markup", [CLASSIC, SECOND], ids=["classic", "second"])
def test_a_card_of_an_organisation_is_read_in_full(markup: str) -> None:
    assert entities(markup) == [{
        "@type": ["Organization"], "name": "Saules māja", "url": "https://x.example/x", "telephone": "+371 67000000",
        "email": "info@x.example", "description": "Dārzs pilsētā.",
        "address": {"@type": ["PostalAddress"], "streetAddress": "Upes 1", "addressLocality": "Cēsis", "addressCountry": "Latvija"},
        "geo": {"@type": ["GeoCoordinates"], "latitude": "57.31", "longitude": "25.27"},
    }]  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_read_without_who_organises_it(name: str) -> None:
    place = {"@type": ["Place"], "name": "Rīga"}
    event = {"@type": ["Event"], "name": "Talka", "startDate": "2026-04-20", "location": place, "description": "Kopā"}
    assert entities(EVENTS[name]) == [event]


@pytest.mark.parametrize(
    "markup",
    [
        "<span class='author vcard'><a class='fn n url' href='/autors'>A. B.</a></span>",
        "<div class='h-card'><span class='p-name'>A. B.</span> <span class='p-org'>Saules māja</span></div>",
        "<div class='vcard'><span class='org'>Saules māja</span></div>",
        "<div class='h-event'><time class='dt-start' datetime='2026-04-20'></time></div>",
        "<div class='my-h-card vcards'><b class='p-name p-org'>Saules māja</b></div>",
    ],
    ids=["author", "person of an organisation", "no name", "nameless event", "other classes"],
)
def test_cards_of_persons_and_what_has_no_name_are_not_read(markup: str) -> None:
    assert entities(markup) == []


def test_where_a_page_describes_itself_otherwise_its_classes_are_not_asked() -> None:
    script = '<script type="application/ld+json">{"@type": "NGO", "name": "Saules māja"}</script>'
    assert [entity["@type"] for entity in entities(script + CLASSIC + EVENTS["classic"])] == [["NGO"]]


def test_a_card_becomes_a_record() -> None:
    records, problems = extracted(
        recipe_of("structured"), f"<html lang=lv><title>Biedri</title><body>{CLASSIC}{EVENTS['second']}"
    )
    assert [(record.kind, record.title["lv"], record.place, record.start_date) for record in records] == [
        ("organisation", "Saules māja", "Cēsis", None),
        ("event", "Talka", "Rīga", "2026-04-20"),
    ]
    assert (records[0].lat, records[0].country, records[0].email) == (57.31, "LV", "info@x.example")
    assert problems == []


def test_cards_in_cards_cost_no_more_than_the_page() -> None:
    depth = 200
    markup = "<div class='h-card'><b class='p-name p-org'>Māja</b>" * depth + "</div>" * depth
    assert len(entities(markup)) == depth

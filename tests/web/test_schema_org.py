"""Listings as schema.org objects: each type has only the properties that the vocabulary gives it, and none is left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawlers.record import Identifier, Record
from tests.web.site import HOSTILE, make_site
from vocabulary.languages import LANGUAGES

THING = {"name", "description", "url", "sameAs", "identifier", "image", "mainEntityOfPage", "potentialAction", "subjectOf"}
ORGANISATION = THING | {
    "address", "location", "areaServed", "email", "telephone", "keywords", "parentOrganization", "foundingDate", "dissolutionDate",
    "logo", "legalName",
}  # fmt: skip
WORK = THING | {
    "publisher", "inLanguage", "license", "contentLocation", "spatialCoverage", "keywords", "isPartOf", "isBasedOn", "datePublished",
    "dateModified", "mainEntity",
}  # fmt: skip
PROPERTIES: dict[str, set[str]] = {
    "Organization": ORGANISATION,
    "NGO": ORGANISATION,
    "GovernmentOrganization": ORGANISATION,
    "EducationalOrganization": ORGANISATION,
    "Project": ORGANISATION,
    "Event": THING | {"startDate", "endDate", "location", "organizer", "inLanguage", "keywords", "eventStatus"},
    "MonetaryGrant": THING | {"funder", "amount"},
    "ApplyAction": THING | {"target", "startTime", "endTime", "location"},
    "CreativeWork": WORK,
    "WebSite": WORK,
    "WebPage": WORK | {"breadcrumb"},
    "BreadcrumbList": THING | {"itemListElement"},
    "ListItem": THING | {"position", "item"},
    "Place": THING | {"address", "geo"},
    "Country": THING,
    "PostalAddress": THING | {"streetAddress", "addressLocality", "addressRegion", "addressCountry"},
    "GeoCoordinates": THING | {"latitude", "longitude"},
    "PropertyValue": THING | {"propertyID", "value"},
}
"""What schema.org 29 says of the types that we use, written down by hand."""
FULL = Record(
    "1", url="https://avots.example/1", title={"lv": "Viss", "en": "All"}, summary={"lv": "Īsi", "en": "In short"},
    description={"lv": "Gari. " * 100}, country="LV", countries=("LV", "EE"), region="Vidzeme", place="Cēsis", address="Rīgas iela 1",
    lat=57.31, lon=25.27, sectors=("ngo",), themes=("culture", "youth"), identifiers=(Identifier("LV-RE", "40008000001"),),
    organisation="Rīkotājs", tags=("mantojums",), website="https://viss.example", same_as=("https://cits.example/viss",),
    email="info@viss.example", phone="+371 67000000", start_date="2031-05-04T10:00:00+03:00", end_date="2031-05-05T17:00:00+03:00",
    languages=("lv",), licence="https://creativecommons.org/licenses/by/4.0/",
)  # fmt: skip
KINDS = {
    "organisation": "NGO", "social_enterprise": "NGO", "project": "Project", "event": "Event", "funding": "MonetaryGrant",
    "resource": "CreativeWork", "platform": "WebSite", None: "NGO",
}  # fmt: skip
BARE = Record("bare", title={"und": "Tikai nosaukums"})
NASTY = Record(
    "nasty",
    title={"lv": f"Ļauna {HOSTILE}"},
    organisation="</script><script>alert(1)</script>",
    kind="event",
    tags=("</script>",),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    records = [replace(FULL, remote_id=str(kind), kind=kind, title={"lv": f"Viss {kind}", "en": f"All {kind}"}) for kind in KINDS]
    return make_site(Path(tmp_path_factory.mktemp("schema")), [*records, BARE, NASTY])


def graph(client: FlaskClient, title: str, lang: str = "lv") -> tuple[dict[str, Any], dict[str, Any]]:
    """The page and the listing in the JSON-LD of the page of the listing with this title."""
    item = next(
        item for item in client.get(f"/api/v1/initiatives?q={title}&past=1").get_json()["items"] if title in item["title"]
    )
    page = client.get(f"/{lang}/initiatives/{item['id']}/{item['slug']}").get_data(as_text=True)
    text = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    page_node, listing_node = json.loads(text)["@graph"]
    return page_node, listing_node


def unknown_properties(value: object) -> list[str]:
    """Every `Type.property` within the value that PROPERTIES does not have."""
    if isinstance(value, list):
        return [found for entry in value for found in unknown_properties(entry)]
    if not isinstance(value, dict) or "@type" not in value:
        return []
    names = {name for name in value if not name.startswith("@")}
    wrong = [f"{value['@type']}.{name}" for name in sorted(names - PROPERTIES[value["@type"]])]
    return wrong + [found for entry in value.values() for found in unknown_properties(entry)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_uses_the_terms_of_its_type(client: FlaskClient, kind: str | None, lang: str) -> None:
    page, listing = graph(client, f"Viss {kind}", lang)
    assert listing["@type"] == KINDS[kind] and page["@type"] == "WebPage" and page["inLanguage"] == lang
    assert unknown_properties(page) == unknown_properties(listing) == []
    assert {"@language": "lv", "@value": f"Viss {kind}"} in listing["name"]
    assert listing["identifier"] == [{"@type": "PropertyValue", "propertyID": "LV-RE", "value": "40008000001"}]
    assert listing["sameAs"] == ["https://avots.example/1", "https://cits.example/viss"]
    assert page["mainEntity"] == {"@id": listing["@id"]} and page["isPartOf"]["@type"] == "WebSite"
    assert page["isBasedOn"][0]["url"] == "https://avots.example/1"


def test_the_identifier_is_the_same_in_each_language_and_leads_to_the_page(client: FlaskClient) -> None:
    ids = {graph(client, "Viss project", lang)[1]["@id"] for lang in LANGUAGES}
    assert len(ids) == 1
    path = "/" + ids.pop().split("/", 3)[3]
    assert client.get(path, follow_redirects=True).status_code == 200


def test_an_event_says_when_with_the_offset_where_and_who(client: FlaskClient) -> None:
    _page, event = graph(client, "Viss event")
    assert (event["startDate"], event["endDate"]) == (FULL.start_date, FULL.end_date)
    assert event["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 57.31, "longitude": 25.27}
    assert event["location"]["address"]["streetAddress"] == "Rīgas iela 1"
    assert event["organizer"] == {
        "@type": "Organization", "name": "Rīkotājs", "email": "info@viss.example", "telephone": "+371 67000000",
    }  # fmt: skip


def test_a_call_says_until_when_one_can_apply(client: FlaskClient) -> None:
    _page, call = graph(client, "Viss funding")
    assert call["potentialAction"]["@type"] == "ApplyAction" and call["potentialAction"]["endTime"] == FULL.end_date


def test_labels_are_in_the_language_of_the_page(client: FlaskClient) -> None:
    _page, latvian = graph(client, "Viss organisation", "lv")
    _page, english = graph(client, "Viss organisation", "en")
    assert latvian["keywords"] == ["kultūra", "jaunatne", "mantojums"]
    assert english["keywords"][2:] == ["mantojums"] and english["keywords"][0] == "culture"
    assert latvian["areaServed"][0]["name"] == "Latvija" and english["areaServed"][0]["name"] == "Latvia"


def test_a_listing_with_a_title_alone_has_nothing_empty(client: FlaskClient) -> None:
    page, listing = graph(client, "Tikai nosaukums")
    assert listing.keys() == {"@type", "@id", "name", "mainEntityOfPage"} and listing["name"] == [{"@value": "Tikai nosaukums"}]
    assert unknown_properties(page) == []


def test_texts_cannot_leave_the_script_element(client: FlaskClient) -> None:
    page, listing = graph(client, "Ļauna")
    assert listing["organizer"]["name"] == NASTY.organisation and HOSTILE in page["name"]

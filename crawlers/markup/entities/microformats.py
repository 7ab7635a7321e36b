"""Microformats (microformats.org): cards of organisations and events, of version 2 (h-card, h-event) and the classic ones.

A card is an organisation's where its name is that of the organisation (`p-name p-org`, `fn org`); all other cards may be
persons' and are not read. Times written in pieces (the value class pattern) are read where they stand in one `datetime`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.markup.elements import Element
from crawlers.markup.entities.entity import Entity, shown_text, without_single_lists
from crawlers.texts.clean import one_line
from crawlers.values.addresses import absolute_address

ROOTS = {"h-card": "Organization", "vcard": "Organization", "h-event": "Event", "vevent": "Event"}
"""By the class of a root, the schema.org type that it is read as."""
NESTED_ROOTS = frozenset({*ROOTS, "h-entry", "hentry", "h-adr", "h-geo", "h-feed", "h-product", "h-review"})
PLACES = frozenset({"adr", "p-adr", "h-adr", "geo", "p-geo", "h-geo"})
"""Classes of parts whose properties belong to the card or event that holds them."""
PROPERTIES: Mapping[str, str] = {
    "p-name": "name", "fn": "name", "p-summary": "description", "p-note": "description", "note": "description",
    "e-content": "description", "e-description": "description", "description": "description", "summary": "name",
    "u-url": "url", "url": "url", "u-photo": "image", "photo": "image", "u-logo": "image", "logo": "image",
    "u-email": "email", "p-email": "email", "email": "email", "p-tel": "telephone", "tel": "telephone",
    "dt-start": "startDate", "dtstart": "startDate", "dt-end": "endDate", "dtend": "endDate",
    "p-location": "location", "location": "location", "p-category": "keywords", "category": "keywords",
}  # fmt: skip
ADDRESS: Mapping[str, str] = {
    "street-address": "streetAddress", "postal-code": "postalCode", "locality": "addressLocality",
    "region": "addressRegion", "country-name": "addressCountry",
}  # fmt: skip
GEO = ("latitude", "longitude")
LINKS = frozenset({"url", "image", "email"})
DATES = frozenset({"startDate", "endDate"})
_VALUE_ATTRIBUTES = ("datetime", "title")


def read_microformats(root: Element, url: str) -> list[Entity]:
    """The cards of organisations and the events of a page; addresses are made absolute with the page's `url`."""
    nodes = [element for element in root.iter() if isinstance(element.tag, str) and _classes(element) & ROOTS.keys()]
    entities = (_entity(node, kind, url) for node in nodes for kind in _kinds(node))
    return [entity for entity in entities if entity.get("name")]


def _kinds(node: Element) -> list[str]:
    """The type of a root, as a list of one; empty for other elements, and for cards that may be a person's."""
    kinds = [ROOTS[name] for name in _classes(node) if name in ROOTS][:1]
    return kinds if kinds != ["Organization"] or _is_of_organisation(node) else []


def _is_of_organisation(card: Element) -> bool:
    """Whether the name of a card is also that of an organisation."""
    texts: dict[str, set[str]] = {"name": set(), "org": set()}
    for element in _parts(card):
        classes = _classes(element)
        for names, kind in (({"p-name", "fn"}, "name"), ({"p-org", "org"}, "org")):
            if names & classes:
                texts[kind].add(one_line(element.text_content()))
    return bool(texts["name"] & texts["org"])


def _entity(node: Element, kind: str, url: str) -> Entity:
    values: dict[str, list[Any]] = {}
    address: dict[str, list[Any]] = {}
    geo: dict[str, list[Any]] = {}
    for element in _parts(node):
        for name in _classes(element):
            if property_name := PROPERTIES.get(name):
                values.setdefault(property_name, []).append(_value(element, property_name, url))
            plain = name.removeprefix("p-")
            if plain in ADDRESS:
                address.setdefault(ADDRESS[plain], []).append(_value(element, "", url))
            if plain in GEO:
                geo.setdefault(plain, []).append(element.get("value") or _value(element, "", url))
    if address:
        values["address"] = [without_single_lists({"@type": ["PostalAddress"], **address})]
    if geo:
        values["geo"] = [without_single_lists({"@type": ["GeoCoordinates"], **geo})]
    if "location" in values:
        values["location"] = [{"@type": ["Place"], "name": text} for text in values["location"] if text]
    kept = {name: [value for value in each if value] for name, each in values.items()}
    return without_single_lists({"@type": [kind], **{name: each for name, each in kept.items() if each}})


def _value(element: Element, name: str, url: str) -> str:
    """The value of a property: an address, a date, or the text."""
    if name in LINKS and (address := element.get("href") or element.get("src")):
        return address.removeprefix("mailto:") if name == "email" else absolute_address(url, address)
    if name in DATES or element.tag == "abbr":
        for attribute in _VALUE_ATTRIBUTES:
            if value := element.get(attribute):
                return value
    return shown_text(element)


def _parts(root: Element) -> Iterator[Element]:
    """The elements below a root, without those inside another root; a place inside is a part of this one."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        yield element
        classes = _classes(element)
        if not classes & NESTED_ROOTS or classes & PLACES:
            stack.extend(reversed(element))


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())

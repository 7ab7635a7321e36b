"""Listings as schema.org JSON-LD, for search engines."""

from __future__ import annotations

import json
from collections.abc import Mapping

from platforma.catalogue.listings.listing import Listing
from platforma.web.context import absolute
from platforma.web.public.rows import listing_url

SCHEMA_TYPES = {"project": "Project", "event": "Event", "funding": "Grant", "resource": "CreativeWork"}


def json_ld(listing: Listing, lang: str) -> str:
    """The listing as schema.org JSON-LD, safe inside a script element."""
    data = {"@context": "https://schema.org"} | linked_data(listing, lang)
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def linked_data(listing: Listing, lang: str) -> dict[str, object]:
    """The listing as a node of schema.org, without a context; names and texts for a reader of `lang`."""
    kind = SCHEMA_TYPES.get(listing.get("kind") or "", "Organization")
    data: dict[str, object] = {
        "@type": kind,
        "@id": absolute(listing_url(listing)),
        "name": [{"@language": code, "@value": text} for code, text in listing.texts.get("title", {}).items()],
        "url": listing.get("website"),
        "sameAs": [source.url for source in listing.sources if source.url] or None,
        "startDate": listing.get("start_date"),
        "endDate": listing.get("end_date"),
    }
    if listing.get("place") or listing.get("country"):
        address = {"addressLocality": listing.get("place"), "addressCountry": listing.get("country")}
        data["location"] = {"@type": "Place", "address": {"@type": "PostalAddress"} | _without_empty(address)}
    if summary := listing.shown("summary", lang):
        data["description"] = summary.text
    return _without_empty(data)


def _without_empty(data: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if value}

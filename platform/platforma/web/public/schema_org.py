"""A listing in the terms of schema.org: the one description that its page and every export share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.relations import Relations
from platforma.i18n import fixed_url
from platforma.web.context import absolute
from platforma.web.public.licence_addresses import licence_address
from platforma.web.public.pictures import picture_url
from platforma.web.public.rows import listing_address, listing_url, shorten, vocabulary_label
from vocabulary.languages import DEFAULT_LANGUAGE

Data: TypeAlias = dict[str, object]
NO_RELATIONS = Relations()
TYPE_OF_KIND = {
    "project": "Project",
    "event": "Event",
    "funding": "MonetaryGrant",
    "resource": "CreativeWork",
    "platform": "WebSite",
}
"""schema.org types by kind; every other kind is an organisation."""
TYPE_OF_SECTOR = {"ngo": "NGO", "public": "GovernmentOrganization", "academic": "EducationalOrganization"}
"""Subclasses of Organization by sector, where a listing has one sector alone."""


def schema_org(listing: Listing, lang: str, relations: Relations = NO_RELATIONS) -> Data:
    """The listing as one schema.org object, without `@context`; labels are in an interface language, texts in all languages.

    `relations` are told where schema.org has a property for them: between organisations, networks and projects. `@id` is the
    same in every language and does not change with the title.
    """
    type_ = schema_type(listing)
    return without_empty(
        {
            "@type": type_,
            "@id": listing_id(listing),
            "name": _in_each_language(listing.texts.get("title", {})),
            "description": _in_each_language(_descriptions(listing)),
            "url": listing.get("website"),
            "image": _image(listing),
            "mainEntityOfPage": absolute(listing_url(listing)),
            "sameAs": _other_addresses(listing),
            "identifier": [_identifier(**number) for number in listing.get("identifiers")],
            **_by_type(listing, type_, lang),
            **_related(listing, lang, relations),
        }
    )


def schema_type(listing: Listing) -> str:
    """The schema.org type of a listing, by its kind and its sector."""
    sectors = listing.get("sectors")
    of_sector = TYPE_OF_SECTOR.get(sectors[0], "Organization") if len(sectors) == 1 else "Organization"
    return TYPE_OF_KIND.get(listing.get("kind") or "", of_sector)


def listing_id(listing: Listing) -> str:
    """The listing's stable identifier: an address that leads to its page."""
    return absolute(listing_address(fixed_url("directory.start", lang=DEFAULT_LANGUAGE), listing.public_id, ""))


def without_empty(data: Mapping[str, object]) -> Data:
    """The object without what says nothing."""
    return {name: value for name, value in data.items() if value not in (None, "", [], (), {})}


def _by_type(listing: Listing, type_: str, lang: str) -> Data:
    """The properties that schema.org has for this type and not for all."""
    keywords = [vocabulary_label("theme", id, lang) for id in listing.get("themes")] + list(listing.get("tags"))
    if type_ == "MonetaryGrant":
        return _grant(listing)
    if type_ == "Event":
        return _event(listing) | {"keywords": keywords}
    if type_ in ("CreativeWork", "WebSite"):
        return _work(listing, lang) | {"keywords": keywords}
    return _organisation(listing, lang) | {"keywords": keywords}


def _organisation(listing: Listing, lang: str) -> Data:
    """An organisation; a project's first and last day are those of its founding and dissolution."""
    is_project = listing.get("kind") == "project"
    return _contact(listing) | {
        "address": _address(listing),
        "location": _place(listing),
        "areaServed": [_country(code, lang) for code in listing.get("countries")],
        "foundingDate": listing.get("start_date") if is_project else None,
        "dissolutionDate": listing.get("end_date") if is_project else None,
        "parentOrganization": _organiser(listing),
    }


def _related(listing: Listing, lang: str, relations: Relations) -> Data:
    """What the listing is a part of, and its parts; a network has members. A parent stands in the place of a mere name."""
    if not _is_organisation(listing):
        return {}
    part_of, parts = ([one for one in side if _is_organisation(one)] for side in (relations.part_of, relations.parts))
    parents = [one for one in part_of if one.get("kind") != "network"]
    networks = [one for one in part_of if one.get("kind") == "network"]
    named = {
        "parentOrganization": [_reference(one, lang) for one in parents],
        "memberOf": [_reference(one, lang) for one in networks],
        "member" if listing.get("kind") == "network" else "subOrganization": [_reference(one, lang) for one in parts],
    }
    return without_empty(named)


def _is_organisation(listing: Listing) -> bool:
    """Whether schema.org takes it for an organisation; a project is one, too."""
    return listing.get("kind") == "project" or listing.get("kind") not in TYPE_OF_KIND


def _reference(listing: Listing, lang: str) -> Data:
    return {"@type": schema_type(listing), "@id": listing_id(listing), "name": listing.title(lang).text}


def _event(listing: Listing) -> Data:
    return {
        "startDate": listing.get("start_date"),
        "endDate": listing.get("end_date"),
        "location": _place(listing),
        "organizer": _organiser(listing, **_contact(listing)),
        "inLanguage": list(listing.get("languages")),
    }


def _grant(listing: Listing) -> Data:
    """A call for applications: schema.org has dates for the act of applying, not for a grant."""
    application = without_empty(
        {"target": listing.get("website"), "startTime": listing.get("start_date"), "endTime": listing.get("end_date")}
    )
    return {
        "funder": _organiser(listing, **_contact(listing)),
        "potentialAction": {"@type": "ApplyAction", **application} if listing.get("end_date") else None,
    }


def _work(listing: Listing, lang: str) -> Data:
    return {
        "publisher": _organiser(listing, **_contact(listing)),
        "inLanguage": list(listing.get("languages")) or sorted(code for code in listing.texts.get("title", {}) if code != "und"),
        "license": licence_address(listing.get("licence")),
        "contentLocation": _place(listing),
        "spatialCoverage": [_country(code, lang) for code in listing.get("countries")],
    }


def _organiser(listing: Listing, **contact: object) -> Data | None:
    """The organisation behind the listing; None where neither its name nor how to reach it is known."""
    known = without_empty({"name": listing.get("organisation"), **contact})
    return {"@type": "Organization", **known} if known else None


def _contact(listing: Listing) -> Data:
    return without_empty({"email": listing.get("email"), "telephone": listing.get("phone")})


def _address(listing: Listing) -> Data | None:
    parts = without_empty(
        {
            "streetAddress": listing.get("address"),
            "addressLocality": listing.get("place"),
            "addressRegion": listing.get("region"),
            "addressCountry": listing.get("country"),
        }
    )
    return {"@type": "PostalAddress", **parts} if parts else None


def _place(listing: Listing) -> Data | None:
    """Where it is: an address, a point, or both."""
    lat, lon = listing.get("lat"), listing.get("lon")
    has_point = lat is not None and lon is not None
    geo = {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon} if has_point else None
    parts = without_empty({"name": listing.get("place"), "address": _address(listing), "geo": geo})
    return {"@type": "Place", **parts} if parts else None


def _country(code: str, lang: str) -> Data:
    return {"@type": "Country", "name": vocabulary_label("country", code, lang), "identifier": code}


def _image(listing: Listing) -> str | None:
    url = picture_url(listing, "page")
    return absolute(url) if url else None


def _identifier(scheme: str, value: str) -> Data:
    return {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def _descriptions(listing: Listing) -> Mapping[str, str]:
    """The longest text that may be shown in each language."""
    summaries, descriptions = listing.texts.get("summary", {}), listing.texts.get("description", {})
    if listing.full_text_allowed:
        return {**summaries, **descriptions}
    return {**{code: shorten(text) for code, text in descriptions.items()}, **summaries}


def _in_each_language(texts: Mapping[str, str]) -> list[Data]:
    """The texts as JSON-LD language values; one of no known language has no `@language`."""
    return [without_empty({"@language": "" if code == "und" else code, "@value": text}) for code, text in texts.items()]


def _other_addresses(listing: Listing) -> list[str]:
    """Addresses of pages that are about the same: those of the sources, then those that they name."""
    addresses = (*(source.url for source in listing.sources), *listing.get("same_as"))
    return list(dict.fromkeys(address for address in addresses if address and address != listing.get("website")))

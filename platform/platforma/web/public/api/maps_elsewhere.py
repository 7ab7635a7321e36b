"""Profiles by which other maps of the same kind take our listings in: Murmurations, one a listing, and GoGoCarto, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Response, json, request

from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.web.context import absolute, services
from platforma.web.public.api.answers import JSON, checked_by_content
from platforma.web.public.api.asked_listing import listing_or_redirect
from platforma.web.public.api.blueprint import blueprint
from platforma.web.public.api.parameters import LANG, check, search_parameters
from platforma.web.public.filters import query_of
from platforma.web.public.pictures import picture_url
from platforma.web.public.rows import listing_url, vocabulary_label
from platforma.web.public.schema_org import TYPE_OF_KIND, listing_id, without_empty
from platforma.web.public.take.about import licence_note
from platforma.web.public.take.answering import file_answer
from platforma.web.public.take.export import Export
from platforma.web.public.take.formats import Format
from platforma.web.public.take.json_lists import coordinates, with_list
from platforma.web.public.take.pieces import packed

SCHEMA = "organizations_schema-v1.0.0"
OTHER_KINDS = frozenset(TYPE_OF_KIND) - {"project"}
"""Kinds that are no group, project or organisation, of which the schema is for."""
MAX_NAME, MAX_TAG, MAX_ADDRESS, MAX_TAGS = 200, 100, 2_000, 100
Data = dict[str, object]


@blueprint.get("/murmurations/<public_id>")
def murmurations(public_id: str) -> Response:
    """A listing as a Murmurations profile. Raises Suppressed, and NotFound also for what is no organisation or project."""
    lang = check(request.args, {"lang": LANG})
    with services().database.reading() as session:
        listing = listing_or_redirect(listing_queries.listing(session, public_id), "api.murmurations")
    if listing.get("kind") in OTHER_KINDS:
        raise NotFound(public_id)
    answer = Response(json.dumps(profile(listing, lang)), content_type=JSON)
    return checked_by_content(answer, listing.changed_at)


@blueprint.get("/gogocarto.json")
def gogocarto() -> Response:
    """The listings of a search that have coordinates, as elements of GoGoCarto."""
    lang = check(request.args, {"lang": LANG, **search_parameters()})
    return file_answer(query_of(request.args, lang), "json", GOGOCARTO)


def profile(listing: Listing, lang: str) -> Data:
    """The listing by the Murmurations schema of organisations, in an interface language; what does not fit is left out."""
    point, summary = coordinates(listing), listing.shown("summary", lang)
    website = listing.get("website")
    page, email = absolute(listing_url(listing)), listing.get("email")
    return without_empty(
        {
            "linked_schemas": [SCHEMA],
            "unique_id": listing_id(listing),
            "name": listing.title(lang).text[:MAX_NAME],
            "primary_url": website if _fits(website) else page,
            "urls": [{"name": "Platforma platformām", "url": page}],
            "description": summary.text if summary else None,
            "tags": list(dict.fromkeys(tag[:MAX_TAG] for tag in categories(listing, lang)))[:MAX_TAGS],
            "full_address": ", ".join(filter(None, (listing.get("address"), listing.get("place")))),
            "country_iso_3166": listing.get("country"),
            "geolocation": {"lat": point[1], "lon": point[0]} if point else None,
            "image": _image(listing),
            "telephone": listing.get("phone"),
            "contact_details": {"email": email} if email else None,
        }
    )


def element(listing: Listing, lang: str) -> Data | None:
    """The listing as an element of GoGoCarto; None without coordinates."""
    point, summary = coordinates(listing), listing.shown("summary", lang)
    if point is None:
        return None
    address = {
        "streetAddress": listing.get("address"),
        "addressLocality": listing.get("place"),
        "addressCountry": listing.get("country"),
    }
    return without_empty(
        {
            "id": listing.public_id,
            "name": listing.title(lang).text,
            "geo": {"latitude": point[1], "longitude": point[0]},
            "address": without_empty(address),
            "categories": categories(listing, lang),
            "description": summary.text if summary else None,
            "website": listing.get("website"),
            "email": listing.get("email"),
            "telephone": listing.get("phone"),
            "images": list(filter(None, (_image(listing),))),
            "url": absolute(listing_url(listing)),
        }
    )


def categories(listing: Listing, lang: str) -> list[str]:
    """The labels of its kind and its themes in an interface language."""
    kind = listing.get("kind")
    kinds = [vocabulary_label("kind", kind, lang)] if kind else []
    return kinds + [vocabulary_label("theme", id, lang) for id in listing.get("themes")]


def _gogocarto_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """The answer of GoGoCarto's own API: terms, the name of the form, and `data`."""
    head = {"licence": licence_note(), "terms": export.terms_address, "ontology": "gogofull"}
    elements = (element(listing, export.lang) for listing in listings)
    return packed(with_list(head, "data", (one for one in elements if one)))


GOGOCARTO = Format(JSON, _gogocarto_pieces, how="inline")


def _fits(address: str | None) -> bool:
    """Whether the schema takes an address."""
    return address is not None and address.startswith(("http://", "https://")) and len(address) <= MAX_ADDRESS


def _image(listing: Listing) -> str | None:
    url = picture_url(listing, "page")
    return absolute(url) if url else None

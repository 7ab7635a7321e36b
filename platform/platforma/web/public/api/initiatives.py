"""Listings by the API: a page of a search with facets, and one listing."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, json, request, url_for
from werkzeug.datastructures import MultiDict

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.relations import Relations, relations_of
from platforma.catalogue.platforms import platform_queries
from platforma.web.context import absolute, services
from platforma.web.public.api.answers import JSON, checked_by_content, json_answer, search_tag, with_tag
from platforma.web.public.api.asked_listing import listing_or_redirect
from platforma.web.public.api.blueprint import blueprint
from platforma.web.public.api.parameters import LANG, MAX_PER_PAGE, check, list_parameters
from platforma.web.public.filter_boxes import Choice, choices
from platforma.web.public.filters import NAMES, NO_FILTER, query_of
from platforma.web.public.items import item, related_items
from platforma.web.public.open_answers import terms_address
from platforma.web.public.parameters import BadRequest, whole_number
from platforma.web.public.schema_org import schema_org
from platforma.web.public.take.licences import licence_of
from search.port import Page, Query

JSON_LD = "application/ld+json"


@blueprint.get("/initiatives")
def initiatives() -> Response:
    """One page of results with facets, and how to read on."""
    query = _query(request.args)
    tag = search_tag(request.full_path, str(query.today))
    if request.if_none_match.contains_weak(tag):
        return with_tag(Response(status=304), tag)
    page = services().engine.search(query)
    answer = json_answer(_body(query, page))
    if page.cursor:
        answer.headers.add("Link", f'<{_next_address(page.cursor)}>; rel="next"')
    return with_tag(answer, tag)


@blueprint.get("/initiatives/<public_id>")
def initiative(public_id: str) -> Response:
    """One listing, as the API has it or, where the asker prefers that, as schema.org. Raises NotFound and Suppressed."""
    accepted = request.accept_mimetypes.best_match((JSON, JSON_LD), default=JSON)
    answer = _one(public_id, "api.initiative", is_json_ld=accepted == JSON_LD)
    answer.vary.add("Accept")
    return answer


@blueprint.get("/initiatives/<public_id>.jsonld")
def initiative_as_schema_org(public_id: str) -> Response:
    """One listing as schema.org. Raises NotFound and Suppressed."""
    return _one(public_id, "api.initiative_as_schema_org", is_json_ld=True)


def _one(public_id: str, endpoint: str, *, is_json_ld: bool) -> Response:
    lang = check(request.args, {"lang": LANG})
    with services().database.reading() as session:
        listing = listing_or_redirect(listing_queries.listing(session, public_id), endpoint)
        licences, relations = platform_queries.platform_licences(session), relations_of(session, public_id)
    if is_json_ld:
        answer = Response(json.dumps(_schema_org(listing, lang, relations)), content_type=JSON_LD)
    else:
        more = {"state": listing.state, "relations": related_items(relations, lang), "origins": dict(listing.origins)}
        answer = json_answer({"item": _item(listing, lang, licences) | more})
    return checked_by_content(answer, max(filter(None, (listing.changed_at, listing.last_seen_at)), default=None))


def _schema_org(listing: Listing, lang: str, relations: Relations) -> dict[str, object]:
    """The listing as a document of JSON-LD; its terms stand in a member that schema.org has for them."""
    return {"@context": "https://schema.org", **schema_org(listing, lang, relations), "usageInfo": terms_address()}


def _query(args: MultiDict[str, str]) -> Query:
    """The query of the address. Raises BadRequest."""
    lang = check(args, list_parameters())
    cursor = args.get("cursor")
    if cursor and "page" in args:
        raise BadRequest("there is either page or cursor")
    query = query_of(args, lang, per_page=whole_number(args.get("per_page", "20"), "per_page", MAX_PER_PAGE))
    return replace(query, after=cursor)


def _body(query: Query, page: Page) -> dict[str, object]:
    with services().database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
        platforms, licences = platform_queries.platform_titles(session), platform_queries.platform_licences(session)
    distances = {hit.id: {"km": round(hit.km, 1)} for hit in page.hits if hit.km is not None}
    return {
        "total": page.total,
        "page": None if query.after else query.page,
        "per_page": query.per_page,
        "next": _next_address(page.cursor) if page.cursor else None,
        "cursor": page.cursor,
        "sort": page.sort,
        "items": [_item(listing, query.lang, licences) | distances.get(listing.public_id, {}) for listing in listings],
        "facets": {name: _facet(name, page, query, platforms) for name in NAMES},
        "did_you_mean": page.did_you_mean,
        "corrected_to": page.corrected_to,
        "also_called": list(page.also_called),
        "forgiven": page.relaxation,
        "complete": page.complete,
        "close": page.close,
        "elsewhere": page.elsewhere,
    }


def _item(listing: Listing, lang: str, licences: dict[str, str]) -> dict[str, object]:
    """A listing as everywhere, with the licence of its platform where the entry names none."""
    return item(listing, lang) | {"licence": licence_of(listing, licences)}


def _next_address(cursor: str) -> str:
    """The address of the page after this one."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in ("page", "cursor")]
    return absolute(f"{url_for('api.initiatives')}?{urlencode([*pairs, ('cursor', cursor)])}")


def _facet(name: str, page: Page, query: Query, platforms: dict[str, str]) -> list[dict[str, object]]:
    return [{"value": one.value, "label": one.label, "count": one.number} for one in _choices(name, page, query, platforms)]


def _choices(name: str, page: Page, query: Query, platforms: dict[str, str]) -> list[Choice]:
    """The values of a facet, by count, then label."""
    chosen = query.filters.get(name, NO_FILTER)
    values = choices(name, page.facets[name], chosen, query.lang, platforms)
    return sorted(values, key=lambda choice: (-choice.number, choice.label))

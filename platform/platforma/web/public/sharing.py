"""Pictures for pages that are shared (Open Graph): their addresses, and the cards that are drawn there.

An address holds a hash of what its card says. So it may be kept for a year, and one that is out of date leads to the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import SITE
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.i18n import current_language
from platforma.web.assets import KEPT_FOR_A_YEAR
from platforma.web.context import absolute, services
from platforma.web.drawing.card import Card, drawn
from platforma.web.public.cards import listing_card, platform_card, search_card, shared_query, site_card
from platforma.web.public.filters import query_of
from platforma.web.public.search_addresses import query_address
from search.port import Query

blueprint = Blueprint("sharing", __name__, url_prefix=f"{SITE}/sharing")
AddressOf = Callable[[str], str]
"""From a card's digest to its address, without a host."""


@blueprint.record_once
def give_templates(state: BlueprintSetupState) -> None:
    """Give the templates the addresses of cards."""
    urls = (site_card_url, listing_card_url, platform_card_url, search_card_url)
    state.app.jinja_env.globals.update({url.__name__: url for url in urls})


def site_card_url() -> str:
    """The absolute address of the card of pages that have none of their own."""
    return absolute(url_for("sharing.site", digest=site_card().digest))


def listing_card_url(listing: Listing) -> str:
    """The absolute address of a listing's card."""
    return absolute(_listing_address(listing.public_id)(listing_card(listing).digest))


def platform_card_url(platform: PlatformCard) -> str:
    """The absolute address of a platform's card."""
    return absolute(_platform_address(platform.public_id)(platform_card(platform).digest))


def search_card_url(query: Query, total: int) -> str:
    """The absolute address of a search's card; of a search for words, that of the site."""
    shared = shared_query(query)
    if not shared.filters:
        return site_card_url()
    return absolute(_search_address(shared)(search_card(shared, total, _titles(shared)).digest))


@blueprint.get("/site-<digest>.png")
def site(digest: str) -> BaseResponse:
    return _answer(site_card(), digest, lambda current: url_for("sharing.site", digest=current))


@blueprint.get("/initiatives/<public_id>-<digest>.png")
def listing(public_id: str, digest: str) -> BaseResponse:
    """The card of a public listing; of one that was joined with another, that one's."""
    with services().database.reading() as session:
        found = listing_queries.listing(session, public_id)
    if isinstance(found, listing_queries.Moved):
        return redirect(_listing_address(found.public_id)(digest), 301)
    return _answer(listing_card(found), digest, _listing_address(public_id))


@blueprint.get("/platforms/<public_id>-<digest>.png")
def platform(public_id: str, digest: str) -> BaseResponse:
    with services().database.reading() as session:
        found = platform_queries.platform_card(session, public_id, counts={})
    return _answer(platform_card(found), digest, _platform_address(public_id))


@blueprint.get("/search-<digest>.png")
def search(digest: str) -> BaseResponse:
    """The card of a search by filters; 404 for one of words, which no page names."""
    query = shared_query(query_of(request.args, current_language()))
    if not query.filters:
        abort(404)
    total = services().engine.search(replace(query, per_page=1, facets=())).total
    return _answer(search_card(query, total, _titles(query)), digest, _search_address(query))


def _titles(query: Query) -> dict[str, str]:
    """The titles of platforms by id, where a query names any."""
    if "platform" not in query.filters:
        return {}
    with services().database.reading() as session:
        return platform_queries.platform_titles(session)


def _answer(card: Card, digest: str, address_of: AddressOf) -> BaseResponse:
    """The card as a picture where the digest is its own, else a redirect to where that is so."""
    if digest != card.digest:
        return redirect(address_of(card.digest), 302)
    answer = Response(drawn(card), mimetype="image/png")
    answer.headers["Cache-Control"] = KEPT_FOR_A_YEAR
    return answer


def _listing_address(public_id: str) -> AddressOf:
    return lambda digest: url_for("sharing.listing", public_id=public_id, digest=digest)


def _platform_address(public_id: str) -> AddressOf:
    return lambda digest: url_for("sharing.platform", public_id=public_id, digest=digest)


def _search_address(query: Query) -> AddressOf:
    return lambda digest: query_address(query, "sharing.search", digest=digest)

"""Searches as files, feeds and calendars: the page's own parameters, in full."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import SITE
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import listing_queries
from platforma.i18n import current_language
from platforma.web.context import absolute, services
from platforma.web.public.filters import query_of
from platforma.web.public.rows import listing_url
from platforma.web.public.take.answering import CACHE, file_answer
from platforma.web.public.take.export import content_disposition, first_page
from platforma.web.public.take.formats import FORMATS
from platforma.web.public.take.ics import calendar_of, happening_of
from search.port import Query

blueprint = Blueprint("take", __name__, url_prefix=SITE)
OF_PAGES = frozenset(("page", "per_page", "after"))
"""Parameters that say which part of the results is shown: a file has all of them."""


@blueprint.get(f"/search.<any({', '.join(FORMATS)}):format>")
def export(format: str) -> Response:
    """The whole result of a search as a file; an answer begins only when all ids are found and the first listings are read."""
    return file_answer(_query(), format, FORMATS[format])


@blueprint.get("/initiatives/<public_id>/<slug>.ics")
def calendar(public_id: str, slug: str) -> BaseResponse:
    """A calendar with the event, or the deadline of the call, that a listing is. Raises NotFound for all other listings."""
    with services().database.reading() as session:
        listing = listing_queries.listing(session, public_id)
    if isinstance(listing, listing_queries.Moved) or slug != listing.slug:
        return redirect(url_for("take.calendar", public_id=listing.public_id, slug=listing.slug), 301)
    if happening_of(listing) is None:
        raise NotFound(public_id)
    lang = current_language()
    body = calendar_of([listing], lang, listing.title(lang).text, absolute(listing_url(listing)))
    answer = Response(body, content_type=FORMATS["ics"].media_type)
    name = f"{listing.slug}.ics"
    answer.headers["Content-Disposition"] = content_disposition(name, name)
    answer.headers["Cache-Control"] = CACHE
    return answer


def _query() -> Query:
    """The query of the address, without what says which page of it. Raises BadRequest."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in OF_PAGES]
    return first_page(query_of(MultiDict(pairs), current_language()))

"""Searches as files, feeds and calendars: the page's own parameters, in full."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from flask import Blueprint, Response, copy_current_request_context, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import SITE
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language
from platforma.web.context import absolute, services
from platforma.web.public.filters import query_of
from platforma.web.public.rows import listing_url
from platforma.web.public.search_addresses import query_address
from platforma.web.public.take import results
from platforma.web.public.take.export import Export, content_disposition, disposition, first_page
from platforma.web.public.take.formats import FORMATS
from platforma.web.public.take.ics import calendar_of, happening_of
from search.port import Query

blueprint = Blueprint("take", __name__, url_prefix=SITE)
OF_PAGES = frozenset(("page", "per_page", "after"))
"""Parameters that say which part of the results is shown: a file has all of them."""
CACHE = "public, max-age=300"


@blueprint.get(f"/search.<any({', '.join(FORMATS)}):format>")
def export(format: str) -> Response:
    """The whole result of a search as a file; an answer begins only when all ids are found and the first listings are read."""
    query = _query()
    tag = _entity_tag(query, format)
    if request.if_none_match.contains_weak(tag):
        return _with_validators(Response(status=304), tag)
    made, pieces = _export(query, format)
    answer = Response(pieces, content_type=FORMATS[format].media_type)
    answer.headers["Content-Disposition"] = disposition(made, FORMATS[format].how)
    answer.headers.add("Link", f'<{made.page_address}>; rel="alternate"; type="text/html"')
    answer.headers.add("Link", f'<{made.terms_address}>; rel="terms-of-service"')
    return _with_validators(answer, tag)


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


def _export(query: Query, format: str) -> tuple[Export, Iterator[bytes]]:
    """What a file is about, and its pieces, the first of which is made already. Raises SearchError."""
    ids = _ids(query, FORMATS[format].newest)
    with services().database.reading() as session:
        titles, licences = platform_queries.platform_titles(session), platform_queries.platform_licences(session)
    assert query.today is not None
    made = Export(query, format, len(ids), query.today, titles, licences)
    return made, _begun(FORMATS[format].pieces(made, results.listings(services(), ids)))


def _ids(query: Query, newest: int | None) -> list[str]:
    """The ids of all results, or of so many of the newest; none where only the head of the answer is asked for."""
    if request.method == "HEAD":
        return []
    engine = services().engine
    return results.newest_ids(engine, query, newest) if newest else results.all_ids(engine, query)


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces; what fails before the first one fails here, while the answer can still be an error.

    What fails later breaks the connection, so that nobody takes the part for the whole. Each piece is made within the
    request, which is over when the answer is sent; between pieces nothing is open.
    """

    @copy_current_request_context
    def next_piece() -> bytes | None:
        return next(pieces, None)

    first = next(pieces, None)

    def all_pieces() -> Iterator[bytes]:
        piece = first
        while piece is not None:
            yield piece
            piece = next_piece()

    return all_pieces()


def _entity_tag(query: Query, format: str) -> str:
    """What changes whenever the file may: the state of the index, the search, the language and the day. Raises SearchError."""
    parts = (services().engine.stamp(), format, query.lang, query_address(query), str(query.today))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _with_validators(answer: Response, tag: str) -> Response:
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = CACHE
    return answer

"""Answers that hold the whole result of a search: validated first, begun only when it can be finished, then streamed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, copy_current_request_context, request

from platforma.catalogue.platforms import platform_queries
from platforma.web.context import services
from platforma.web.public.search_addresses import query_address
from platforma.web.public.take import results, turns
from platforma.web.public.take.export import Export, disposition
from platforma.web.public.take.formats import Format
from search.port import Query

CACHE = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class MadeFile:
    """What a file is about, and its pieces, the first of which is made already."""

    about: Export
    pieces: Iterator[bytes]


def file_answer(query: Query, name: str, format: Format) -> Response:
    """The whole result of a search as a file whose name ends in `name`; 304 where the asker has it.

    The answer begins only when all ids are found and the first listings are read. Raises SearchError, and NoTurn for a
    large file while too many are sent.
    """
    tag = entity_tag(query, name)
    if request.if_none_match.contains_weak(tag):
        return _with_validators(Response(status=304), tag)
    ids = _ids(query, format.newest)
    turn = turns.take_turn() if len(ids) > turns.MIN_LISTINGS else None
    try:
        made = file_of(query, name, format, ids)
    except BaseException:
        if turn is not None:
            turn.close()
        raise
    answer = Response(made.pieces if turn is None else turn.sending(made.pieces), content_type=format.media_type)
    if turn is not None:
        answer.call_on_close(turn.close)
    answer.headers["Content-Disposition"] = disposition(made.about, format.how)
    add_links(answer, made.about)
    return _with_validators(answer, tag)


def file_of(query: Query, name: str, format: Format, ids: list[str]) -> MadeFile:
    """The file of the listings of these ids, which the query found."""
    with services().database.reading() as session:
        titles, licences = platform_queries.platform_titles(session), platform_queries.platform_licences(session)
    assert query.today is not None
    about = Export(query, name, len(ids), query.today, titles, licences)
    return MadeFile(about, _begun(format.pieces(about, results.listings(services(), ids))))


def entity_tag(query: Query, name: str) -> str:
    """What changes whenever the file may: the state of the index, the search, the language and the day. Raises SearchError."""
    parts = (services().stamp(), name, query.lang, query_address(query), str(query.today))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def add_links(answer: Response, about: Export) -> None:
    """Name the page with the same results and the terms of use."""
    answer.headers.add("Link", f'<{about.page_address}>; rel="alternate"; type="text/html"')
    answer.headers.add("Link", f'<{about.terms_address}>; rel="terms-of-service"')


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


def _with_validators(answer: Response, tag: str) -> Response:
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = CACHE
    return answer

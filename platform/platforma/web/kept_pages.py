"""Whole pages that visitors ask for again are sent from memory, as long as nothing at all has changed.

A page is kept by all that it depends on: its address with its host, how it is packed, and the day. It is sent again only while
the index, the words and the database are in the very state in which it began to be made: any commit of any process and
machine ends that, whatever it changed, so that no view has to say what it reads. What is for one person alone is neither
kept nor answered from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import NamedTuple

from flask import Flask, Response, g, request

from platforma.catalogue.errors import DatabaseUnavailable
from platforma.i18n import today
from platforma.services import Services
from platforma.web.context import is_personal
from platforma.web.packing import MIN_BYTES, accepted_encoding, packed
from platforma.web.page_store import PageStore, StoredPage
from platforma.web.request_numbers import RequestNumbers
from search.port import SearchError

VIEWS = frozenset(
    f"directory.{name}" for name in ("start", "search", "table", "map", "listing", "landing", "browse", "platforms", "platform")
)
"""The pages that are dear to make and the same for all visitors."""
MAX_QUERY_BYTES = 1_000
"""A page with longer parameters, as of a pasted text, is hardly asked for twice."""
MEGABYTE = 1_000_000


class Place(NamedTuple):
    """Where a page belongs: the state in which it is made, and its key."""

    stamp: str
    key: Hashable


def init_app(app: Flask, services: Services) -> None:
    """Answer from memory before any view, and keep what views answer. To be registered after all else: what looks at a request
    comes before it, and what is done to answers is done to those from memory, too."""
    if not services.settings.page_cache_mb:
        return
    store = PageStore(services.settings.page_cache_mb * MEGABYTE)
    numbers: RequestNumbers | None = app.extensions["request_numbers"]
    app.extensions["kept_pages"] = store

    @app.before_request
    def send_again() -> Response | None:
        g.place = _place(services) if _may_be_kept() else None
        page = store.find(*g.place) if g.place else None
        if page is None:
            return None
        for count in page.counts:
            count()
        g.place = None
        if numbers:
            numbers.note_page(is_kept=True)
        return _checked(Response(page.body, headers=list(page.headers)), page.tag)

    @app.after_request
    def keep(answer: Response) -> Response:
        place: Place | None = g.get("place")
        if place is None or not _is_for_all(answer):
            return answer
        if numbers:
            numbers.note_page(is_kept=False)
        page = _packed_page(answer)
        store.keep(*place, page)
        return _checked(answer, page.tag)


def each_time(count: Callable[[], None]) -> None:
    """Do this now, and again each time that the page which is being made is sent from memory: for what counts visitors.

    It looks at the request that is answered then.
    """
    count()
    g.setdefault("counts", []).append(count)


def leave_out() -> None:
    """Do not keep the page that is being made: something is missing on it that may be there a moment later."""
    g.place = None


def _may_be_kept() -> bool:
    is_short = len(request.query_string) <= MAX_QUERY_BYTES
    return request.endpoint in VIEWS and request.method in ("GET", "HEAD") and is_short and not is_personal()


def _place(services: Services) -> Place | None:
    """Where the page of this request belongs; None where the state of the site cannot be told, as the engine is not there."""
    key = (request.root_url, request.path, tuple(request.args.items(multi=True)), accepted_encoding(), today())
    try:
        return Place(f"{services.database.stamp()} {services.thesaurus.stamp} {services.stamp()}", key)
    except (SearchError, DatabaseUnavailable):
        return None


def _is_for_all(answer: Response) -> bool:
    """Whether the answer is a whole page, and nothing on it or beside it is for one visitor."""
    is_page = answer.status_code == 200 and answer.mimetype == "text/html" and not answer.is_streamed
    return is_page and not is_personal() and "Set-Cookie" not in answer.headers


def _packed_page(answer: Response) -> StoredPage:
    """The answer, which is packed here so that this is done once."""
    encoding, body = accepted_encoding(), answer.get_data()
    if encoding and len(body) >= MIN_BYTES:
        body = packed(body, encoding)
        answer.set_data(body)
        answer.content_encoding = encoding
    headers = [(name, value) for name, value in answer.headers.items() if name != "Content-Length"]
    return StoredPage(body, headers, hashlib.sha256(body).hexdigest()[:32], tuple(g.get("counts", ())))


def _checked(answer: Response, tag: str) -> Response:
    """The answer with its entity tag, to be asked for again each time; 304 where the browser has it (RFC 9110, 13.1.2)."""
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer

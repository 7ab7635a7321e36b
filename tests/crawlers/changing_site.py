"""A site whose pages a test changes between two crawls; it heeds validators, as ordinary servers do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import Flask, Response, redirect, request

from tests.crawlers.remembering import watched

FACTS = "<html><h1>{0}</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p><p>Darbojamies kopā ar kaimiņiem: {0}.</p></html>"
BUILT = datetime(2026, 5, 1, tzinfo=UTC)
OLDER = datetime(2020, 5, 1, tzinfo=UTC)


def page_of(title: str) -> str:
    """A page about one initiative."""
    return FACTS.format(title)


def sitemap(*paths: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{{here}}{path}</loc></url>" for path in paths) + "</urlset>"


@contextmanager
def changing(pages: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """A site of the bodies by path, as they are at each request; one that begins with "-> " redirects.

    `{here}` in them is the site's address. Every page says when it was built and has an ETag; the front page is older.
    """
    app = Flask(__name__)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        body = pages.get(path, "").replace("{here}", request.host_url)
        if not body:
            return Response("<h1>Nav</h1>", status=404)
        if body.startswith("-> "):
            return redirect(body.removeprefix("-> "), 301)  # type: ignore[return-value]
        answer = Response(body, mimetype="text/xml" if body.startswith("<urlset") else "text/html")
        answer.set_etag(hashlib.sha256(body.encode()).hexdigest())
        answer.last_modified = BUILT if path else OLDER
        return answer.make_conditional(request)  # type: ignore[return-value]

    with watched(app) as site:
        yield site

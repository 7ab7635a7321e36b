"""Which searches are counted: those that a person makes on the page of results."""

from __future__ import annotations

import re

from flask import request

from platforma.i18n import today
from platforma.web.context import may_open_desk, services
from search.port import Query

_ROBOTS = re.compile(
    r"^$|bot|crawl|spider|slurp|preview|scrap|monitor|headless|curl|wget|python|java/|go-http|okhttp|axios",
    re.IGNORECASE,
)
"""What stands in the User-Agent of programs, or nothing."""


def note_search(query: Query) -> None:
    """Count the words of a search: not of a further page, nor for robots that say so, browsers that read ahead, and the staff."""
    if query.text and query.page == 1 and request.method == "GET" and not _is_robot() and not may_open_desk():
        services().searches.note(query.text, today())


def _is_robot() -> bool:
    reads_ahead = any("prefetch" in request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose"))
    return reads_ahead or bool(_ROBOTS.search(request.headers.get("User-Agent", "")))

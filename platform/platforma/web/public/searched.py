"""Which searches are counted: those that a person makes on the page of results."""

from __future__ import annotations

from flask import request

from platforma.i18n import today
from platforma.web.context import may_open_desk, services
from platforma.web.public.robots import is_robot
from search.port import Query


def note_search(query: Query) -> None:
    """Count the words of a search: not of a further page, nor for robots that say so, browsers that read ahead, and the staff."""
    if query.text and query.page == 1 and request.method == "GET" and not is_robot() and not may_open_desk():
        services().searches.note(query.text, today())

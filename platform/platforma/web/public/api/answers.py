"""Answers of the API: JSON with the terms in it, and validators, so that who asks again gets 304 where nothing is new."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from flask import Response, json, request

from platforma.web.context import services
from platforma.web.public.open_answers import terms_address
from platforma.web.public.take.about import licence_note

CACHE = "public, max-age=300"
JSON = "application/json"


def json_answer(body: Mapping[str, object], media_type: str = JSON) -> Response:
    """A body as JSON, with its member `licence`."""
    return Response(json.dumps({**body, "licence": licence()}), content_type=media_type)


def licence() -> dict[str, str]:
    """How the data may be used: the address of the terms, and a sentence in the reader's language."""
    return {"url": terms_address(), "note": licence_note()}


def checked_by_content(answer: Response, changed_at: datetime | None = None) -> Response:
    """The answer with an entity tag of its content, or 304 where the asker has it; `changed_at` is in UTC."""
    answer.add_etag(weak=True)
    answer.last_modified = changed_at
    answer.headers["Cache-Control"] = CACHE
    answer.make_conditional(request)
    return answer


def search_tag(*parts: str) -> str:
    """An entity tag that changes with the index and with these parts. Raises SearchError."""
    return hashlib.sha256("\n".join((services().stamp(), *parts)).encode()).hexdigest()[:32]


def with_tag(answer: Response, tag: str) -> Response:
    """The answer with this entity tag, to be kept for five minutes."""
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = CACHE
    return answer

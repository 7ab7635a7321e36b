"""Queries as JSON, for searches that are saved: words, filters and language, without order, page, facets and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter

from search.port import Query

_QUERIES = TypeAdapter(Query)
_DEFAULT = Query()


def to_question(query: Query) -> dict[str, object]:
    """What the query asks, as a JSON object. Equal questions give equal objects."""
    kept = replace(
        query, sort=_DEFAULT.sort, page=1, per_page=_DEFAULT.per_page, after=None, facets=_DEFAULT.facets, today=None, relax=True
    )
    question: dict[str, object] = _QUERIES.dump_python(kept, mode="json", exclude_defaults=True)
    return question | {"lang": query.lang}


def to_query(question: Mapping[str, object], today: date) -> Query:
    """The query of such an object, as it is asked on a day: the newest first, without facets.

    Only listings that match strictly are found (`relax` is off): what is merely similar is no news. Raises ValueError for an
    object that no version of this code could have made.
    """
    return replace(_QUERIES.validate_python(dict(question)), sort="newest", facets=(), today=today, relax=False)

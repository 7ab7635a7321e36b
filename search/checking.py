"""What both engines do alike: refuse impossible queries, and make the keys that results are ordered by."""

from __future__ import annotations

from datetime import date

from search.port import FACETS, MAX_RESULTS, BadQuery, Document, Query
from vocabulary import collation_key


def check(query: Query) -> None:
    """Raise BadQuery for what no engine answers."""
    if query.page < 1 or query.per_page < 1 or query.page * query.per_page > MAX_RESULTS:
        raise BadQuery(f"results can be seen up to the {MAX_RESULTS}th")
    unknown = (set(query.facets) | set(query.filters)) - set(FACETS)
    if unknown:
        raise BadQuery(f"there is no filter {', '.join(sorted(unknown))}; there are {', '.join(FACETS)}")
    if query.sort not in ("relevance", "newest", "name"):
        raise BadQuery(f"there is no order {query.sort!r}; there are relevance, newest, name")


def order_newest(timestamp_seconds: int, id: str) -> str:
    """A key whose byte order is the newest first, then by id."""
    return f"{99_999_999_999 - timestamp_seconds:011d}{id}"


def order_soonest(ends_on: date | None, id: str) -> str:
    """A key whose byte order is what ends first, then by id; what never ends comes last."""
    return f"{(ends_on or date.max).isoformat()}{id}"


def order_name(document: Document, lang: str) -> str:
    """A key whose byte order is Latvian collation of the name shown in a language, then by id."""
    return f"{collation_key(document.sort_names.get(lang, ''))}\x00{document.id}"

"""Sort keys: strings whose byte order is the order of results, with the document's id last, so that the order is total."""

from __future__ import annotations

from datetime import date

from search.port import Document
from vocabulary import collation_key


def order_newest(timestamp_seconds: int, id: str) -> str:
    """A key that sorts the newest first, then by id. The timestamp counts from 1970."""
    return f"{99_999_999_999 - timestamp_seconds:011d}{id}"


def order_soonest(day: date | None, id: str) -> str:
    """A key that sorts the earliest day first, then by id; documents without a day come last."""
    return f"{(day or date.max).isoformat()}{id}"


def order_name(document: Document, lang: str) -> str:
    """A key that sorts by the name shown in an interface language, in Latvian collation, then by id."""
    return f"{collation_key(document.sort_names.get(lang, ''))}\x00{document.id}"

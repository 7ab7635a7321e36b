"""Keys whose byte order is the order of results."""

from __future__ import annotations

from datetime import date

from search.port import Document
from vocabulary import collation_key


def order_newest(timestamp_seconds: int, id: str) -> str:
    """A key whose byte order is the newest first, then by id."""
    return f"{99_999_999_999 - timestamp_seconds:011d}{id}"


def order_soonest(ends_on: date | None, id: str) -> str:
    """A key whose byte order is what ends first, then by id; what never ends comes last."""
    return f"{(ends_on or date.max).isoformat()}{id}"


def order_name(document: Document, lang: str) -> str:
    """A key whose byte order is Latvian collation of the name shown in a language, then by id."""
    return f"{collation_key(document.sort_names.get(lang, ''))}\x00{document.id}"

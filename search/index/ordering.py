"""Sort keys: strings whose byte order is the order of results, with the document's id last, so that the order is total."""

from __future__ import annotations

from datetime import date

from search.port import Document
from vocabulary import collation_key


def order_newest(timestamp_seconds: int, id: str) -> str:
    """A key that sorts the newest first, then by id. The timestamp counts from 1970."""
    return f"{99_999_999_999 - timestamp_seconds:011d}{id}"


def order_soonest(document: Document) -> str:
    """A key that sorts events by the day they begin and calls by their last day, the earliest first, then by id.

    Documents without a day come last.
    """
    day = document.starts_on or document.ends_on or date.max
    return f"{day.isoformat()}{document.id}"


def order_ended(document: Document) -> str:
    """A key that sorts the latest last day first, then by id; documents that do not end come last."""
    days_before = date.max.toordinal() - document.ends_on.toordinal() if document.ends_on else date.max.toordinal()
    return f"{days_before:07d}{document.id}"


def order_name(document: Document, lang: str) -> str:
    """A key that sorts by the name shown in an interface language, in Latvian collation, then by id."""
    return f"{collation_key(document.sort_names.get(lang, ''))}\x00{document.id}"

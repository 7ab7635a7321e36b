"""Reading the fields of a raw record: a value, a list or nothing, as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from crawlers.record import RawRecord
from crawlers.texts.clean import name_line

MAX_CHARACTERS = 500
"""Of a value on one line."""


def many(value: Any) -> list[str]:
    """The values of a field as texts; objects and empty values are left out."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(v) for v in values if v not in (None, "") and not isinstance(v, dict)]


def first(value: Any) -> str:
    """The first value of a field, or an empty text."""
    return next(iter(many(value)), "")


def split(value: Any) -> Iterator[str]:
    """The values of a field, each cut at semicolons, bars and commas."""
    for text in many(value):
        yield from (part.strip() for part in re.split(r"[;|,]", text) if part.strip())


def tags_of(raw: RawRecord) -> list[str]:
    """The source's own terms: a list's as they are, those of one text cut as split() does."""
    tags = raw.fields.get("tags")
    return list(split(tags)) if isinstance(tags, str) else many(tags)


def text_of(raw: RawRecord, name: str) -> str | None:
    """A field's first value as plain text on one line, its beginning where it is very long; None where there is none."""
    return name_line(first(raw.fields.get(name)))[:MAX_CHARACTERS] or None


def address_of(raw: RawRecord, name: str) -> str | None:
    """A field's first value as an address: where it is markup, what its first link leads to."""
    text = first(raw.fields.get(name))
    link = re.search(r"href=[\"']([^\"']+)", text)
    return link[1] if link else text_of(raw, name)


def translated(raw: RawRecord, name: str, clean: Callable[[str | None], str]) -> dict[str, str]:
    """Language tag to cleaned text, of the translations that the source declares."""
    texts: Iterable[tuple[str, str]] = ((lang, clean(t.get(name))) for lang, t in raw.translations.items())
    return {lang: text for lang, text in texts if text}

"""Reading the fields of a raw record, whose values are a text, a list of texts, or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from crawlers.record import RawRecord
from crawlers.texts.clean import name_line

MAX_CHARACTERS = 500
"""The longest text_of; longer ones are cut."""


def all_texts(value: Any) -> list[str]:
    """All values of a field as texts, without objects and empty values."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(v) for v in values if v not in (None, "") and not isinstance(v, dict)]


def first_text(value: Any) -> str:
    """The first value of a field as a text; "" where there is none."""
    return next(iter(all_texts(value)), "")


def split_texts(value: Any) -> Iterator[str]:
    """The values of a field, each cut at semicolons, bars and commas."""
    for text in all_texts(value):
        yield from (part.strip() for part in re.split(r"[;|,]", text) if part.strip())


def tags_of(raw: RawRecord) -> list[str]:
    """The tags that the source gives: a list as it is, a single text cut as split_texts does."""
    tags = raw.fields.get("tags")
    return list(split_texts(tags)) if isinstance(tags, str) else all_texts(tags)


def text_of(raw: RawRecord, name: str) -> str | None:
    """A field's first value as plain text on one line of at most MAX_CHARACTERS; None where there is none."""
    return name_line(first_text(raw.fields.get(name)))[:MAX_CHARACTERS] or None


def address_of(raw: RawRecord, name: str) -> str | None:
    """The address in a field's first value: in HTML the target of the first link, else the text; None where there is none."""
    text = first_text(raw.fields.get(name))
    link = re.search(r"href=[\"']([^\"']+)", text)
    return link[1] if link else text_of(raw, name)


def translated(raw: RawRecord, name: str, clean: Callable[[str | None], str]) -> dict[str, str]:
    """The field's translations that the source declares, by language tag, each cleaned by `clean`; without empty ones."""
    texts: Iterable[tuple[str, str]] = ((lang, clean(t.get(name))) for lang, t in raw.translations.items())
    return {lang: text for lang, text in texts if text}

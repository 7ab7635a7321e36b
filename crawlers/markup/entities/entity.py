"""The common form of schema.org data, whatever its notation."""

from __future__ import annotations

import re
from typing import Any

from crawlers.markup.elements import Element, markup_of
from crawlers.texts.clean import one_line, plain_text

Entity = dict[str, Any]
"""A schema.org entity: by short property name a value or a list of values; `@type` a list of short names, `@id` an address.

A value is a text, a number, an entity, or `{"@value": …, "@language": …}`. A property of another vocabulary has its full
address as its name.
"""
MAX_DEPTH = 12
_SCHEMA = re.compile(r"^https?://(?:www\.)?schema\.org/(?:version/[^/]+/)?#?", re.IGNORECASE)


def short_name(iri: str) -> str:
    """`name` for `http://schema.org/name`; the unchanged address for a term of another vocabulary."""
    return _SCHEMA.sub("", iri.strip())


def is_schema(iri: str) -> bool:
    """Whether an address is that of schema.org or of one of its terms."""
    return bool(_SCHEMA.match(iri.rstrip("/") + "/"))


def as_list(value: Any) -> list[Any]:
    """The values of a property as a list; empty for None."""
    return value if isinstance(value, list) else [] if value is None else [value]


def without_single_lists(lists: dict[str, Any]) -> Entity:
    """The entity with each list of one value replaced by that value; `@type` stays a list."""
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 and name != "@type" else value
        for name, value in lists.items()
    }


def shown_text(element: Element) -> str:
    """The text of an element (lxml) as a reader sees it, with a line for each paragraph in it."""
    if len(element):
        return plain_text(markup_of(element))
    return one_line(element.text_content())

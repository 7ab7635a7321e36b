"""The one form that all notations of schema.org data are brought into."""

from __future__ import annotations

import re
from typing import Any

import lxml.html

from crawlers.texts.clean import one_line, plain

Entity = dict[str, Any]
"""A schema.org thing: short property name to value or list of values, `@type` a list of short names, `@id` an address.

Values are texts, numbers, entities, or `{"@value": …, "@language": …}`. Properties of other vocabularies have their whole
address as name.
"""
MAX_DEPTH = 12
_SCHEMA = re.compile(r"^https?://(?:www\.)?schema\.org/(?:version/[^/]+/)?#?", re.IGNORECASE)


def short_name(iri: str) -> str:
    """`name` for `http://schema.org/name`; another vocabulary's address as it is."""
    return _SCHEMA.sub("", iri.strip())


def is_schema(iri: str) -> bool:
    """Whether an address is schema.org's own or below it."""
    return bool(_SCHEMA.match(iri.rstrip("/") + "/"))


def values(value: Any) -> list[Any]:
    """The values of a property: one, several or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def single(lists: dict[str, Any]) -> Entity:
    """An entity whose lists of one value are that value; `@type` stays a list."""
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 and name != "@type" else value
        for name, value in lists.items()
    }


def shown_text(element: Any) -> str:
    """The text of an element (lxml) as a reader sees it, a line for each paragraph in it."""
    if len(element):
        return plain(lxml.html.tostring(element, encoding="unicode", with_tail=False))
    return one_line(element.text_content())

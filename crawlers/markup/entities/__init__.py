"""The schema.org entities that a page describes, read from JSON-LD, microdata and RDFa, or else from microformats."""

from __future__ import annotations

from collections.abc import Iterator

from crawlers.markup.elements import Element
from crawlers.markup.entities.entity import MAX_DEPTH, Entity, as_list
from crawlers.markup.entities.jsonld import has_broken_json_ld, read_json_ld
from crawlers.markup.entities.microdata import read_microdata
from crawlers.markup.entities.microformats import read_microformats
from crawlers.markup.entities.rdfa import read_rdfa


def read_entities(root: Element, url: str) -> list[Entity]:
    """The top-level entities of a parsed page, in the order JSON-LD, microdata, RDFa; without any, those of microformats."""
    entities = [*read_json_ld(root), *read_microdata(root, url), *read_rdfa(root, url)]
    return entities or read_microformats(root, url)


def all_entities(entities: list[Entity], depth: int = 0) -> Iterator[Entity]:
    """The entities, each followed by all entities among the values of its properties."""
    for entity in entities:
        yield entity
        if depth < MAX_DEPTH:
            nested = [
                nested_value
                for value in entity.values()
                for nested_value in as_list(value)
                if isinstance(nested_value, dict) and "@type" in nested_value
            ]
            yield from all_entities(nested, depth + 1)


__all__ = ["Entity", "all_entities", "as_list", "has_broken_json_ld", "read_entities"]

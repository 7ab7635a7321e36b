"""The schema.org things that a page describes, from JSON-LD, microdata and RDFa alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawlers.markup.entities.entity import MAX_DEPTH, Entity, values
from crawlers.markup.entities.jsonld import read_json_ld
from crawlers.markup.entities.microdata import read_microdata
from crawlers.markup.entities.rdfa import read_rdfa


def read_entities(root: Any, url: str, problems: list[str]) -> list[Entity]:
    """Top-level things of a parsed page, in the order JSON-LD, microdata, RDFa.

    What cannot be read is told in `problems`, each time as one sentence.
    """
    return [*read_json_ld(root, problems), *read_microdata(root, url), *read_rdfa(root, url)]


def every_entity(entities: list[Entity], depth: int = 0) -> Iterator[Entity]:
    """The things and all things that are values of their properties."""
    for entity in entities:
        yield entity
        if depth < MAX_DEPTH:
            nested = [
                nested_value
                for value in entity.values()
                for nested_value in values(value)
                if isinstance(nested_value, dict) and "@type" in nested_value
            ]
            yield from every_entity(nested, depth + 1)


__all__ = ["Entity", "every_entity", "read_entities", "values"]

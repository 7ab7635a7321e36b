"""RDFa about schema.org entities: RDFa Lite 1.1, and the parts of RDFa Core 1.1 that pages use.

Terms of other vocabularies are ignored. Resources with the same address on a page are one resource.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawlers.markup.elements import Element
from crawlers.markup.entities.entity import Entity, is_schema, short_name, shown_text, without_single_lists
from crawlers.markup.entities.opening import opened
from crawlers.values.addresses import absolute_address

MAX_ELEMENTS = 50_000
MAX_PREFIXES = 100
_PREFIX = re.compile(r"([^\s:]+):\s+(\S+)")


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element inherits: prefixes, the vocabulary of terms without a prefix, and the subject of its properties."""

    prefixes: dict[str, str]
    vocabulary: str = ""
    subject: _Resource | None = None

    def declared(self, element: Element) -> _Context:
        """The context extended by the vocabulary and prefixes that an element declares."""
        vocabulary = element.get("vocab", self.vocabulary)
        prefixes = dict(_PREFIX.findall(element.get("prefix") or "")[:MAX_PREFIXES])
        known = self.prefixes | prefixes if prefixes else self.prefixes
        return replace(self, vocabulary=vocabulary and vocabulary.rstrip("/") + "/", prefixes=known)

    def names(self, terms: str | None) -> list[str]:
        """The short names of the schema.org terms among these terms, which are separated by white space."""
        iris = map(self._iri, (terms or "").split())
        return [short_name(iri) for iri in iris if is_schema(iri)]

    def _iri(self, term: str) -> str:
        """The full address of a term, with or without a prefix."""
        prefix, colon, rest = term.partition(":")
        if rest.startswith("//"):
            return term
        return self.prefixes.get(prefix, "") + rest if colon else self.vocabulary + term


class _Resource:
    """A resource under construction: its address (None without one), types, and values by property name.

    `is_value`: it is the value of another resource's property.
    """

    def __init__(self, iri: str | None) -> None:
        self.iri, self.types = iri, list[str]()
        self.properties: dict[str, list[str | _Resource]] = {}
        self.is_value = False


def read_rdfa(root: Element, url: str) -> list[Entity]:
    """The entities that are no value of another one on the page; addresses are made absolute with the page's `url`."""
    if not root.xpath("//*[@typeof]"):
        return []
    reader = _Reader(url)
    stack = [(root, _Context({"schema": "http://schema.org/"}))]
    for _ in range(MAX_ELEMENTS):
        if not stack:
            break
        element, context = stack.pop()
        if isinstance(element.tag, str):
            inner = reader.element(element, context.declared(element))
            stack.extend((child, inner) for child in reversed(element))
    return reader.entities()


class _Reader:
    """Reads the resources of one page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._resources: list[_Resource] = []
        self._by_address: dict[str, _Resource] = {}

    def element(self, element: Element, context: _Context) -> _Context:
        """Read the properties of an element; return the context that its children inherit (RDFa Core 1.1, 7.5)."""
        names, links = context.names(element.get("property")), context.names(element.get("rel"))
        types = context.names(element.get("typeof"))
        about = element.get("about")
        target = _first_attribute(element, "resource", "href", "src") if types or links else element.get("resource")
        subject = self._resource(about) if about is not None else context.subject
        inner = subject
        if subject is not None and types and about is not None:
            subject.types += types
        elif types or (target is not None and (links or not names)):
            inner = self._resource(target)
            inner.types += types
        if subject is not None:
            self._add_values(subject, links, inner)
            self._add_values(subject, names, inner if types and about is None else self._value(element))
        return replace(context, subject=inner)

    def entities(self) -> list[Entity]:
        """The top-level entities: resources with a type that no other one holds; of those that hold each other, the first."""
        for resource in self._resources:
            for values in resource.properties.values():
                values[:] = [self._by_iri(value, resource) if isinstance(value, str) else value for value in values]
        tops, reached = list[_Resource](), set[int]()
        typed = [resource for resource in self._resources if resource.types]
        for resource in sorted(typed, key=lambda resource: resource.is_value):
            if id(resource) not in reached:
                tops.append(resource)
                _add_reachable(resource, reached)
        entities = _entities(self._resources)
        return opened(entities[id(resource)] for resource in tops)

    def _add_values(self, subject: _Resource, names: list[str], value: str | _Resource | None) -> None:
        """Give the subject this value for each of these properties; a resource is never a value of itself."""
        for name in names:
            if value is not None and value is not subject:
                subject.properties.setdefault(name, []).append(value)
        if names and isinstance(value, _Resource) and value is not subject:
            value.is_value = True

    def _value(self, element: Element) -> str:
        """The text or address that is an element's value as a property."""
        if element.get("content") is not None:
            return str(element.get("content"))
        target = _first_attribute(element, "resource", "href", "src") if element.get("datatype") is None else None
        return absolute_address(self._url, target) if target is not None else element.get("datetime") or shown_text(element)

    def _resource(self, iri: str | None) -> _Resource:
        """The resource of an address, made when it is new; for None always a new one."""
        address = absolute_address(self._url, iri) or None if iri is not None and not iri.startswith("_:") else iri
        known = self._by_address.get(address) if address else None
        if known is None:
            known = _Resource(address)
            self._resources.append(known)
            if address:
                self._by_address[address] = known
        return known

    def _by_iri(self, text: str, subject: _Resource) -> str | _Resource:
        """The resource with a type at an address, if it is not the subject itself; else the address."""
        resource = self._by_address.get(text)
        if resource is None or resource is subject or not resource.types:
            return text
        resource.is_value = True
        return resource


def _add_reachable(resource: _Resource, reached: set[int]) -> None:
    """Add the ids (id()) of a resource and of all resources among its values, at any depth."""
    waiting = [resource]
    while waiting:
        resource = waiting.pop()
        if id(resource) not in reached:
            reached.add(id(resource))
            waiting += [value for values in resource.properties.values() for value in values if isinstance(value, _Resource)]


def _entities(resources: list[_Resource]) -> dict[int, Entity]:
    """The entity of each resource by its id (id()); they hold each other as the resources do, in cycles too."""
    entities: dict[int, Entity] = {id(resource): {} for resource in resources}
    for resource in resources:
        is_named = resource.iri is not None and not resource.iri.startswith("_:")
        properties = {
            name: [value if isinstance(value, str) else entities[id(value)] for value in values]
            for name, values in resource.properties.items()
        }
        identity = {"@type": list(dict.fromkeys(resource.types))} | ({"@id": resource.iri} if is_named else {})
        entities[id(resource)].update(without_single_lists(identity | properties))
    return entities


def _first_attribute(element: Element, *attributes: str) -> str | None:
    return next((element.get(name) for name in attributes if element.get(name) is not None), None)

"""RDFa (RDFa Lite 1.1, and of RDFa Core 1.1 what pages use of it) about schema.org things.

Terms of other vocabularies are left out; things are joined by their addresses within the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from crawlers.markup.entities.entity import MAX_DEPTH, Entity, is_schema, short_name, shown_text, single
from crawlers.values.addresses import joined

MAX_ELEMENTS = 50_000
_PREFIX = re.compile(r"([^\s:]+):\s+(\S+)")


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element inherits: prefixes, the vocabulary of plain terms, and the thing that properties belong to."""

    prefixes: dict[str, str]
    vocabulary: str = ""
    subject: _Thing | None = None

    def declared(self, element: Any) -> _Context:
        """With the vocabulary and prefixes that an element declares."""
        vocabulary = element.get("vocab", self.vocabulary)
        prefixes = dict(_PREFIX.findall(element.get("prefix") or ""))
        return replace(self, vocabulary=vocabulary and vocabulary.rstrip("/") + "/", prefixes=self.prefixes | prefixes)

    def names(self, terms: str | None) -> list[str]:
        """The short names of those of the terms, parted by blanks, that are schema.org's."""
        iris = map(self._iri, (terms or "").split())
        return [short_name(iri) for iri in iris if is_schema(iri)]

    def _iri(self, term: str) -> str:
        prefix, colon, rest = term.partition(":")
        if rest.startswith("//"):
            return term
        return self.prefixes.get(prefix, "") + rest if colon else self.vocabulary + term


class _Thing:
    """A thing under construction; its values are texts and things."""

    def __init__(self, iri: str | None) -> None:
        self.iri, self.types = iri, list[str]()
        self.said: dict[str, list[str | _Thing]] = {}
        self.is_value = False


def read_rdfa(root: Any, url: str) -> list[Entity]:
    """Things that are no value of another thing of the page; relative addresses become absolute by the page's."""
    if not root.xpath("boolean(//*[@typeof])"):
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
    """All things of one page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._things: list[_Thing] = []
        self._by_address: dict[str, _Thing] = {}

    def element(self, element: Any, context: _Context) -> _Context:
        """Take what one element says; returns what its children inherit (RDFa Core 1.1, 7.5)."""
        names, links = context.names(element.get("property")), context.names(element.get("rel"))
        types = context.names(element.get("typeof"))
        about = element.get("about")
        target = _first(element, "resource", "href", "src") if types or links else element.get("resource")
        subject = self._thing(about) if about is not None else context.subject
        inner = subject
        if types and about is not None:
            subject.types += types  # type: ignore[union-attr]
        elif types or (target is not None and (links or not names)):
            inner = self._thing(target)
            inner.types += types
        if subject is not None:
            self._say(subject, links, inner)
            self._say(subject, names, inner if types and about is None else self._value(element))
        return replace(context, subject=inner)

    def entities(self) -> list[Entity]:
        """The things with a type that stand for themselves; of things that are values of each other, the first."""
        for thing in self._things:
            for values in thing.said.values():
                values[:] = [self._by_iri(value, thing) if isinstance(value, str) else value for value in values]
        tops, reached = list[_Thing](), set[int]()
        for thing in sorted((thing for thing in self._things if thing.types), key=lambda thing: thing.is_value):
            if id(thing) not in reached:
                tops.append(thing)
                _reach(thing, reached)
        return [_entity(thing, ()) for thing in tops]

    def _say(self, subject: _Thing, names: list[str], value: str | _Thing | None) -> None:
        for name in names:
            if value is not None and value is not subject:
                subject.said.setdefault(name, []).append(value)
        if names and isinstance(value, _Thing) and value is not subject:
            value.is_value = True

    def _value(self, element: Any) -> str:
        if element.get("content") is not None:
            return str(element.get("content"))
        target = _first(element, "resource", "href", "src") if element.get("datatype") is None else None
        return joined(self._url, target) if target is not None else element.get("datetime") or shown_text(element)

    def _thing(self, iri: str | None) -> _Thing:
        """The thing of an address, or one without."""
        address = joined(self._url, iri) or None if iri is not None and not iri.startswith("_:") else iri
        known = self._by_address.get(address) if address else None
        if known is None:
            known = _Thing(address)
            self._things.append(known)
            if address:
                self._by_address[address] = known
        return known

    def _by_iri(self, text: str, subject: _Thing) -> str | _Thing:
        """The thing of an address, where it is another one than the subject; else the address."""
        thing = self._by_address.get(text)
        if thing is None or thing is subject or not thing.types:
            return text
        thing.is_value = True
        return thing


def _reach(thing: _Thing, reached: set[int]) -> None:
    """Add the ids of a thing and of all that are its values, however deep."""
    waiting = [thing]
    while waiting:
        thing = waiting.pop()
        if id(thing) not in reached:
            reached.add(id(thing))
            waiting += [value for values in thing.said.values() for value in values if isinstance(value, _Thing)]


def _entity(thing: _Thing, path: tuple[_Thing, ...]) -> Entity:
    if thing in path or len(path) > MAX_DEPTH:
        return {"@type": list(thing.types), "@id": thing.iri}
    properties: dict[str, Any] = {
        name: [value if isinstance(value, str) else _entity(value, (*path, thing)) for value in values]
        for name, values in thing.said.items()
    }
    is_named = thing.iri is not None and not thing.iri.startswith("_:")
    return single({"@type": list(dict.fromkeys(thing.types))} | ({"@id": thing.iri} if is_named else {}) | properties)


def _first(element: Any, *attributes: str) -> str | None:
    return next((element.get(name) for name in attributes if element.get(name) is not None), None)

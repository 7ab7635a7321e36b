"""JSON-LD as sites write it: contexts with prefixes, graphs, references, reverse properties, and slightly broken JSON.

Contexts at other addresses are not fetched; they are assumed to be schema.org's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pyjson5

from crawlers.markup.elements import Element
from crawlers.markup.entities.entity import MAX_DEPTH, Entity, as_list, is_schema, short_name, without_single_lists
from crawlers.markup.entities.opening import opened
from crawlers.texts.foreign import parse_json, unescaped, with_whole_pairs

MAX_BYTES = 2_000_000
MAX_TERMS = 1_000
"""The number of terms in a context: each object may extend the context around it."""
MAX_TYPES = 100
_WRAPPER = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufeff\u2028\u2029]")
_KEYWORDS = ("@id", "@type", "@value", "@language", "@graph", "@reverse", "@list", "@set", "@context", "@included")
_WELL_KNOWN = {"schema": "http://schema.org/", "foaf": "http://xmlns.com/foaf/0.1/", "dc": "http://purl.org/dc/terms/"}


def read_json_ld(root: Element) -> list[Entity]:
    """The top-level entities of all JSON-LD of a page that can be read, with references between them resolved."""
    graph = _Graph()
    for text in _scripts(root):
        with suppress(ValueError, RecursionError):
            graph.add(parse(text), _Context())
    return graph.joined()


def has_broken_json_ld(root: Element) -> bool:
    """Whether a page has JSON-LD that cannot be read."""
    for text in _scripts(root):
        try:
            parse(text)
        except (ValueError, RecursionError):
            return True
    return False


def _scripts(root: Element) -> Iterator[str]:
    """The texts of the script elements with JSON-LD."""
    nodes = root.xpath("//script[contains(translate(@type, 'JSONLD', 'jsonld'), 'ld+json')]")
    return (node.text or "" for node in nodes)


def parse(text: str) -> Any:
    """The JSON value of a script element; comments, trailing commas, single quotes and CDATA wrappers are allowed.

    Raises ValueError for text that is broken beyond that.
    """
    text = with_whole_pairs(_WRAPPER.sub("", _WRAPPER.sub("", text[:MAX_BYTES])).strip().rstrip(";"))
    try:
        return parse_json(text, strict=False)
    except ValueError:
        loose = _CONTROL.sub(" ", re.sub(r"(?m)(?<![:\"'\w])//[^\"\n]*$", "", text))
        loose = unescaped(loose) if '"' not in loose and "&" in loose else loose
    try:
        return pyjson5.decode(loose, maxdepth=100)
    except pyjson5.Json5Exception as error:
        raise ValueError(str(error)) from error


@dataclass(slots=True)
class _Context:
    """What names mean: prefixes and terms, and the vocabulary of names without a prefix ("" for schema.org).

    `is_reverse` holds the terms that the context declares as reverse properties.
    """

    terms: dict[str, str] = field(default_factory=lambda: dict(_WELL_KNOWN))
    vocabulary: str = ""
    is_reverse: frozenset[str] = frozenset()

    def extended(self, contexts: Any) -> _Context:
        """This context extended by the `@context` of a node."""
        context = _Context(dict(self.terms), self.vocabulary, self.is_reverse)
        for declaration in as_list(contexts):
            if isinstance(declaration, dict):
                context._take(declaration)
        return context

    def _take(self, declaration: dict[str, Any]) -> None:
        """Add what an object under `@context` declares."""
        vocabulary = declaration.get("@vocab")
        if isinstance(vocabulary, str):
            self.vocabulary = "" if is_schema(vocabulary) else vocabulary
        for term, meaning in declaration.items():
            reverse = meaning.get("@reverse") if isinstance(meaning, dict) else None
            iri = reverse or meaning.get("@id") if isinstance(meaning, dict) else meaning
            if isinstance(iri, str) and not term.startswith("@") and len(self.terms) < MAX_TERMS:
                self.terms[term] = iri
                self.is_reverse = self.is_reverse | {term} if reverse else self.is_reverse

    def name(self, key: str, depth: int = 0) -> str:
        """The short name of a schema.org term, the full address of another term, or a JSON-LD keyword."""
        if key in _KEYWORDS:
            return key
        if key in self.terms and depth < MAX_DEPTH and self.terms[key] != key:
            return self.name(self.terms[key], depth + 1)
        prefix, colon, rest = key.partition(":")
        if colon and not rest.startswith("//"):
            base = self.terms.get(prefix)
            return short_name(base + rest) if base else short_name(key)
        return short_name(key) if colon else self.vocabulary + key


class _Graph:
    """All entities of a page by their `@id`, and its top-level entities."""

    def __init__(self) -> None:
        self._top: dict[int, Entity] = {}
        self._by_id: dict[str, Entity] = {}

    def add(self, data: Any, context: _Context, depth: int = 0) -> None:
        """Add the entities of a JSON value, those in lists and in @graph too."""
        for node in as_list(data):
            if isinstance(node, list):
                self.add(node, context, depth + 1)
            elif isinstance(node, dict) and depth <= MAX_DEPTH:
                entity = self._entity(node, context, depth)
                if entity.get("@type"):
                    self._top.setdefault(id(entity), entity)

    def joined(self) -> list[Entity]:
        """The top-level entities, with references replaced by the entities that they name (see opened)."""
        tops = opened(self._top.values(), lambda entity: self._by_id.get(str(entity.get("@id")), entity))
        ids = frozenset(str(top["@id"]) for top in tops if "@id" in top)
        return [entity for top in tops for entity in _with_list_items(top, ids)]

    def _entity(self, node: dict[str, Any], context: _Context, depth: int) -> Entity:
        """The entity of a JSON object; entities of @graph, @included and @reverse in it are added at the top."""
        context = context.extended(node.get("@context")) if "@context" in node else context
        properties: dict[str, Any] = {}
        for key, value in node.items():
            name = context.name(key)
            if name in ("@graph", "@included"):
                self.add(value, context, depth + 1)
            elif name == "@reverse" or key in context.is_reverse:
                self._reversed(properties, value if name == "@reverse" else {key: value}, context, depth)
            elif name != "@context":
                properties.setdefault(name, []).extend(self._values(name, value, context, depth))
        properties["@type"] = [context.name(str(t)) for t in properties.get("@type", [])]
        return self._merged(without_single_lists(properties))

    def _values(self, name: str, value: Any, context: _Context, depth: int) -> Iterator[Any]:
        """The values of a property in the form that Entity describes."""
        for node in as_list(value):
            if isinstance(node, list):
                yield from self._values(name, node, context, depth + 1)
            elif not isinstance(node, dict) or name == "@type":
                yield node
            elif depth > MAX_DEPTH:
                return
            elif "@list" in node or "@set" in node:
                yield from self._values(name, node.get("@list", node.get("@set")), context, depth + 1)
            elif "@value" in node:
                yield node if "@language" in node else node["@value"]
            elif _is_language_map(node):
                yield from ({"@language": lang, "@value": text} for lang, text in node.items())
            else:
                yield self._entity(node, context, depth + 1)

    def _reversed(self, properties: dict[str, Any], declared: Any, context: _Context, depth: int) -> None:
        """Add the entities that have this one as a value (@reverse) at the top, each with a reference to this one."""
        this = properties.get("@id") or [f"_:reversed-{id(properties)}"]
        properties["@id"] = this
        for name, things in declared.items() if isinstance(declared, dict) else ():
            for thing in as_list(things):
                if isinstance(thing, dict):
                    entity = self._entity(thing, context, depth + 1)
                    entity.setdefault(context.name(name), {"@id": this[0]})
                    self._top.setdefault(id(entity), entity)

    def _merged(self, entity: Entity) -> Entity:
        """The known entity of the same `@id`, completed by the properties of this one; this one where it is new."""
        id = entity.get("@id")
        if not isinstance(id, str):
            return entity
        known = self._by_id.setdefault(id, entity)
        if known is not entity:
            types = list(dict.fromkeys([*known["@type"], *entity["@type"]]))[:MAX_TYPES]
            known.update({name: value for name, value in entity.items() if name not in known}, **{"@type": types})
        return known


def _is_language_map(node: dict[str, Any]) -> bool:
    """Whether an object stands for a text in several languages: `{"lv": "Nosaukums", "en": "Name"}`."""
    return bool(node) and all(re.fullmatch(r"[a-z]{2}(-[A-Za-z]{2,4})?", k) and isinstance(v, str) for k, v in node.items())


def _with_list_items(entity: Entity, known_ids: frozenset[str]) -> Iterator[Entity]:
    """The entity without its list, followed by the entities in that list (ItemList) whose `@id` is not among `known_ids`."""
    yield {name: value for name, value in entity.items() if name not in ("itemListElement", "item")}
    for item in [*as_list(entity.get("itemListElement")), *as_list(entity.get("item"))]:
        if isinstance(item, dict) and item.get("@type") and str(item.get("@id")) not in known_ids:
            yield from _with_list_items(item, known_ids)

"""The schema.org things that a page describes, from JSON-LD and microdata."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from crawlers.messages import N_
from crawlers.text import one_line

Entity = dict[str, Any]
"""A schema.org thing: property to value or list of values, `@type` a list of short names."""
MOST_DEPTH = 12


def read_entities(root: Any, url: str, problems: list[str]) -> list[Entity]:
    """Top-level things of a parsed page: of JSON-LD, with @graph and lists opened, then of microdata.

    What cannot be read is told in `problems`, each time as one sentence.
    """
    return [*_json_ld(root, problems), *_microdata(root, url)]


def _json_ld(root: Any, problems: list[str]) -> Iterator[Entity]:
    for node in root.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads((node.text or "").strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            problems.append(N_("the JSON-LD of this page is broken and was left out; check it with a validator of schema.org"))
            continue
        yield from open_entities(data)


def open_entities(data: Any, depth: int = 0) -> Iterator[Entity]:
    """The things in a JSON-LD value: lists, @graph and ItemList elements opened, types as short names."""
    if isinstance(data, list):
        for one in data:
            yield from open_entities(one, depth + 1)
    if not isinstance(data, dict) or depth > MOST_DEPTH:
        return
    if "@graph" in data:
        yield from open_entities(data["@graph"], depth + 1)
    types = data.get("@type", [])
    names = [str(t).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for t in (types if isinstance(types, list) else [types])]
    if "ItemList" in names or "ListItem" in names:
        yield from open_entities(data.get("itemListElement", data.get("item", [])), depth + 1)
    elif names:
        yield {**data, "@type": names}


def _microdata(root: Any, url: str) -> Iterator[Entity]:
    """WHATWG HTML, 5.5: items that are no property of another item."""
    for node in root.xpath("//*[@itemscope][not(@itemprop)]"):
        yield _item(root, node, url, depth=0)


def _item(root: Any, node: Any, url: str, depth: int) -> Entity:
    names = [name.rsplit("/", 1)[-1] for name in (node.get("itemtype") or "").split()]
    item: Entity = {"@type": names} | ({"@id": node.get("itemid")} if node.get("itemid") else {})
    starts = [node, *(r for id in (node.get("itemref") or "").split() for r in root.xpath("//*[@id=$i]", i=id))]
    for start in starts:
        for element in _properties(start, is_item=start is node):
            value = _item_value(root, element, url, depth)
            for name in element.get("itemprop").split():
                item.setdefault(name, []).append(value)
    return {name: v[0] if isinstance(v, list) and len(v) == 1 and name != "@type" else v for name, v in item.items()}


def _item_value(root: Any, element: Any, url: str, depth: int) -> Any:
    if element.get("itemscope") is not None:
        return _item(root, element, url, depth + 1) if depth < MOST_DEPTH else {}
    for tags, attribute in _VALUE_ATTRIBUTES:
        if element.tag in tags and element.get(attribute) is not None:
            value = element.get(attribute)
            return urljoin(url, value) if attribute in ("href", "src") else value
    return element.get("content") or one_line(element.text_content())


def _properties(start: Any, *, is_item: bool) -> Iterator[Any]:
    """Elements with itemprop below an item, not going into items that are properties themselves."""
    stack = list(start) if is_item else [start]
    while stack:
        element = stack.pop(0)
        if not isinstance(element.tag, str):
            continue
        if element.get("itemprop"):
            yield element
        if element.get("itemscope") is None:
            stack = [*list(element), *stack]


_VALUE_ATTRIBUTES = (
    (("meta",), "content"),
    (("a", "area", "link"), "href"),
    (("img", "audio", "video", "source", "iframe", "embed"), "src"),
    (("time",), "datetime"),
    (("data", "meter"), "value"),
)

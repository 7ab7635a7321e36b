"""Microdata (WHATWG HTML, 5): items with itemscope and itemprop, with itemref."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawlers.markup.elements import Element
from crawlers.markup.entities.entity import MAX_DEPTH, Entity, short_name, shown_text, without_single_lists
from crawlers.values.addresses import absolute_address

MAX_ITEMS = 20_000


def read_microdata(root: Element, url: str) -> list[Entity]:
    """The items that are no property of another item; addresses are made absolute with the page's `url`."""
    tops = root.xpath("//*[@itemscope][not(@itemprop) or not(ancestor::*[@itemscope])]")
    reader = _Reader(root, url) if tops else None
    return [reader.item(node, ()) for node in tops if not reader.is_referred(node)] if reader else []


class _Reader:
    """Reads the items of one page; cycles of itemref, and more than MAX_ITEMS items, are cut."""

    def __init__(self, root: Element, url: str) -> None:
        self._url = url
        self._by_id = {node.get("id"): node for node in root.iter() if node.get("id")}
        self._referred = {id for node in root.xpath("//*[@itemref]") for id in node.get("itemref", "").split()}
        self._items = 0

    def is_referred(self, node: Element) -> bool:
        """Whether an itemref elsewhere on the page makes an element a property of another item."""
        return bool(node.get("itemprop")) and node.get("id") in self._referred

    def item(self, node: Element, path: tuple[Element, ...]) -> Entity:
        """An item with its properties; `path` holds the elements of the items around it."""
        self._items += 1
        item: dict[str, Any] = {"@type": [short_name(name) for name in (node.get("itemtype") or "").split()]}
        if (itemid := node.get("itemid")) and (id := absolute_address(self._url, itemid)):
            item["@id"] = id
        if node in path or len(path) > MAX_DEPTH or self._items > MAX_ITEMS:
            return item
        referred = [self._by_id[id] for id in (node.get("itemref") or "").split() if id in self._by_id]
        for element in [*_properties(node), *(element for start in referred for element in _properties(start, with_itself=True))]:
            value = self._value(element, (*path, node))
            for name in element.get("itemprop", "").split():
                item.setdefault(short_name(name), []).append(value)
        return without_single_lists(item)

    def _value(self, element: Element, path: tuple[Element, ...]) -> Entity | str:
        """The item, address or text that is an element's value as a property."""
        if element.get("itemscope") is not None:
            return self.item(element, path)
        for tags, attribute in _VALUE_ATTRIBUTES:
            if element.tag in tags and (value := element.get(attribute)) is not None:
                return absolute_address(self._url, value) if attribute in ("href", "src") else value
        return element.get("content") or shown_text(element)


def _properties(start: Element, *, with_itself: bool = False) -> Iterator[Element]:
    """The elements with itemprop below an element (and itself, if asked), without those inside other items."""
    stack = [start] if with_itself else list(reversed(start))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        if element.get("itemprop"):
            yield element
        if element.get("itemscope") is None:
            stack.extend(reversed(element))


_VALUE_ATTRIBUTES = (
    (("meta",), "content"),
    (("a", "area", "link"), "href"),
    (("img", "audio", "video", "source", "iframe", "embed"), "src"),
    (("time",), "datetime"),
    (("data", "meter"), "value"),
)

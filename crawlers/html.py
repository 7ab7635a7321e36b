"""One parse a page: links, feeds, meta, labelled facts, JSON-LD and microdata, main text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html
from lxml import etree

from crawlers.facts import labelled_facts
from crawlers.maintext import main_text
from crawlers.text import name_line, one_line
from crawlers.titles import Named, title_of

Entity = dict[str, Any]
"""A schema.org thing: property to value or list of values, `@type` a list of short names."""
MOST_DEPTH = 12
MOST_HEADINGS = 50
SHORT_PARAGRAPH = 40
_SITE_NAME = re.compile(r"site-(title|name|branding)|\blogo\b|\bbrand\b|navbar", re.IGNORECASE)


@dataclass
class Html:
    """A parsed page; broken markup is mended as browsers do."""

    url: str
    text: str
    problems: list[str] = field(default_factory=list)

    @cached_property
    def root(self) -> Any:
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True)
        try:
            root = lxml.html.document_fromstring(self.text.encode("utf-8", "replace") or b"<p>", parser=parser)
        except etree.ParserError:
            root = lxml.html.document_fromstring("<p></p>")
        return root

    @cached_property
    def links(self) -> list[str]:
        """Absolute http(s) addresses of links in the order of the page, without fragments, each once."""
        found = (self._absolute(a.get("href")) for a in self.root.iter("a"))
        return list(dict.fromkeys(url for url in found if url))

    @property
    def feeds(self) -> list[str]:
        """Addresses of RSS, Atom and JSON feeds named in the head."""
        wanted = "//link[contains(@rel, 'alternate')][contains(@type, 'rss') or contains(@type, 'atom')]"
        return [url for url in (self._absolute(n.get("href")) for n in self.root.xpath(wanted)) if url]

    @property
    def canonical(self) -> str | None:
        for node in self.root.xpath("//link[@rel='canonical']"):
            return self._absolute(node.get("href"))
        return None

    @property
    def alternates(self) -> dict[str, str]:
        """Declared translations: language tag to address, without x-default."""
        nodes = self.root.xpath("//link[@rel='alternate'][@hreflang]")
        pairs = ((n.get("hreflang").lower(), self._absolute(n.get("href"))) for n in nodes)
        return {lang: url for lang, url in pairs if url and lang != "x-default"}

    @property
    def lang(self) -> str | None:
        return self.root.get("lang") or None

    def meta(self, *names: str) -> str | None:
        """The content of the first of these meta names or properties."""
        for name in names:
            for node in self.root.xpath("//meta[@name=$n or @property=$n]", n=name):
                if content := (node.get("content") or "").strip():
                    return content
        return None

    @property
    def title(self) -> str:
        """The page's own title, without the site's name (crawlers.titles); empty where nothing names it."""
        declared = (self.meta("og:title"), self.meta("twitter:title"), next((n.text for n in self.root.iter("title")), None))
        return title_of(
            Named(
                url=self.url,
                headings=[_name(node) for node in self.root.iter("h1") if not _is_site_name(node)],
                lower_headings=[_name(node) for node in self.root.iter("h2", "h3")][:MOST_HEADINGS],
                declared=[name_line(text) for text in declared if text],
                site=name_line(self.meta("og:site_name", "application-name")),
            )
        )

    @property
    def description(self) -> str:
        """What the page says of itself in a few sentences: its meta description, else its first paragraph; maybe empty."""
        said = [one_line(text) for text in map(self.meta, ("description", "og:description", "twitter:description")) if text]
        whole = [text for text in said if text and not text.endswith(("…", "..."))]
        if said:
            return next(iter(whole or said))
        paragraphs = (_spaced(node) for node in self.root.iter("p"))
        return one_line(html.escape(next((text for text in paragraphs if len(text) >= SHORT_PARAGRAPH), "")))

    @property
    def image(self) -> str | None:
        """The absolute address of the picture that the page declares for itself."""
        return self._absolute(self.meta("og:image:secure_url", "og:image", "twitter:image"))

    @cached_property
    def main_text(self) -> str:
        """The text that the page is about, without menus, cookies and footers (crawlers.maintext); maybe empty."""
        return main_text(self.root)

    @cached_property
    def facts(self) -> dict[str, str]:
        """Labelled facts of the page, labels without their colon (crawlers.facts)."""
        return labelled_facts(self.root)

    @cached_property
    def entities(self) -> list[Entity]:
        """Top-level schema.org things of JSON-LD, with @graph and lists opened, then of microdata."""
        return [*self._json_ld(), *self._microdata()]

    def _json_ld(self) -> Iterator[Entity]:
        for node in self.root.xpath("//script[@type='application/ld+json']"):
            try:
                data = json.loads((node.text or "").strip().rstrip(";"), strict=False)
            except (ValueError, RecursionError):
                self.problems.append("the JSON-LD of this page is broken and was left out")
                continue
            yield from open_entities(data)

    def _microdata(self) -> Iterator[Entity]:
        """WHATWG HTML, 5.5: items that are no property of another item."""
        for node in self.root.xpath("//*[@itemscope][not(@itemprop)]"):
            yield self._item(node, depth=0)

    def _item(self, node: Any, depth: int) -> Entity:
        names = [name.rsplit("/", 1)[-1] for name in (node.get("itemtype") or "").split()]
        item: Entity = {"@type": names} | ({"@id": node.get("itemid")} if node.get("itemid") else {})
        roots = [node, *(r for id in (node.get("itemref") or "").split() for r in self.root.xpath("//*[@id=$i]", i=id))]
        for start in roots:
            for element in _properties(start, is_item=start is node):
                value = self._item_value(element, depth)
                for name in element.get("itemprop").split():
                    item.setdefault(name, []).append(value)
        return {name: v[0] if isinstance(v, list) and len(v) == 1 and name != "@type" else v for name, v in item.items()}

    def _item_value(self, element: Any, depth: int) -> Any:
        if element.get("itemscope") is not None:
            return self._item(element, depth + 1) if depth < MOST_DEPTH else {}
        for tags, attribute in _VALUE_ATTRIBUTES:
            if element.tag in tags and element.get(attribute) is not None:
                value = element.get(attribute)
                return urljoin(self.url, value) if attribute in ("href", "src") else value
        return element.get("content") or one_line(element.text_content())

    def _absolute(self, href: str | None) -> str | None:
        if not href:
            return None
        try:
            url = urldefrag(urljoin(self.url, href.strip()))[0]
        except ValueError:
            return None
        return url if url.startswith(("http://", "https://")) else None


_VALUE_ATTRIBUTES = (
    (("meta",), "content"),
    (("a", "area", "link"), "href"),
    (("img", "audio", "video", "source", "iframe", "embed"), "src"),
    (("time",), "datetime"),
    (("data", "meter"), "value"),
)


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


def _name(node: Any) -> str:
    return name_line(lxml.html.tostring(node, encoding="unicode", with_tail=False))


def _is_site_name(node: Any) -> bool:
    """Whether a heading is the site's, by its class or because it leads to the front page."""
    names = " ".join(e.get("class") or "" for e in (node, node.getparent()) if e is not None)
    links = [a.get("href") or "" for a in (*node.iter("a"), *node.iterancestors("a"))]
    return bool(_SITE_NAME.search(names)) or any(urlsplit(link).path in ("", "/") and not link.startswith("#") for link in links)


def _spaced(node: Any) -> str:
    return " ".join(node.text_content().split())

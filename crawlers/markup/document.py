"""An HTML page, parsed once, with its links, feeds, metadata, labelled facts, schema.org entities and main text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urldefrag

from crawlers.markup.elements import Element, markup_of, parse_html
from crawlers.markup.entities import Entity, has_broken_json_ld, read_entities
from crawlers.markup.facts import labelled_facts
from crawlers.markup.maintext import main_text
from crawlers.markup.titles import PageNames, title_of
from crawlers.texts.clean import name_line, one_line
from crawlers.values.addresses import absolute_address, split_address

MAX_HEADINGS = 50
SHORT_PARAGRAPH = 40
_FACT = re.compile(r"[^.:!?]{2,40}:\s.{1,120}(?<![.!?…])", re.DOTALL)
"""A label and what it is the label of, which is no sentence."""
_SITE_NAME = re.compile(r"site-(title|name|branding)|\blogo\b|\bbrand\b|navbar", re.IGNORECASE)


@dataclass
class Html:
    """A parsed page; broken markup is repaired as browsers do."""

    url: str
    text: str

    @cached_property
    def root(self) -> Element:
        """The root element of the page."""
        return parse_html(self.text)

    @cached_property
    def base(self) -> str:
        """The base address of the page's relative links (WHATWG HTML, 4.2.3)."""
        base = next((base.get("href", "").strip() for base in self.root.iter("base") if base.get("href")), "")
        return absolute_address(self.url, base) or self.url

    @cached_property
    def links(self) -> list[str]:
        """Absolute http(s) addresses of the links, in the order of the page, without fragments, each once."""
        addresses = (self._absolute(a.get("href")) for a in self.root.iter("a"))
        return list(dict.fromkeys(url for url in addresses if url))

    @property
    def feeds(self) -> list[str]:
        """Absolute addresses of the RSS and Atom feeds that the page declares."""
        path = "//link[contains(@rel, 'alternate')][contains(@type, 'rss') or contains(@type, 'atom')]"
        return [url for url in (self._absolute(n.get("href")) for n in self.root.xpath(path)) if url]

    @property
    def canonical(self) -> str | None:
        """The absolute address that the page declares as its own (rel=canonical); None where it declares none."""
        for node in self.root.xpath("//link[@rel='canonical']"):
            return self._absolute(node.get("href"))
        return None

    @property
    def alternates(self) -> dict[str, str]:
        """The absolute addresses of the translations that the page declares (hreflang), by language tag, without x-default."""
        nodes = self.root.xpath("//link[@rel='alternate'][@hreflang]")
        pairs = (((node.get("hreflang") or "").lower(), self._absolute(node.get("href"))) for node in nodes)
        return {lang: url for lang, url in pairs if url and lang != "x-default"}

    @property
    def lang(self) -> str | None:
        """The language tag of the html element; None where it has none."""
        return self.root.get("lang") or None

    def meta(self, *names: str) -> str | None:
        """The content of the first of these meta names or properties that the page has; None without any."""
        return next((self._metas[name] for name in names if name in self._metas), None)

    @property
    def title(self) -> str:
        """The page's own title without the site's name (see crawlers.markup.titles); "" where nothing names the page."""
        declared = (self.meta("og:title"), self.meta("twitter:title"), next((n.text for n in self.root.iter("title")), None))
        return title_of(
            PageNames(
                url=self.url,
                headings=[_name(node) for node in self.root.iter("h1") if not _is_site_name(node)],
                lower_headings=[_name(node) for node in self.root.iter("h2", "h3")][:MAX_HEADINGS],
                declared=[name_line(text) for text in declared if text],
                site=name_line(self.meta("og:site_name", "application-name")),
            )
        )

    @property
    def description(self) -> str:
        """The page's meta description, preferably one that is not cut, else its first longer paragraph that is no fact such as
        “Website: https://kopiena.lv”; "" without either."""
        declared = [one_line(text) for text in map(self.meta, ("description", "og:description", "twitter:description")) if text]
        complete = [text for text in declared if text and not text.endswith(("…", "..."))]
        if declared:
            return next(iter(complete or declared))
        paragraphs = (_spaced(node) for node in self.root.iter("p"))
        prose = (text for text in paragraphs if len(text) >= SHORT_PARAGRAPH and not _FACT.fullmatch(text))
        return one_line(html.escape(next(prose, "")))

    @property
    def image(self) -> str | None:
        """The absolute address of the image that the page declares for itself; None where it declares none."""
        return self._absolute(self.meta("og:image:secure_url", "og:image", "twitter:image"))

    @property
    def licences(self) -> list[str]:
        """What the page says of its licence: the targets of its rel=license links, and the meta tags for it."""
        links = [
            node.get("href") or "" for node in self.root.iter("a", "link") if "license" in (node.get("rel") or "").lower().split()
        ]
        metas = [self.meta(name) or "" for name in ("license", "licence", "dcterms.license", "dc.rights", "dcterms.rights")]
        return [text for text in (*links, *metas) if text]

    @cached_property
    def main_text(self) -> str:
        """The page's main text without menus, notices and footers (see crawlers.markup.maintext); may be ""."""
        return main_text(self.root)

    @cached_property
    def facts(self) -> dict[str, str]:
        """The labelled facts of the page, value by label without its colon (see crawlers.markup.facts)."""
        return labelled_facts(self.root)

    @cached_property
    def entities(self) -> list[Entity]:
        """The schema.org entities that the page describes (see crawlers.markup.entities)."""
        return read_entities(self.root, self.url)

    @property
    def has_broken_json_ld(self) -> bool:
        """Whether the page has JSON-LD that cannot be read, so that it may tell less than it means to."""
        return has_broken_json_ld(self.root)

    @cached_property
    def _metas(self) -> dict[str, str]:
        """The first content that is not empty, by meta name and property."""
        metas: dict[str, str] = {}
        for node in self.root.iter("meta"):
            if content := (node.get("content") or "").strip():
                for name in (node.get("name"), node.get("property")):
                    metas.setdefault(name or "", content)
        return metas

    def _absolute(self, href: str | None) -> str | None:
        """An http(s) address of the page made absolute, without its fragment; None for other addresses."""
        url = urldefrag(absolute_address(self.base, href.strip()))[0] if href else ""
        return url if url.startswith(("http://", "https://")) else None


def _name(node: Element) -> str:
    return name_line(markup_of(node))


def _is_site_name(node: Element) -> bool:
    """Whether a heading is the name of the site: by its class, or because it links to the front page."""
    names = " ".join(e.get("class") or "" for e in (node, node.getparent()) if e is not None)
    links = [a.get("href") or "" for a in (*node.iter("a"), *node.iterancestors("a"))]
    return bool(_SITE_NAME.search(names)) or any(map(_leads_to_front_page, links))


def _leads_to_front_page(link: str) -> bool:
    """Whether a link has no path; one that cannot be parsed leads nowhere."""
    parts = split_address(link)
    return parts.path in ("", "/") and not link.startswith("#") and (bool(parts.netloc) or "//" not in link)


def _spaced(node: Element) -> str:
    return " ".join(node.text_content().split())

"""The frame of a site: lines, links, contacts and images alike on most pages of its entries, which say nothing of any of them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawlers.markup import Html
from crawlers.markup.elements import Element, markup_of
from crawlers.reading.own_website import is_called_website, is_service
from crawlers.reading.page_lines import Line, lines_of
from crawlers.texts.clean import one_line
from crawlers.values.addresses import absolute_address, canonical_address, same_site, site_of
from crawlers.values.labels import field_of
from crawlers.values.raw_fields import all_texts, first_text
from vocabulary import load

MIN_PAGES = 3
MIN_SHARE = 2 / 3
"""What belongs to the site is alike on at least this share of the pages, and on MIN_PAGES of them."""
MIN_SENTENCE = 40
"""A shorter line between lines that differ may be a label or a value, and stays."""
MIN_TELLING = 4
"""A frame of fewer lines and links does not show whether a page still has it."""
MAX_KEYS = 4_000
"""The keys of one page."""
OWN_FIELDS = ("website", "email", "phone", "image", "address", "registration", "summary")
"""Fields whose value is another one for each initiative; one alike on most entries is the site's."""
_IMAGES = ("og:image:secure_url", "og:image:url", "og:image", "twitter:image", "twitter:image:src")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FACT_CELLS = frozenset({"dt", "dd", "th", "td"})
_BLANKS = re.compile(r"[\s()-]")
_WORD = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a page may share with others of its site, as keys; `lang` is the language of its lines."""

    lang: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of a site share, as keys (see traits_of and traits_of_fields)."""

    keys: frozenset[str] = frozenset()

    def is_of(self, page: Traits) -> bool:
        """Whether a page has half of the frame, or this is too small to tell, so that it is still that of the site."""
        keys = {key for key in self.keys if key.startswith(("line ", "link "))}
        return len(keys) < MIN_TELLING or 2 * len(keys & page.keys) >= len(keys)


def shared_by(pages: Sequence[Traits]) -> Frame:
    """The frame of a site of which these are some pages; empty where they are fewer than MIN_PAGES.

    Lines are compared among the pages in one language, all else among all pages.
    """
    counts = Counter(key for page in pages for key in page.keys)
    keys = {key for key, count in counts.items() if _is_most(count, len(pages)) and not key.startswith("line ")}
    for lang in {page.lang for page in pages}:
        alike = [page for page in pages if page.lang == lang]
        lines = Counter(key for page in alike for key in page.keys if key.startswith("line "))
        keys |= {key for key, count in lines.items() if _is_most(count, len(alike))}
    return Frame(frozenset(keys))


def traits_of(page: Html) -> Traits:
    """The lines, links, contacts and images of a page, as keys."""
    keys = {_line_key(line) for line in _lines(page)}
    for link in page.root.iter("a"):
        keys |= {_key(kind, value) for kind, value in _aims(link, page)}
    keys |= {_key("image", url) for _, url in _declared_images(page)}
    return Traits((page.lang or "").lower().split("-")[0], frozenset(sorted(keys)[:MAX_KEYS]))


def traits_of_fields(fields: Mapping[str, Any]) -> frozenset[str]:
    """The values of an entry's OWN_FIELDS, and each of its further addresses, as keys."""
    keys = {_key(name, value) for name in OWN_FIELDS if (value := _own_value(name, fields))}
    return frozenset(
        keys | {_key("same_as", canonical_address(address)) for address in all_texts(fields.get("same_as"))[:MAX_KEYS]}
    )


def without_frame(page: Html, frame: Frame) -> str | None:
    """The markup of a page without the frame of its site; None where nothing of it is there, or nothing else."""
    cleaned = Html(page.url, page.text)
    lines = _lines(cleaned)
    is_framed = [_line_key(line) in frame.keys for line in lines]
    if all(is_framed):
        return None
    changes = [line.blank for line, is_gone in zip(lines, _gone(cleaned, lines, is_framed, frame), strict=True) if is_gone]
    links = [link for link in cleaned.root.iter("a") if _is_framed_link(link, cleaned, frame)]
    images = [meta for meta, url in _declared_images(cleaned) if _key("image", url) in frame.keys]
    for change in changes:
        change()
    for element in links:
        del element.attrib["href"]
    for element in images:
        del element.attrib["content"]
    return markup_of(cleaned.root) if changes or links or images else None


def without_shared_values(fields: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    """The fields of an entry without values that are the site's."""
    own = {
        name: value
        for name, value in fields.items()
        if name not in OWN_FIELDS or _key(name, _own_value(name, fields)) not in frame.keys
    }
    if addresses := all_texts(own.get("same_as")):
        own["same_as"] = [one for one in addresses if _key("same_as", canonical_address(one)) not in frame.keys]
    return own


def _is_most(count: int, of: int) -> bool:
    return count >= MIN_PAGES and count >= MIN_SHARE * of


def _key(kind: str, value: str) -> str:
    """The key of a value, short enough to be remembered, from which the value cannot be told."""
    return f"{kind} {hashlib.sha256(value.encode()).hexdigest()[:16]}"


def _line_key(line: Line) -> str:
    """The key of a line; a heading is another one than the same words in a menu, where all pages may have each entry's name."""
    is_heading = line.block.tag in _HEADINGS or any(above.tag in _HEADINGS for above in line.block.iterancestors())
    return _key("line", f"# {line.text}" if is_heading else line.text)


def _lines(page: Html) -> list[Line]:
    body = next(page.root.iter("body"), page.root)
    return lines_of(body)


def _aims(link: Element, page: Html) -> Iterator[tuple[str, str]]:
    """Kind and address of what a link leads to; of another site that is no service's also its host."""
    href = (link.get("href") or "").strip()
    scheme, _, rest = href.partition(":")
    if scheme.lower() in ("mailto", "tel"):
        yield "link", f"{scheme.lower()}:{_BLANKS.sub('', rest.split('?')[0]).lower()}"
        return
    url = absolute_address(page.base, href).split("#")[0]
    if not url.startswith(("http://", "https://")):
        return
    if same_site(url, page.url):
        yield "link", canonical_address(url)
    elif is_called_website(link):
        yield "called", canonical_address(url)
    else:
        yield "link", canonical_address(url)
        if not is_service(url):
            yield "host", site_of(url)


def _is_framed_link(link: Element, page: Html, frame: Frame) -> bool:
    """Whether a link that leads away from the site is the site's."""
    aims = list(_aims(link, page))
    leads_away = not (aims and aims[0][1].startswith("https:") and same_site(aims[0][1], canonical_address(page.url)))
    return leads_away and any(_key(kind, value) in frame.keys for kind, value in aims)


def _declared_images(page: Html) -> list[tuple[Element, str]]:
    """The elements in which a page declares an image for itself, and the address."""
    metas = (meta for meta in page.root.iter("meta") if (meta.get("property") or meta.get("name")) in _IMAGES)
    return [(meta, absolute_address(page.base, meta.get("content", ""))) for meta in metas if meta.get("content")]


def _gone(page: Html, lines: list[Line], is_framed: list[bool], frame: Frame) -> Iterator[bool]:
    """For each line whether it goes with the frame.

    What all pages have before the first and after the last line of their own goes; between them only sentences and links
    that all have, since what is short may be a label or a value. Facts stay.
    """
    own = [number for number, has_frame in enumerate(is_framed) if not has_frame]
    facts = _fact_texts(page)
    is_value = False
    for number, line in enumerate(lines):
        is_outside = not own[0] <= number <= own[-1]
        if is_framed[number] and not is_value and not _is_fact(line, facts, is_outside=is_outside):
            yield is_outside or len(line.text) >= MIN_SENTENCE or _is_only_links(line, page, frame)
        else:
            yield False
        is_value = field_of(line.text) is not None


def _fact_texts(page: Html) -> frozenset[str]:
    """The labels and values of a page's facts."""
    return frozenset(text for fact in page.facts.items() for text in fact)


def _is_fact(line: Line, facts: frozenset[str], *, is_outside: bool) -> bool:
    """Whether a line is a labelled fact, or a part of one; outside the text of the page only one with a label of ours."""
    label, mark, _ = line.text.partition(":")
    if field_of(line.text) or (mark and field_of(label)) or _has_field_class(line.block) or load().find_country(line.text):
        return True
    if line.block.tag in _FACT_CELLS and line.text.rstrip(" :") in facts:
        return True
    return not is_outside and (line.text.rstrip(" :") in facts or (bool(mark) and label.strip() in facts))


def _has_field_class(block: Element) -> bool:
    """Whether a class of an element, or of the one around it, names a field of ours."""
    names = f"{block.get('class') or ''} {block.get('itemprop') or ''}"
    return any(field_of(word) for word in _WORD.split(names) if word) or block.get("itemprop") is not None


def _is_only_links(line: Line, page: Html, frame: Frame) -> bool:
    """Whether a line is nothing but links that most pages have."""
    links = line.links
    return bool(links) and all(any(_key(kind, value) in frame.keys for kind, value in _aims(link, page)) for link in links)


def _own_value(name: str, fields: Mapping[str, Any]) -> str:
    """The value of a field for comparing; "" without one, and for an address without a number."""
    value = one_line(first_text(fields.get(name)))
    if name in ("website", "image"):
        return canonical_address(value)
    if name == "phone":
        return re.sub(r"\D", "", value)
    if name == "address" and not any(map(str.isdigit, value)):
        return ""
    return value.lower()


def shared_values(entries: Iterable[Mapping[str, Any]]) -> Frame:
    """The values of OWN_FIELDS that most of these entries share."""
    return shared_by([Traits("", traits_of_fields(fields)) for fields in entries])

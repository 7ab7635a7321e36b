"""The own website of what a part of a page tells of: which of the part's links to other sites leads to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawlers.markup import Html
from crawlers.markup.elements import Element, text_within
from crawlers.texts.clean import one_line
from crawlers.texts.wordlists import data_beside
from crawlers.values.addresses import absolute_address, host_of, is_common_host, same_site, site_of, split_address, web_address
from vocabulary import fold

MAX_LABEL_CHARACTERS = 60
MAX_SENTENCE_CHARACTERS = 2_000
MAX_BESIDE_LINK = 40
"""A link in a line with more letters beside it is a mention in a sentence."""
MAX_FOLDERS = 2
"""An address with more folders is that of a document or an article, rather than of somebody's site."""
MIN_WORD_LETTERS = 4
_INLINE_ABOVE = frozenset({"b", "strong", "em", "i", "span", "u", "small", "font"})
_INLINE = _INLINE_ABOVE | {"a", "abbr", "code", "mark", "cite", "q", "sub", "sup", "time"}
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "dt")
_DOCUMENT = re.compile(r"\.(pdf|apk|exe|docx?|xlsx?|pptx?|odt|csv|zip|jpe?g|png|gif|svg|mp[34]|ics)$", re.IGNORECASE)
_LEVELS = re.compile(r"\.(co|com|org|net|edu|gov|ac)?\.?[^.]+$")
"""The end of a host that says nothing of whose it is: `.lv`, `.co.uk`, `.org.pl`."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _ForeignLink:
    """A link to another site: its address, and its element."""

    url: str
    element: Element

    @property
    def text(self) -> str:
        return one_line(text_within(self.element, MAX_SENTENCE_CHARACTERS))


def own_website(page: Html, name: Element | None) -> str | None:
    """The address of the own website, as the part `page` with its `name` links it; None where nothing tells one link apart.

    It is the link around the name; else the only site that is linked under a word for website; else the only one whose link
    is its written address in a line of its own, or whose host has the name in it; else the only other site of all, if it is
    nobody's service.
    """
    links = list(_foreign_links(page))
    around_name = [link for link in links if name is not None and _is_around(link.element, name)]
    own = [link for link in links if not is_service(link.url)]
    title = one_line(name.text_content()) if name is not None else ""
    named = [link for link in own if link in around_name]
    groups: tuple[Sequence[_ForeignLink], ...] = (
        named,
        [link for link in links if is_called_website(link.element)],
        [link for link in own if _is_written_out(link) and _stands_alone(link)],
        [link for link in own if has_name_in_host(link.url, title)],
    )
    for group in groups:
        if group and (url := _only_site(group) or _only_site(link for link in group if has_name_in_host(link.url, title))):
            return url
    if _only_site(own) is None or not all(map(_stands_alone, own)):
        return None
    return _only_site(link for link in own if not _is_document(link.url))


def is_called_website(link: Element) -> bool:
    """Whether a link is called a website: by its text, its hints, the label before it, or the icon in it."""
    texts = [one_line(text_within(link, MAX_LABEL_CHARACTERS)), *_hints(link)]
    if any(is_word_for_website(text) for text in texts if text) or "url" in (link.get("itemprop") or "").split():
        return True
    classes = {word for element in link.iter() for word in re.split(r"[\s_-]+", (element.get("class") or "").lower())}
    return bool(classes & _words().icons and not _has_other_words(texts)) or is_word_for_website(_label_before(link))


def is_word_for_website(text: str) -> bool:
    """Whether a whole text is a word for website in a language of the region, with words such as “our” or “visit” around it."""
    if not 0 < len(text) <= MAX_LABEL_CHARACTERS:
        return False
    words = _WORD.findall(fold(text))
    called, around = _words().called, _words().around
    if " ".join(words) in called:
        return True
    kept = [word for word in words if word not in around]
    return len(kept) < len(words) and " ".join(kept) in called


def is_service(url: str) -> bool:
    """Whether an address is on a host that is nobody's own: a network, a builder, a funder, a map, a form, a register."""
    host, words = host_of(url), _words()
    levels = host.split(".")
    with_above = {".".join(levels[number:]) for number in range(len(levels) - 1)}
    if host in words.builders:
        return True
    if with_above & words.homes:
        return False
    is_listed = bool(with_above & words.services) or is_common_host(host)
    return is_listed or any(word in host for word in words.funders)


def has_name_in_host(url: str, name: str) -> bool:
    """Whether the host of an address has the name in it: as a whole, by a word of it, or by its initials."""
    host = _LEVELS.sub("", host_of(url))
    words = [word for word in _WORD.findall(fold(name)) if word.isalpha()]
    telling = [word for word in words if len(word) >= MIN_WORD_LETTERS and word not in _words().plain]
    initials, whole = "".join(word[0] for word in words), "".join(words)
    parts = {part for label in host.split(".") for part in (*label.split("-"), label.replace("-", ""))}
    if parts & {*telling, whole} or (len(initials) > 2 and initials in parts):
        return True
    return any(2 * len(word) > len(part) and word in part for word in telling for part in parts)


def _foreign_links(page: Html) -> Iterator[_ForeignLink]:
    """The links to other sites, in the order of the part; without those below a heading for people or supporters."""
    is_of_others = False
    for element in page.root.iter("a", *_HEADINGS):
        if element.tag in _HEADINGS:
            is_of_others = one_line(text_within(element, MAX_LABEL_CHARACTERS)).strip(" :").casefold() in _words().others
        if element.tag != "a" or is_of_others:
            continue
        url = absolute_address(page.base, (element.get("href") or "").strip()).split("#")[0]
        if url and web_address(url) and not same_site(url, page.url):
            yield _ForeignLink(url, element)


def _is_around(link: Element, name: Element) -> bool:
    """Whether a link is the whole name, is in the name with all its text, or has the name in it."""
    if link is name or link in name.iterancestors("a"):
        return True
    return name in link.iterancestors() and one_line(link.text_content()) == one_line(name.text_content()) != ""


def _only_site(links: Iterable[_ForeignLink]) -> str | None:
    """The first address of links that all lead to one site; None for none or several sites."""
    urls = [link.url for link in links]
    return urls[0] if len(set(map(site_of, urls))) == 1 else None


def _hints(link: Element) -> Iterator[str]:
    """What the link and its pictures say beside their text."""
    for element in link.iter("a", "img", "i", "svg", "span"):
        for name in ("title", "aria-label", "alt"):
            yield one_line((element.get(name) or "")[:MAX_LABEL_CHARACTERS])


def _has_other_words(texts: Iterable[str]) -> bool:
    """Whether a text says something that is no address."""
    return any(text and not web_address(text) for text in texts)


def _label_before(link: Element) -> str:
    """The text with a colon directly before a link; "" where there is none."""
    holder = link
    while (parent := holder.getparent()) is not None and holder.getprevious() is None and not (parent.text or "").strip():
        if parent.tag not in _INLINE_ABOVE:
            return ""
        holder = parent
    before = holder.getprevious()
    text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    if not text.strip(" :") and before is not None:
        text = text_within(before, MAX_LABEL_CHARACTERS) + text
    label = re.split(r"[\n.;,|(]", text.rstrip())[-1]
    return label.strip(" :") if label.rstrip().endswith(":") else ""


def _is_written_out(link: _ForeignLink) -> bool:
    """Whether the text of a link is the address to which it leads."""
    written = web_address(link.text) if len(link.text) <= MAX_SENTENCE_CHARACTERS else None
    return written is not None and same_site(written, link.url) and not _is_document(link.url)


def _is_document(url: str) -> bool:
    """Whether an address is that of a file, or lies deep in a site."""
    parts = split_address(url)
    folders = [folder for folder in parts.path.split("/") if folder]
    return bool(parts.query or _DOCUMENT.search(parts.path)) or len(folders) > MAX_FOLDERS


def _stands_alone(link: _ForeignLink) -> bool:
    """Whether a link is no mention in a sentence: little text stands beside it, up to the next line."""
    inner = link.element
    while (above := inner.getparent()) is not None and above.tag in _INLINE_ABOVE:
        inner = above
    before = _text_up_to_line(inner, is_before=True)
    return len(one_line(before)) + len(one_line(_text_up_to_line(inner, is_before=False))) <= MAX_BESIDE_LINK


def _beside(element: Element, *, is_before: bool) -> Iterator[Element]:
    """The elements before or after an element in its parent, the nearest first."""
    beside = element.getprevious() if is_before else element.getnext()
    while beside is not None:
        yield beside
        beside = beside.getprevious() if is_before else beside.getnext()


def _text_up_to_line(element: Element, *, is_before: bool) -> str:
    """The text before or after an element in its line, up to what begins another one; no more than is needed to measure it."""
    parent = element.getparent()
    text = "" if is_before else element.tail or ""
    for beside in _beside(element, is_before=is_before):
        if is_before:
            text = (beside.tail or "") + text
        if beside.tag not in _INLINE or len(text) > MAX_SENTENCE_CHARACTERS:
            return text
        inner = text_within(beside, MAX_SENTENCE_CHARACTERS)
        text = inner + text if is_before else text + inner + (beside.tail or "")
    return (parent.text or "" if parent is not None and is_before else "") + text


@dataclass(frozen=True, slots=True)
class _Words:
    """The words and hosts of own_website.yaml, folded."""

    called: frozenset[str]
    others: frozenset[str]
    around: frozenset[str]
    icons: frozenset[str]
    services: frozenset[str]
    builders: frozenset[str]
    homes: frozenset[str]
    funders: frozenset[str]
    plain: frozenset[str]


@cache
def _words() -> _Words:
    data: dict[str, Any] = data_beside(__file__)
    called = (" ".join(_WORD.findall(fold(text))) for texts in data["called"].values() for text in texts)
    lists = (frozenset(map(fold, data[name])) for name in ("around", "icons", "services", "builders", "homes", "words", "plain"))
    others = (text.casefold() for texts in data["others"].values() for text in texts)
    return _Words(frozenset(called), frozenset(others), *lists)

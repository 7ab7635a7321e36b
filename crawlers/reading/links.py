"""Links of a page: selectors of those that lead to initiatives' own pages, and to further pages of the same list."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from crawlers.markup import Html
from crawlers.markup.elements import Element
from crawlers.reading.cards import is_name, main_part
from crawlers.reading.next_labels import SIGNS, next_label
from crawlers.reading.selected_links import loading_selector
from crawlers.reading.selections import MENUS, Selection, path_selector, selector_below
from crawlers.texts.clean import one_line
from crawlers.values.addresses import absolute_address, canonical_address, same_site
from crawlers.values.initiative_words import is_about_initiatives, is_excluded_element, is_excluded_heading
from crawlers.values.labels import is_initiative_page

MIN_ENTRIES = 3
MIN_MENU_ENTRIES = 5
MIN_LINKS_OF_PATTERN = 2
MIN_SHARE_OF_PATTERN = 0.1
MAX_PATTERNS = 5
"""A list of addresses of several patterns has so many links of each, such a share of each, and so many patterns at most."""
_PAGE_ADDRESS = re.compile(
    r"([?&](page|paged|pg|p|lapa|lpp|start|offset|from|strona|side|sida|sivu|puslapis)=\d+|/(page|lapa|lpp)/\d+/?)($|[&#?])",
    re.IGNORECASE,
)
"""The part of an address that numbers a page of a list."""
_DIGITS = re.compile(r"\d+")
_BESIDE_PAGE = ':not([href^="/"]):not([href^="."]):not([href*=":"])'
"""The condition of links that are written without a folder, such as `saule/` and `saule.html`."""


@dataclass(slots=True)
class _Links:
    """Links of one place: its path_selector, the patterns of their addresses (see _address_pattern), their text by address,
    and their addresses as the page writes them.
    """

    path: str
    patterns: tuple[str, ...]
    texts: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)


def find_entries(page: Html, min_links: int = MIN_ENTRIES) -> list[Selection]:
    """Selectors of at least `min_links` links of one list, the best first; without excluded ones.

    The links of a list stand in the same place, and their addresses have one pattern, or a few (see _mixed_lists).
    """
    best_of_links: dict[frozenset[str], Selection] = {}
    elements = list(main_part(page).iter("a"))
    groups = list(_link_groups(elements, page).values())
    for links in (*groups, *_mixed_lists(elements, groups, page)):
        is_excluded = any(map(is_excluded_heading, links.patterns)) or is_excluded_element(links.path)
        if len(links.texts) >= min_links and not is_excluded:
            selection = _link_selection(links, page)
            best = best_of_links.get(frozenset(links.texts))
            if best is None or selection.score > best.score:
                best_of_links[frozenset(links.texts)] = selection
    return sorted(best_of_links.values(), key=lambda selection: -selection.score)


def find_menu_entries(page: Html) -> list[Selection]:
    """Selectors of links in a menu whose addresses have one pattern, those with most links first.

    Each selector begins with the element of the menu (MENUS). A menu also holds pages about the site itself, so only the
    pages can show whether they are initiatives.
    """
    selections = []
    for tag in MENUS:
        links = (link for menu in page.root.iter(tag) if menu.find(".//h1") is None for link in menu.iter("a"))
        for group in _link_groups(links, page).values():
            pattern = group.patterns[0]
            if len(group.texts) >= MIN_MENU_ENTRIES and not is_excluded_heading(pattern):
                css = _link_selection(replace(group, path=selector_below(tag, group.path)), page).css
                suffix = re.search(r"\*(\.\w+)$", pattern)
                css += f'[href$="{suffix[1]}"]' if suffix else ""
                selections.append(Selection(css, len(group.texts), float(len(group.texts))))
    return sorted(selections, key=lambda selection: -selection.score)


def find_next(page: Html) -> str:
    """The selector of links to further pages of the same list; "" when there are none."""
    if any(link.get("href") for link in page.root.xpath("//a[@rel='next'] | //link[@rel='next']")):
        return "[rel~=next]"
    base = page.base
    links = [(link, _link_address(base, link.get("href"))) for link in page.root.iter("a")]
    on_site = [(link, url) for link, url in links if url and same_site(url, page.url) and url != page.url]
    numbered = [(link.get("href") or "", match[0]) for link, url in on_site if (match := _further_page(url, page.url))]
    if numbered:
        written, number = numbered[0]
        parameter = re.split(r"[0-9]", number)[0].lstrip("?&")
        return f'a[href*="{parameter if parameter in written else parameter.lstrip("/")}"]'
    texts = [one_line(link.text_content()) for link, _ in on_site]
    for (link, _), text in zip(on_site, texts, strict=True):
        label = next_label(text)
        if label and (label not in SIGNS or _is_always_alone(label, texts)):
            own_text = "".join([link.text or "", *(child.tail or "" for child in link)])
            return f'a:-soup-contains{"-own" if label in own_text else ""}("{label}")'
    return loading_selector(page)


def _is_always_alone(sign: str, texts: list[str]) -> bool:
    """Whether a sign such as » is never part of a longer text such as "» Read more"."""
    return all(text == sign for text in texts if sign in text)


def _link_groups(links: Iterable[Element], page: Html) -> dict[tuple[str, str], _Links]:
    """Links that may lead to initiatives, grouped by the pattern of their addresses and their path."""
    base = page.base
    groups: dict[tuple[str, str], _Links] = {}
    for link in links:
        url = _link_address(base, link.get("href"))
        if url and same_site(url, page.url) and is_initiative_page(url) and not _further_page(url, page.url):
            pattern, path = _address_pattern(url), path_selector(link)
            group = groups.setdefault((pattern, path), _Links(path, (pattern,)))
            group.texts.setdefault(url, one_line(link.text_content()))
            group.written.add((link.get("href") or "").strip())
    return groups


def _mixed_lists(elements: Iterable[Element], groups: Iterable[_Links], page: Html) -> Iterator[_Links]:
    """The lists that mix addresses of several patterns: what lies in the nearest element around two links of the same place.

    Of each pattern they have MIN_LINKS_OF_PATTERN or more, and a share of at least MIN_SHARE_OF_PATTERN.
    """
    patterns_of = Counter(group.path for group in groups)
    places: dict[str, list[Element]] = defaultdict(list)
    for link in elements:
        if patterns_of[path := path_selector(link)] > 1:
            places[path].append(link)
    for path, alike in places.items():
        for links in _lists_of(alike):
            by_pattern = [group for group in _link_groups(links, page).values() if group.path == path]
            least = max(MIN_LINKS_OF_PATTERN, MIN_SHARE_OF_PATTERN * sum(len(group.texts) for group in by_pattern))
            large = [group for group in by_pattern if len(group.texts) >= least and not is_excluded_heading(group.patterns[0])]
            if 1 < len(large) <= MAX_PATTERNS:
                yield _together(large)


def _lists_of(links: list[Element]) -> Iterable[list[Element]]:
    """Links of one place by the nearest element around each that holds another one of them."""
    counts = Counter(around for link in links for around in link.iterancestors())
    lists: dict[Element | None, list[Element]] = defaultdict(list)
    for link in links:
        lists[next((around for around in link.iterancestors() if counts[around] > 1), None)].append(link)
    return lists.values()


def _together(groups: list[_Links]) -> _Links:
    """Several groups of links of one place as one."""
    patterns = tuple(group.patterns[0] for group in groups)
    texts = {url: text for group in groups for url, text in group.texts.items()}
    return _Links(groups[0].path, patterns, texts, {address for group in groups for address in group.written})


def _link_selection(links: _Links, page: Html) -> Selection:
    """The selection of a group of links. The score rises with their number, with words for initiatives, and with names."""
    texts, path, patterns = links.texts, links.path, " ".join(links.patterns)
    names = {_DIGITS.sub("", text) for text in texts.values() if is_name(text)}  # “3 datasets” and “4 datasets” are no two names
    page_path = urlsplit(page.url).path
    is_below = page_path not in ("", "/") and patterns.startswith(page_path.rstrip("/") + "/")
    score = min(len(texts), 30) / 10 + 2 * is_about_initiatives(f"{patterns} {page.title} {path}")
    score = score + is_below + 0.5 * (len(names) / len(texts))
    has_date = bool(re.search(r"/\d{4}/\d{2}/", patterns))
    condition = _address_condition([_last_folder(pattern) for pattern in links.patterns], links.written)
    return Selection(path + condition, len(texts), score - 2 * has_date, path)


def _address_condition(folders: Sequence[str], written: set[str]) -> str:
    """The condition of a selector on the addresses of links as the page writes them; "" where none tells them apart."""
    if all(folders) and all(any(folder in address for folder in folders) for address in written):
        conditions = [f'[href*="{folder}"]' for folder in dict.fromkeys(folders)]
        return conditions[0] if len(conditions) == 1 else f":is({', '.join(conditions)})"
    is_beside_page = not any(address.startswith(("/", ".")) or ":" in address for address in written)
    return _BESIDE_PAGE if all(folders) and is_beside_page else ""


def _address_pattern(url: str) -> str:
    """The path of an address with `*` for its last part and for numbers; with a query, the path and `*` for its values."""
    parts = urlsplit(canonical_address(url))
    if parts.query:
        return f"{parts.path}?{re.sub(r'=[^&]*', '=*', parts.query)}"
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    folder = re.sub(r"/\d+(?=/|$)", "/*", folder)
    return f"{folder}/*{'.' + name.rpartition('.')[2] if '.' in name else ''}"


def _last_folder(pattern: str) -> str:
    """The last part before the `*` of a pattern, by which its addresses can be selected; "" where there is none."""
    if "?" in pattern:
        return pattern.split("*")[0].rpartition("/")[2]
    folder = pattern.split("*")[0].rstrip("/").rpartition("/")[2]
    return f"{folder}/" if folder else ""


def _further_page(url: str, page_url: str) -> re.Match[str] | None:
    """The part that numbers the page in an address of another page of the same list; None in any other address."""
    without_number = [_PAGE_ADDRESS.sub("", address).rstrip("/?&") for address in (url, page_url)]
    return _PAGE_ADDRESS.search(url) if without_number[0] == without_number[1] else None


def _link_address(base: str, href: str | None) -> str | None:
    return absolute_address(base, href.strip()).split("#")[0] or None if href else None

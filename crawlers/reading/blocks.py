"""Finding what repeats on a page: blocks that each tell one initiative, links to their pages, links to further pages.

Everything found is said as a CSS selector, so that a person can read it in the recipe and mend it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from crawlers.markup import Html
from crawlers.reading.cards import MAX_NAME_CHARACTERS, base_of, is_name, main_part, name_element
from crawlers.texts.clean import one_line
from crawlers.values.addresses import canonical_address, joined, same_site
from crawlers.values.labels import field_of, is_initiative_page
from crawlers.values.not_initiatives import is_excluded_element, is_excluded_heading
from vocabulary import fold

MIN_ENTRIES = 3
MIN_MENU_ENTRIES = 5
MENUS = ("nav", "aside", "header")
MIN_CHARACTERS = 15
MAX_CHARACTERS = 8000
MAX_PARTS = 1000
"""So many parts of a kind are looked at; those after them are like them."""
INITIATIVE_WORDS = re.compile(
    r"project|projekt|iniciativ|initiativ|uznem|member|biedr|dalibniek|enterpris|organi[sz]a|ettevot|liikmed|imon|nariai|podmiot|czlonk"
    r"|virksomhed|medlem|foretag|jasen|directory|katalog|catalog|registr|register|saraks|case|stor(y|ies)|pieredz|praks|practice|database"
)
"""Beginnings of words (folded) that tell of initiatives."""
_NEXT_WORDS = (
    *(
        "»",
        "›",
        "→",
        "Next",
        "next",
        "Older",
        "Nākam",
        "nākam",
        "Tālāk",
        "Järgmi",
        "Toliau",
        "Kitas",
        "Następn",
        "Næste",
        "Nästa",
    ),
    *("Seuraava", "Weiter"),
)
_PAGE_ADDRESS = re.compile(
    r"([?&](page|paged|pg|p|lapa|lpp|start|offset|from|strona|side|sida|sivu|puslapis)=\d+|/(page|lapa|lpp)/\d+/?)($|[&#?])",
    re.IGNORECASE,
)
_HEADINGS = ("h2", "h3", "h4", "h5", "dt")
_CONTAINERS = ("div", "li", "article", "section", "tr", "details", "p", "td", "dd", "fieldset", "figure")
_PASSING_NAME = re.compile(
    r"\d{2,}|^(odd|even|first|last|active|current|open|show|hidden|lazy\w*|sticky|clearfix|alt|hentry|animated?|wow"
    r"|(type|status|has|format|tag|category|aos)-.*)$"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """A selector, how many it finds, and how surely they are initiatives (higher is surer).

    `place` is the selector without what it says of addresses: where on a page such links stand.
    """

    css: str
    count: int
    score: float
    place: str = ""


def find_blocks(page: Html) -> list[Selection]:
    """Selectors of parts that each name and tell something, best first; menus, teasers and footers are left out."""
    root = main_part(page)
    selections = [selection for css, parts in _element_groups(root).items() if (selection := _block_selection(css, parts, page))]
    selections += [
        selection for css, parts in _heading_groups(root).items() if (selection := _heading_selection(css, parts, page))
    ]
    selections += [selection for table in root.iter("table") if (selection := _table_selection(table, page))]
    return sorted(selections, key=lambda selection: -selection.score)


def find_entries(page: Html, least: int = MIN_ENTRIES) -> list[Selection]:
    """Selectors of at least so many links that lead to pages of one pattern, below or beside this one, best first."""
    best_of_links: dict[frozenset[str], Selection] = {}
    for (pattern, path), texts in _link_groups(main_part(page).iter("a"), page).items():
        is_other = is_excluded_heading(pattern) or is_excluded_element(path)
        if len(texts) >= least and not is_other:
            selection = _link_selection(pattern, path, texts, page)
            same = best_of_links.get(frozenset(texts))
            if same is None or selection.score > same.score:
                best_of_links[frozenset(texts)] = selection
    return sorted(best_of_links.values(), key=lambda selection: -selection.score)


def find_menu_entries(page: Html) -> list[Selection]:
    """Selectors of links of one pattern that stand only in a menu, named by its element (MENUS), those with most links first.

    A menu holds a site's own pages as well: whether these are initiatives only their pages tell.
    """
    selections = []
    for tag in MENUS:
        links = (link for menu in page.root.iter(tag) if menu.find(".//h1") is None for link in menu.iter("a"))
        for (pattern, path), texts in _link_groups(links, page).items():
            if len(texts) >= MIN_MENU_ENTRIES and not is_excluded_heading(pattern):
                ending = re.search(r"\*(\.\w+)$", pattern)
                css = _link_selection(pattern, _selector_below(tag, path), texts, page).css + (
                    f'[href$="{ending[1]}"]' if ending else ""
                )
                selections.append(Selection(css, len(texts), float(len(texts))))
    return sorted(selections, key=lambda selection: -selection.score)


def _selector_below(tag: str, path: str) -> str:
    """A selector that begins with an element of this tag, which stands in it or above it."""
    steps = path.split(" > ")
    at = next((number for number, step in enumerate(steps) if re.fullmatch(rf"{tag}(\..*)?", step)), None)
    if at is not None:
        return " > ".join(steps[at:])
    return f"{tag} {' > '.join(steps[1:] if steps[0].startswith('#') else steps)}"  # the id may be the menu's own


def is_of_menu(css: str) -> bool:
    """Whether a selector is one of a menu's links."""
    return re.split(r"[ .]", css)[0] in MENUS


def _link_groups(links: Iterable[Any], page: Html) -> dict[tuple[str, str], dict[str, str]]:
    """Links that may lead to initiatives, address to text, by the pattern of their addresses and where they stand."""
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for link in links:
        url = _link_address(base_of(page), link.get("href"))
        if url and same_site(url, page.url) and is_initiative_page(url) and not _is_further_page(url, page.url):
            groups[(_address_pattern(url), _path_selector(link))].setdefault(url, one_line(link.text_content()))
    return groups


def find_next(page: Html) -> str:
    """The selector of links to further pages of the same list; "" when there are none."""
    if any(link.get("href") for link in page.root.xpath("//a[@rel='next'] | //link[@rel='next']")):
        return "[rel~=next]"
    links = [(link, _link_address(base_of(page), link.get("href"))) for link in page.root.iter("a")]
    further = [(link, url) for link, url in links if url and same_site(url, page.url) and url != page.url]
    numbered = [match[0] for _, url in further if _is_further_page(url, page.url) and (match := _PAGE_ADDRESS.search(url))]
    if numbered:
        return f'a[href*="{re.split(r"[0-9]", numbered[0])[0].lstrip("?&")}"]'
    texts = [one_line(link.text_content()).strip() for link, _ in further]
    alone = {w for w in _NEXT_WORDS if w[0].isalpha() or all(text == w for text in texts if w in text)}  # not "» Read more"
    words = [w for text in texts for w in _NEXT_WORDS if w in alone and text.startswith(w)]
    return f'a:-soup-contains-own("{words[0]}")' if words else ""


def _element_groups(root: Any) -> dict[str, list[Any]]:
    """Elements of one selector: by tag and class wherever they stand, else by their place below something that has one."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for element in root.iter(*_CONTAINERS):
        groups[_selector(element)].append(element)
        if _classes(element):
            groups[_path_selector(element)].append(element)
    return {css: parts for css, parts in groups.items() if len(parts) >= MIN_ENTRIES}


def _heading_groups(root: Any) -> dict[str, list[Any]]:
    """Headings that are siblings, each followed by something."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for heading in root.iter(*_HEADINGS):
        after = heading.getnext()
        if after is not None and after.tag not in ("h1", *_HEADINGS) and heading.getparent() is not None:
            groups[f"{_id_or_tag(heading.getparent())} > {_tag_and_classes(heading)}"].append(heading)
    return {
        css: parts for css, parts in groups.items() if len(parts) >= MIN_ENTRIES and len({id(p.getparent()) for p in parts}) == 1
    }


def _block_selection(css: str, parts: list[Any], page: Html) -> Selection | None:
    ids = {id(part) for part in parts}
    if any(id(above) in ids for part in parts for above in part.iterancestors()):
        return None
    parts = [part for part in parts[:MAX_PARTS] if not _is_single_letter(part)]
    if len(parts) < MIN_ENTRIES or _are_groups(parts):
        return None
    css, parts = _named_parts(css, parts)
    names = [_single_name(part) for part in parts]
    texts = [len(one_line(part.text_content())) for part in parts]
    good = [n for n, size in zip(names, texts, strict=True) if n and MIN_CHARACTERS <= size <= MAX_CHARACTERS]
    if len(set(good)) < MIN_ENTRIES or len(set(good)) < 0.7 * len(parts) or _is_excluded(parts[0], css):
        return None
    return Selection(css, len(parts), _score_of(len(set(good)), sum(texts) / len(texts) - _mean_length(good), parts, page))


def _named_parts(css: str, parts: list[Any]) -> tuple[str, list[Any]]:
    """Only the parts that hold a name in a heading or in bold, where the others hold none: lines of text between them."""
    tags = [element.tag if (element := name_element(part)) is not None else "" for part in parts]
    tag = max(set(tags), key=tags.count)
    if tag in ("b", "strong", *_HEADINGS) and MIN_ENTRIES <= tags.count(tag) < len(parts):
        return f"{css}:has({tag})", [part for part in parts if part.find(f".//{tag}") is not None]
    return css, parts


def _heading_selection(css: str, parts: list[Any], page: Html) -> Selection | None:
    names = [one_line(part.text_content()) for part in parts]
    good = {name for name in names if is_name(name)}
    if len(good) < MIN_ENTRIES or len(good) < 0.7 * len(parts) or _is_excluded(parts[0], css):
        return None
    return Selection(css, len(parts), _score_of(len(good), 60, parts, page) - 0.5)


def _table_selection(table: Any, page: Html) -> Selection | None:
    """The rows of a table whose first row names columns that we know, a name among them."""
    rows = [row for row in table.iter("tr") if sum(cell.tag in ("td", "th") for cell in row) > 1]
    if len(rows) <= MIN_ENTRIES or table.find(".//table") is not None:
        return None
    columns = [field_of(one_line(cell.text_content())) for cell in rows[0]]
    at = next((columns.index(name) for name in ("title", "organisation") if name in columns), None)
    if at is None:
        return None
    names = {one_line(row[at].text_content()) for row in rows[1:] if len(row) == len(columns)}
    if len(names) < MIN_ENTRIES or len(names) < 0.7 * (len(rows) - 1) or _is_excluded(table, _path_selector(rows[-1])):
        return None
    return Selection(
        _path_selector(rows[-1]), len(rows) - 1, _score_of(len(names), 30 * len(set(columns) - {None}), [rows[-1]], page) + 1
    )


def _single_name(part: Any) -> str:
    """A part's name; "" when it has none, or when several headings of one rank make it more than one thing."""
    element = name_element(part)
    if element is None:
        return ""
    same = [e for e in part.iter(element.tag) if is_name(one_line(e.text_content()))]
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt") and len(same) > 1:
        return ""
    return one_line(element.text_content())


def _are_groups(parts: list[Any]) -> bool:
    """Whether parts are groups of lines that each begin with another name in bold, as under the letters of a list."""
    names = [name for part in parts for name in _bold_names(part)]
    return len(names) > len(parts) and len(set(names)) > 0.7 * len(names)


def _bold_names(part: Any) -> list[str]:
    """The names in bold with which the lines of a part begin; none where one line begins otherwise."""
    lines = [child for child in part if child.tag not in ("h1", "h6", *_HEADINGS) and not _is_single_letter(child)]
    names = [_bold_name(line) for line in lines]
    return names if all(names) else []


def _bold_name(line: Any) -> str:
    if not len(line) or line[0].tag not in ("b", "strong") or (line.text or "").strip():
        return ""
    text = one_line(line[0].text_content())
    return text if is_name(text) and not (line[0].tail or "").strip().startswith(":") else ""


def _is_single_letter(part: Any) -> bool:
    """Whether a part is but the letter above a group of an alphabetical list."""
    return len(one_line(part.text_content())) == 1


def _score_of(names: int, more_text: float, parts: list[Any], page: Html) -> float:
    """Surer with more blocks, text beside the name, a heading as name and words of initiatives around."""
    name = name_element(parts[0])
    has_heading = name is not None and name.tag in ("h2", "h3", "h4", "h5", "summary", "dt")
    page_names, path = f"{page.url} {page.title}", _path_selector(parts[0])
    around = fold(f"{page_names} {path}")
    score = min(names, 30) / 10 + min(more_text, 150) / 75 + has_heading + 2 * bool(INITIATIVE_WORDS.search(around))
    return score - 2 * (is_excluded_heading(page_names) or is_excluded_element(path))


def _link_selection(pattern: str, path: str, texts: dict[str, str], page: Html) -> Selection:
    named = {text for text in texts.values() if is_name(text)}
    around = fold(f"{pattern} {page.title} {path}")
    css = path + (f'[href*="{_last_folder(pattern)}"]' if _last_folder(pattern) else "")
    is_below = pattern.startswith(urlsplit(page.url).path.rstrip("/") + "/") and urlsplit(page.url).path not in ("", "/")
    score = min(len(texts), 30) / 10 + 2 * bool(INITIATIVE_WORDS.search(around)) + is_below + 0.5 * (len(named) / len(texts))
    return Selection(css, len(texts), score - 2 * bool(re.search(r"/\d{4}/\d{2}/", pattern)), path)


def _address_pattern(url: str) -> str:
    """The path of an address with its last part, numbers, and what differs in its query, left open."""
    parts = urlsplit(canonical_address(url))
    if parts.query:
        return f"{parts.path}?{re.sub(r'=[^&]*', '=*', parts.query)}"
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    folder = re.sub(r"/\d+(?=/|$)", "/*", folder)
    return f"{folder}/*{'.' + name.rpartition('.')[2] if '.' in name else ''}"


def _last_folder(pattern: str) -> str:
    """What all addresses of a pattern share before the part that is open; "" when that is nothing of note."""
    if "?" in pattern:
        return pattern.split("*")[0].rpartition("/")[2]
    folder = pattern.split("*")[0].rstrip("/").rpartition("/")[2]
    return f"{folder}/" if folder else ""


def _is_further_page(url: str, page_url: str) -> bool:
    """Whether an address is that of another page of the same list."""
    bare = [_PAGE_ADDRESS.sub("", address).rstrip("/?&") for address in (url, page_url)]
    return bool(_PAGE_ADDRESS.search(url)) and bare[0] == bare[1]


def _is_excluded(element: Any, css: str) -> bool:
    """Whether classes around an element, or the heading before its group, tell of something that is no initiative."""
    around = [
        css,
        *(f"{e.get('class') or ''} {e.get('id') or ''}" for e in element.iterancestors() if e.tag not in ("html", "body")),
    ]
    before = element.xpath("(preceding::h1|preceding::h2|preceding::h3)[last()]") if element.tag not in _HEADINGS else []
    headings = (one_line(heading.text_content())[:MAX_NAME_CHARACTERS] for heading in before)
    return any(map(is_excluded_element, around[:6])) or any(map(is_excluded_heading, headings))


def _selector(element: Any) -> str:
    return _tag_and_classes(element) if _classes(element) else _path_selector(element)


def _path_selector(element: Any) -> str:
    """`ul.members > li`: the element below its parents, up to the first that has a class or id of its own."""
    steps = [_tag_and_classes(element)]
    for parent in element.iterancestors():
        steps.append(_id_or_tag(parent))
        if parent.get("id") or _classes(parent) or parent.tag in ("main", "article", "body") or len(steps) > 4:
            break
    return " > ".join(reversed(steps))


def _id_or_tag(element: Any) -> str:
    id = element.get("id") or ""
    return f"#{id}" if re.fullmatch(r"[A-Za-z][\w-]*", id) and not _PASSING_NAME.search(id) else _tag_and_classes(element)


def _tag_and_classes(element: Any) -> str:
    return ".".join([element.tag, *_classes(element)[:2]])


def _classes(element: Any) -> list[str]:
    """The classes that are of use in a selector: those that are no numbers, states or generated names."""
    return [
        c for c in (element.get("class") or "").split() if re.fullmatch(r"-?[A-Za-z_][\w-]*", c) and not _PASSING_NAME.search(c)
    ]


def _mean_length(names: Iterable[str]) -> float:
    sizes = [len(name) for name in names]
    return sum(sizes) / max(1, len(sizes))


def _link_address(base: str, href: str | None) -> str | None:
    return joined(base, href.strip()).split("#")[0] or None if href else None

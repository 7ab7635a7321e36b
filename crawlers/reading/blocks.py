"""Blocks of a page: selectors of elements alike that each describe one initiative."""

from __future__ import annotations

from collections import defaultdict

from crawlers.markup import Html
from crawlers.markup.elements import Element
from crawlers.reading.cards import MAX_NAME_CHARACTERS, is_name, main_part, name_element
from crawlers.reading.selections import Selection, id_or_tag, path_selector, tag_and_classes, useful_classes
from crawlers.texts.clean import one_line
from crawlers.values.addresses import absolute_address, host_of, is_common_host, same_site
from crawlers.values.headings import GUESS, read_heading
from crawlers.values.initiative_words import is_about_initiatives, is_excluded_element, is_excluded_heading
from crawlers.values.labels import field_of
from crawlers.values.months import is_month, weekdays
from vocabulary import fold

MIN_BLOCKS = 3
MIN_NAMED_SHARE = 0.7
"""At least this share of blocks must have a name of its own."""
MIN_CHARACTERS = 15
MAX_CHARACTERS = 8000
MAX_BLOCKS_READ = 1000
"""Of more blocks alike only the first are examined."""
_HEADINGS = ("h2", "h3", "h4", "h5", "dt")
_CONTAINERS = ("div", "li", "article", "section", "tr", "details", "p", "td", "dd", "fieldset", "figure")


def find_blocks(page: Html) -> list[Selection]:
    """Selectors of elements that each have a name, and a text or a link to their own site, the best first.

    Those in menus, teasers and footers are left out.
    """
    root = main_part(page)
    selections = [
        *(_block_selection(css, blocks, page) for css, blocks in _element_groups(root).items()),
        *(_heading_selection(css, headings, page) for css, headings in _heading_groups(root).items()),
        *(_table_selection(table, page) for table in root.iter("table")),
    ]
    return sorted(filter(None, selections), key=lambda selection: -selection.score)


def _element_groups(root: Element) -> dict[str, list[Element]]:
    """Elements by selector: their tag and classes, and for those with classes also their path."""
    groups: dict[str, list[Element]] = defaultdict(list)
    for element in root.iter(*_CONTAINERS):
        own = [tag_and_classes(element)] if useful_classes(element) else []
        for css in dict.fromkeys([*own, path_selector(element)]):
            groups[css].append(element)
    return {css: blocks for css, blocks in groups.items() if len(blocks) >= MIN_BLOCKS}


def _heading_groups(root: Element) -> dict[str, list[Element]]:
    """Headings by selector, only those that are followed by an element that is no heading."""
    groups: dict[str, list[Element]] = defaultdict(list)
    for heading in root.iter(*_HEADINGS):
        following, parent = heading.getnext(), heading.getparent()
        if following is not None and following.tag not in ("h1", *_HEADINGS) and parent is not None:
            groups[f"{id_or_tag(parent)} > {tag_and_classes(heading)}"].append(heading)
    return {css: headings for css, headings in groups.items() if len(headings) >= MIN_BLOCKS}


def _block_selection(css: str, blocks: list[Element], page: Html) -> Selection | None:
    """The selection of a group of elements; None where they lie in each other, or too few have a name and a text."""
    ids = {id(block) for block in blocks}
    if any(id(ancestor) in ids for block in blocks for ancestor in block.iterancestors()):
        return None
    blocks = [block for block in blocks[:MAX_BLOCKS_READ] if not _is_single_letter(block)]
    if len(blocks) < MIN_BLOCKS or _are_groups(blocks):
        return None
    css, blocks = _named_blocks(css, blocks)
    sizes = [len(one_line(block.text_content())) for block in blocks]
    least = [0 if _leads_elsewhere(block, page) else MIN_CHARACTERS for block in blocks]
    sized = zip(map(_single_name, blocks), sizes, least, strict=True)
    names = [name for name, size, least_size in sized if name and least_size <= size <= MAX_CHARACTERS]
    if not _are_enough(set(names), len(blocks)) or _is_excluded(blocks[0], css):
        return None
    name_length = sum(map(len, names)) / len(names)
    return Selection(css, len(blocks), _score_of(len(set(names)), sum(sizes) / len(sizes) - name_length, blocks[0], page))


def _leads_elsewhere(block: Element, page: Html) -> bool:
    """Whether the first link of a block leads to a site of its own: it says enough without a text."""
    url = next((absolute_address(page.base, link.get("href", "")) for link in block.iter("a")), "")
    return url.startswith("http") and not same_site(url, page.url) and not is_common_host(host_of(url))


def _named_blocks(css: str, blocks: list[Element]) -> tuple[str, list[Element]]:
    """Only the blocks with a name in a heading or in bold, and their selector, where other blocks between them have none."""
    tags = [element.tag if (element := name_element(block)) is not None else "" for block in blocks]
    tag = max(set(tags), key=tags.count)
    if tag in ("b", "strong", *_HEADINGS) and MIN_BLOCKS <= tags.count(tag) < len(blocks):
        return f"{css}:has({tag})", [block for block in blocks if block.find(f".//{tag}") is not None]
    return css, blocks


def _heading_selection(css: str, headings: list[Element], page: Html) -> Selection | None:
    """The selection of a group of headings; None where too few are names."""
    names = {text for heading in headings if is_name(text := one_line(heading.text_content())) and not _is_time(text)}
    if not _are_enough(names, len(headings)) or _is_excluded(headings[0], css):
        return None
    return Selection(css, len(headings), _score_of(len(names), 60, headings[0], page) - 0.5)


def _table_selection(table: Element, page: Html) -> Selection | None:
    """The rows of a table whose first row names columns of ours; None where no column names initiatives.

    A first column that is called by what it lists ("Forening") names them where each row has its own.
    """
    rows = [row for row in table.iter("tr") if sum(cell.tag in ("td", "th") for cell in row) > 1]
    if len(rows) <= MIN_BLOCKS or table.find(".//table") is not None:
        return None
    headings = [one_line(cell.text_content()) for cell in rows[0]]
    columns = [field_of(heading) for heading in headings]
    index = next((columns.index(name) for name in ("title", "organisation") if name in columns), None)
    guessed = headings[0] if index is None and _may_name_rows(headings[0]) else ""
    if index is None and not guessed:
        return None
    names = {one_line(row[index or 0].text_content()) for row in rows[1:] if len(row) == len(columns)}
    css, count = path_selector(rows[-1]), len(rows) - 1
    if not _are_enough(names, count) or _is_excluded(table, css) or (guessed and len(names) < count):
        return None
    score = _score_of(len(names), 30 * len(set(columns) - {None}), rows[-1], page) + (0 if guessed else 1)
    return Selection(css, count, score, names=guessed)


def _may_name_rows(heading: str) -> bool:
    says = read_heading(heading)
    return says is not None and (says.field, says.rank) == ("title", GUESS) and says.thing is not None


def _are_enough(names: set[str], count: int) -> bool:
    """Whether so many blocks have enough different names."""
    return len(names) >= MIN_BLOCKS and len(names) >= MIN_NAMED_SHARE * count


def _single_name(block: Element) -> str:
    """The name of a block; "" when it has none, that of a day or month, or several headings of one level, which make it several
    initiatives.
    """
    element = name_element(block)
    if element is None:
        return ""
    names = [text for alike in block.iter(element.tag) if is_name(text := one_line(alike.text_content()))]
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt") and len(names) > 1:
        return ""
    name = one_line(element.text_content())
    return "" if _is_time(name) else name


def _is_time(name: str) -> bool:
    """Whether a name is that of a day or month, which parts of a calendar have."""
    return fold(name) in weekdays() or is_month(name)


def _are_groups(blocks: list[Element]) -> bool:
    """Whether each block is a group of lines that begin with different names in bold, as in an alphabetical list."""
    names = [name for block in blocks for name in _bold_names(block)]
    return len(names) > len(blocks) and len(set(names)) > MIN_NAMED_SHARE * len(names)


def _bold_names(block: Element) -> list[str]:
    """The names in bold at the beginning of the lines of a block; empty where a line begins otherwise."""
    lines = [child for child in block if child.tag not in ("h1", "h6", *_HEADINGS) and not _is_single_letter(child)]
    names = [_bold_name(line) for line in lines]
    return names if all(names) else []


def _bold_name(line: Element) -> str:
    """The name in bold at the beginning of a line; "" where there is none, or it is a label."""
    if not len(line) or line[0].tag not in ("b", "strong") or (line.text or "").strip():
        return ""
    text = one_line(line[0].text_content())
    return text if is_name(text) and not (line[0].tail or "").strip().startswith(":") else ""


def _is_single_letter(element: Element) -> bool:
    """Whether an element is only the letter above a group of an alphabetical list."""
    return len(one_line(element.text_content())) == 1


def _score_of(names: int, further_characters: float, block: Element, page: Html) -> float:
    """The score of blocks: it rises with their number, their text beside the name, headings, and words for initiatives."""
    name = name_element(block)
    has_heading = name is not None and name.tag in ("h2", "h3", "h4", "h5", "summary", "dt")
    page_names, path = f"{page.url} {page.title}", path_selector(block)
    score = min(names, 30) / 10 + min(further_characters, 150) / 75 + has_heading
    score += 2 * is_about_initiatives(f"{page_names} {path}")
    return score - 2 * (is_excluded_heading(page_names) or is_excluded_element(path))


def _is_excluded(element: Element, css: str) -> bool:
    """Whether classes around an element, or the heading before its group, show that it holds no initiatives."""
    ancestors = (ancestor for ancestor in element.iterancestors() if ancestor.tag not in ("html", "body"))
    names = [css, *(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}" for ancestor in ancestors)]
    before = element.xpath("(preceding::h1|preceding::h2|preceding::h3)[last()]") if element.tag not in _HEADINGS else []
    headings = (one_line(heading.text_content())[:MAX_NAME_CHARACTERS] for heading in before)
    return any(map(is_excluded_element, names[:6])) or any(map(is_excluded_heading, headings))

"""Plain lists of names: the lines of a paragraph, or the items of a list, that each hold a name and maybe its address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from html import escape

from crawlers.markup import Html
from crawlers.markup.elements import markup_of
from crawlers.reading.cards import is_name, main_part
from crawlers.reading.selections import Selection, path_selector
from crawlers.texts.clean import one_line
from crawlers.values.addresses import web_address
from crawlers.values.initiative_words import is_excluded_element, is_excluded_heading, is_site_title
from crawlers.values.site_pages import names_list

MIN_LINES = 4
MIN_NAMED_SHARE = 0.8
MAX_NAME_CHARACTERS = 90
MAX_NAME_WORDS = 10
MAX_LINES = 3000
"""Of more lines of a page only the first are read."""
_HOLDERS = ("p", "div", "td", "li", "dd", "section")
_BREAK = re.compile(r"<br\s*/?>|</?(?:p|div|li|ul|ol|td|tr|section)\b[^<>]{0,2000}>", re.IGNORECASE)
_HREF = re.compile(r"""<a\b[^<>]{0,1000}?\bhref\s*=\s*["']?([^"'<>\s]{1,2000})""", re.IGNORECASE)
_ADDRESS = re.compile(r"\(?\b((?:https?://|www\.)[^\s<>()]+|(?:[\w-]+\.)+[a-z]{2,10}(?:/[^\s<>()]*)?)\)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+[–—|-]\s+|\s*[,:;]\s+(?=www\.|http)|\s+\((?=www\.|http)|\s+(?=www\.|https?://)|,\s+|\s+\(")
_MARK = re.compile(r"^(?:[\s•·*▪◦●○–—-]+|\d{1,4}[.)]\s+)")
_SENTENCE = re.compile(r"[.!?…:]$|[.!?]\s+[^\W\d_]")


def find_name_lines(page: Html) -> list[Selection]:
    """Selectors of elements whose lines each hold a name, on a page whose title or heading names a list; longest first."""
    headings = [page.title, *(one_line(node.text_content()) for node in page.root.iter("h1"))]
    if not any(map(names_list, headings)) or any(map(is_excluded_heading, headings)):
        return []
    lines_of: dict[str, list[str]] = defaultdict(list)
    for element in main_part(page).iter(*_HOLDERS):
        is_list_item = element.tag == "li" and len(element) <= 1
        if is_list_item or any(child.tag == "br" for child in element):
            lines_of[path_selector(element)] += [line for piece in _BREAK.split(markup_of(element)) if (line := one_line(piece))]
    selections = [Selection(css, len(lines), float(len(lines))) for css, lines in lines_of.items() if _are_names(lines, css)]
    return sorted(selections, key=lambda selection: -selection.score)


def line_blocks(markup: str) -> Iterator[str]:
    """The lines of an element that hold a name, each as a block of markup of its own: the name in bold, then links and text."""
    for piece in _BREAK.split(markup)[: 2 * MAX_LINES]:
        name, rest = _name_and_rest(one_line(piece))
        if _is_name(name):
            found = _ADDRESS.search(rest)
            written = web_address(found[1]) if found else None
            links = [*_HREF.findall(piece), *([written] if written else [])]
            text = rest[: found.start()] if found and written else rest
            anchors = "".join(f' <a href="{escape(link)}">{escape(link)}</a>' for link in dict.fromkeys(links))
            yield f"<div><strong>{escape(name)}</strong>{f', {escape(text)}' if text.strip(' ,–—-') else ''}{anchors}</div>"


def _are_names(lines: list[str], css: str) -> bool:
    """Whether nearly all lines are different names, and the element around them is no menu."""
    names = {name for line in lines[:MAX_LINES] if _is_name(name := _name_and_rest(line)[0])}
    are_many = len(lines) >= MIN_LINES and len(names) >= MIN_NAMED_SHARE * len(lines[:MAX_LINES])
    return are_many and not is_excluded_element(css)


def _name_and_rest(line: str) -> tuple[str, str]:
    """The name at the beginning of a line, without a bullet or number, and what follows it."""
    parts = _BETWEEN.split(_MARK.sub("", line[:1000]), maxsplit=1)
    return parts[0].strip(" ,;"), parts[1].rstrip(") ") if len(parts) > 1 else ""


def _is_name(text: str) -> bool:
    is_short = len(text) <= MAX_NAME_CHARACTERS and len(text.split()) <= MAX_NAME_WORDS
    begins_well = text[:1].isupper() or text[:1].isdigit() or text[:1] in "\"'„“«‘"
    return is_short and begins_well and is_name(text) and not _SENTENCE.search(text) and not is_site_title(text)

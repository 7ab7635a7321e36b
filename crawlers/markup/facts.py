"""Labelled facts of a page, such as `Country: Latvia`, in the forms in which pages print them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.markup.elements import Element
from crawlers.texts.wordlists import word_set
from crawlers.values.labels import field_of

MAX_LINES = 40
INLINE_TAGS = word_set("a abbr b br em font i label mark small span strong sub sup time u")
LABEL_TAGS = word_set("b strong span label div h3 h4 h5 h6 em p")
"""Elements that may hold a label whose value is in the next element."""
_LABEL = re.compile(r"^([^\W\d][\w /’'()-]{1,40}?)\s*:\s*(\S.{0,400})$")
_ONLY_LABEL = re.compile(r"^([^\W\d][\w /’'()-]{1,40}?)\s*:$")
_HEADING_TAGS = word_set("h3 h4 h5 h6 b strong")
_LABEL_CLASS = re.compile(r"(^|[\s_-])(label|term|key|caption|heading)([\s_-]|$)", re.IGNORECASE)
MAX_VALUE_CHARACTERS = 400
MAX_LABEL_CHARACTERS = 80
"""Longer texts are no labels."""
_FOOTER_NAME = re.compile(r"(^|[\s_-])(footer|colophon)([\s_-]|$)", re.IGNORECASE)


def labelled_facts(root: Element) -> dict[str, str]:
    """The facts of a parsed page outside its menus and footer: the first value by label, labels without their colon.

    Read are definition lists, table rows of two cells, lines with a colon, and labels with a colon in an element before
    their value. A label without a colon counts where it is a heading, or has the class of a label, and names a field of ours.
    The value of a website or email is the target of its link.
    """
    facts: dict[str, str] = {}
    framed = {element for frame in _frames(root) for element in frame.iter()}
    for element in root.iter("dt", "tr", "p", "li", "div", "span", *LABEL_TAGS):
        if element not in framed:
            for label, value in _facts_of(element):
                if label and value:
                    facts.setdefault(label, value)
    return facts


def _frames(root: Element) -> Iterator[Element]:
    """The menus and footers of the page, but not those inside its main content."""
    for element in root.iter("footer", "nav", "div", "section"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        has_role = element.get("role") in ("contentinfo", "navigation")
        is_frame = element.tag in ("footer", "nav") or has_role or _FOOTER_NAME.search(names)
        if is_frame and not any(parent.tag in ("main", "article") for parent in element.iterancestors()):
            yield element


def _facts_of(element: Element) -> Iterator[tuple[str, str]]:
    """Label and value of the facts that begin at an element."""
    if element.tag == "dt":
        value = element.getnext()
        if value is not None and value.tag == "dd":
            yield _label_and_value(_text(element), value)
    elif element.tag == "tr":
        cells = [cell for cell in element if cell.tag in ("td", "th")]
        if len(cells) == 2:
            yield _label_and_value(_text(cells[0]), cells[1])
    elif all(child.tag in INLINE_TAGS for child in element):
        text = _text(element)
        if label := _label_of(element, text):
            value = _value_element(element)
            yield from () if value is None else [_label_and_value(label, value)]
        elif ":" in text and element.tag in ("p", "li", "div", "span"):
            yield from _lines_with_label(element)


def _label_of(element: Element, text: str) -> str:
    """The label that is the whole text of an element, with a colon or named like a field of ours; "" where there is none."""
    if element.tag not in LABEL_TAGS or len(text) > MAX_LABEL_CHARACTERS:
        return ""
    if match := _ONLY_LABEL.match(text):
        return match[1]
    is_label = element.tag in _HEADING_TAGS or _LABEL_CLASS.search(element.get("class") or "") or _is_first_of_two(element)
    return text if is_label and len(text) <= 40 and field_of(text) else ""


def _is_first_of_two(element: Element) -> bool:
    """Whether an element is the first of exactly two in its parent, as the columns of a row are."""
    parent, second = element.getparent(), element.getnext()
    is_first = parent is not None and element.getprevious() is None and not (parent.text or "").strip()
    return is_first and second is not None and second.getnext() is None


def _lines_with_label(element: Element) -> Iterator[tuple[str, str]]:
    """Label and value of each line of an element that has a colon after a label."""
    lines = [line for line in (" ".join(line.split()) for line in "".join(_text_pieces(element)).split("\n")) if line]
    for line in lines[:MAX_LINES]:
        if (match := _LABEL.match(line)) and not match[2].startswith("//"):
            yield match[1].strip(), _value_text(match[1], match[2].strip(), element if len(lines) == 1 else None)


def _value_element(label: Element) -> Element | None:
    """The element after a label, as the holder of its value; None where text or a break comes before it, or it is a label too."""
    if (label.tail or "").strip():
        return None
    value = label.getnext()
    if value is None or value.tag == "br" or value.tag in _HEADING_TAGS or _ONLY_LABEL.match(_text(value)):
        return None
    return value if len(_text(value)) <= MAX_VALUE_CHARACTERS else None


def _label_and_value(label: str, value: Element) -> tuple[str, str]:
    name = label.rstrip(":").strip()
    return name, _value_text(name, _text(value), value)


def _value_text(label: str, text: str, holder: Element | None) -> str:
    """The value of a fact: for a website or email the target of the only link in `holder`, else the text."""
    if holder is None or field_of(label) not in ("website", "email"):
        return text
    links = [link for link in (a.get("href") or "" for a in holder.iter("a")) if link.startswith(("http", "mailto:"))]
    return links[0].removeprefix("mailto:") if len(links) == 1 else text


def _text(element: Element) -> str:
    return " ".join(element.text_content().split())


def _text_pieces(element: Element) -> Iterator[str]:
    """The pieces of an element's text, with a newline for each br."""
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        else:
            yield from _text_pieces(child)
        yield child.tail or ""

"""Labelled facts of a page, `Country: Latvia`, in all the forms in which pages print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawlers.texts.wordlists import words
from crawlers.values.labels import field_of

MAX_LINES = 40
INLINE = words("a abbr b br em font i label mark small span strong sub sup time u")
LABEL_TAGS = words("b strong span label div h3 h4 h5 h6 em p")
"""What may hold a label alone, with its value in what follows."""
_LABEL = re.compile(r"^([^\W\d][\w /’'()-]{1,40}?)\s*:\s*(\S.{0,400})$")
_LABEL_ALONE = re.compile(r"^([^\W\d][\w /’'()-]{1,40}?)\s*:$")
_HEADINGS = words("h3 h4 h5 h6 b strong")
_SAYS_LABEL = re.compile(r"(^|[\s_-])(label|term|key|caption|heading)([\s_-]|$)", re.IGNORECASE)
MAX_VALUE_CHARACTERS = 400
MAX_LABEL_CHARACTERS = 80
"""Longer texts are no labels, whatever blanks stand before their colon."""
_FOOT = re.compile(r"(^|[\s_-])(footer|colophon)([\s_-]|$)", re.IGNORECASE)


def labelled_facts(root: Any) -> dict[str, str]:
    """Label without its colon to value, each label's first; of the page itself, not of its menu and footer.

    Definition lists, rows of two cells, lines with a colon, labels with a colon followed by their value, and without one
    where a heading or what is classed as a label has the name of a field of ours. Where the
    label is one of an address and the value a link, the value is where the link leads.
    """
    facts: dict[str, str] = {}
    framed = {element for frame in _frames(root) for element in frame.iter()}
    for element in root.iter("dt", "tr", "p", "li", "div", "span", *LABEL_TAGS):
        if element not in framed:
            for label, value in _facts(element):
                if label and value:
                    facts.setdefault(label, value)
    return facts


def _frames(root: Any) -> Iterator[Any]:
    for element in root.iter("footer", "nav", "div", "section"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_frame = element.tag in ("footer", "nav") or element.get("role") in ("contentinfo", "navigation") or _FOOT.search(names)
        if is_frame and not any(parent.tag in ("main", "article") for parent in element.iterancestors()):
            yield element


def _facts(element: Any) -> Iterator[tuple[str, str]]:
    if element.tag == "dt":
        value = element.getnext()
        if value is not None and value.tag == "dd":
            yield _pair(_text(element), value)
    elif element.tag == "tr":
        cells = [cell for cell in element if cell.tag in ("td", "th")]
        if len(cells) == 2:
            yield _pair(_text(cells[0]), cells[1])
    elif all(child.tag in INLINE for child in element):
        text = _text(element)
        if label := _label_alone(element, text):
            value = _following(element)
            yield from () if value is None else [_pair(label, value)]
        elif ":" in text and element.tag in ("p", "li", "div", "span"):
            yield from _lines_with_label(element)


def _label_alone(element: Any, text: str) -> str:
    """The label that an element with this text is, with a colon or known to us by its name; "" when it is none."""
    if element.tag not in LABEL_TAGS or len(text) > MAX_LABEL_CHARACTERS:
        return ""
    if alone := _LABEL_ALONE.match(text):
        return alone[1]
    is_label = element.tag in _HEADINGS or _SAYS_LABEL.search(element.get("class") or "") or _is_first_of_two(element)
    return text if is_label and len(text) <= 40 and field_of(text) else ""


def _is_first_of_two(element: Any) -> bool:
    """Whether an element and the one after it are all that their parent holds, as the two columns of a row."""
    parent = element.getparent()
    return parent is not None and len(parent) == 2 and parent[0] is element and not (parent.text or "").strip()


def _lines_with_label(element: Any) -> Iterator[tuple[str, str]]:
    lines = [line for line in (" ".join(line.split()) for line in "".join(_pieces(element)).split("\n")) if line]
    for line in lines[:MAX_LINES]:
        if (match := _LABEL.match(line)) and not match[2].startswith("//"):
            yield match[1].strip(), _value(match[1], match[2].strip(), element if len(lines) == 1 else None)


def _following(label: Any) -> Any:
    """The element that holds the value of a label alone: the next one, where no text stands between."""
    if (label.tail or "").strip():
        return None
    value = label.getnext()
    if value is None or value.tag == "br" or value.tag in _HEADINGS or _LABEL_ALONE.match(_text(value)):
        return None
    return value if len(_text(value)) <= MAX_VALUE_CHARACTERS else None


def _pair(label: str, value: Any) -> tuple[str, str]:
    name = label.rstrip(":").strip()
    return name, _value(name, _text(value), value)


def _value(label: str, text: str, holder: Any) -> str:
    """The value's text; where the label is an address's and the holder has one link, what that leads to."""
    if holder is None or field_of(label) not in ("website", "email"):
        return text
    links = [link for link in (a.get("href") or "" for a in holder.iter("a")) if link.startswith(("http", "mailto:"))]
    return links[0].removeprefix("mailto:") if len(links) == 1 else text


def _text(element: Any) -> str:
    return " ".join(element.text_content().split())


def _pieces(element: Any) -> Iterator[str]:
    """The text of an element with its line breaks."""
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        else:
            yield from _pieces(child)
        yield child.tail or ""

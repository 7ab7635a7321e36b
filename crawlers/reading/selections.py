"""CSS selectors of elements, made so that a person can read and change them in a recipe."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawlers.markup.elements import Element

MENUS = ("nav", "aside", "header")
"""Elements that may be a menu."""
_PASSING_NAME = re.compile(
    r"\d{2,}|^(odd|even|first|last|active|current|open|show|hidden|lazy\w*|sticky|clearfix|alt|hentry|animated?|wow"
    r"|(type|status|has|format|tag|category|aos)-.*)$"
)
"""Classes and ids that name a number or a state, and differ between elements alike."""
_OF_BUILD = re.compile(
    r"(sc|css|jsx|svelte|astro|framer|emotion|styled|makeStyles|jss|tss|e)-[\w-]*\d[\w-]*|sc-[A-Za-z]+|css-[a-z0-9]{5,}|jss\d+|e[0-9a-z]*\d[0-9a-z]*\d"
    r"|[A-Za-z][\w-]*_[A-Za-z][\w-]*__[\w-]{4,8}|_[A-Za-z][\w-]*_[a-z0-9]{4,8}_\d+|.*-module--.*|[\w-]+-(module|styles?)__.*"
)
"""Classes that programs make anew at each build of a site: CSS modules, styled components, Emotion, JSS, Svelte and others."""
_PLAIN_TAG = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
"""Tags that a selector can name; those of other programs, such as `fb:like` or `o:p`, have a colon."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A selector, how many elements it matches, and a score: the higher, the surer they are initiatives.

    `path` is the selector of links without its condition on their addresses; "" for blocks. `names` is the heading of the column
    of names, where the blocks are rows of a table and that heading alone does not say so.
    """

    css: str
    count: int
    score: float
    path: str = ""
    names: str = ""


def is_of_menu(css: str) -> bool:
    """Whether a selector is one of links in a menu (see selector_below)."""
    return re.split(r"[ .]", css)[0] in MENUS


def selector_below(tag: str, path: str) -> str:
    """A path of selectors that begins with an element of this tag, which is in the path or above it."""
    steps = path.split(" > ")
    index = next((number for number, step in enumerate(steps) if re.fullmatch(rf"{tag}(\..*)?", step)), None)
    if index is not None:
        return " > ".join(steps[index:])
    return f"{tag} {' > '.join(steps[1:] if steps[0].startswith('#') else steps)}"  # the id may be that of the menu


def path_selector(element: Element) -> str:
    """`ul.members > li`: an element (lxml) below its parents, up to the first with a class or id of its own."""
    steps = [tag_and_classes(element)]
    for parent in element.iterancestors():
        if not _PLAIN_TAG.fullmatch(parent.tag):
            break
        steps.append(id_or_tag(parent))
        if parent.get("id") or useful_classes(parent) or parent.tag in ("main", "article", "body") or len(steps) > 4:
            break
    return " > ".join(reversed(steps))


def id_or_tag(element: Element) -> str:
    """`#members` for an element with a lasting id, else its tag_and_classes."""
    id = element.get("id") or ""
    is_lasting = re.fullmatch(r"[A-Za-z][\w-]*", id) and not _PASSING_NAME.search(id) and not _is_of_build(id)
    return f"#{id}" if is_lasting else tag_and_classes(element)


def tag_and_classes(element: Element) -> str:
    """`li.member.card`: the tag of an element (`*` for one that no selector can name) and its first two useful classes."""
    return ".".join([element.tag if _PLAIN_TAG.fullmatch(element.tag) else "*", *useful_classes(element)[:2]])


def useful_classes(element: Element) -> list[str]:
    """The classes of an element that fit a selector, without numbers, states and generated names."""
    names = (element.get("class") or "").split()
    return [
        name
        for name in names
        if re.fullmatch(r"-?[A-Za-z_][\w-]*", name) and not (_PASSING_NAME.search(name) or _is_of_build(name))
    ]


def _is_of_build(name: str) -> bool:
    """Whether a class is made by a program: it has the form of one, or is a row of letters and digits that nobody would write."""
    if _OF_BUILD.fullmatch(name):
        return True
    part = max(re.split(r"[-_]", name), key=len)
    if not 5 <= len(part) <= 10:
        return False
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", part)
    has_digit_inside = bool(re.search(r"[A-Za-z]\d+[A-Za-z]", part))
    is_mixed = len(words) > 2 and len(part) / len(words) < 3
    return is_mixed or (has_digit_inside and len(words) > 2)

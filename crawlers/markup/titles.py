"""The title of a page: what it is called by itself, without the name of its site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.texts.wordlists import words
from crawlers.values.addresses import written_host_of
from vocabulary import fold

MAX_CHARACTERS = 250
_SEPARATOR = re.compile(r"(\s+[|–—·»«•:/\\-]+\s+|\s*[|»•]\s*)")
_FRONT = words("home homepage sakums sakumlapa avaleht pradzia hjem forside start startsida etusivu startseite")


@dataclass(frozen=True, slots=True)
class Named:
    """What a page says of its name: level-one and lower headings, declared titles, its site's name; all plain text."""

    url: str
    headings: Sequence[str] = ()
    lower_headings: Sequence[str] = ()
    declared: Sequence[str] = ()
    site: str = ""


def title_of(named: Named) -> str:
    """The heading that a declared title confirms, else the first that is not the site's name, else the declared title.

    Declared are og:title, the title element and the like, best first. Empty where nothing names the page.
    """
    declared = (without_site(text, named.site, named.url) for text in named.declared)
    own = [title for title in declared if title and not _is_site(title, named.site, named.url)]
    headings = [h for h in named.headings if 0 < len(h) <= MAX_CHARACTERS and not _is_site(h, named.site, named.url)]
    heading_of_key = {fold(heading): heading for heading in (*named.lower_headings, *headings)}
    confirmed = (heading_of_key[fold(title)] for title in own if fold(title) in heading_of_key)
    parts = (heading for heading in headings if any(fold(heading) in fold(title) for title in named.declared))
    return next((title for titles in (confirmed, parts, headings, own) for title in titles), "") or _at_least(named)


def _at_least(named: Named) -> str:
    """Where the site's name is all there is, that."""
    return next((text for text in (*named.headings, *named.declared, *named.lower_headings) if text), "")


def without_site(text: str, site: str, url: str) -> str:
    """A declared title without the site's name at its end or beginning; without what stands last where neither is."""
    pieces = _SEPARATOR.split(text)
    parts, marks = pieces[::2], pieces[1::2]
    if len(parts) < 2:
        return text
    if fold(parts[0]) in _FRONT:
        return parts[1]
    for end in (-1, 0):
        if _is_site(parts[end], site, url):
            return _joined(parts[:-1], marks[:-1]) if end else _joined(parts[1:], marks[1:])
    is_clear = marks[-1].strip() != ":" and not site
    return _joined(parts[:-1], marks[:-1]) if is_clear else text


def _joined(parts: Sequence[str], marks: Sequence[str]) -> str:
    return "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=True)).strip()


def _is_site(text: str, site: str, url: str) -> bool:
    """Whether a text is the name of the site: as the page declares it, or as its host name has it, whole or in initials."""
    name = _letters(text)
    if not name or name == _letters(site):
        return bool(name)
    labels = [label for label in written_host_of(url).split(".")[:-1] if len(label) > 2]
    initials = "".join(word[0] for word in re.findall(r"\w+", fold(text)))
    return any(name == label.replace("-", "") or (len(initials) > 2 and initials == label) for label in labels)


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())

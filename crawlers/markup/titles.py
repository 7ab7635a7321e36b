"""The title of a page, without the name of its site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.texts.wordlists import word_set
from crawlers.values.addresses import written_host_of
from vocabulary import fold

MAX_CHARACTERS = 250
_SEPARATOR = re.compile(r"(\s+[|–—·»«•:/\\-]+\s+|\s*[|»•]\s*)")
_FRONT_PAGE_WORDS = word_set("home homepage sakums sakumlapa avaleht pradzia hjem forside start startsida etusivu startseite")


@dataclass(frozen=True, slots=True)
class PageNames:
    """The names on a page, as plain text: headings of level one and lower ones, declared titles, and the name of the site.

    `declared` are og:title, the title element and the like, the best first.
    """

    url: str
    headings: Sequence[str] = ()
    lower_headings: Sequence[str] = ()
    declared: Sequence[str] = ()
    site: str = ""


def title_of(named: PageNames) -> str:
    """The heading that equals a declared title, else the first heading that is not the site's name, else a declared title.

    "" where nothing names the page.
    """
    declared = (without_site(text, named.site, named.url) for text in named.declared)
    own = [title for title in declared if title and not _is_site(title, named.site, named.url)]
    headings = [h for h in named.headings if 0 < len(h) <= MAX_CHARACTERS and not _is_site(h, named.site, named.url)]
    heading_of_key = {fold(heading): heading for heading in (*named.lower_headings, *headings)}
    confirmed = (heading_of_key[fold(title)] for title in own if fold(title) in heading_of_key)
    parts = (heading for heading in headings if any(fold(heading) in fold(title) for title in named.declared))
    return next((title for titles in (confirmed, parts, headings, own) for title in titles), "") or _any_name(named)


def _any_name(named: PageNames) -> str:
    """The first name of any kind, for a page that has only the site's name."""
    return next((text for text in (*named.headings, *named.declared, *named.lower_headings) if text), "")


def without_site(text: str, site: str, url: str) -> str:
    """A declared title without the site's name at its end or beginning; if it is at neither, without the last part."""
    pieces = _SEPARATOR.split(text)
    parts, marks = pieces[::2], pieces[1::2]
    if len(parts) < 2:
        return text
    if fold(parts[0]) in _FRONT_PAGE_WORDS:
        return parts[1]
    for end in (-1, 0):
        if _is_site(parts[end], site, url):
            return _joined(parts[:-1], marks[:-1]) if end else _joined(parts[1:], marks[1:])
    is_clear = marks[-1].strip() != ":" and not site
    return _joined(parts[:-1], marks[:-1]) if is_clear else text


def _joined(parts: Sequence[str], marks: Sequence[str]) -> str:
    return "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=True)).strip()


def _is_site(text: str, site: str, url: str) -> bool:
    """Whether a text is the name of the site: the declared one, or one whose letters or initials are in the host name."""
    name = _letters(text)
    if not name or name == _letters(site):
        return bool(name)
    labels = [label for label in written_host_of(url).split(".")[:-1] if len(label) > 2]
    initials = "".join(word[0] for word in re.findall(r"\w+", fold(text)))
    return any(name == label.replace("-", "") or (len(initials) > 2 and initials == label) for label in labels)


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())

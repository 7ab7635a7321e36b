"""Whether a page asks not to be listed: the robots meta tag and the X-Robots-Tag header, as search engines read them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.fetch.page import Page
from crawlers.fetch.robots import AGENT
from crawlers.markup import Html
from vocabulary.messages import N_

NOT_TO_BE_LISTED = N_("this page asks not to be listed (noindex); if it is to be found here, take noindex away from it")
_MAY_HAVE_META = re.compile(rb"<meta\b[^<>]{0,500}\b(?:noindex|none)\b", re.IGNORECASE)
_OUT = frozenset({"noindex", "none"})
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Rules that have a value behind a colon, as the name of a program has rules behind one."""


def asks_not_to_be_listed(page: Page) -> bool:
    """Whether a page asks all programs, or ours by its name, not to list it."""
    if not _OUT.isdisjoint(_rules_for_us(page.headers.get("x-robots-tag", ""))):
        return True
    if not _MAY_HAVE_META.search(page.body):
        return False
    tags = Html(page.url, page.text()).root.iter("meta")
    ours = (tag for tag in tags if (tag.get("name") or "").strip().lower() in ("robots", AGENT.lower()))
    return any(not _OUT.isdisjoint(_rules_for_us(tag.get("content") or "")) for tag in ours)


def _rules_for_us(text: str) -> Iterator[str]:
    """The rules of a header or a tag that are for all programs, or for ours."""
    is_for_us = True
    for part in text.lower().split(","):
        agent, colon, rule = part.partition(":")
        if colon and agent.strip() not in _WITH_VALUE:
            is_for_us = agent.strip() in ("*", AGENT.lower())
            part = rule
        if is_for_us:
            yield part.strip()

"""Looking on a site for a code that only whoever runs the site can have put there: in a file, or in the front page's head."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urljoin

from crawlers.errors import FetchError, SiteGivenUp
from crawlers.fetch import PoliteSession
from crawlers.recipe import Limits
from crawlers.values.addresses import same_site
from vocabulary.messages import N_

FILE = "/.well-known/platforma-platformam.txt"
"""Well-known addresses: RFC 8615."""
META_NAME = "platforma-platformam"
LIMITS = Limits(bytes_per_page=200_000, timeout_seconds=15)
NOT_THERE = N_("neither the file nor the front page has the code; put it into one of them, and try again")
ELSEWHERE = N_("the site leads to another one (%(url)s), which proves nothing; put the code on the site itself")
_META = re.compile(r"<meta\b[^<>]{0,500}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


class CodePlace(StrEnum):
    """Where a code was found."""

    FILE = "file"
    PAGE = "page"


class NoCode(FetchError):
    """The site was read and does not have the code, or could not be read."""


def find_code(session: PoliteSession, url: str, code: str) -> CodePlace:
    """Where the site at this address has the code. Raises NoCode, and Stopped.

    The file is asked for first. What another host answers after a redirect counts for nothing. Of two reasons why nothing
    could be read, that of the front page is told.
    """
    session.limits, session.is_truncated = LIMITS, True
    reason: FetchError | SiteGivenUp | None = None
    for place, address in ((CodePlace.FILE, urljoin(url, FILE)), (CodePlace.PAGE, url)):
        try:
            text = _text(session, url, address)
        except (FetchError, SiteGivenUp) as error:
            reason = error
            continue
        reason = None
        if (code in text.split()) if place is CodePlace.FILE else _is_in_head(text, code):
            return place
    raise NoCode(url, reason.reason, values=reason.values) if reason else NoCode(url, NOT_THERE)


def _text(session: PoliteSession, url: str, address: str) -> str:
    page = session.get(address)
    if not same_site(page.url, url):
        raise NoCode(url, ELSEWHERE, values={"url": page.url})
    return page.text()


def _is_in_head(markup: str, code: str) -> bool:
    """Whether a `meta` element has our name and the code; text that visitors can leave on a page makes none."""
    for tag in _META.findall(markup):
        attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(tag)}
        if (attributes.get("name"), attributes.get("content")) == (META_NAME, code):
            return True
    return False

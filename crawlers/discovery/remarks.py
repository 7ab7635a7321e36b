"""What a person should know of a proposed list as a whole: that its entries may be none, that the page claims more of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawlers.discovery.likelihood import PROSE_ADAPTERS, is_factless
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.values.site_pages import names_list
from vocabulary.messages import N_

FACTLESS = N_("these entries have a name and a text alone; look whether each is an initiative, and add place and website to each")
FEWER = N_("the page speaks of %(claimed)s entries, and %(found)s were found; give the address of the page with all of them")
OF_LIST = frozenset({FACTLESS, FEWER})
"""The reasons that are about a list as a whole."""
MAX_PAGES = 3
MAX_CHARACTERS = 20_000
MAX_CLAIM = 20_000
MIN_MISSING_SHARE = 0.1
_CLAIM = re.compile(r"(?<![\d.,/–-])(\d{1,3}(?:[  .]\d{3})|\d{1,5})(?![\d.,/%–-])\s+((?:[^\W\d_]+\s+){0,2}[^\W\d_]+)")
_YEARS = range(1900, 2100)


def remarks_on(
    site: SiteProbe, recipe: Recipe, records: Sequence[Record], raws: Sequence[RawRecord], expected: int
) -> Iterator[Problem]:
    """Yield what is to be said of a list: without facts its entries may be none; its page may claim more than were found."""
    if recipe.adapter in PROSE_ADAPTERS and is_factless(records, raws):
        yield Problem("warning", FACTLESS)
    claimed = claimed_number(site, recipe)
    if expected and claimed - expected > MIN_MISSING_SHARE * claimed:
        yield Problem("warning", FEWER, values={"claimed": str(claimed), "found": str(expected)})


def claimed_number(site: SiteProbe, recipe: Recipe) -> int:
    """Return how many entries the list's pages themselves claim, such as "245 projects"; 0 where they claim none.

    Of several claims of a page the largest counts, since others are those of its parts.
    """
    pages = [page for url in recipe.addresses[:MAX_PAGES] if (page := site.get(url)) is not None and is_html(page)]
    return max((number for page in pages for number in _claims(Html(page.url, page.text()))), default=0)


def _claims(page: Html) -> Iterator[int]:
    for match in _CLAIM.finditer(" ".join(page.main_text[:MAX_CHARACTERS].split())):
        number = int(re.sub(r"\D", "", match[1]))
        words = match[2].split()
        is_claim = any(names_list(" ".join(words[: count + 1])) for count in range(len(words)))
        if 1 < number <= MAX_CLAIM and number not in _YEARS and is_claim:
            yield number

"""Links to browse by: the values of a filter with how many listings have each, and the search that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from platforma.i18n import fixed_url
from platforma.web.public.filters import label_of
from search.port import Page
from vocabulary import UNKNOWN
from vocabulary.phrases import plural_kind


@dataclass(frozen=True, slots=True)
class BrowseLink:
    """A value of a filter, or a platform, with the number of its listings and the address that shows them."""

    id: str
    label: str
    count: int
    url: str


def browse_links(name: str, page: Page, lang: str, **within: str) -> list[BrowseLink]:
    """The known values of a filter among the results of a search, the most frequent first; kinds in the plural.

    `within` are the parameters of that search, which the links keep.
    """
    start = f"{fixed_url('directory.search')}?"
    return [
        BrowseLink(value, value_label(name, value, lang), count, start + urlencode({**within, name: value}))
        for value, count in known_counts(name, page)
    ]


def known_counts(name: str, page: Page) -> list[tuple[str, int]]:
    """The values of a filter that results of a search have, with how many have each; without UNKNOWN."""
    return [(facet.value, facet.count) for facet in page.facets[name] if facet.value != UNKNOWN]


def value_label(name: str, value: str, lang: str) -> str:
    """The label of a value of a filter; kinds in the plural."""
    plural = plural_kind(value, lang) if name == "kind" else None
    return plural or label_of(name, value, lang, {})

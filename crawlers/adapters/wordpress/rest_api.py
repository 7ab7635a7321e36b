"""WordPress's REST API: its address, content types, entries (whole or in brief), and the names of their terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin

from crawlers.errors import BadContent, FetchError
from crawlers.fetch import Page
from crawlers.fetch.probe import Fetcher
from crawlers.markup import Html
from crawlers.values.addresses import absolute_address
from crawlers.values.whole_numbers import whole_number
from vocabulary.messages import N_

PER_PAGE = 100
MAX_TERMS = 1000
BRIEF_FIELDS = "id,modified_gmt,lang,translations,wpml_translations"
"""The fields of an entry that show whether it changed, and which entries are its translations."""
BUILT_IN = frozenset({
    "attachment", "nav_menu_item", "wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation",
    "wp_font_family", "wp_font_face", "e-landing-page", "elementor_library", "page", "post",
})  # fmt: skip
"""Content types of WordPress itself and of page builders, which hold no initiatives of their own."""
NO_LIST = N_("this should be a list of entries and is not; the site's owner could look at its plugins")
NOTICE = N_("the site prints a notice of PHP or of a plugin before its data; its owner can switch off display_errors")
Tell = Callable[[Page], None]
"""Is called with each answer that was read."""
Entry = dict[str, Any]
"""An entry (post, page, …) as the API gives it."""


def find_root(session: Fetcher, base: str, front: Html | None = None) -> str | None:
    """The address of a site's REST API; None where it is closed, or the site is not WordPress.

    It is the one that the front page declares, else one at a usual place below `base` or below the root of the host.
    """
    named = [str(link.get("href")) for link in front.root.xpath("//link[@rel='https://api.w.org/']")] if front else []
    usual = [urljoin(start, name) for start in (base, urljoin(base, "/")) for name in ("wp-json/", "?rest_route=/")]
    for url in dict.fromkeys([absolute_address(base, address) for address in named] or usual):
        try:
            types = session.get(route_address(url, "wp/v2/types")).json()
        except FetchError:
            continue
        if isinstance(types, dict) and types:
            return url
    return None


def types_of(session: Fetcher, root: str) -> dict[str, dict[str, Any]]:
    """The content types by name, each as the API describes it. Raises FetchError."""
    answer = session.get(route_address(root, "wp/v2/types")).json()
    types = answer if isinstance(answer, dict) else {}
    return {name: description for name, description in types.items() if isinstance(description, dict)}


def route_address(root: str, path: str, query: dict[str, str] | None = None) -> str:
    """The address of an API route, for roots of both forms: /wp-json/route?… and /?rest_route=/route&…"""
    address = root + path
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}" if query else address


@dataclass(frozen=True, slots=True)
class Collection:
    """The entries of a content type.

    `root` is the address of the API, `base` the path of the type in it. `name` is the type as the recipe has it, which may
    have a filter of the API, such as `post?categories=5`.
    """

    root: str
    name: str
    base: str

    @property
    def type(self) -> str:
        """The name of the type without its filter."""
        return self.name.partition("?")[0]

    def address_of(self, entry: Entry) -> str:
        """The address of an entry in the API."""
        return route_address(self.root, f"wp/v2/{self.base}/{entry.get('id')}")

    def pages(self, session: Fetcher, max_pages: int, tell: Tell = lambda _: None, **query: str) -> Iterator[list[Entry]]:
        """The entries, page by page, at most `max_pages`. Raises FetchError, and its subclass BadContent for other answers."""
        query_of_page = dict(parse_qsl(self.name.partition("?")[2])) | {"per_page": str(PER_PAGE)} | query
        number, last = 1, 1
        while number <= last and number <= max_pages:
            page = session.get(route_address(self.root, f"wp/v2/{self.base}", query_of_page | {"page": str(number)}))
            answer = page.json()
            if not isinstance(answer, list):
                raise BadContent(page.url, NO_LIST)
            tell(page)
            last = _last_page_number(page, number, len(answer), int(query_of_page["per_page"]))
            yield [entry for entry in answer if isinstance(entry, dict)]
            number += 1

    def whole(self, session: Fetcher, ids: Iterable[str]) -> Iterator[Entry]:
        """The entries of these ids with all fields. Raises FetchError."""
        all_ids = list(ids)
        for start in range(0, len(all_ids), PER_PAGE):
            batch = all_ids[start : start + PER_PAGE]
            for page in self.pages(session, 1, include=",".join(batch)):
                yield from (entry for entry in page if str(entry.get("id")) in batch)


def _last_page_number(page: Page, number: int, count: int, per_page: int) -> int:
    """The number of the last page by the header of page `number`; without it, one more as long as pages are full."""
    declared = page.headers.get("x-wp-totalpages", "")
    if last := whole_number(declared):
        return last
    return number + 1 if count == per_page else number


@dataclass(slots=True)
class Terms:
    """The names of the terms (categories, tags, …) of entries, which have only their ids.

    `read` fetches the names, `of` looks them up.
    """

    session: Fetcher
    root: str
    _taxonomies: dict[str, str] | None = None
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, entries: list[Entry]) -> None:
        """Fetch the names of all terms of these entries, for each taxonomy at once; terms that cannot be fetched have none."""
        for base in self._bases(entries):
            known_ids = {id for known_base, id in self._names if known_base == base}
            ids = {str(id) for entry in entries for id in _id_list(entry.get(base))} - known_ids
            collection = Collection(self.root, base, base)
            try:
                for term in collection.whole(self.session, sorted(ids)[:MAX_TERMS]):
                    self._names[base, str(term.get("id"))] = str(term.get("name") or "")
            except FetchError:
                continue

    def of(self, entry: Entry) -> dict[str, list[str]]:
        """The names of an entry's terms by taxonomy, as far as they were read."""
        names_by_taxonomy: dict[str, list[str]] = {}
        for base, taxonomy in (self._taxonomies or {}).items():
            names = [self._names.get((base, str(id)), "") for id in _id_list(entry.get(base))]
            names_by_taxonomy[taxonomy] = [name for name in names if name]
        return {taxonomy: names for taxonomy, names in names_by_taxonomy.items() if names}

    def _bases(self, entries: list[Entry]) -> list[str]:
        """The keys of entries that hold the ids of terms."""
        keys = {key for entry in entries for key, value in entry.items() if _id_list(value)}
        if keys and self._taxonomies is None:
            self._taxonomies = self._fetched_taxonomies()
        return [base for base in self._taxonomies or {} if base in keys]

    def _fetched_taxonomies(self) -> dict[str, str]:
        """The names of the taxonomies by their key in entries; empty where they cannot be fetched."""
        try:
            answer = self.session.get(route_address(self.root, "wp/v2/taxonomies")).json()
        except FetchError:
            return {}
        taxonomies = answer.items() if isinstance(answer, dict) else ()
        return {str(taxonomy.get("rest_base") or name): name for name, taxonomy in taxonomies if isinstance(taxonomy, dict)}


def _id_list(value: Any) -> list[int]:
    """The value if it is a list of numbers; else an empty list."""
    return value if isinstance(value, list) and value and all(type(id) is int for id in value) else []

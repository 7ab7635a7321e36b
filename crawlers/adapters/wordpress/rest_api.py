"""WordPress's REST interface: where it is, its types, their entries, whole or in brief, and the names of their terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin

from crawlers.errors import BadContent, FetchError
from crawlers.fetch import Page
from crawlers.fetch.probe import Fetcher
from crawlers.markup import Html
from crawlers.messages import N_

PER_PAGE = 100
MAX_TERMS = 1000
BRIEF_FIELDS = "id,modified_gmt,lang,translations,wpml_translations"
"""What decides whether an entry changed and which entries are translations of one another."""
BUILT_IN = frozenset({
    "attachment", "nav_menu_item", "wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation",
    "wp_font_family", "wp_font_face", "e-landing-page", "elementor_library", "page", "post",
})  # fmt: skip
NO_LIST = N_("this should be a list of entries and is not; the site's owner could look at its plugins")
Entry = dict[str, Any]


def find_root(session: Fetcher, base: str, front: Html | None = None) -> str | None:
    """The address of the REST interface of a site; None where it is closed or not WordPress.

    Looked for where the front page names it, then at the usual places below the address and below the site's root.
    """
    named = [str(link.get("href")) for link in front.root.xpath("//link[@rel='https://api.w.org/']")] if front else []
    usual = [urljoin(start, name) for start in (base, urljoin(base, "/")) for name in ("wp-json/", "?rest_route=/")]
    for url in dict.fromkeys([urljoin(base, address) for address in named] or usual):
        try:
            types = session.get(route_address(url, "wp/v2/types")).json()
        except FetchError:
            continue
        if isinstance(types, dict) and types:
            return url
    return None


def types_of(session: Fetcher, root: str) -> dict[str, dict[str, Any]]:
    """Type name to what the interface says of it. Raises FetchError."""
    answer = session.get(route_address(root, "wp/v2/types")).json()
    return (
        {name: description for name, description in answer.items() if isinstance(description, dict)}
        if isinstance(answer, dict)
        else {}
    )


def route_address(root: str, path: str, query: dict[str, str] | None = None) -> str:
    """A REST address, of both forms: /wp-json/route?… and /?rest_route=/route&…"""
    address = root + path
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}" if query else address


@dataclass(frozen=True, slots=True)
class Collection:
    """The entries of one type under one root; `name` is the recipe's: a type, and where only some of its entries are meant
    a filter of the interface, such as `post?categories=5`.
    """

    root: str
    name: str
    base: str

    @property
    def type(self) -> str:
        """The type without a filter."""
        return self.name.partition("?")[0]

    def address_of(self, entry: Entry) -> str:
        """The REST address of one entry."""
        return route_address(self.root, f"wp/v2/{self.base}/{entry.get('id')}")

    def pages(self, session: Fetcher, most: int, **query: str) -> Iterator[list[Entry]]:
        """The entries page by page, as far as the header says there are pages. Raises FetchError, BadContent among them."""
        query_of_page = dict(parse_qsl(self.name.partition("?")[2])) | {"per_page": str(PER_PAGE)} | query
        number, last = 1, 1
        while number <= last and number <= most:
            page = session.get(route_address(self.root, f"wp/v2/{self.base}", query_of_page | {"page": str(number)}))
            answer = page.json()
            if not isinstance(answer, list):
                raise BadContent(page.url, NO_LIST)
            last = _last_page_number(page, number, len(answer), int(query_of_page["per_page"]))
            yield [entry for entry in answer if isinstance(entry, dict)]
            number += 1

    def whole(self, session: Fetcher, ids: Iterable[str]) -> Iterator[Entry]:
        """The whole entries of these ids. Raises FetchError."""
        wanted = list(ids)
        for start in range(0, len(wanted), PER_PAGE):
            batch = wanted[start : start + PER_PAGE]
            for page in self.pages(session, 1, include=",".join(batch)):
                yield from (entry for entry in page if str(entry.get("id")) in batch)


def _last_page_number(page: Page, number: int, count: int, per_page: int) -> int:
    declared = page.headers.get("x-wp-totalpages", "")
    return int(declared) if declared.isdigit() else number + 1 if count == per_page else number


@dataclass(slots=True)
class Terms:
    """Names of the terms that entries carry by their ids, asked for when needed."""

    session: Fetcher
    root: str
    _taxonomies: dict[str, str] | None = None
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, entries: list[Entry]) -> None:
        """Ask for the names of all terms of these entries, at once for each taxonomy; those that cannot be had stay out."""
        for base in self._bases(entries):
            ids = {str(id) for entry in entries for id in _id_list(entry.get(base))} - {id for b, id in self._names if b == base}
            collection = Collection(self.root, base, base)
            try:
                for term in collection.whole(self.session, sorted(ids)[:MAX_TERMS]):
                    self._names[base, str(term.get("id"))] = str(term.get("name") or "")
            except FetchError:
                continue

    def of(self, entry: Entry) -> dict[str, list[str]]:
        """Taxonomy to names of its terms."""
        named = self._taxonomies or {}
        names_by_taxonomy = {
            taxonomy: [self._names.get((base, str(id)), "") for id in _id_list(entry.get(base))]
            for base, taxonomy in named.items()
        }
        return {
            taxonomy: known_names
            for taxonomy, names in names_by_taxonomy.items()
            if (known_names := [name for name in names if name])
        }

    def _bases(self, entries: list[Entry]) -> list[str]:
        """The keys of entries that hold terms."""
        likely = {key for entry in entries for key, value in entry.items() if _id_list(value)}
        if likely and self._taxonomies is None:
            try:
                answer = self.session.get(route_address(self.root, "wp/v2/taxonomies")).json()
            except FetchError:
                answer = {}
            taxonomies = answer.items() if isinstance(answer, dict) else ()
            self._taxonomies = {
                str(taxonomy.get("rest_base") or name): name for name, taxonomy in taxonomies if isinstance(taxonomy, dict)
            }
        return [base for base in self._taxonomies or {} if base in likely]


def _id_list(value: Any) -> list[int]:
    return value if isinstance(value, list) and value and all(isinstance(id, int) for id in value) else []

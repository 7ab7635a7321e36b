"""What a file of search results is about: the search in words, its addresses, its date and its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from platforma.catalogue.ids import slugify
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import fixed_url
from platforma.web.context import absolute
from platforma.web.public.search_addresses import query_address
from platforma.web.public.search_titles import search_title
from platforma.web.public.take.licences import licence_of
from search.port import Query

MAX_NAME_CHARACTERS = 80
_UNSAFE_IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Export:
    """A search as a file of one format.

    `total` is how many listings were found, `made_on` the day in the site's time zone. `platforms` and `licences` are the
    titles and licences of platforms by id.
    """

    query: Query
    format: str
    total: int
    made_on: date
    platforms: Mapping[str, str]
    licences: Mapping[str, str]

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.query.lang

    @property
    def page_address(self) -> str:
        """The absolute address of the page with the same results."""
        return absolute(query_address(first_page(self.query)))

    @property
    def own_address(self) -> str:
        """The absolute address of this file."""
        return absolute(query_address(first_page(self.query), "take.export", format=self.format))

    @property
    def terms_address(self) -> str:
        """The absolute address of the page that says how the data may be used."""
        return absolute(fixed_url("directory.text", name="terms"))

    @property
    def title(self) -> str:
        """What the file holds, in the reader's language, as the page with the same results is headed."""
        return search_title(self.query, dict(self.platforms))

    def licence(self, listing: Listing) -> str | None:
        """See licence_of."""
        return licence_of(listing, self.licences)


def first_page(query: Query) -> Query:
    """The query without a page: what is taken along is the whole."""
    return replace(query, page=1)


def disposition(export: Export, how: str) -> str:
    """Content-Disposition with a name that says what the file is, in ASCII and, by RFC 5987, in the reader's language."""
    return content_disposition(_file_name(export, _ids(export.query)), _file_name(export, [export.title]), how)


def content_disposition(ascii_name: str, full_name: str, how: str = "attachment") -> str:
    """Content-Disposition with two names of one file (RFC 6266); `how` is attachment or inline."""
    names = f"{how}; filename={ascii_name}"
    return names if ascii_name == full_name else f"{names}; filename*=UTF-8''{quote(full_name)}"


def _file_name(export: Export, words: Iterable[str]) -> str:
    """A file's name of these words, the day and the format; spaces and signs become hyphens."""
    parts = ["platforma", *(_UNSAFE_IN_NAMES.sub("-", word).strip("-.") for word in words)]
    name = "-".join(filter(None, parts))[:MAX_NAME_CHARACTERS].strip("-.")
    return f"{name}-{export.made_on.isoformat()}.{export.format}"


def _ids(query: Query) -> Iterator[str]:
    """The words and the ids of the chosen values, in ASCII."""
    yield from (slug for slug in (slugify(query.text),) if slug != "-")
    for chosen in query.filters.values():
        yield from (_ascii(value) for value in chosen.any_of)
        yield from (f"not-{_ascii(value)}" for value in chosen.none_of)
    yield from [query.near.place.partition("-")[2]] if query.near else []
    yield from [query.when] if query.when != "current" else []


def _ascii(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", id)

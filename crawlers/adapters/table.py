"""Registers as tables: CSV of any delimiter, encoding and language of columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from crawlers.adapters.base import Adapter, Item, Listing
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.labels import field_of, map_fields
from crawlers.messages import N_
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.site import Site, is_html
from vocabulary import fold

MOST_ROWS = 200_000
PAGES_TO_LOOK_AT = 8
_TABLE = re.compile(r"\.(csv|tsv)($|\?)|[?&](format|download)=csv", re.IGNORECASE)
DELIMITERS = ";,\t|"


def gather(listing: Listing) -> Iterator[Item]:
    """The tables themselves: their rows are the records."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield Item(url)


def extract(page: Page, recipe: Recipe) -> Iterable[Raw]:
    """A raw record a row. Raises BadContent without a column that names the row."""
    for number, row in enumerate(read_rows(page.text(), page.url), start=1):
        yield row_to_raw(row, recipe, number, page.url)


def read_rows(text: str, where: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV as column to cell. Raises BadContent where there is no header that we know."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, restkey="_more")
    try:
        columns = [name.strip() for name in reader.fieldnames or []]
        if "title" not in {field_of(name) for name in columns}:
            raise BadContent(where, f"no column holds names; there are: {', '.join(columns)[:300]}")
        for number, row in enumerate(reader):
            if number >= MOST_ROWS:
                return
            yield {str(k).strip(): v.strip() for k, v in row.items() if isinstance(v, str)}
    except csv.Error as error:
        raise BadContent(where, f"this table is broken ({error})") from error


def row_to_raw(row: dict[str, Any], recipe: Recipe, number: int, url: str | None) -> Raw:
    """A row under our names; its remote id is the key column, the register's number, or its folded name."""
    fields = map_fields(row, recipe.fields)
    key = row.get(recipe.key or "") or fields.get("registration") or fold(str(fields.get("title") or f"row {number}"))
    return Raw(str(key), url, dict(fields), source=dict(row))


def look(site: Site) -> Iterator[Recipe]:
    """The tables that the front page links to, else those that its first links link to."""
    found = [site.front.url] if not is_html(site.front) else [link for link in site.html.links if _TABLE.search(link)]
    if not found:
        found = [link for page in site.pages(site.links[:PAGES_TO_LOOK_AT]) for link in page.links if _TABLE.search(link)]
    for address in dict.fromkeys(found):
        yield site.recipe.model_copy(update={"adapter": "table", "addresses": (address,)})


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no table with a column of names; the owner could link one as CSV"),
)

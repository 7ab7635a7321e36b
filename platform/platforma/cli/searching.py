"""The command `platforma search`."""

from __future__ import annotations

import shlex

import click

from platforma.catalogue import totals
from platforma.catalogue.listings import listing_queries
from platforma.cli.output import print_json, tell
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.indexing import ensure_index
from search.port import Filter, Query
from search.query.describe import explain


def explain_search(settings: Settings, text: str, lang: str) -> None:
    """Print what a question looks for by the thesaurus as curators have it, line by line, and the reason of each boost."""
    with open_services(settings) as services:
        services.thesaurus.refresh()
    for line in explain(Query(text=text, lang=lang)):
        click.echo(line)


def search(settings: Settings, text: str, *, lang: str, filters: dict[str, tuple[str, ...]], limit: int, as_json: bool) -> None:
    """Print the first results: id, country and title of each, or all as one JSON object; the total goes to stderr.

    `filters` are the values by facet; a value that begins with a hyphen is excluded.
    """
    query_filters = {name: _filter(values) for name, values in filters.items() if values}
    query = Query(text=text, lang=lang, filters=query_filters, per_page=limit, facets=())
    with open_services(settings) as services:
        ensure_index(services)
        services.thesaurus.refresh()
        page = services.engine.search(query)
        with services.database.reading() as session:
            listings = listing_queries.listings(session, [hit.id for hit in page.hits])
            is_directory_empty = not page.total and not totals.totals(session).initiatives
    items = [{"id": item.public_id, "title": item.title(lang).text, "country": item.get("country")} for item in listings]
    if as_json:
        print_json({"total": page.total, "items": items})
    for item in items if not as_json else ():
        click.echo(f"{item['id']}\t{item['country'] or '-'}\t{item['title']}")
    tell(f"{page.total} found")
    if is_directory_empty:
        _tell_of_emptiness(settings)


def _tell_of_emptiness(settings: Settings) -> None:
    """Say on stderr why nothing can be found, and what to do next."""
    tell(
        f"nothing is listed yet in the directory of {settings.data_dir}; "
        "crawl a platform, import a file, or name another folder with --data"
    )
    for database_file in sorted((settings.data_dir / "demo").glob("*/platforma.sqlite")):
        tell(f"a demonstration is there: --data {shlex.quote(str(database_file.parent))}")


def _filter(values: tuple[str, ...]) -> Filter:
    return Filter(
        any_of=tuple(value for value in values if not value.startswith("-")),
        none_of=tuple(value[1:] for value in values if value.startswith("-")),
    )

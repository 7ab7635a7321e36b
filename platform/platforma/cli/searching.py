"""The command `platforma search`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import click

from platforma.catalogue import totals
from platforma.catalogue.listings import listing_queries
from platforma.cli.output import print_json, tell
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.indexing import ensure_index
from search.port import Filter, Query
from search.query.describe import explain
from vocabulary import UNKNOWN, load


def explain_search(settings: Settings, text: str, lang: str) -> None:
    """Print what a question looks for by the thesaurus as curators have it, line by line, and the reason of each boost."""
    with open_services(settings):
        pass  # the thesaurus is loaded
    for line in explain(Query(text=text, lang=lang)):
        click.echo(line)


MAX_IDS_SHOWN = 50


def search(settings: Settings, text: str, *, lang: str, filters: dict[str, tuple[str, ...]], limit: int, as_json: bool) -> None:
    """Print the first results: id, country and title of each, or all as one JSON object; the total goes to stderr.

    `filters` are the values by facet; a value that begins with a hyphen is excluded. Raises BadParameter for unknown ids.
    """
    with open_services(settings) as services:
        _check_ids(filters)
        ensure_index(services)
        query_filters = {name: _filter(name, values) for name, values in filters.items() if values}
        query = Query(text=text, lang=lang, filters=query_filters, per_page=limit, facets=())
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


def _check_ids(filters: Mapping[str, tuple[str, ...]]) -> None:
    """Raise BadParameter for a value of a filter that is no known id, since it would only find nothing."""
    for name, values in filters.items():
        known = load().ids(name) | {UNKNOWN}
        for id in (value.removeprefix("-") for value in values):
            if id not in known:
                examples = ", ".join(sorted(known) if len(known) < MAX_IDS_SHOWN else ("LV", "EE", "LT", "…", UNKNOWN))
                raise click.BadParameter(f"there is no {name} {id!r}; there are: {examples}", param_hint=f"--{name}")


def _filter(name: str, values: tuple[str, ...]) -> Filter:
    """The filter for values; an id that is not offered any more counts as those in its place."""
    current = [
        (value.startswith("-"), one)
        for value in values
        for one in load().successors(name, value.removeprefix("-")) or (value.removeprefix("-"),)
    ]
    return Filter(
        any_of=tuple(one for is_excluded, one in current if not is_excluded),
        none_of=tuple(one for is_excluded, one in current if is_excluded),
    )

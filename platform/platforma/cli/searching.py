"""Searching from the shell."""

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
    """Print what a question looks for by the thesaurus as curators have it, line by line, and why each boost is as it is."""
    with open_services(settings) as services:
        services.thesaurus.refresh()
    for line in explain(Query(text=text, lang=lang)):
        click.echo(line)


def search(settings: Settings, text: str, *, lang: str, filters: dict[str, tuple[str, ...]], limit: int, as_json: bool) -> None:
    """Print the first results."""
    chosen = {name: _filter(values) for name, values in filters.items() if values}
    with open_services(settings) as services:
        ensure_index(services)
        services.thesaurus.refresh()
        page = services.engine.search(Query(text=text, lang=lang, filters=chosen, per_page=limit, facets=()))
        with services.database.reading() as session:
            found = listing_queries.listings(session, [hit.id for hit in page.hits])
            is_empty = not page.total and not totals.totals(session).initiatives
    lines = [{"id": one.public_id, "title": one.title(lang).text, "country": one.get("country")} for one in found]
    if as_json:
        print_json({"total": page.total, "items": lines})
    for line in lines if not as_json else ():
        click.echo(f"{line['id']}\t{line['country'] or '-'}\t{line['title']}")
    tell(f"{page.total} found")
    if is_empty:
        _tell_of_emptiness(settings)


def _tell_of_emptiness(settings: Settings) -> None:
    """Why nothing can be found, and what to do next."""
    demos = sorted((settings.data_dir / "demo").glob("*/platforma.sqlite"))
    where = f"nothing is listed yet in the directory of {settings.data_dir}"
    tell(f"{where}; crawl a platform, import a file, or name another folder with --data")
    for demo in demos:
        tell(f"a demonstration is there: --data {shlex.quote(str(demo.parent))}")


def _filter(values: tuple[str, ...]) -> Filter:
    return Filter(
        any_of=tuple(v for v in values if not v.startswith("-")),
        none_of=tuple(v[1:] for v in values if v.startswith("-")),
    )

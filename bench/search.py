"""Whole search pages with facets at several sizes: ours on both engines, and Datasette with SQLite's full-text search.

Also what our layer costs over the raw engine: the same question, translated beforehand, put to the engine alone.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.corpus import questions, records
from bench.serving import Served, free_port, served
from platforma.catalogue.database import prepare
from platforma.catalogue.files.imports import import_records
from platforma.secret_key import secret_key
from platforma.services import open_services
from platforma.settings import load_settings
from platforma.web.server import warm_up
from platforma.worker.indexing import ensure_index
from search.engines.elastic import ElasticEngine
from search.engines.elastic.queries import search_body
from search.engines.embedded import EmbeddedEngine
from search.engines.engine_query import EngineQuery
from search.port import Query, SearchEngine
from search.query.plan import make_plan
from search.query.rarity import Frequencies, Term

FACETS = ("country", "sector", "theme", "kind", "language")
HEAD = "| listings | what | page ms p50, p95, p99 | pages a second | suggestions ms | private MB | index s | index MB | layer |"


def run(sizes: Sequence[int], count: int, datasette: str | None) -> None:
    """Print a table, a row for each size and program."""
    print(HEAD + "\n" + "|---" * 9 + "|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for row in rows(size, count, Path(folder), datasette):
                print(f"| {size:,} | {row} |", flush=True)


def rows(size: int, count: int, folder: Path, datasette: str | None) -> Iterator[str]:
    """One row for each program over the same listings."""
    texts = questions(count)
    settings = load_settings(data_dir=folder)
    database = prepare(settings)
    import_records(database, "bench", records(size), actor="bench", secret_key=secret_key(settings))
    yield ours("ours, embedded", "embedded:", folder, texts)
    with elasticsearch() as url:
        if url:
            yield ours("ours, Elasticsearch", f"{url}/bench", folder, texts)
    if datasette:
        yield theirs(datasette, size, folder, texts)


def ours(name: str, url: str, folder: Path, texts: list[str]) -> str:
    """Index, serve, ask."""
    settings = load_settings(data_dir=folder, search_url=url)
    with open_services(settings) as services:
        started = time.perf_counter()
        ensure_index(services)
        indexing = time.perf_counter() - started
        layer = layer_cost(services.engine, texts[:100])
        is_embedded = isinstance(services.engine, EmbeddedEngine)
        megabytes = folder_megabytes(folder / "index") if is_embedded else elastic_megabytes(services.engine)
    port = free_port()
    command = [sys.executable, "-m", "platforma", "serve", "--no-worker", "--port", str(port)]
    environment = {"PLATFORMA_DATA_DIR": str(folder), "PLATFORMA_SEARCH_URL": url}
    with served(command, port, "/healthz", environment) as site:
        pages = [f"/lv/search?{urlencode({'q': text})}" for text in texts]
        begun = [f"/lv/suggest?{urlencode({'q': text[: max(3, len(text) - 3)]})}" for text in texts]
        cells = measured(site, pages)
        suggestions = site.timing(begun)
        memory = site.private_megabytes()
    return f"{name} | {cells} | {suggestions} | {memory:.0f} | {indexing:.0f} | {megabytes:.0f} | {layer:.2f}"


def theirs(datasette: str, size: int, folder: Path, texts: list[str]) -> str:
    """The same listings in one SQLite table with full-text search, served by Datasette with five facets."""
    path = folder / "datasette.db"
    started = time.perf_counter()
    fill_table(path, size)
    indexing = time.perf_counter() - started
    port = free_port()
    facets = [("_facet", name) for name in FACETS]
    pages = [f"/datasette/listings?{urlencode([('_search', text), ('_size', '20'), *facets])}" for text in texts]
    command = [datasette, "serve", "-i", str(path), "--port", str(port), "--setting", "facet_time_limit_ms", "5000",
               "--setting", "sql_time_limit_ms", "10000"]  # fmt: skip
    with served(command, port, "/-/versions.json") as site:
        cells = measured(site, pages)
        memory = site.private_megabytes()
    return f"Datasette | {cells} | – | {memory:.0f} | {indexing:.0f} | {path.stat().st_size / 1e6:.0f} | –"


def measured(site: Served, pages: list[str]) -> str:
    timing = site.timing(pages)
    return f"{timing} | {site.throughput(pages):.0f}"


def fill_table(path: Path, size: int) -> None:
    """A person's first idea of a searchable table: one row a listing, an index of its texts, one for each facet."""
    with sqlite3.connect(path) as database:
        database.execute(
            "create table listings (id integer primary key, title, summary, description, country, sector, theme, kind, language)"
        )
        database.executemany(
            "insert into listings (title, summary, description, country, sector, theme, kind, language) values (?,?,?,?,?,?,?,?)",
            ((*(next(iter(text.values())) for text in (r.title, r.summary, r.description)),
              r.country, r.sectors[0], r.themes[0], r.kind, r.languages[0]) for r in records(size)),
        )  # fmt: skip
        database.execute(
            "create virtual table listings_fts using fts5 (title, summary, description, content='listings', content_rowid='id')"
        )
        database.execute(
            "insert into listings_fts (rowid, title, summary, description) select id, title, summary, description from listings"
        )
        for name in FACETS:
            database.execute(f"create index listings_{name} on listings ({name})")


def layer_cost(engine: SearchEngine, texts: list[str]) -> float:
    """Our whole search over the engine's own work for the same question, both as medians, in a process settled as the site's."""
    warm_up()
    plans = [make_plan(Query(text=text, facets=FACETS)) for text in texts]
    translated = [prepared(engine, EngineQuery(plan, plan.strict, 0, 20, facets=FACETS)) for plan in plans]
    alone = median(lambda query: raw(engine, query), translated)
    whole = median(engine.search, [Query(text=text, facets=FACETS, relax=False) for text in texts])
    return whole / alone


def prepared(engine: SearchEngine, query: EngineQuery) -> Any:
    """A query as the engine's own client takes it."""
    if not isinstance(engine, EmbeddedEngine):
        return search_body(query)
    searcher = engine._live.current().index.searcher()

    def frequencies(terms: Collection[Term]) -> Frequencies:
        return Frequencies(searcher.num_docs, {term: searcher.doc_freq(term.field, term.token) for term in terms})

    return engine._queries.translate(query, engine.stamp(), frequencies).without_filter(None)


def raw(engine: SearchEngine, query: Any) -> object:
    """One search with counts, as the engine's own client does it; `query` comes from `prepared`."""
    if isinstance(engine, EmbeddedEngine):
        searcher = engine._live.current().index.searcher()
        searcher.search(query, limit=20)
        return searcher.aggregate(query, {name: {"terms": {"field": name, "size": 1000}} for name in FACETS})
    assert isinstance(engine, ElasticEngine)
    return engine._client.search(index=engine.alias, body=query)


def median(call: Callable[..., object], arguments: Sequence[object]) -> float:
    """The median of the seconds that a call takes, over arguments; the first ten are called beforehand."""
    for argument in arguments[:10]:
        call(argument)
    seconds = []
    for argument in arguments:
        started = time.perf_counter()
        call(argument)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def folder_megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def elastic_megabytes(engine: SearchEngine) -> float:
    assert isinstance(engine, ElasticEngine)
    return float(engine._client.indices.stats(index=engine.alias)["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6


@contextmanager
def elasticsearch() -> Iterator[str]:
    """A node of its own, ended afterwards; nothing where this machine has none."""
    from tests.servers import elastic, process
    from tests.servers.java import JavaNotFound

    if not shutil.which("mvn"):
        yield ""
        return
    try:
        node = elastic.start_node()
    except JavaNotFound:
        yield ""
        return
    try:
        yield node.url
    finally:
        process.stop(node.popen.pid, node.folder)

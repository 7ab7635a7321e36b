"""Opens the engine that the settings name."""

from __future__ import annotations

from pathlib import Path

from search.engines.embedded import EmbeddedEngine
from search.port import Query, SearchEngine, SearchError
from search.query.plan import make_plan


def open_engine(url: str, data_dir: Path) -> SearchEngine:
    """The engine of PLATFORMA_SEARCH_URL: `embedded:` under the data folder, `http(s)://…` for Elasticsearch.

    Raises SearchError for another address.
    """
    if url == "embedded:":
        return EmbeddedEngine(data_dir / "index")
    if url.startswith(("http://", "https://")):
        from search.engines.elastic import ElasticEngine

        return ElasticEngine(url)
    raise SearchError(f"PLATFORMA_SEARCH_URL is {url!r}; it takes embedded: or the http(s):// address of Elasticsearch")


def warm_up() -> None:
    """Load the dictionaries and concepts that every question needs, so that the first one is not slow."""
    make_plan(Query(text="sākums"))

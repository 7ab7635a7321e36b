"""Opening the engine that the settings name."""

from __future__ import annotations

from pathlib import Path

from search.engines.embedded import EmbeddedEngine
from search.port import SearchEngine, SearchError


def open_engine(url: str, data_dir: Path) -> SearchEngine:
    """The engine of PLATFORMA_SEARCH_URL: `embedded:` under the data folder, `http(s)://…` for Elasticsearch."""
    if url == "embedded:":
        return EmbeddedEngine(data_dir / "index")
    if url.startswith(("http://", "https://")):
        from search.engines.elastic import ElasticEngine

        return ElasticEngine(url)
    raise SearchError(f"PLATFORMA_SEARCH_URL is {url!r}; it takes embedded: or the http(s):// address of Elasticsearch")

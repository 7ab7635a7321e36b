"""Opens the engine that the settings name, and the nearness in meaning beside it."""

from __future__ import annotations

from pathlib import Path

from search.engines.embedded import EmbeddedEngine
from search.meaning import model
from search.meaning.nearness import Nearness
from search.port import Query, SearchEngine, SearchError
from search.query.plan import make_plan

EMBEDDED = "embedded:"


def open_engine(url: str, data_dir: Path, nearness: Nearness | None = None) -> SearchEngine:
    """The engine of PLATFORMA_SEARCH_URL: `embedded:` under the data folder, `http(s)://…` for Elasticsearch.

    Without `nearness` it finds by words only. Raises SearchError for another address.
    """
    if url == EMBEDDED:
        return EmbeddedEngine(data_dir / "index", nearness)
    if url.startswith(("http://", "https://")):
        from search.engines.elastic import ElasticEngine

        return ElasticEngine(url, nearness)
    raise SearchError(f"PLATFORMA_SEARCH_URL is {url!r}; it takes embedded: or the http(s):// address of Elasticsearch")


def open_nearness(url: str, data_dir: Path) -> Nearness:
    """Nearness in meaning with its vectors where the engine's index is. The model is loaded when it is first needed.

    Raises SearchError where this machine cannot have it, with the reason.
    """
    if reason := model.why_not():
        raise SearchError(reason)
    if url == EMBEDDED:
        from search.engines.embedded.vectors import VectorFile

        return Nearness(VectorFile(data_dir / "meaning", model.model_version()), model.load_model)
    from search.engines.elastic.vectors import ElasticVectors

    return Nearness(ElasticVectors(url, model.model_version()), model.load_model)


def warm_up() -> None:
    """Load the dictionaries and concepts that every question needs, so that the first one is not slow."""
    make_plan(Query(text="sākums"))

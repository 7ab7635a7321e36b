"""The Elasticsearch engine; only here may its client be imported. It uses only what its minimal distribution has,
so that the tests run what production runs."""

from __future__ import annotations

from search.engines.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]

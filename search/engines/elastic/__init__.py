"""The Elasticsearch adapter: what runs in the tests on the minimal distribution is what runs in production."""

from __future__ import annotations

from search.engines.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]

"""The embedded engine: tantivy over a folder, with no server; only here may tantivy be imported."""

from __future__ import annotations

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]

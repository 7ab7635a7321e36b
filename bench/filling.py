"""Engines filled with documents, for measurements of what they find."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from search.factory import open_engine, open_nearness
from search.port import Document, SearchEngine


def filled_engine(url: str, folder: Path, documents: Sequence[Document], *, by_meaning: bool = False) -> SearchEngine:
    """An engine with a new index of the documents and, if asked for, the vectors of them all."""
    nearness = open_nearness(url, folder) if by_meaning else None
    if nearness:
        nearness.update(documents, {document.id: 1 for document in documents})
    engine = open_engine(url, folder, nearness)
    generation = engine.begin_generation()
    generation.add(documents)
    generation.publish()
    return engine

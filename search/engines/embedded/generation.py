"""Writing of embedded indexes: documents into an index, and new generations beside the live one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import tantivy

from search.index.fields import stored_document
from search.port import Document, EngineUnavailable

HEAP_BYTES = 60_000_000
POINTER = "current"
"""The file in the root folder that names the live generation; it is replaced atomically."""


class EmbeddedGeneration:
    """search.port.Generation: a folder that the pointer names once it is published."""

    def __init__(self, folder: Path, schema: tantivy.Schema) -> None:
        folder.mkdir()
        self._folder, self._schema = folder, schema
        self._index = tantivy.Index(schema, path=str(folder))

    def add(self, documents: Iterable[Document]) -> int:
        """See Generation.add."""
        return write_documents(self._index, self._schema, documents, ())

    def delete(self, ids: Iterable[str]) -> None:
        """See Generation.delete."""
        write_documents(self._index, self._schema, (), ids)

    def publish(self) -> None:
        """See Generation.publish."""
        root = self._folder.parent
        temporary = root / f"{POINTER}.{self._folder.name}"
        with temporary.open("w", encoding="utf-8") as file:
            file.write(self._folder.name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(root / POINTER)

    def discard(self) -> None:
        """See Generation.discard."""
        shutil.rmtree(self._folder, ignore_errors=True)


def write_documents(index: tantivy.Index, schema: tantivy.Schema, documents: Iterable[Document], deletes: Iterable[str]) -> int:
    """Delete and add documents in one commit; return how many were added. A document replaces one with the same id.

    Raises EngineUnavailable where the folder cannot be written.
    """
    added = 0
    try:
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for id in deletes:
            writer.delete_documents_by_query(tantivy.Query.term_query(schema, "id", id))
        for document in documents:
            writer.delete_documents_by_query(tantivy.Query.term_query(schema, "id", document.id))
            writer.add_document(tantivy.Document.from_dict(stored_document(document), schema))
            added += 1
        writer.commit()
        writer.wait_merging_threads()
    except (OSError, ValueError) as error:
        raise EngineUnavailable(f"the search index cannot be written: {error}") from error
    return added

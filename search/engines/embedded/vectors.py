"""The vectors beside an embedded index: a SQLite file, which each process that asks reads into one array of bytes.

100,000 vectors take 38 MB. They are compared exactly, block by block.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search.meaning.model import DIMENSIONS, Vector
from search.meaning.vectors import DocumentVectors, Made, Neighbour
from search.port import EngineUnavailable

BLOCK_ROWS = 4_096
WAIT_SECONDS = 10.0
GREATEST = 127
"""The greatest number of a stored vector, as its greatest part is kept."""
TABLES = """
create table if not exists documents (id text primary key, version integer not null, digest text not null) without rowid;
create table if not exists vectors (
    id text not null, lang text not null, parts blob not null, primary key (id, lang)
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """All vectors in one state of the file: whole numbers from -GREATEST to GREATEST, their lengths, and whose they are."""

    stamp: str
    ids: Sequence[str]
    parts: Any
    lengths: Any


NO_ROWS = Rows("", (), np.empty((0, DIMENSIONS), np.int8), np.empty(0, np.float32))


class VectorFile:
    """search.meaning.vectors.VectorStore in a folder, which holds the file of one version; threads and processes may share it."""

    def __init__(self, folder: Path, version: str) -> None:
        self._path = folder / f"{version}.sqlite"
        self._rows = NO_ROWS

    def stamp(self) -> str:
        """See VectorStore.stamp. SQLite writes the file only when it commits, as it keeps no log beside it (`wal`)."""
        try:
            status = self._path.stat()
        except OSError:
            return ""
        return f"{status.st_ino}:{status.st_mtime_ns}"

    def made(self) -> dict[str, Made]:
        """See VectorStore.made."""
        with self._reading() as connection:
            rows = connection.execute("select id, version, digest from documents").fetchall() if connection else ()
        return {id: Made(version, digest) for id, version, digest in rows}

    def put(self, documents: Sequence[DocumentVectors]) -> None:
        """See VectorStore.put."""
        rows = [(one.id, lang, _packed(vector)) for one in documents for lang, vector in one.by_lang.items()]
        if documents:
            with self._writing() as connection:
                connection.executemany("delete from vectors where id = ?", [(one.id,) for one in documents])
                connection.executemany("insert into vectors values (?, ?, ?)", rows)
                made = [(one.id, *one.made) for one in documents]
                connection.executemany("insert or replace into documents values (?, ?, ?)", made)

    def note(self, versions: Mapping[str, int]) -> None:
        """See VectorStore.note."""
        if versions:
            with self._writing() as connection:
                pairs = [(version, id) for id, version in versions.items()]
                connection.executemany("update documents set version = ? where id = ?", pairs)

    def delete(self, ids: Collection[str]) -> None:
        """See VectorStore.delete."""
        if ids and self._path.exists():
            with self._writing() as connection:
                connection.executemany("delete from documents where id = ?", [(id,) for id in ids])
                connection.executemany("delete from vectors where id = ?", [(id,) for id in ids])

    def nearest(self, vector: Vector, most: int, min_similarity: float) -> list[Neighbour]:
        """See VectorStore.nearest."""
        rows, asked = self._current(), np.asarray(vector, np.float32)
        blocks = range(0, len(rows.ids), BLOCK_ROWS)
        products = [rows.parts[start : start + BLOCK_ROWS].astype(np.float32) @ asked for start in blocks]
        similarities = np.concatenate(products) / rows.lengths if products else np.empty(0, np.float32)
        near = np.flatnonzero(similarities >= min_similarity)
        best: dict[str, float] = {}
        for row in near[np.argsort(-similarities[near], kind="stable")]:
            best.setdefault(rows.ids[row], float(similarities[row]))
        return [Neighbour(*pair) for pair in sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))][:most]

    def vectors_of(self, id: str) -> list[Vector]:
        """See VectorStore.vectors_of."""
        with self._reading() as connection:
            query = "select parts from vectors where id = ? order by lang"
            blobs = connection.execute(query, (id,)).fetchall() if connection else ()
        return [_unpacked(blob) for (blob,) in blobs]

    def _current(self) -> Rows:
        """The vectors as the file has them now; it is read where it has changed."""
        stamp, rows = self.stamp(), self._rows
        if stamp != rows.stamp:
            with self._reading() as connection:
                rows = self._rows = _all_rows(connection, stamp) if connection else NO_ROWS
        return rows

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection that sees one state of the file; None where there is no file yet."""
        if not self._path.exists():
            yield None
            return
        with _translated_errors(), closing(self._connect()) as connection:
            connection.execute("begin")
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection that commits at the end; what it deletes is overwritten.

        The file is made, and those of other versions are deleted, before the first.
        """
        with _translated_errors():
            if not self._path.exists():
                self._path.parent.mkdir(parents=True, exist_ok=True)
                for other in self._path.parent.glob("*.sqlite*"):
                    other.unlink(missing_ok=True)
            with closing(self._connect()) as connection:
                connection.executescript(TABLES)
                connection.execute("begin immediate")
                yield connection
                connection.execute("commit")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None)
        connection.execute("pragma secure_delete = on")
        return connection


def _all_rows(connection: sqlite3.Connection, stamp: str) -> Rows:
    found = connection.execute("select id, parts from vectors order by id, lang").fetchall()
    parts = np.frombuffer(b"".join(blob for _, blob in found), np.int8).reshape(-1, DIMENSIONS)
    squares = np.einsum("ij,ij->i", parts, parts, dtype=np.int32)
    return Rows(stamp, [id for id, _ in found], parts, np.sqrt(np.maximum(squares, 1)).astype(np.float32))


def _packed(vector: Vector) -> bytes:
    parts = np.asarray(vector, np.float32)
    return bytes(np.rint(parts * (GREATEST / max(float(np.abs(parts).max()), 1e-9))).astype(np.int8).tobytes())


def _unpacked(blob: bytes) -> list[float]:
    parts = np.frombuffer(blob, np.int8).astype(np.float32)
    return [float(part) for part in parts / max(float(np.linalg.norm(parts)), 1e-9)]


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise EngineUnavailable(f"the vectors of listings cannot be read or written: {error}") from error

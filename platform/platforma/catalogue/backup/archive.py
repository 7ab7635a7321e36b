"""The archive of a backup: a ZIP file with a manifest and a member for each table, a row a line as a JSON array."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from platforma.catalogue.backup import wire
from platforma.catalogue.backup.contents import Manifest, StoredTable
from platforma.catalogue.errors import CatalogueError

FORMAT = 1
MANIFEST = "manifest.json"
MAX_MANIFEST_BYTES = 1_000_000
MAX_LINE_BYTES = 64_000_000
"""A row with a picture in two sizes is below a hundredth of this."""


class BadBackup(CatalogueError):
    """The file is no whole backup that this version can read; the text says why."""


class TableWriter:
    """Writes the rows of one table; counts and hashes them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, hashlib.sha256()
        self.rows = 0

    def add(self, values: list[Any]) -> None:
        """Write a row's JSON values."""
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._file.write(line)
        self._hash.update(line)
        self.rows += 1

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class ArchiveWriter:
    """An archive that is being written."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    @contextmanager
    def table(self, name: str) -> Iterator[TableWriter]:
        """The member of a table."""
        with self._file.open(_member(name), "w", force_zip64=True) as member:
            yield TableWriter(member)  # type: ignore[arg-type] # zipfile's writers are binary files

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, which makes the archive whole."""
        self._file.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """An archive beside the path that takes its place once it is whole; only its owner may read it."""
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class Archive:
    """An archive that is read; it is checked as a whole by `check`, before anything is taken from it."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.manifest = _manifest(file)

    def check(self) -> None:
        """Read every member once. Raises BadBackup where one is missing, cut, changed, or holds what no row is."""
        for table in self.manifest.tables:
            hashed, count = hashlib.sha256(), 0
            for line in self._lines(table):
                hashed.update(line)
                count += 1
                _row(line, table)
            if (count, hashed.hexdigest()) != (table.rows, table.sha256):
                raise BadBackup(f"{_member(table.name)} is not as it was written: {count} rows, and {table.rows} are expected")

    def rows(self, table: StoredTable) -> Iterator[list[Any]]:
        """The values of each row of a table, in the order of its columns."""
        return (_row(line, table) for line in self._lines(table))

    def _lines(self, table: StoredTable) -> Iterator[bytes]:
        try:
            with self._file.open(_member(table.name)) as member:
                while line := member.readline(MAX_LINE_BYTES):
                    yield line
        except (KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
            raise BadBackup(f"{_member(table.name)} cannot be read: {error}") from error


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """The archive at a path. Raises BadBackup where it is none."""
    try:
        file = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BadBackup(f"{path.name} is no backup, or was cut off: {error}") from error
    with file:
        yield Archive(file)


def _manifest(file: zipfile.ZipFile) -> Manifest:
    try:
        with file.open(MANIFEST) as member:
            manifest = Manifest.model_validate_json(member.read(MAX_MANIFEST_BYTES))
    except (KeyError, zipfile.BadZipFile, EOFError, ValidationError) as error:
        raise BadBackup(f"this is no backup that `platforma backup` wrote: its {MANIFEST} cannot be read") from error
    if manifest.format != FORMAT:
        raise BadBackup(
            f"the backup has format {manifest.format}, made by version {manifest.version}; this version reads {FORMAT}"
        )
    return manifest


def _row(line: bytes, table: StoredTable) -> list[Any]:
    try:
        return wire.from_json(json.loads(line), list(table.columns.values()))
    except (ValueError, TypeError) as error:
        raise BadBackup(f"{_member(table.name)} holds a line that is no row: {line[:60]!r}") from error


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"

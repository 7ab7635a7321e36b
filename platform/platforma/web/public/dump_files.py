"""Dumps kept on disk: each is made once for a state of the catalogue, so that its size is known and it can be read on.

Files of former states go when a new one is made; who is reading one reads it to its end.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from platforma.catalogue import totals
from platforma.locks import lock
from platforma.web.context import services
from platforma.web.public.take import results
from platforma.web.public.take.answering import entity_tag, file_of
from platforma.web.public.take.formats import FORMATS
from search.port import Query

FOLDER = "dumps"
LEVEL = 6


@dataclass(frozen=True, slots=True)
class DumpFile:
    """The dump of a query in a format, `packed` with gzip (RFC 1952) or not, in the state of the catalogue that `tag` names."""

    query: Query
    format: str
    packed: bool
    tag: str

    @property
    def path(self) -> Path:
        """Where it is kept once it is made."""
        return self._folder / f"{self._kind}-{self.tag}{'.gz' if self.packed else ''}"

    @property
    def size_bytes(self) -> int | None:
        """Its size; None before it is made."""
        return self.path.stat().st_size if self.path.exists() else None

    def made(self) -> Path:
        """Its path. A missing one is made by one process, while others wait. Raises SearchError."""
        if not self.path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            with lock(services().settings, f"dump-{self._kind}"):
                self._make_missing()
        return self.path

    @property
    def _kind(self) -> str:
        return f"{self.format}-{self.query.lang}"

    @property
    def _folder(self) -> Path:
        return services().settings.data_dir / FOLDER

    def _make_missing(self) -> None:
        """Make the plain file and, where it is asked for, the packed one; delete those of former states."""
        plain = self._folder / f"{self._kind}-{self.tag}"
        if not plain.exists():
            _write(plain, self._write_plain)
        if self.packed and not self.path.exists():
            _write(self.path, partial(_write_packed, plain))
        for former in self._folder.glob(f"{self._kind}-*"):
            if self.tag not in former.name:
                former.unlink(missing_ok=True)

    def _write_plain(self, file: BinaryIO) -> None:
        ids = results.all_ids(services().engine, self.query)
        file.writelines(file_of(self.query, self.format, FORMATS[self.format], ids).pieces)


def dump_file(query: Query, format: str, *, packed: bool) -> DumpFile:
    """The dump of a query in the catalogue's state of now, also where the index does not know of it yet. Raises SearchError."""
    with services().database.reading() as session:
        waiting = totals.last_unindexed_change(session)
    tag = hashlib.sha256(f"{entity_tag(query, format)} {waiting}".encode()).hexdigest()[:32]
    return DumpFile(query, format, packed, tag)


def _write(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file beside its path, then put it there whole."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as file:
        try:
            write(file)  # type: ignore[arg-type] # a wrapper of what it writes to
            file.flush()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _write_packed(plain: Path, file: BinaryIO) -> None:
    """The same bytes for the same file: no name and no time stand in it."""
    with plain.open("rb") as source, gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packer:
        shutil.copyfileobj(source, packer)

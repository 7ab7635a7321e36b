"""The live embedded index as this process has it open: opened again after a swap, reloaded after a commit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import tantivy

from search.engines.embedded.generation import POINTER
from search.port import IndexNotReady

PointerStamp = tuple[int, int]
"""The inode and the time of change (in nanoseconds) of the pointer file; (0, 0) if there is none."""


@dataclass(slots=True)
class OpenIndex:
    """An open generation: its name, the time of its last commit (in nanoseconds), and the pointer file that named it."""

    name: str
    index: tantivy.Index
    committed_at: int
    pointer_stamp: PointerStamp

    @property
    def stamp(self) -> str:
        """Changes with every swap and commit."""
        return f"{self.name}:{self.committed_at}"


class LiveIndex:
    """Finds and opens the live generation of a version in a root folder."""

    def __init__(self, root: Path, version: str) -> None:
        self._root, self._version = root, version
        self._open: OpenIndex | None = None

    def current(self) -> OpenIndex:
        """The live index as it is now. Raises IndexNotReady if there is none of this version.

        It is called several times a page, so an unchanged index costs the status of two files and no reading.
        """
        opened = self._open
        try:
            if opened is None or opened.pointer_stamp != self._pointer_stamp():
                opened = self._reopen()
            committed_at = os.stat(f"{self._root}/{opened.name}/meta.json").st_mtime_ns  # noqa: PTH116 - half the time of Path's
            if opened.committed_at != committed_at:
                opened.index.reload()
                opened.committed_at = committed_at
        except (OSError, ValueError) as error:
            raise IndexNotReady("the search index cannot be read; run: platforma reindex") from error
        return opened

    def name(self) -> str:
        """The name of the live generation, of any version; empty if there is none."""
        try:
            return (self._root / POINTER).read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def close(self) -> None:
        """Close the index; `current` opens it again."""
        self._open = None

    def _reopen(self) -> OpenIndex:
        """The generation that the pointer names, opened if it is not the one that is open."""
        pointer_stamp, name = self._pointer_stamp(), self.name()
        if not name.startswith(f"{self._version}-") or "/" in name:
            raise IndexNotReady("there is no search index of this version; run: platforma reindex")
        if self._open is None or self._open.name != name:
            folder = self._root / name
            committed_at = (folder / "meta.json").stat().st_mtime_ns
            self._open = OpenIndex(name, tantivy.Index.open(str(folder)), committed_at, pointer_stamp)
        self._open.pointer_stamp = pointer_stamp
        return self._open

    def _pointer_stamp(self) -> PointerStamp:
        try:
            status = os.stat(f"{self._root}/{POINTER}")  # noqa: PTH116 - half the time of Path's
        except OSError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns

"""Bringing the index after the catalogue: draining the outbox, rebuilding beside the live index.

A rebuild holds the `rebuild` lock all along and the `index` lock only at its start and its end. While it runs, drains
apply changes to the live index and keep their rows; the rebuild applies what was kept, swaps, and only then deletes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.database import Database
from platforma.catalogue.listings.documents import all_documents, documents
from platforma.catalogue.models import Outbox
from platforma.locks import is_held, lock
from platforma.settings import Settings
from search.port import Document, Generation, SearchEngine

BATCH = 500
Progress = Callable[[int], None]


def drain_outbox(settings: Settings, database: Database, engine: SearchEngine) -> int:
    """Index every change that waits; returns how many listings were touched. An engine that is down loses nothing."""
    total = 0
    with lock(settings, "index"):
        is_kept = is_held(settings, "rebuild")
        while rows := _waiting(database, is_kept):
            upserts, deletes = _current(database, rows.values())
            engine.apply(upserts, deletes)
            _done(database, list(rows), is_kept)
            total += len(upserts) + len(deletes)
    return total


def rebuild_index(settings: Settings, database: Database, engine: SearchEngine, progress: Progress | None = None) -> int:
    """Build the index anew from the catalogue beside the live one, then swap. Raises LockHeld while another does."""
    with lock(settings, "rebuild", wait=False):
        with lock(settings, "index"):
            pass  # a drain that began before has ended; those that begin now keep their rows
        generation = engine.begin_generation()
        try:
            with database.reading() as session:
                total = generation.add(_counted(all_documents(session), progress))
            _catch_up(settings, database, generation)
        except BaseException:
            generation.discard()
            raise
    return total


def ensure_index(settings: Settings, database: Database, engine: SearchEngine) -> None:
    """Rebuild where there is no index of this code's version, then index what waits."""
    if not engine.is_ready():
        rebuild_index(settings, database, engine)
    drain_outbox(settings, database, engine)


def _catch_up(settings: Settings, database: Database, generation: Generation) -> None:
    with lock(settings, "index"):
        rows = _waiting(database, is_kept=False, limit=None)
        upserts, deletes = _current(database, rows.values())
        generation.delete(deletes)
        generation.add(upserts)
        generation.publish()
        _done(database, list(rows), is_kept=False)


def _waiting(database: Database, is_kept: bool, limit: int | None = BATCH) -> dict[int, int]:
    """Outbox row to initiative; while rows are kept only those that the live index has not seen."""
    query = select(Outbox.id, Outbox.initiative_id).order_by(Outbox.id).limit(limit)
    if is_kept:
        query = query.where(~Outbox.in_live_index)
    with database.reading() as session:
        return {row.id: row.initiative_id for row in session.execute(query)}


def _current(database: Database, initiative_ids: Iterable[int]) -> tuple[list[Document], list[str]]:
    with database.reading() as session:
        return documents(session, sorted(set(initiative_ids)))


def _done(database: Database, row_ids: list[int], is_kept: bool) -> None:
    with database.writing() as session:
        for start in range(0, len(row_ids), BATCH):
            _finish(session, row_ids[start : start + BATCH], is_kept)


def _finish(session: Session, row_ids: list[int], is_kept: bool) -> None:
    chosen = Outbox.id.in_(row_ids)
    session.execute(update(Outbox).where(chosen).values(in_live_index=True) if is_kept else delete(Outbox).where(chosen))


def _counted(all_of_them: Iterator[Document], progress: Progress | None) -> Iterator[Document]:
    for number, document in enumerate(all_of_them, start=1):
        yield document
        if progress and number % BATCH == 0:
            progress(number)

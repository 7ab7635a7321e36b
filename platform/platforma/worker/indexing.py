"""Indexing what changed in the catalogue: draining the outbox, rebuilding beside the live index.

A rebuild holds the `rebuild` lock all along and the `index` lock only at its start and its end. While it runs, drains
apply changes to the live index and keep their rows; the rebuild applies what was kept, swaps, and only then deletes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.database import Database
from platforma.catalogue.listings.documents import all_documents, documents
from platforma.catalogue.listings.groups import batched
from platforma.catalogue.listings.waiting import compose_waiting
from platforma.catalogue.models import Outbox
from platforma.locks import is_held, lock
from platforma.services import Services
from search.port import Document, Generation

BATCH = 500
Progress = Callable[[int], None]


def drain_outbox(services: Services) -> int:
    """Index every change that waits in the outbox; return how many listings were indexed or removed.

    Raises SearchError when the engine is down; the rows then stay in the outbox.
    """
    total = 0
    with lock(services.settings, "index"):
        is_rebuilding = is_held(services.settings, "rebuild")
        while rows := _waiting_rows(services.database, is_rebuilding):
            upserts, deletes = _current_documents(services.database, rows.values())
            services.engine.apply(upserts, deletes)
            _mark_indexed(services.database, list(rows), is_rebuilding)
            total += len(upserts) + len(deletes)
    return total


def rebuild_index(services: Services, progress: Progress | None = None) -> int:
    """Build a new index from the catalogue beside the live one, then swap; return how many documents it has.

    `progress` is called with the number of documents so far. Raises LockHeld while another process rebuilds.
    """
    with lock(services.settings, "rebuild", wait=False):
        with lock(services.settings, "index"):
            # a drain that began before has ended; those that begin now keep their rows
            covered = frozenset(_waiting_rows(services.database, is_rebuilding=False, limit=None))
        generation = services.engine.begin_generation()
        try:
            with services.database.reading() as session:
                total = generation.add(_reporting(all_documents(session), progress))
            _catch_up(services, generation, covered)
        except BaseException:
            generation.discard()
            raise
    return total


def ensure_index(services: Services) -> None:
    """Rebuild the index if there is none of this code's version; compose what waits for it, then drain the outbox."""
    if not services.engine.is_ready():
        rebuild_index(services)
    compose_waiting(services.database)
    drain_outbox(services)


def _catch_up(services: Services, generation: Generation, covered: Collection[int]) -> None:
    """Apply what changed during the rebuild to the new generation, and make it the live one.

    `covered` are the rows of the outbox that were there before the rebuild read the catalogue.
    """
    with lock(services.settings, "index"):
        rows = _waiting_rows(services.database, is_rebuilding=False, limit=None)
        changed = {initiative_id for row_id, initiative_id in rows.items() if row_id not in covered}
        for ids in batched(sorted(changed)):
            upserts, deletes = _current_documents(services.database, ids)
            generation.delete(deletes)
            generation.add(upserts)
        generation.publish()
        _mark_indexed(services.database, list(rows), is_rebuilding=False)


def _waiting_rows(database: Database, is_rebuilding: bool, limit: int | None = BATCH) -> dict[int, int]:
    """Outbox rows and their initiatives; during a rebuild, which keeps the rows, only those that the live index lacks."""
    query = select(Outbox.id, Outbox.initiative_id).order_by(Outbox.id).limit(limit)
    if is_rebuilding:
        query = query.where(~Outbox.in_live_index)
    with database.reading() as session:
        return {row.id: row.initiative_id for row in session.execute(query)}


def _current_documents(database: Database, initiative_ids: Iterable[int]) -> tuple[list[Document], list[str]]:
    with database.reading() as session:
        return documents(session, sorted(set(initiative_ids)))


def _mark_indexed(database: Database, row_ids: list[int], is_rebuilding: bool) -> None:
    """Delete the rows; during a rebuild keep them, marked, since the new index lacks their changes."""
    with database.writing() as session:
        for start in range(0, len(row_ids), BATCH):
            _mark_batch(session, row_ids[start : start + BATCH], is_rebuilding)


def _mark_batch(session: Session, row_ids: list[int], is_rebuilding: bool) -> None:
    is_in_batch = Outbox.id.in_(row_ids)
    if is_rebuilding:
        session.execute(update(Outbox).where(is_in_batch).values(in_live_index=True))
    else:
        session.execute(delete(Outbox).where(is_in_batch))


def _reporting(documents: Iterator[Document], progress: Progress | None) -> Iterator[Document]:
    for number, document in enumerate(documents, start=1):
        yield document
        if progress and number % BATCH == 0:
            progress(number)

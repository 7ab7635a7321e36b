"""A catalogue of many generated listings: filled once, in a folder that may be kept, over SQLite or a PostgreSQL of its own."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench.corpus import records
from crawlers.record import Record, content_hash
from platforma.catalogue.database import prepare, upgrade
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.ingest.batch import fingerprint
from platforma.catalogue.models import Initiative, InitiativeState
from platforma.catalogue.models import Record as Row
from platforma.secret_key import secret_key
from platforma.settings import Settings, load_settings

LARGE = "bench"
"""The platform of all listings."""
FIRST_VERSION = 1
"""That of the recipe of a platform that is new."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a bench be told how large a catalogue is, where it is kept, and over which database."""
    parser.add_argument("--size", type=int, default=10_000, help="how many listings (10000)")
    parser.add_argument("--data", type=Path, help="a folder to keep, or one that an earlier run has filled")
    parser.add_argument("--postgres", action="store_true", help="over a PostgreSQL that is started for this run and thrown away")


@contextmanager
def filled(chosen: argparse.Namespace) -> Iterator[Settings]:
    """The settings of the catalogue that these arguments mean, with its listings in it.

    Without --postgres its database is the one that PLATFORMA_DATABASE_URL names, else SQLite in the folder.
    """
    with ExitStack() as stack:
        folder = chosen.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = {"database_url": stack.enter_context(_postgres())} if chosen.postgres else {}
        settings = load_settings(data_dir=folder, **address)
        fill(settings, chosen.size)
        yield settings


def fill(settings: Settings, size: int) -> None:
    """Import so many listings, unless there are some already."""
    upgrade(settings)
    database = prepare(settings)
    with database.reading() as session:
        is_empty = session.scalar(select(Initiative.id).limit(1)) is None
    if is_empty:
        import_records(database, LARGE, records(size), actor="bench", secret_key=secret_key(settings))
    database.dispose()


def put(session: Session, platform_id: str, records: Sequence[Record], now: datetime) -> range:
    """Store so many records of a platform, each with a listing of its own that is neither compared nor composed; return the ids
    of the listings."""
    first = (session.scalar(select(func.max(Initiative.id))) or 0) + 1
    ids = range(first, first + len(records))
    state = {"state": InitiativeState.PUBLISHED, "composed": {}, "published_at": now}
    session.execute(insert(Initiative), [{"id": id, "public_id": new_public_id(), **state} for id in ids])
    seen = {"platform_id": platform_id, "first_seen_at": now, "last_seen_at": now}
    payloads = [record.to_json() for record in records]
    rows = [
        {
            "remote_id": payload["remote_id"], "initiative_id": id, "payload": payload,
            "fingerprint": fingerprint(content_hash(payload), FIRST_VERSION), **seen,
        }
        for id, payload in zip(ids, payloads, strict=True)
    ]  # fmt: skip
    session.execute(insert(Row), rows)
    return ids


@contextmanager
def _postgres() -> Iterator[str]:
    """The address of a server that writes to the disk as one in production does."""
    from tests.servers.postgres import start_postgres, stop_postgres

    server = start_postgres(is_durable=True)
    try:
        yield server.url()
    finally:
        stop_postgres(server)

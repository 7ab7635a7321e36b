"""How long matching takes: `python -m bench.matching_time` crawls 1,000 new records into 100,000 listings, then the same again.

The listings are those of bench.corpus, half of them with a site. They are put into the database at once, without being compared,
and their keys are stored as an ingest stores them. Of the new records half are copies of listings of another platform, of the
kinds of bench.matching, and half are new. Prints CPU seconds of this process, which another load of the machine changes little.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench import corpus
from bench.filled import put
from bench.matching import MOVED_DEGREES
from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database, prepare
from platforma.catalogue.files import imports
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.listings import duplicates, match_keys
from platforma.catalogue.models import DuplicateCandidate, Judgement
from platforma.catalogue.models import Record as Row
from platforma.settings import load_settings

NEW = 1_000
BATCH = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.matching_time", description=__doc__.split("\n")[0] if __doc__ else None
    )
    parser.add_argument("--size", type=int, default=100_000, help="listings that are there before")
    parser.add_argument("--imported", type=int, default=0, help="also import so many records into an empty catalogue")
    parser.add_argument("--profile", action="store_true", help="also print where the time of the crawl goes")
    chosen = parser.parse_args()
    if chosen.imported:
        with _catalogue() as database:
            _import(database, "a", corpus.sited_records(chosen.imported), f"{chosen.imported:,} imported")
    with _catalogue() as database:
        _fill(database, chosen.size)
        _crawl_new(database, chosen.size, is_profiled=chosen.profile)


@contextmanager
def _catalogue() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = prepare(load_settings(data_dir=Path(folder)))
        yield database
        database.dispose()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = time.process_time()
    yield
    print(f"{what}: {time.process_time() - started:.1f} s", flush=True)


def _import(database: Database, platform: str, records: Iterable[Record], what: str) -> None:
    with _timed(what):
        imports.import_records(database, platform, records, actor="bench", secret_key=b"bench")


def _fill(database: Database, size: int) -> None:
    """Put so many listings with a record each into the database, as one platform has them."""
    _import(database, "a", [Record("first", title={"lv": "Pirmais"})], "one record imported")
    _import(database, "b", [Record("first", title={"lv": "Otrais"})], "one record imported")
    records, now = corpus.sited_records(size), utc_now()
    with _timed(f"{size:,} listings filled in"), database.writing() as session:
        while batch := list(islice(records, BATCH)):
            put(session, "a", batch, now)
    with _timed(f"keys of {size:,} records stored"), database.writing() as session:
        match_keys.store_keys(session)


def _new_records(size: int) -> list[Record]:
    """Copies of the first listings, misspelt, moved or bare, and records that nobody had."""
    copies = [_copy(number, record) for number, record in enumerate(islice(corpus.sited_records(size), NEW // 2))]
    fresh = list(islice(corpus.records(size + NEW // 2), size, None))
    return [replace(record, remote_id=f"b{number}", url=None) for number, record in enumerate([*copies, *fresh])]


def _copy(number: int, record: Record) -> Record:
    ((lang, title),) = record.title.items()
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"title": {lang: title[:4] + title[5:]}},
        {"website": None},
        {"lat": (record.lat or 56.9) + MOVED_DEGREES, "lon": record.lon or 24.1},
        {"description": {}},
    )
    return replace(record, **changes[number % len(changes)])


def _crawl_new(database: Database, size: int, *, is_profiled: bool) -> None:
    records = _new_records(size)
    profile = cProfile.Profile()
    if is_profiled:
        profile.enable()
    with _timed(f"a crawl of {NEW:,} new records"):
        _crawl(database, records)
    profile.disable()
    with _timed("the same crawl again, with nothing new"):
        _crawl(database, records)
    with database.writing() as session, _timed("its matching alone"):
        ids = list(session.scalars(select(Row.id).where(Row.platform_id == "b")))
        duplicates.match_records(session, ids, now=utc_now())
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Judgement, DuplicateCandidate)]
    print(f"joined: {counts[0]}, asked: {counts[1]}")
    if is_profiled:
        pstats.Stats(profile).sort_stats("cumtime").print_stats(70)


def _crawl(database: Database, records: Sequence[Record]) -> None:
    stored = staging.start_crawl(database, "b")
    for record in records:
        stored.stage(record, None)
    result = CrawlResult(complete=False, found=len(records), refused=0)
    report = crawl_end.finish_crawl(database, stored, result, secret_key=b"bench")
    if report.state == "held":
        raise SystemExit(f"the crawl is held: {report.failure}")


if __name__ == "__main__":
    main()

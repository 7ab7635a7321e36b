"""How the catalogue grows: `python -m bench.growth --size N --data FOLDER` fills a folder, then times what reads all of it.

The listings are those of bench.corpus, half of them with a site, of platforms of 1,000 records each. They are put into the
database without being compared with each other, for that is what `bench.matching_time --imported` measures; their keys are
stored and they are composed as an ingest does. A folder that has listings already only grows. After it,
`python -m bench.pages --data FOLDER` asks for pages. CPU seconds are of this process and those that it started.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from bench import corpus
from bench.filled import LARGE, put
from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.files.imported_platforms import new_platform
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.listings import match_keys
from platforma.catalogue.listings.compose import recompose
from platforma.catalogue.models import Platform
from platforma.catalogue.models import Record as Row
from platforma.cli import backups
from platforma.services import Services, open_services
from platforma.settings import load_settings
from platforma.worker.indexing import rebuild_index

OF_PLATFORM = 1_000
"""So many records has a platform."""
CHANGED_OF = 100
"""In a night one of so many records has another title."""
STEPS = ("fill", "reindex", "night", "backup")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description="Fills a large catalogue and times what grows.")
    parser.add_argument("--size", type=int, default=10_000, help="how many listings (10000)")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the catalogue, which stays")
    parser.add_argument("--platforms", type=int, default=10, help="how many platforms are crawled in a night (10)")
    parser.add_argument("--minutes", type=float, default=60.0, help="after so many the folder is not filled further (60)")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=STEPS, help="the steps that are done (all)")
    chosen = parser.parse_args()
    with open_services(load_settings(data_dir=chosen.data)) as services:
        steps: dict[str, Callable[[], object]] = {
            "fill": lambda: fill(services.database, chosen.size, chosen.minutes * 60),
            "reindex": lambda: rebuild_index(services),
            "night": lambda: crawl_night(services, chosen.platforms),
            "backup": lambda: backups.backup(services.settings, chosen.data / "growth.backup"),
        }
        for name in chosen.only:
            with timed(name):
                steps[name]()
        print(told(services, chosen.data))


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long a step took, and the most memory that this process had until then."""
    started, cpu = time.monotonic(), time.process_time()
    yield
    seconds, cpu_seconds = time.monotonic() - started, time.process_time() - cpu
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {what} | {cpu_seconds:.1f} s CPU | {seconds:.1f} s | at most {megabytes:.0f} MB |", flush=True)


def told(services: Services, folder: Path) -> str:
    """How many listings there are, and what they take on the disk."""
    index = services.settings.data_dir / "index"
    parts = {"database": list(folder.glob("*.sqlite*")), "index": list(index.rglob("*")), "backup": list(folder.glob("*.backup"))}
    sizes = {name: sum(path.stat().st_size for path in paths if path.is_file()) / 1e6 for name, paths in parts.items()}
    with services.database.reading() as session:
        total = session.scalar(select(func.count()).select_from(Row))
    return f"{total:,} listings: " + ", ".join(f"{name} {megabytes:,.0f} MB" for name, megabytes in sizes.items())


def fill(database: Database, size: int, seconds: float) -> None:
    """Add platforms until there are so many listings, or so many seconds have passed."""
    until = time.monotonic() + seconds
    with database.reading() as session:
        there = session.scalar(select(func.count()).select_from(Platform)) or 0
    records = islice(corpus.sited_records(size), there * OF_PLATFORM, None)
    while time.monotonic() < until and (batch := list(islice(records, OF_PLATFORM))):
        _add_platform(database, _name(there), batch)
        there += 1
        if there % 10 == 0:
            print(f"{there * OF_PLATFORM:,}", flush=True)


def _name(number: int) -> str:
    return f"{LARGE}-{number}" if number else LARGE


def _add_platform(database: Database, name: str, records: Sequence[Record]) -> None:
    now = utc_now()
    with database.writing() as session:
        new_platform(session, name, None, "bench")
        listing_ids = put(session, name, records, now)
        match_keys.store_keys(session, list(session.scalars(select(Row.id).where(Row.platform_id == name))))
        recompose(session, listing_ids, now)


def crawl_night(services: Services, count: int) -> None:
    """Crawl so many platforms, each with a hundredth of its records changed."""
    for number in range(count):
        with services.database.reading() as session:
            rows = session.scalars(select(Row).where(Row.platform_id == _name(number)).order_by(Row.id))
            records = [Record.from_json(row.payload) for row in rows]
        mark = f" {time.time_ns() // 1000 % 10_000}"
        _crawl(services, _name(number), [_as_found(at, record, mark) for at, record in enumerate(records)])


def _as_found(number: int, record: Record, mark: str) -> Record:
    """A record as this night's crawl finds it."""
    if number % CHANGED_OF:
        return record
    return replace(record, title={lang: text + mark for lang, text in record.title.items()})


def _crawl(services: Services, platform_id: str, records: Sequence[Record]) -> None:
    stored = staging.start_crawl(services.database, platform_id)
    for number, record in enumerate(records):
        stored.stage(record, None)
        stored.progress(number, len(records))
    result = CrawlResult(complete=True, found=len(records), refused=0)
    report = crawl_end.finish_crawl(services.database, stored, result, secret_key=services.secret_key)
    if report.state == "held":
        raise SystemExit(f"the crawl is held: {report.failure}")


if __name__ == "__main__":
    main()

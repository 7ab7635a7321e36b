"""`python -m bench.desk`: every page of the desk over many listings, one row a page."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from statistics import median, quantiles
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import BuildError

from bench.deciding import let_wait, signed_in
from bench.filled import LARGE, add_arguments, filled
from bench.serving import cpu_milliseconds
from platforma.catalogue.database import Database
from platforma.catalogue.models import Initiative, Role
from platforma.services import Services, open_services
from platforma.settings import Settings
from platforma.worker.indexing import ensure_index

WAITING, EMAIL, DESK = 200, "desk@sic.example", "/desk"
PATIENCE_SECONDS = 20
"""A page that has taken so long is asked for three times only."""
HEAD = "| page | ms p50 / p95 | CPU ms p50 | CPU ms of the database | first, ms |\n|---|---|---|---|---|"
FILTERED: Mapping[str, Mapping[str, str]] = {
    "words": {"q": "skola"},
    "words, country, state": {"q": "skola", "country": "LV", "state": "published"},
    "theme, kind, by change": {"theme": "education", "kind": "project", "sort": "changed"},
    "the hundredth page": {"skip": "5000"},
}
"""Addresses of the list of all listings, by what is chosen in it."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one page: of the first answer, and of each later one by the clock and of the processor; and how long the
    database's own processes computed for each, None where it is in ours."""

    first: float
    by_clock: list[float]
    of_processor: list[float]
    of_database: float | None

    def __str__(self) -> str:
        p95 = quantiles(self.by_clock, n=20)[-1]
        database = "–" if self.of_database is None else f"{self.of_database:.0f}"
        return f"{median(self.by_clock):.0f} / {p95:.0f} | {median(self.of_processor):.0f} | {database} | {self.first:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description="Times each page of the desk.")
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked for (20)")
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    add_arguments(parser)
    chosen = parser.parse_args()
    with filled(chosen) as settings:
        run(settings, chosen.size, chosen.times, chosen.only)


def run(settings: Settings, size: int, times: int, only: str = "") -> None:
    """Let some listings wait, and print a row for each page."""
    with open_services(settings) as services:
        ensure_index(services)
        let_wait(services, WAITING)
        ensure_index(services)
        client = signed_in(services, EMAIL, Role.ADMIN)
        print(f"{size:,} listings, {WAITING} of them wait\n\n{HEAD}")
        for name, path in pages(services, client):
            if only in name and (found := timed(client, path, times, services.database)):
                print(f"| {name} | {found} |", flush=True)


def pages(services: Services, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """The name and the address of each page: of every route of the desk that is no table to take along and of which the
    address can be told, and others."""
    values = {"lang": "lv", "public_id": some_listing(services), "platform_id": LARGE}
    routes = client.application.url_map.bind("localhost")
    for rule in client.application.url_map.iter_rules():
        if DESK in rule.rule and "GET" in (rule.methods or ()) and not rule.rule.endswith(".csv"):
            with suppress(BuildError):
                path = routes.build(rule.endpoint, {name: values[name] for name in rule.arguments if name in values})
                yield rule.rule.partition(DESK)[2], path
    for name, chosen in FILTERED.items():
        yield f"/catalogue, {name}", f"/lv/desk/catalogue?{urlencode(chosen)}"
    yield "/next, new listings", "/lv/desk/next?only=listing"


def some_listing(services: Services) -> str:
    """The public id of a public listing."""
    with services.database.reading() as session:
        return session.scalars(select(Initiative.public_id).where(Initiative.state == "published").limit(1)).one()


def timed(client: FlaskClient, path: str, times: int, database: Database) -> Times | None:
    """How long a page takes; None where there is nothing to show."""
    by_clock, of_processor, until = [], [], time.perf_counter() + PATIENCE_SECONDS
    for turn in range(times + 1):
        if turn == 1:
            before = database_milliseconds(database)
        began, computed = time.perf_counter(), time.process_time()
        answer = client.get(path)
        answer.get_data()
        by_clock.append((time.perf_counter() - began) * 1000)
        of_processor.append((time.process_time() - computed) * 1000)
        if answer.status_code != 200:
            return None
        if turn > 1 and time.perf_counter() > until:
            break
    after = database_milliseconds(database)
    of_database = None if before is None or after is None else (after - before) / turn
    return Times(by_clock[0], by_clock[1:], of_processor[1:], of_database)


def database_milliseconds(database: Database) -> float | None:
    """How long the processes of a PostgreSQL of this machine have computed for this database; None for SQLite."""
    if database.engine.dialect.name != "postgresql":
        return None
    with database.reading() as session:
        ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        return cpu_milliseconds(session.scalars(text(ours)))


if __name__ == "__main__":
    main()

"""`python -m bench.desk`: every page of the desk over many listings, one row a page."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import BuildError

from bench.corpus import records
from bench.deciding import LARGE, let_wait
from platforma.catalogue.database import prepare
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.models import Initiative, Role, User
from platforma.catalogue.people import accounts
from platforma.secret_key import secret_key
from platforma.services import Services, open_services
from platforma.settings import load_settings
from platforma.web.app import create_app
from platforma.web.context import COOKIE
from platforma.worker.indexing import ensure_index

WAITING, EMAIL, DESK = 200, "desk@sic.example", "/desk"
HEAD = "| page | ms p50 / p95 | CPU ms p50 | first, ms |\n|---|---|---|---|"
FILTERED: Mapping[str, Mapping[str, str]] = {
    "words": {"q": "skola"},
    "words, country, state": {"q": "skola", "country": "LV", "state": "published"},
    "theme, kind, by change": {"theme": "education", "kind": "project", "sort": "changed"},
    "the hundredth page": {"skip": "5000"},
}
"""Addresses of the list of all listings, by what is chosen in it."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one page: of the first answer, and of each later one by the clock and of the processor."""

    first: float
    by_clock: list[float]
    of_processor: list[float]

    def __str__(self) -> str:
        p95 = quantiles(self.by_clock, n=20)[-1]
        return f"{median(self.by_clock):.0f} / {p95:.0f} | {median(self.of_processor):.0f} | {self.first:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description="Times each page of the desk.")
    parser.add_argument("--size", type=int, default=10_000, help="how many listings (10000)")
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked for (20)")
    parser.add_argument("--data", type=Path, help="a folder to keep, or one that an earlier run has filled")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        run(chosen.size, chosen.times, chosen.data or Path(temporary))


def run(size: int, times: int, folder: Path) -> None:
    """Fill the folder where it is empty, let some listings wait, and print a row for each page."""
    settings = load_settings(data_dir=folder)
    if not (folder / "platforma.sqlite").exists():
        import_records(prepare(settings), LARGE, records(size), actor="bench", secret_key=secret_key(settings))
    with open_services(settings) as services:
        ensure_index(services)
        let_wait(services, WAITING)
        ensure_index(services)
        client = signed_in(services)
        print(f"{size:,} listings, {WAITING} of them wait\n\n{HEAD}")
        for name, path in pages(services, client):
            if found := timed(client, path, times):
                print(f"| {name} | {found} |", flush=True)


def signed_in(services: Services) -> FlaskClient:
    """A browser in which an administrator has signed in."""
    client = create_app(services).test_client()
    with services.database.writing() as session:
        known = session.scalar(select(User.id).where(User.email == EMAIL))
        id = known or accounts.add_user(session, email=EMAIL, role=Role.ADMIN, actor="bench").id
        client.set_cookie(COOKIE, accounts.open_session(session, id))
    return client


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


def timed(client: FlaskClient, path: str, times: int) -> Times | None:
    """How long a page takes; None where there is nothing to show."""
    by_clock, of_processor = [], []
    for _time in range(times + 1):
        began, computed = time.perf_counter(), time.process_time()
        answer = client.get(path)
        answer.get_data()
        by_clock.append((time.perf_counter() - began) * 1000)
        of_processor.append((time.process_time() - computed) * 1000)
        if answer.status_code != 200:
            return None
    return Times(by_clock[0], by_clock[1:], of_processor[1:])


if __name__ == "__main__":
    main()

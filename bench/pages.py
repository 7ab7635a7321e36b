"""`python -m bench.pages`: each kind of page of the site over many listings, with filters, places and days, one row a kind."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bench.corpus import COUNTRIES, KINDS, THEMES, questions, records
from bench.filled import LARGE, add_arguments, filled
from bench.serving import Served, free_port, served
from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.pictures.fetched import Encoded, due_images, keep_picture
from platforma.catalogue.platforms import platform_queries
from platforma.services import Services, open_services
from platforma.settings import Settings
from platforma.worker.indexing import drain_outbox, ensure_index
from search.port import Query


@dataclass(frozen=True, slots=True)
class Parts:
    """The last parts of the addresses of listings, and of that of a platform."""

    listings: Sequence[str]
    platform: str


Parameters = Mapping[str, str]
Values = Mapping[str, Sequence[str]]
"""By parameter, the values of which each address has one."""
PICTURED, PICTURES = "pictured", 200
"""The platform of the listings with pictures, and how many these are."""
HEAD = "| page | ms p50 / p95 / p99 | CPU ms a page |\n|---|---|---|"
REGIONS = ("LV-latgale", "LV-vidzeme", "LV-kurzeme", "EE-tartu", "LT-kaunas")
TOWNS = ("Rīga", "Tartu", "Viļņa", "56.95,24.1")
SEVERAL = {"country": "LV", "theme": "education", "kind": "organisation", "sector": "-public"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description="Times each kind of page over HTTP.")
    parser.add_argument("--pages", type=int, default=200, help="how many pages of each kind are asked for (200)")
    add_arguments(parser)
    chosen = parser.parse_args()
    with filled(chosen) as settings:
        run(settings, chosen.size, chosen.pages)


def run(settings: Settings, size: int, count: int) -> None:
    """Print a row for each kind of page."""
    with open_services(settings) as services:
        ensure_index(services)
        add_pictured(services)
        parts = parts_of(services, count)
    port = free_port()
    command = [sys.executable, "-m", "platforma", "serve", "--no-worker", "--port", str(port)]
    place = {"PLATFORMA_DATA_DIR": str(settings.data_dir), "PLATFORMA_DATABASE_URL": settings.database_url}
    with served(command, port, "/healthz", place) as site:
        print(f"{size:,} listings\n\n{HEAD}")
        for name, paths in kinds_of_pages(count, parts).items():
            print(f"| {name} | {cells(site, paths)} |", flush=True)


def cells(site: Served, paths: Sequence[str]) -> str:
    """Times, and the CPU time of the program for a page."""
    site.timing(paths[:20])
    before = site.cpu_milliseconds()
    timing = site.timing(paths)
    asked = len(paths) + min(20, len(paths))
    return f"{timing} | {(site.cpu_milliseconds() - before) / asked:.1f}"


def add_pictured(services: Services) -> None:
    """Listings with a picture each, as if it had been fetched, under a platform of their own; once for a folder."""
    with services.database.reading() as session:
        if PICTURED in platform_queries.platform_titles(session):
            return
    pictured = (pictured_record(number, record) for number, record in enumerate(records(PICTURES)))
    import_records(services.database, PICTURED, pictured, actor="bench", secret_key=services.secret_key)
    with services.database.writing() as session:
        for number, due in enumerate(due_images(session, utc_now(), PICTURES)):
            thumb, page = Encoded(120, 120, b"small %d" % number), Encoded(640, 480, b"large %d" % number)
            keep_picture(session, due, thumb, page, utc_now())
    drain_outbox(services)


def pictured_record(number: int, record: Record) -> Record:
    """A record with an image that may be shown, and a title of its own."""
    image = f"https://bench.example/{number}.jpg"
    return replace(record, remote_id=f"p{number}", title={"lv": f"Ar bildi {number}"}, image=image, licence="CC0-1.0")


def parts_of(services: Services, count: int) -> Parts:
    """The last parts of the addresses of so many listings, and of the platform that has most."""
    ids = [hit.id for hit in services.engine.search(Query(per_page=min(100, count))).hits]
    with services.database.reading() as session:
        listings = [f"{one.public_id}/{one.slug}" for one in listing_queries.listings(session, ids)]
        platform = next(name for name in platform_queries.platform_names(session).values() if name.id == LARGE)
    return Parts(listings, f"{platform.public_id}/{platform.slug}")


def kinds_of_pages(count: int, parts: Parts) -> Mapping[str, Sequence[str]]:
    """The addresses of each kind of page."""
    texts, generator = questions(count), random.Random(5)

    def searches(values: Values, path: str = "search", *, has_words: bool = True) -> list[str]:
        chosen = [{name: generator.choice(several) for name, several in values.items()} for _ in texts]
        words = [{"q": text} if has_words else {} for text in texts]
        return [_address(path, {**asked, **more}) for asked, more in zip(words, chosen, strict=True)]

    within = [f"/lv/themes/{theme}/{code.lower()}" for theme in THEMES for code in COUNTRIES]
    landings = [*(f"/lv/kinds/{kind}" for kind in KINDS), *within]
    four: Values = {name: (value,) for name, value in SEVERAL.items()}
    near: Values = {"near": TOWNS, "km": ("10", "50")}
    return {
        "results for words": searches({}),
        "… in a region": searches({"region": REGIONS}),
        "… near a town": searches(near),
        "… of events to come": searches({"kind": ("event",), "when": ("upcoming",)}),
        "… with four filters": searches(four),
        "four filters, region, days": searches({**four, "region": REGIONS, "when": ("current", "all")}, has_words=False),
        "one country, no words": searches({"country": ("LV", "EE", "LT")}, has_words=False),
        "near a town by distance, no words": searches(near, has_words=False),
        "open calls, no words": searches({"kind": ("funding",), "when": ("open",)}, has_words=False),
        "table for words": searches({}, "table"),
        "map for words": searches({}, "map"),
        "points of the map for words": searches({}, "map.json"),
        "points of the map, everything": searches({}, "map.json", has_words=False)[: max(20, count // 10)],
        "results with pictures": searches({"platform": (PICTURED,), "country": COUNTRIES[:6]}, has_words=False),
        "a listing": [f"/lv/initiatives/{listing}" for listing in parts.listings],
        "a platform": [f"/lv/platforms/{parts.platform}"] * count,
        "start": ["/lv/"] * count,
        "landing pages": [generator.choice(landings) for _ in texts],
        "all landing pages": ["/lv/browse"] * count,
        "suggestions": [_address("suggest", {"q": text[: max(3, len(text) - 3)]}) for text in texts],
    }


def _address(path: str, parameters: Parameters) -> str:
    return f"/lv/{path}?{urlencode(parameters)}"


if __name__ == "__main__":
    main()

"""`python -m bench.pages`: each kind of page of the site over many listings, with filters, places and days, one row a kind."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from bench.corpus import questions, records
from bench.serving import Served, free_port, served
from platforma.catalogue.database import prepare
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import listing_queries
from platforma.secret_key import secret_key
from platforma.services import open_services
from platforma.settings import load_settings
from platforma.worker.indexing import ensure_index
from search.port import Query

Parameters = Mapping[str, str]
Values = Mapping[str, Sequence[str]]
"""By parameter, the values of which each address has one."""
HEAD = "| page | ms p50 / p95 / p99 | CPU ms a page |\n|---|---|---|"
REGIONS = ("LV-latgale", "LV-vidzeme", "LV-kurzeme", "EE-tartu", "LT-kaunas")
TOWNS = ("Rīga", "Tartu", "Viļņa", "56.95,24.1")
SEVERAL = {"country": "LV", "theme": "education", "kind": "organisation", "sector": "-public"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description="Times each kind of page over HTTP.")
    parser.add_argument("--size", type=int, default=10_000, help="how many listings (10000)")
    parser.add_argument("--pages", type=int, default=200, help="how many pages of each kind are asked for (200)")
    parser.add_argument("--data", type=Path, help="a folder to keep, or one that an earlier run has filled")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        run(chosen.size, chosen.pages, chosen.data or Path(temporary))


def run(size: int, count: int, folder: Path) -> None:
    """Fill the folder where it is empty, and print a row for each kind of page."""
    settings = load_settings(data_dir=folder)
    if not (folder / "platforma.sqlite").exists():
        import_records(prepare(settings), "bench", records(size), actor="bench", secret_key=secret_key(settings))
    with open_services(settings) as services:
        ensure_index(services)
        ids = [hit.id for hit in services.engine.search(Query(per_page=count)).hits]
        with services.database.reading() as session:
            listings = [f"{one.public_id}/{one.slug}" for one in listing_queries.listings(session, ids)]
    port = free_port()
    command = [sys.executable, "-m", "platforma", "serve", "--no-worker", "--port", str(port)]
    with served(command, port, "/healthz", {"PLATFORMA_DATA_DIR": str(folder)}) as site:
        print(f"{size:,} listings\n\n{HEAD}")
        for name, paths in kinds_of_pages(count, listings).items():
            print(f"| {name} | {cells(site, paths)} |", flush=True)


def cells(site: Served, paths: Sequence[str]) -> str:
    """Times, and the CPU time of the program for a page."""
    site.timing(paths[:20])
    before = site.cpu_milliseconds()
    timing = site.timing(paths)
    asked = len(paths) + min(20, len(paths))
    return f"{timing} | {(site.cpu_milliseconds() - before) / asked:.1f}"


def kinds_of_pages(count: int, listings: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The addresses of each kind of page; `listings` are the last parts of those of listings."""
    texts, generator = questions(count), random.Random(5)

    def searches(values: Values, path: str = "search", *, has_words: bool = True) -> list[str]:
        chosen = [{name: generator.choice(several) for name, several in values.items()} for _ in texts]
        words = [{"q": text} if has_words else {} for text in texts]
        return [_address(path, {**asked, **more}) for asked, more in zip(words, chosen, strict=True)]

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
        "a listing": [f"/lv/initiatives/{listing}" for listing in listings],
        "start": ["/lv/"] * count,
        "suggestions": [_address("suggest", {"q": text[: max(3, len(text) - 3)]}) for text in texts],
    }


def _address(path: str, parameters: Parameters) -> str:
    return f"/lv/{path}?{urlencode(parameters)}"


if __name__ == "__main__":
    main()

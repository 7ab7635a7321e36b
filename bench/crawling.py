"""Crawls of many sites, beside Scrapy: `python -m bench.crawling --scrapy .venv-bench/bin/python`.

Each program reads the same sites (bench.sites) once, without delay, in a process of its own; pages a second by the clock,
CPU seconds and the largest memory of that process and of those that it starts (what they share counts once). Ours also reads
them a second time, a day later with 1 % of the pages changed, and tells how many bytes that took.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

from bench.serving import free_port
from bench.sites import PAGES, SITES, address, host
from crawlers.adapters import structured
from crawlers.crawl import crawl
from crawlers.fetch import Page, PoliteSession
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Record
from crawlers.state import CrawlResult, MemoryState, PageValidators

SECONDS_BETWEEN_SAMPLES = 0.5
AT_ONCE = 4
"""So many sites are crawled side by side, each politely over one connection."""


class RememberingState(MemoryState):
    """A state that knows in a second crawl what the first one read."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, PageValidators] = {}
        self.of_url: dict[str, frozenset[str]] = {}

    def validators_of(self, url: str) -> PageValidators | None:
        return self.pages.get(url)

    def record_ids_of(self, url: str) -> frozenset[str]:
        return self.of_url.get(url, frozenset())

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        if validators:
            self.pages[url] = validators
        self.of_url[url] = remote_ids

    def unchanged(self, remote_id: str, url: str) -> None:
        """What is known stays so."""


@dataclass(frozen=True, slots=True)
class Run:
    """One program over all sites: its largest memory, and what it told of its own crawl (records, seconds, cpu_seconds …)."""

    megabytes: float
    told: dict[str, float]

    def row(self, total: int) -> str:
        """Pages a second, CPU milliseconds a page, megabytes."""
        return f"{total / self.told['seconds']:.0f} | {self.told['cpu_seconds'] / total * 1000:.2f} | {self.megabytes:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.crawling", description=str(__doc__).splitlines()[0])
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--pages", type=int, default=PAGES, help="pages a site")
    parser.add_argument("--scrapy", help="a Python that has Scrapy")
    parser.add_argument("--ours", nargs=2, type=int, metavar=("FIRST", "SECOND"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.ours:
        print(json.dumps(read_twice(chosen.sites, *chosen.ours)))
        return
    with served(chosen.sites, chosen.pages, 0.0) as first, served(chosen.sites, chosen.pages, 1.0) as second:
        report(chosen.sites, chosen.pages, first, second, chosen.scrapy)


def report(sites: int, pages: int, first: int, second: int, scrapy: str | None) -> None:
    """Print a table, a row a program, and what a second crawl takes."""
    total = sites * pages
    print("| program | pages a second | CPU ms a page | memory MB |\n|---|---|---|---|")
    ours = timed([sys.executable, "-m", "bench.crawling", "--sites", str(sites), "--ours", str(first), str(second)], total)
    print(f"| ours | {ours.row(total)} |", flush=True)
    if scrapy:
        for kind, name in (("extract", "our extraction"), ("selectors", "hand-written selectors")):
            run = timed([scrapy, "-m", "bench.spiders", kind, str(first), str(sites)], total)
            print(f"| Scrapy, {name} | {run.row(total)} |", flush=True)
    told = ours.told
    share = f"{told['second_bytes'] / told['bytes']:.1%} of the bytes"
    print(f"\nA second crawl, 1 % changed: {share}, {told['second_pages']} requests, {told['second_seconds']:.1f} s.")


def read_twice(sites: int, first: int, second: int) -> dict[str, float]:
    """Crawl all sites, then what they are a day later (served on another port, known under the first)."""
    states = [RememberingState() for _ in range(sites)]
    started, cpu = time.perf_counter(), time.process_time()
    pages, size, readers = read(states, first)
    found: dict[str, float] = {"records": sum(len(state.records) for state in states), "pages": pages, "bytes": size}
    found |= {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu + readers}
    for state in states:
        state.pages = {_moved(url, first, second): validators for url, validators in state.pages.items()}
        state.of_url = {_moved(url, first, second): ids for url, ids in state.of_url.items()}
    started = time.perf_counter()
    pages, size, _ = read(states, second)
    return found | {"second_pages": pages, "second_bytes": size, "second_seconds": time.perf_counter() - started}


def read(states: list[RememberingState], port: int) -> tuple[int, int, float]:
    """Crawl one site into each state; (requests, bytes, CPU seconds of the readers)."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(_crawled, range(len(states)), states, repeat(port)))
    readers = sum(result.cost["reader_cpu_ms"] for result in results) / 1000
    return sum(result.pages_fetched for result in results), sum(result.bytes_fetched for result in results), readers


def _crawled(site: int, state: RememberingState, port: int) -> CrawlResult:
    recipe = recipe_of(site, port)
    with PoliteSession(contact=None, allow_private=True) as session:
        result = crawl(recipe, session, state)
    assert result.failure is None, result.failure
    return result


@cache
def recipe_of(site: int, port: int) -> Recipe:
    """How such a site is read."""
    return Recipe(platform=f"site-{site}", url=address(site, port), adapter="structured")


def records_of(url: str, body: bytes) -> Iterator[Record]:
    """Our extraction and normalising of one page, for whoever fetched it."""
    recipe = recipe_of(0, 80)
    page = Page(url, 200, {"content-type": "text/html; charset=utf-8"}, body)
    normaliser = Normaliser(recipe)
    return (record for raw in structured.ADAPTER.extract(page, recipe) if (record := normaliser.record(raw)))


def timed(command: list[str], total: int) -> Run:
    """Run a program to its end, with our packages in its reach; it must have read every page."""
    paths = [".", "platform", sysconfig.get_path("purelib")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": ":".join(paths)})
    sizes = [_megabytes(process.pid)]
    while process.poll() is None:
        sizes.append(_megabytes(process.pid))
        time.sleep(SECONDS_BETWEEN_SAMPLES)
    assert process.stdout
    told = json.loads(process.stdout.read())
    assert process.returncode == 0 and told["records"] == total, told
    return Run(max(sizes), told)


def _megabytes(pid: int) -> float:
    """The memory of a process and of all that it started, each page divided by the processes that share it (PSS, Linux)."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        children = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(_megabytes(int(child)) for child in children)


@contextmanager
def served(sites: int, pages: int, changed_percent: float) -> Iterator[int]:
    """The sites on a port, until the block's end."""
    port = free_port()
    command = [sys.executable, "-m", "bench.sites", "--sites", str(sites), "--pages", str(pages), "--port", str(port)]
    process = subprocess.Popen([*command, "--changed", str(changed_percent)])
    try:
        _wait_for(host(sites - 1), port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(name: str, port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            socket.create_connection((name, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {name}:{port}")


def _moved(url: str, first: int, second: int) -> str:
    return url.replace(f":{first}/", f":{second}/", 1)


if __name__ == "__main__":
    main()

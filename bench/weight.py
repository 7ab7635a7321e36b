"""What a browser loads for the first view of each kind of page: bytes, requests, and how far the layout shifts."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.filled import fill
from bench.search import FACETS, fill_table
from bench.serving import free_port, served
from platforma.services import open_services
from platforma.settings import load_settings
from platforma.worker.indexing import ensure_index

LISTINGS = 2_000
QUIET_MILLISECONDS, PATIENCE_SECONDS = 500, 60
PAGES = {
    "start": "/lv/",
    "results": "/lv/search?q=darbs",
    "table": "/lv/table?q=darbs",
    "map": "/lv/map",
    "platforms": "/lv/platforms/",
}
HEAD = "| page | unpacked kB | packed kB | requests | to other hosts | layout shift |"
SHIFTS = """
() => new Promise((done) => {
  let shift = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) shift += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(shift), 600);
})
"""


@dataclass
class Load:
    """What one view of a page loaded: bytes as shown and as sent (with heads), addresses, the cumulative layout shift."""

    unpacked: int = 0
    packed: int = 0
    addresses: list[str] = field(default_factory=list)
    shift: float = 0
    pending: set[str] = field(default_factory=set)

    def wait(self, page: Page) -> None:
        """Until nothing that the page asked for is on its way, for half a second. TimeoutError after a minute."""
        end = time.monotonic() + PATIENCE_SECONDS
        asked = -1
        while self.pending or asked != len(self.addresses):
            if time.monotonic() > end:
                raise TimeoutError(f"{page.url}: no answer to {len(self.pending)} of {len(self.addresses)} requests")
            asked = len(self.addresses)
            page.wait_for_timeout(QUIET_MILLISECONDS)

    def row(self, name: str, base: str) -> str:
        elsewhere = [address for address in self.addresses if not address.startswith(base)]
        return (
            f"| {name} | {self.unpacked / 1000:.1f} | {self.packed / 1000:.1f} | {len(self.addresses)} | {len(elsewhere)}"
            f" | {self.shift:.3f} |"
        )


def run(datasette: str | None) -> None:
    """Print a table, a row for each kind of page, and one for Datasette's page over the same listings."""
    print(HEAD + "\n" + "|---" * 6 + "|")
    with tempfile.TemporaryDirectory() as name, browser() as chromium:
        folder = Path(name)
        with site(folder) as port:
            base = f"http://127.0.0.1:{port}"
            for page, path in PAGES.items():
                print(loaded(chromium, base + path).row(page, base), flush=True)
        if datasette:
            print(theirs(chromium, datasette, folder), flush=True)


@contextmanager
def site(folder: Path) -> Iterator[int]:
    """Fill a data folder with the listings, and serve them; gives the port."""
    settings = load_settings(data_dir=folder)
    fill(settings, LISTINGS)
    with open_services(settings) as services:
        ensure_index(services)
    port = free_port()
    command = [sys.executable, "-m", "platforma", "serve", "--no-worker", "--port", str(port)]
    with served(command, port, "/healthz", {"PLATFORMA_DATA_DIR": str(folder)}):
        yield port


def theirs(chromium: Browser, datasette: str, folder: Path) -> str:
    """Datasette's page of the same listings with five facets."""
    path, port = folder / "datasette.db", free_port()
    fill_table(path, LISTINGS)
    with served([datasette, "serve", "-i", str(path), "--port", str(port)], port, "/-/versions.json"):
        base = f"http://127.0.0.1:{port}"
        facets = "&".join(f"_facet={name}" for name in FACETS)
        return loaded(chromium, f"{base}/datasette/listings?_search=darbs&_size=20&{facets}").row("Datasette, results", base)


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, as it is installed here."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])


def loaded(chromium: Browser, address: str) -> Load:
    """What a phone with nothing in its cache loads for an address."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    load = Load()

    def begin(event: dict[str, Any]) -> None:
        load.addresses.append(event["request"]["url"])
        load.pending.add(event["requestId"])

    def end(event: dict[str, Any]) -> None:
        load.packed += int(event.get("encodedDataLength", 0))
        load.pending.discard(event["requestId"])

    def count_unpacked(event: dict[str, Any]) -> None:
        load.unpacked += int(event["dataLength"])

    network.on("Network.requestWillBeSent", begin)
    network.on("Network.loadingFinished", end)
    network.on("Network.loadingFailed", end)
    network.on("Network.dataReceived", count_unpacked)
    page.goto(address, timeout=PATIENCE_SECONDS * 1000)
    load.wait(page)
    load.shift = float(page.evaluate(SHIFTS))
    context.close()
    return load

"""Sites that are crawled slowly, keep pages back, and count what is asked of them; and what must be true after their crawls."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from platforma.catalogue.database import upgrade
from platforma.catalogue.models import Crawl, Initiative, Lease, Record
from platforma.catalogue.platforms import platform_states
from platforma.settings import load_settings
from tests.crawlers.server import ENTRY, Handler, running
from tests.whole.processes import database_of

PAGES = 20
SITES = ("viens", "divi", "tris")
ORDER = (*range(0, 18, 2), *range(1, 18, 2), 18, 19)
"""The numbers of the pages in the order in which they are read: first those from which the frame of a site is learnt."""
HELD, HELD_LATER = 5, 13
"""The pages that a site keeps back while its crawler is killed, before anything is committed, or stopped."""


class Busy:
    """A site that counts how often each page was asked for and how many were answered at once, and keeps one page back."""

    def __init__(self, held: int | None) -> None:
        self.requests: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.url = ""
        self._held, self._released = held, threading.Event()

    def hold(self, number: int | None) -> None:
        """Keep back this page from now on, and let go of the former."""
        former, self._held, self._released = self._released, number, threading.Event()
        former.set()

    def is_waited_for(self, number: int) -> bool:
        return self.requests[f"/project/{number}"] > 0

    def wait(self, path: str) -> None:
        """Come back when the page is not kept back any more."""
        if path == f"/project/{self._held}":
            self._released.wait(120)

    def times_asked(self) -> list[int]:
        """How often each page was asked for, by its number."""
        return [self.requests[f"/project/{number}"] for number in range(PAGES)]


@contextmanager
def busy_site(held: int | None = None) -> Iterator[Busy]:
    """A site of PAGES initiatives, each page of which takes a moment."""
    busy = Busy(held)

    class Counting(Handler):
        requested: list[str] = []  # noqa: RUF012 - the handler's own list
        listed = tuple(f"/project/{number}" for number in range(PAGES))

        def do_GET(self) -> None:
            with busy.lock:
                busy.requests[self.path] += 1
            busy.wait(self.path)
            with busy.lock:
                busy.at_once += 1
                busy.most_at_once = max(busy.most_at_once, busy.at_once)
            time.sleep(0.02)  # so that two crawlers would meet
            with busy.lock:
                busy.at_once -= 1
            with suppress(OSError):
                super().do_GET()

        def on_page(self) -> None:
            port, number = self.headers["Host"].split(":")[1], self.path.rsplit("/", 1)[-1]
            self.answer(200, ENTRY.format(f"vieta{port}-{number}").encode())

    with running(Counting) as base:
        busy.url = f"{base}/"
        yield busy
        busy.hold(None)


def prepare(data: Path, settings: dict[str, str]) -> None:
    """An empty catalogue."""
    upgrade(load_settings(data_dir=data, database_url=settings.get("PLATFORMA_DATABASE_URL", "")))


def approve(data: Path, settings: dict[str, str], platform_id: str, url: str) -> None:
    recipe: dict[str, Any] = {"platform": platform_id, "title": platform_id, "url": url, "adapter": "sitemap"}
    with database_of(data, settings).writing() as session:
        platform_states.propose_platform(session, platform_states.Proposal(url=url, title=platform_id, recipe=recipe), actor="t")
        platform_states.approve_platform(session, platform_id=platform_id, actor="t")


def all_done(data: Path, settings: dict[str, str]) -> bool:
    with database_of(data, settings).reading() as session:
        return (session.scalar(select(func.count()).select_from(Crawl).where(Crawl.state == "done")) or 0) == len(SITES)


def all_is_there_once(data: Path, settings: dict[str, str]) -> None:
    """Each site was crawled by one crawl, into one record and one listing for each page, and no lease is left."""
    with database_of(data, settings).reading() as session:
        crawls = list(session.scalars(select(Crawl).order_by(Crawl.id)))
        assert [(crawl.state, crawl.counts["new"], crawl.counts["gone"]) for crawl in crawls] == [("done", PAGES, 0)] * len(SITES)
        assert session.scalar(select(func.count()).select_from(Record)) == PAGES * len(SITES)
        kinds = [row["fields"].get("kind") for row in session.scalars(select(Initiative.composed))]
        assert sum(kind != "platform" for kind in kinds) == PAGES * len(SITES)
        assert session.scalar(select(func.count()).select_from(Lease)) == 0


def end(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.terminate()
        worker.wait(60)


@contextmanager
def three_sites(data: Path, settings: dict[str, str], held: int | None = None) -> Iterator[list[Busy]]:
    """All sites, approved in an empty catalogue."""
    prepare(data, settings)
    with ExitStack() as stack:
        sites = [stack.enter_context(busy_site(held)) for _ in SITES]
        for name, site in zip(SITES, sites, strict=True):
            approve(data, settings, name, site.url)
        yield sites

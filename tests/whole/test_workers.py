"""Workers that are killed, stopped and started while several sites are crawled: nothing twice, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from platforma.catalogue.database import upgrade
from platforma.catalogue.models import Crawl, Initiative, Lease, Record
from platforma.catalogue.platforms import platform_states
from platforma.settings import load_settings
from tests.crawlers.server import ENTRY, Handler, running
from tests.whole.processes import command, database_of, start, wait_until

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


def test_workers_killed_in_the_middle_do_nothing_twice_and_lose_nothing(
    tmp_path: Path, new_postgres: Callable[[], str], redis_url: str
) -> None:
    settings = {"PLATFORMA_DATABASE_URL": new_postgres(), "PLATFORMA_QUEUE_URL": redis_url}
    with three_sites(tmp_path, settings, HELD) as sites:
        workers = [start("worker", data=tmp_path, **settings) for _ in range(3)]
        try:
            wait_until(lambda: all(site.is_waited_for(HELD) for site in sites))
            for worker in workers[:2]:
                worker.send_signal(signal.SIGKILL)
                worker.wait(60)
            for site in sites:
                site.hold(None)
            workers.append(start("worker", data=tmp_path, **settings))
            wait_until(lambda: all_done(tmp_path, settings))
        finally:
            end(workers)
    all_is_there_once(tmp_path, settings)
    assert all(max(site.times_asked()) <= 2 for site in sites)
    assert all(site.most_at_once <= 2 for site in sites), "of the killed one's page and the next one's first"


def test_one_worker_killed_and_one_stopped_leave_the_rest_to_the_next(tmp_path: Path) -> None:
    with three_sites(tmp_path, {}, HELD) as sites:
        killed = start("worker", data=tmp_path)
        wait_until(lambda: all(site.is_waited_for(HELD) for site in sites))
        killed.kill()
        killed.wait(60)
        for site in sites:
            site.hold(HELD_LATER)
        stopped = start("worker", data=tmp_path)
        wait_until(lambda: all(site.is_waited_for(HELD_LATER) for site in sites))
        stopped.terminate()
        assert stopped.wait(60) == 0, "it ends before the pages come, which are kept back"
        with database_of(tmp_path, {}).reading() as session:
            assert session.scalar(select(func.count()).select_from(Lease)) == 0, "nothing need run out first"
            assert set(session.scalars(select(Crawl.state))) == {"running"}
        for site in sites:
            site.hold(None)
        last = start("worker", data=tmp_path)
        try:
            wait_until(lambda: all_done(tmp_path, {}))
        finally:
            end([last])
    all_is_there_once(tmp_path, {})
    read_twice = {*ORDER[: ORDER.index(HELD) + 1], HELD_LATER}
    once_more = [2 if number in read_twice else 1 for number in range(PAGES)]
    assert all(site.times_asked() == once_more for site in sites), "what was staged before the stop is not asked for again"
    assert all(site.most_at_once == 1 for site in sites)


def test_many_platforms_are_crawled_side_by_side_and_summed_up(tmp_path: Path) -> None:
    with three_sites(tmp_path, {}) as sites:
        approve(tmp_path, {}, "slikts", "http://127.0.0.1:9/")
        done = command("crawl", data=tmp_path)
    assert done.returncode == 1
    assert "not crawled: slikts" in done.stderr
    lines = done.stderr.splitlines()
    heading = next(number for number, line in enumerate(lines) if line.startswith("platform "))
    table = {line.split()[0]: line.split() for line in lines[heading : heading + 6]}
    assert table["platform"][-1] == "seconds"
    assert table["viens"][:4] == ["viens", "done", str(PAGES), str(PAGES)]
    assert table["slikts"][1] == "failed"
    assert table["together"][1] == str(PAGES * len(SITES))
    assert "cannot be reached" in done.stderr
    assert all(site.most_at_once == 1 for site in sites)


def test_the_same_host_twice_is_crawled_one_after_the_other(tmp_path: Path) -> None:
    prepare(tmp_path, {})
    with busy_site() as site:
        approve(tmp_path, {}, "viens", site.url)
        approve(tmp_path, {}, "divi", f"{site.url}lv/")
        done = command("crawl", "viens", "divi", data=tmp_path)
    assert done.returncode == 0, done.stderr
    assert site.most_at_once == 1


def test_ctrl_c_keeps_what_was_read(tmp_path: Path) -> None:
    prepare(tmp_path, {})
    with busy_site(HELD) as site:
        approve(tmp_path, {}, "viens", site.url)
        crawl = start("crawl", "viens", data=tmp_path)
        wait_until(lambda: site.is_waited_for(HELD))
        os.kill(crawl.pid, signal.SIGINT)
        assert crawl.wait(60) == 1
        assert "continues from there" in (tmp_path / "crawl.log").read_text()
        site.hold(None)
        done = command("crawl", "viens", data=tmp_path)
    assert done.returncode == 0, done.stderr
    assert site.times_asked() == [2 if number == HELD else 1 for number in range(PAGES)]

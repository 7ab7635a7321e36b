"""Workers that are killed, stopped and started while several sites are crawled: nothing twice, nothing lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from platforma.catalogue import changes
from platforma.catalogue.models import Crawl, Initiative, Lease, Record
from tests.crawlers.server import ENTRY, Handler
from tests.whole.processes import command, database_of, start, wait_until

PAGES = 25
SITES = ("viens", "divi", "tris")


class Busy:
    """A site that counts how often each page was asked for, and how many requests there were at once."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.url = ""


@contextmanager
def busy_site() -> Iterator[Busy]:
    """A site of PAGES initiatives, each page of which takes a moment."""
    busy = Busy()

    class Counting(Handler):
        asked: list[str] = []  # noqa: RUF012 - the handler's own list
        listed = tuple(f"/project/{number}" for number in range(PAGES))

        def do_GET(self) -> None:
            with busy.lock:
                busy.asked[self.path] += 1
                busy.at_once += 1
                busy.most_at_once = max(busy.most_at_once, busy.at_once)
            time.sleep(0.05)
            with busy.lock:
                busy.at_once -= 1
            super().do_GET()

        def on_page(self) -> None:
            port, number = self.headers["Host"].split(":")[1], self.path.rsplit("/", 1)[-1]
            self.answer(200, ENTRY.format(f"vieta{port}-{number}").encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    busy.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield busy
    finally:
        server.shutdown()
        server.server_close()


def settings_of(kind: str, request: pytest.FixtureRequest) -> dict[str, str]:
    if kind == "small":
        return {}
    return {
        "PLATFORMA_DATABASE_URL": request.getfixturevalue("new_postgres")(),
        "PLATFORMA_QUEUE_URL": request.getfixturevalue("redis_url"),
    }


def approve(data: Path, settings: dict[str, str], platform_id: str, url: str) -> None:
    recipe: dict[str, Any] = {"platform": platform_id, "title": platform_id, "url": url, "adapter": "sitemap"}
    recipe["limits"] = {"delay_seconds": 0.1}
    with database_of(data, settings).writing() as session:
        changes.propose_platform(session, url=url, title=platform_id, recipe=recipe, contact_email=None, actor="t")
        changes.approve_platform(session, platform_id=platform_id, actor="t")


def all_done(data: Path, settings: dict[str, str]) -> bool:
    with database_of(data, settings).reading() as session:
        return (session.scalar(select(func.count()).select_from(Crawl).where(Crawl.state == "done")) or 0) == len(SITES)


@pytest.mark.parametrize(("kind", "workers"), [("small", 1), ("production", 3)])
def test_workers_killed_in_the_middle_do_nothing_twice_and_lose_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, workers: int
) -> None:
    settings = settings_of(kind, request)
    assert command("upgrade", data=tmp_path, **settings).returncode == 0
    with ExitStack() as stack:
        sites = {name: stack.enter_context(busy_site()) for name in SITES}
        for name, site in sites.items():
            approve(tmp_path, settings, name, site.url)
        running = [start("worker", data=tmp_path, **settings) for _ in range(workers)]
        wait_until(lambda: all(len(site.asked) > 5 for site in sites.values()))
        for worker in running[:2]:
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
        time.sleep(0.5)
        running += [start("worker", data=tmp_path, **settings)]
        try:
            wait_until(lambda: all_done(tmp_path, settings))
        finally:
            for worker in running:
                worker.terminate()
                worker.wait(10)
    with database_of(tmp_path, settings).reading() as session:
        crawls = list(session.scalars(select(Crawl).order_by(Crawl.id)))
        assert [(one.state, one.counts["new"], one.counts["gone"]) for one in crawls] == [("done", PAGES, 0)] * len(SITES)
        assert session.scalar(select(func.count()).select_from(Record)) == PAGES * len(SITES)
        kinds = [row["fields"].get("kind") for row in session.scalars(select(Initiative.composed))]
        assert sum(kind != "platform" for kind in kinds) == PAGES * len(SITES)
        assert session.scalar(select(func.count()).select_from(Lease)) == 0
    for site in sites.values():
        assert max(site.asked[f"/project/{number}"] for number in range(PAGES)) <= 2
        assert site.most_at_once <= 2 if kind == "production" else site.most_at_once == 1


def test_sigterm_stops_a_worker_cleanly_and_the_next_goes_on(tmp_path: Path) -> None:
    assert command("upgrade", data=tmp_path).returncode == 0
    with ExitStack() as stack:
        sites = {name: stack.enter_context(busy_site()) for name in SITES}
        for name, site in sites.items():
            approve(tmp_path, {}, name, site.url)
        first = start("worker", data=tmp_path)
        wait_until(lambda: all(len(site.asked) > 5 for site in sites.values()))
        began = time.monotonic()
        first.terminate()
        assert first.wait(10) == 0
        assert time.monotonic() - began < 5
        with database_of(tmp_path, {}).reading() as session:
            assert session.scalar(select(func.count()).select_from(Lease)) == 0, "nothing need run out first"
            assert set(session.scalars(select(Crawl.state))) == {"running"}
        second = start("worker", data=tmp_path)
        try:
            wait_until(lambda: all_done(tmp_path, {}))
        finally:
            second.terminate()
            second.wait(10)
    for site in sites.values():
        assert {site.asked[f"/project/{number}"] for number in range(PAGES)} <= {1, 2}
        assert sum(site.asked[f"/project/{number}"] for number in range(PAGES)) <= PAGES + 1, "what was staged is not asked again"
        assert site.most_at_once == 1


def test_many_platforms_are_crawled_side_by_side_and_summed_up(tmp_path: Path) -> None:
    assert command("upgrade", data=tmp_path).returncode == 0
    with ExitStack() as stack:
        sites = {name: stack.enter_context(busy_site()) for name in SITES}
        for name, site in sites.items():
            approve(tmp_path, {}, name, site.url)
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
    assert all(site.most_at_once == 1 for site in sites.values())


def test_the_same_host_twice_is_crawled_one_after_the_other(tmp_path: Path) -> None:
    assert command("upgrade", data=tmp_path).returncode == 0
    with busy_site() as site:
        approve(tmp_path, {}, "viens", site.url)
        approve(tmp_path, {}, "divi", f"{site.url}lv/")
        done = command("crawl", "viens", "divi", data=tmp_path)
    assert done.returncode == 0, done.stderr
    assert site.most_at_once == 1


def test_ctrl_c_keeps_what_was_read(tmp_path: Path) -> None:
    assert command("upgrade", data=tmp_path).returncode == 0
    with busy_site() as site:
        approve(tmp_path, {}, "viens", site.url)
        crawl = start("crawl", "viens", data=tmp_path)
        wait_until(lambda: len(site.asked) > 8)
        os.kill(crawl.pid, signal.SIGINT)
        assert crawl.wait(10) == 1
        assert "goes on from there" in (tmp_path / "crawl.log").read_text()
        done = command("crawl", "viens", data=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sum(site.asked[f"/project/{number}"] for number in range(PAGES)) <= PAGES + 1

"""Workers that are killed, stopped and started while several sites are crawled: nothing twice, nothing lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from platforma.catalogue.models import Crawl, Lease
from tests.whole.busy_sites import (
    HELD,
    HELD_LATER,
    ORDER,
    PAGES,
    SITES,
    all_done,
    all_is_there_once,
    approve,
    busy_site,
    end,
    prepare,
    three_sites,
)
from tests.whole.processes import command, database_of, start, wait_until


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

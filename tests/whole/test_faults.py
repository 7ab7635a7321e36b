"""Servers that fail while sites are crawled: nothing is lost, nothing is there twice, and no hand is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis as Client
from sqlalchemy import create_engine, text

from tests.servers import redis
from tests.servers.failing_postgres import FailingPostgres
from tests.whole.busy_sites import HELD, Busy, all_done, all_is_there_once, end, three_sites
from tests.whole.processes import start, wait_until


def crawled_through(data: Path, settings: dict[str, str], fault: Callable[[], None]) -> None:
    """Two workers crawl three sites; the fault comes while all sites keep a page back."""
    with three_sites(data, settings, HELD) as sites:
        workers = [start("worker", data=data, **settings) for _ in range(2)]
        try:
            wait_until(lambda: all(site.is_waited_for(HELD) for site in sites))
            fault()
            release(sites)
            wait_until(lambda: all_done(data, settings))
            assert [worker.poll() for worker in workers] == [None, None], (data / "worker.log").read_text()
        finally:
            release(sites)
            end(workers)
    all_is_there_once(data, settings)


def release(sites: list[Busy]) -> None:
    for site in sites:
        site.hold(None)


def test_postgresql_killed_and_started_again(tmp_path: Path, failing_postgres: FailingPostgres, redis_url: str) -> None:
    def fault() -> None:
        failing_postgres.kill()
        failing_postgres.start_again()

    settings = {"PLATFORMA_DATABASE_URL": failing_postgres.url, "PLATFORMA_QUEUE_URL": redis_url}
    crawled_through(tmp_path, settings, fault)


def test_all_connections_to_postgresql_cut(tmp_path: Path, failing_postgres: FailingPostgres, redis_url: str) -> None:
    def fault() -> None:
        engine = create_engine(failing_postgres.url)
        with engine.connect() as connection:
            others = "pid <> pg_backend_pid() AND backend_type = 'client backend'"
            assert connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")).all()
        engine.dispose()

    settings = {"PLATFORMA_DATABASE_URL": failing_postgres.url, "PLATFORMA_QUEUE_URL": redis_url}
    crawled_through(tmp_path, settings, fault)


@pytest.mark.parametrize("is_killed", [False, True], ids=["emptied", "killed"])
def test_redis_that_loses_all_it_had(tmp_path: Path, new_postgres: Callable[[], str], is_killed: bool) -> None:
    server = redis.start_redis()

    def fault() -> None:
        nonlocal server
        if is_killed:
            redis.stop_redis(server, at_once=True)
            server = redis.start_redis(server.port)
        else:
            Client(port=server.port).flushall()

    try:
        settings = {"PLATFORMA_DATABASE_URL": new_postgres(), "PLATFORMA_QUEUE_URL": server.url()}
        crawled_through(tmp_path, settings, fault)
    finally:
        redis.stop_redis(server)

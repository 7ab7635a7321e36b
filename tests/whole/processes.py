"""The program as processes: commands that end, commands that go on, and what can be waited for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from platforma.catalogue.database import Database
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_states


def command(*words: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PLATFORMA_DATA_DIR": str(data), "PLATFORMA_CRAWL_PRIVATE_HOSTS": "1", **settings}
    return subprocess.run([sys.executable, "-m", "platforma", *words], env=env, capture_output=True, text=True, timeout=600)


def production(request: pytest.FixtureRequest) -> dict[str, str]:
    return {
        "PLATFORMA_DATABASE_URL": request.getfixturevalue("new_postgres")(),
        "PLATFORMA_SEARCH_URL": f"{request.getfixturevalue('elastic_url')}/w{os.getpid()}",
        "PLATFORMA_QUEUE_URL": request.getfixturevalue("redis_url"),
    }


def database_of(data: Path, settings: dict[str, str]) -> Database:
    return Database(settings.get("PLATFORMA_DATABASE_URL", f"sqlite:///{data / 'platforma.sqlite'}"))


def propose(data: Path, url: str, settings: dict[str, str], **more: object) -> None:
    recipe = {"platform": "wp", "title": "wp", "url": url, "limits": {"delay_seconds": 0.3}, **more}
    with database_of(data, settings).writing() as session:
        platform_states.propose_platform(session, platform_states.Proposal(url=url, title="wp", recipe=recipe), actor="test")


def listing_count(data: Path, settings: dict[str, str]) -> int:
    with database_of(data, settings).reading() as session:
        return len(listing_queries.new_listings(session, limit=100_000, platform_id="wp"))


def start(name: str, *words: str, data: Path, **settings: str) -> subprocess.Popen[bytes]:
    """A command that goes on by itself; what it says goes to a file of its name."""
    env = {**os.environ, "PLATFORMA_DATA_DIR": str(data), "PLATFORMA_CRAWL_PRIVATE_HOSTS": "1", **settings}
    with (data / f"{name}.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "platforma", name, *words], env=env, stdout=log, stderr=log)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 600
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def free_ports(count: int) -> int:
    """The first of so many consecutive ports that are free, below those that the system gives; each process looks elsewhere first."""
    starts = list(range(21_000, 32_000, 50))
    first = os.getpid() % len(starts)
    for port in starts[first:] + starts[:first]:
        if not any(listens(port + number) for number in range(count)):
            return port
    raise AssertionError("no free ports")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 600
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)

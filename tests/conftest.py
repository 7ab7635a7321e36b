"""Fixtures for all tests: one real server of a kind for a whole run, fresh databases, a closed network.

Policy: a test takes the smallest data that shows its point and builds odd cases inline; larger samples are invented and stand
in tests/samples. Servers are real. What this machine lacks is skipped, but fails where CI or REQUIRE_ALL is set, so that nothing
is green by being left out. No test module imports another; what tests share stands in helper modules and, as fixtures, in
conftest. The benches are measured on these samples in tests/quality, and nowhere else. What hypothesis draws is the same at each run.
"""

from __future__ import annotations

import ipaddress
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from platforma.catalogue.database import upgrade
from platforma.settings import load_settings
from tests.servers import elastic, java, postgres, redis, shared
from tests.servers import failing_postgres as failing
from tests.servers.databases import NewPostgres, databases
from tests.servers.failing_postgres import FailingPostgres
from tests.servers.missing import missing

settings.register_profile("repeatable", deadline=None, derandomize=True, database=None, max_examples=30)
settings.load_profile("repeatable")

ORDER = (
    "unit",
    "rules",
    "structure",
    "quality",
    "crawlers",
    "whole",
    "browser",
    "catalogue",
    "contract",
    "demo",
    "people",
    "web",
)
"""The folders in the order in which they run: what fails in seconds first, then what takes longest, so that no worker is left
with it at the end while the others wait."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shared.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shared.end_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        group = item.path.relative_to(Path(__file__).parent).parts[0]
        return ORDER.index(group) if group in ORDER else len(ORDER)

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach this machine only; anything else is an error that names the address."""

    def guarded(name: str) -> None:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(arguments[-1][0]):
                raise AssertionError(f"a test reached for {arguments[-1]}")
            return real(self, *arguments)

        monkeypatch.setattr(socket.socket, name, call)

    for name in ("connect", "connect_ex", "sendto"):
        guarded(name)


def is_here(host: str) -> bool:
    """Whether a socket's host is this machine; a name other than localhost is not, whatever it would resolve to."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def elastic_url() -> str:
    try:
        java.find_java_home()
    except java.JavaNotFound as error:
        missing(str(error))
    try:
        elastic.home()
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        missing(f"Elasticsearch does not come by Maven (apt-get install -y maven): {error}")

    def start() -> dict[str, object]:
        node = elastic.start_node()
        return {"pid": node.popen.pid, "folder": str(node.folder), "url": node.url}

    return str(shared.shared("elastic", start)["url"])


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of the server's own database."""

    def start() -> dict[str, object]:
        server = postgres.start_postgres()
        return {
            "pid": server.popen.pid,
            "folder": str(server.folder),
            "signal": int(signal.SIGINT),
            "url": server.url(),
        }

    try:
        postgres.bin_dir()
    except FileNotFoundError as error:
        missing(str(error))
    return str(shared.shared("postgres", start)["url"])


@pytest.fixture
def failing_postgres() -> Iterator[FailingPostgres]:
    """A server of the test's own, which may be frozen and killed."""
    try:
        postgres.bin_dir()
    except FileNotFoundError as error:
        missing(str(error))
    with failing.failing_postgres() as server:
        yield server


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[NewPostgres]:
    with databases(postgres_server) as make:
        yield make


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database at this code's version, to be copied: migrating takes far longer."""
    with databases(postgres_server) as make:
        url = make()
        upgrade(load_settings(data_dir=tmp_path_factory.mktemp("migrated"), database_url=url))
        yield url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at this code's version, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    upgrade(load_settings(data_dir=folder, database_url=f"sqlite:///{folder / 'catalogue.sqlite'}"))
    return folder / "catalogue.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database of each kind, without rows."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_sqlite'), tmp_path)}"
    return str(request.getfixturevalue("new_postgres")(request.getfixturevalue("migrated_postgres")))


@pytest.fixture(scope="session")
def redis_url(worker: str) -> str:
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        missing("redis-server: apt-get install -y redis-server")

    def start() -> dict[str, object]:
        server = redis.start_redis()
        return {"pid": server.popen.pid, "folder": str(server.folder), "url": server.url()}

    number = int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
    return str(shared.shared("redis", start)["url"]).rsplit("/", 1)[0] + f"/{number}"

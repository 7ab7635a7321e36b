"""A site whose processes are killed: what is left ends or is started again, and nothing is in the way of the next one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from platforma.locks import lock
from platforma.settings import load_settings
from tests.servers.process import children, is_running
from tests.whole.busy_sites import HELD, approve, busy_site
from tests.whole.processes import command, free_ports, listens, start, wait_for, wait_until

Tree = dict[int, str]
"""The processes below one, each with its command line."""


def below(pid: int) -> Tree:
    pids = children(pid)
    tree = {child: Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in pids if is_running(child)}
    return tree | {pid: line for child in pids for pid, line in below(child).items()}


def web_processes(site: subprocess.Popen[bytes]) -> list[int]:
    return [pid for pid, line in below(site.pid).items() if " serve " in line or line.startswith("gunicorn: worker")]


def workers(site: subprocess.Popen[bytes]) -> list[int]:
    return [pid for pid, line in below(site.pid).items() if line.strip().endswith("platforma worker")]


@contextmanager
def serving(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A site of two web processes and a worker; the block may end it."""
    site = start("serve", "--port", str(port), "--processes", "2", data=data)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", site, data / "serve.log")
        wait_until(lambda: "the worker works" in (data / "serve.log").read_text())
        yield site
    finally:
        site.terminate()
        site.wait(60)


def titles(port: int) -> list[str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/initiatives?q=maize", timeout=60) as answer:
        return [item["title"] for item in json.load(answer)["items"]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one listing."""
    records = tmp_path / "records.jsonl"
    records.write_text('{"remote_id": "1", "title": {"lv": "Maizes ceptuve"}}\n', encoding="utf-8")
    done = command("import", str(records), "--platform", "a", data=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_a_killed_web_process_and_a_killed_worker_are_replaced(data: Path) -> None:
    port = free_ports(1)
    with serving(data, port) as site:
        (worker,) = workers(site)
        killed = {*web_processes(site), worker}
        assert len(killed) == 3, below(site.pid)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len({*web_processes(site), *workers(site)} - killed) == 3)
        wait_for(f"http://127.0.0.1:{port}/readyz", site, data / "serve.log")
        assert titles(port) == ["Maizes ceptuve"]
    assert "worker ended by itself and is started again" in (data / "serve.log").read_text()
    assert site.returncode == 0


def test_nothing_outlives_a_killed_site(data: Path) -> None:
    port = free_ports(1)
    with serving(data, port) as site:
        tree = below(site.pid)
        assert len(tree) >= 3
        site.kill()
        site.wait(60)
        wait_until(lambda: not any(map(is_running, tree)) and not listens(port))
    with serving(data, port):
        assert titles(port) == ["Maizes ceptuve"]


def test_sigterm_waits_neither_for_a_crawl_nor_for_a_slow_client(data: Path) -> None:
    port = free_ports(1)
    with busy_site(HELD) as held:
        approve(data, {}, "viens", held.url)
        with serving(data, port) as site, socket.create_connection(("127.0.0.1", port)) as slow:
            wait_until(lambda: held.is_waited_for(HELD))
            slow.sendall(b"GET /lv/ HTTP/1.1\r\nHost: x\r\n")
            tree = below(site.pid)
            site.terminate()
            assert site.wait(60) == 0
            assert not any(map(is_running, tree)), "while the page is still kept back, and the client has not finished"


def test_two_sites_on_one_folder_show_the_same(data: Path) -> None:
    first = free_ports(2)
    second = first + 1
    with serving(data, first), serving(data, second):
        assert titles(first) == titles(second) == ["Maizes ceptuve"]


def test_a_site_starts_while_another_process_builds_the_index(data: Path) -> None:
    shutil.rmtree(data / "index")
    port = free_ports(1)
    with lock(load_settings(data_dir=data), "rebuild"):
        site = start("serve", "--port", str(port), data=data)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", site, data / "serve.log")
            with pytest.raises(HTTPError, match="503"):
                titles(port)
        except BaseException:
            site.kill()
            raise
    try:
        assert command("reindex", data=data).returncode == 0, "as the other process would have done"
        wait_for(f"http://127.0.0.1:{port}/readyz", site, data / "serve.log")
        assert titles(port) == ["Maizes ceptuve"]
        assert "another process builds the search index" in (data / "serve.log").read_text()
    finally:
        site.terminate()
        site.wait(60)

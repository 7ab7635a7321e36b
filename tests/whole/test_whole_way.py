"""The whole way, as a person goes it: the demonstration from an empty folder, through the command line, to a page."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from platforma.cli.main import main
from platforma.demo.content import expected_titles
from platforma.demo.serve import RunningSites, start_sites
from platforma.demo.sites import SITES
from tests.crawlers.server import hostile
from tests.whole.processes import (
    command,
    free_ports,
    listens,
    listing_count,
    production,
    propose,
    start,
    wait_for,
    wait_until,
)


@pytest.fixture(scope="module")
def sites() -> Iterator[RunningSites]:
    with start_sites() as running:
        yield running


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
def test_each_kind_of_site_is_read_by_its_address_alone(sites: RunningSites, site: object, tmp_path: Path) -> None:
    done = command("crawl", "--url", sites.urls[site.id], "--jsonl", "-", data=tmp_path)  # type: ignore[attr-defined]
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert {next(iter(r["title"].values())) for r in records} == expected_titles(site.id)  # type: ignore[attr-defined]
    assert not (tmp_path / "platforma.sqlite").exists()


def test_a_proposal_is_not_public_until_it_is_approved(sites: RunningSites, tmp_path: Path) -> None:
    url = sites.urls["static-jsonld"]
    done = command("crawl", "--url", url, data=tmp_path)
    assert done.returncode == 0, done.stderr
    name = command("platforms", "list", data=tmp_path).stdout.split("\t")[0]
    assert "0 found" in command("search", "", data=tmp_path).stderr
    assert command("platforms", "approve", name, data=tmp_path).returncode == 0
    result = command("search", "ceptuve", "--json", data=tmp_path)
    assert [item["title"] for item in json.loads(result.stdout)["items"]] == ["Saules maize"]
    again = command("crawl", name, data=tmp_path)
    assert f"unchanged {len(expected_titles('static-jsonld'))}" in again.stderr, again.stderr


def test_a_dry_run_changes_nothing(sites: RunningSites, tmp_path: Path) -> None:
    done = command("crawl", "--url", sites.urls["register-csv"], "--dry-run", data=tmp_path)
    difference = json.loads(done.stdout)
    assert len(difference["new"]) == len(expected_titles("register-csv"))
    assert command("export", str(tmp_path / "all.jsonl"), "--all", data=tmp_path).stderr.startswith("0 listings")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("crawl", "--url", "http://127.0.0.1:9/", "--jsonl", "-"), "cannot be reached"),
        (("crawl", "--url", "ftp://x", "--jsonl", "-"), "https://"),
        (("crawl", "no-such-platform"), "platforms list"),
        (("platforms", "approve", "nope"), "platforms list"),
        (("export", "listing.pdf"), ".jsonl"),
        (("import", __file__, "--platform", "x"), "--recipe"),
        (("user", "add", "redaktors", "--role", "curator"), "no e-mail address"),
        (("serve", "--host", "192.0.2.1", "--no-worker"), "cannot listen on 192.0.2.1:8000"),
    ],
)
def test_what_goes_wrong_is_one_clear_line(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = command(*words, data=tmp_path)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_ends_with_two(tmp_path: Path) -> None:
    shell = CliRunner(env={"PLATFORMA_DATA_DIR": str(tmp_path)})
    for words in (("crawl", "--nope"), ("search", "x", "--lang", "de"), ("search", "x", "--country", "-Latvia"),
                  ("serve", "--port", "99999"), ("demo", "--port", "65530"), ("demo", "--port", "0")):  # fmt: skip
        assert shell.invoke(main, words).exit_code == 2, words
    assert "organisation" in shell.invoke(main, ("search", "x", "--kind", "shop")).stderr
    wrong = shell.invoke(main, ("serve",), env={"PLATFORMA_TIME_ZONE": "Mars"})
    assert (wrong.exit_code, wrong.stderr.startswith("Error: PLATFORMA_TIME_ZONE")) == (1, True)


@pytest.mark.parametrize(
    ("words", "name", "value", "says"),
    [
        (("platforms", "list"), "PLATFORMA_DATABASE_URL", "nonsense", "Error: PLATFORMA_DATABASE_URL: this is no address"),
        (("worker",), "PLATFORMA_QUEUE_URL", "redis://127.0.0.1:9", "Error: the queue at redis://127.0.0.1 does not answer"),
        (("search", "x"), "PLATFORMA_SEARCH_URL", "http://127.0.0.1:9", "Error: Elasticsearch at http://127.0.0.1:9 does not"),
    ],
)
def test_a_server_that_is_not_there_is_one_clear_line(
    words: tuple[str, ...], name: str, value: str, says: str, tmp_path: Path
) -> None:
    done = command(*words, data=tmp_path, **{name: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command("serve", "--port", str(port), data=tmp_path)
    assert done.returncode == 1
    assert (
        done.stderr
        == f"Error: cannot listen on 127.0.0.1:{port}: Address already in use; choose another with --host and --port\n"
    )


def test_private_addresses_need_the_setting(sites: RunningSites, tmp_path: Path) -> None:
    done = command("crawl", "--url", sites.urls["feed"], "--jsonl", "-", data=tmp_path, PLATFORMA_CRAWL_PRIVATE_HOSTS="0")
    assert done.returncode == 1
    assert "PLATFORMA_CRAWL_PRIVATE_HOSTS" in done.stderr


def test_the_demonstration_serves_and_ends_with_all_it_started(tmp_path: Path) -> None:
    port = free_ports(len(SITES) + 1)
    words = [sys.executable, "-m", "platforma", "demo", "--port", str(port), "--data", str(tmp_path)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, env=os.environ | {"PLATFORMA_DATA_DIR": str(tmp_path)})
    try:
        page = wait_for(f"http://127.0.0.1:{port}/lv/search?q=maizes", process, tmp_path / "log")
        assert "Saules <mark>maize</mark>" in page
        assert json.loads(wait_for(f"http://127.0.0.1:{port}/readyz", process, tmp_path / "log"))["index"] == "ok"
        (line,) = re.findall(r"^From the shell: +(.+)$", (tmp_path / "log").read_text(), re.M)
        elsewhere = os.environ | {"PLATFORMA_DATA_DIR": str(tmp_path / "elsewhere")}
        typed = subprocess.run(line, shell=True, env=elsewhere, capture_output=True, text=True, timeout=600)
        assert len(typed.stdout.splitlines()) > 5, typed.stderr
        other = free_ports(len(SITES) + 1)
        moved = command("demo", "--port", str(other), "--data", str(tmp_path), data=tmp_path)
        assert (moved.returncode, f"made with --port {port};" in moved.stderr) == (1, True), "its addresses would lead nowhere"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    deadline = time.monotonic() + 60
    while listens(port + 1) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not listens(port + 1)


def test_a_search_in_an_empty_directory_says_so_and_where_another_is(tmp_path: Path) -> None:
    for words in (("search", "aprites ekonomika"), ("search", "aprites ekonomika", "--json")):
        done = command(*words, data=tmp_path)
        assert done.returncode == 0
        assert "0 found\nnothing is listed yet in the directory of" in done.stderr and "demonstration" not in done.stderr
    records = tmp_path / "records.jsonl"
    records.write_text('{"remote_id": "1", "title": {"lv": "Aprites ekonomika"}}\n', encoding="utf-8")
    demo = tmp_path / "demo" / "8000"
    assert command("import", str(records), "--platform", "a", "--data", str(demo), data=tmp_path).returncode == 0
    assert f"a demonstration is there: --data {demo}\n" in command("search", "aprites", data=tmp_path).stderr
    result = command("search", "aprites", "--data", str(demo), data=tmp_path, PLATFORMA_DATABASE_URL="postgresql://nowhere/x")
    assert (result.returncode, "Aprites ekonomika" in result.stdout) == (0, True)
    missed = command("search", "nekas", "--data", str(demo), data=tmp_path)
    assert (missed.returncode, missed.stderr.splitlines()[-1]) == (0, "0 found"), "it is not empty"
    assert command("platforms", "list", "--data", str(demo), data=tmp_path).stdout.startswith("a\ttrusted")


def test_production_settings_work_on_the_real_servers(
    sites: RunningSites, tmp_path: Path, new_postgres: object, elastic_url: str, redis_url: str
) -> None:
    settings = {
        "PLATFORMA_DATABASE_URL": new_postgres(),  # type: ignore[operator]
        "PLATFORMA_SEARCH_URL": f"{elastic_url}/t{os.getpid()}",
        "PLATFORMA_QUEUE_URL": redis_url,
    }
    refused = command("platforms", "list", data=tmp_path, **settings)
    assert "platforma upgrade" in refused.stderr
    assert command("upgrade", data=tmp_path, **settings).returncode == 0
    assert command("crawl", "--url", sites.urls["static-jsonld"], data=tmp_path, **settings).returncode == 0
    name = command("platforms", "list", data=tmp_path, **settings).stdout.split("\t")[0]
    assert command("platforms", "approve", name, data=tmp_path, **settings).returncode == 0
    result = command("search", "bakery", "--lang", "en", "--json", data=tmp_path, **settings)
    assert [item["title"] for item in json.loads(result.stdout)["items"]] == ["Sun Bread"]


@pytest.mark.parametrize("kind", ["small", "production"])
def test_a_worker_crawls_what_was_proposed_and_a_killed_one_loses_nothing(
    sites: RunningSites, tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    settings = production(request) if kind == "production" else {}
    assert command("upgrade", data=tmp_path, **settings).returncode == 0
    propose(tmp_path, sites.urls["wordpress-open"], settings)
    killed = start("worker", data=tmp_path, **settings)
    wait_until(lambda: (tmp_path / "worker.log").stat().st_size > 0)
    killed.kill()
    killed.wait(60)
    worker = start("worker", data=tmp_path, **settings)
    try:
        wait_until(lambda: listing_count(tmp_path, settings) == len(expected_titles("wordpress-open")))
    finally:
        worker.terminate()
        worker.wait(60)
    assert "0 found" in command("search", "", data=tmp_path, **settings).stderr, "a proposal is not public"


def test_a_crawl_killed_in_the_middle_goes_on_where_it_was(tmp_path: Path) -> None:
    paths = [f"/project/{number}" for number in range(60)]
    listed_paths = (*paths[:40], "/slow/1", *paths[40:], "/missing/1")
    with hostile(listed=listed_paths) as (base, asked):
        assert command("upgrade", data=tmp_path).returncode == 0
        propose(tmp_path, f"{base}/", {}, adapter="sitemap", limits={"delay_seconds": 0})
        killed = start("crawl", "wp", data=tmp_path)
        wait_until(lambda: "/slow/1" in asked)
        killed.kill()
        killed.wait(60)
        done = command("crawl", "wp", data=tmp_path)
    assert "new 60" in done.stderr, done.stderr
    assert "/missing/1" in done.stderr, "what went wrong is told at the end"
    assert [asked.count(path) for path in paths[:25]] == [1] * 25
    assert {asked.count(path) for path in paths} <= {1, 2}

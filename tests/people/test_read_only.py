"""The data folder's file system becomes read-only: pages and searches go on, forms are refused, and all goes on by itself after it."""

from __future__ import annotations

import html
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.people.desk import GIVEN
from tests.people.site_fixture import SiteFixture, public_id
from tests.servers.read_only import OwnFileSystem, own_file_system

TITLES = {"lv": "Mūsu datubāze pašlaik nav pieejama", "en": "Our database cannot be used at the moment"}

KILLED_READER = """
import os, signal, sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM users").fetchall()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnFileSystem]:
    with own_file_system(tmp_path / "own") as own:
        yield own


@contextmanager
def read_only(own: OwnFileSystem, site: SiteFixture) -> Iterator[None]:
    """Within it the folder is read-only, with the files beside the database that a process which used it leaves there."""
    site.database.dispose()
    subprocess.run([sys.executable, "-c", KILLED_READER, str(site.database.engine.url.database)], check=False)
    own.freeze()
    yield
    own.thaw()


def test_a_site_goes_on_with_what_needs_no_writing_and_well_again_without_a_restart(own: OwnFileSystem) -> None:
    site = SiteFixture(own.folder)
    client, id = site.signed_in(), public_id(site)
    pages = ("/lv/", "/en/search?q=maize", f"/lv/initiatives/{id}/x", "/lv/desk/", "/lv/register", "/readyz", "/healthz")
    before = [client.get(page, follow_redirects=True).status_code for page in pages]
    with read_only(own, site):
        assert [client.get(page, follow_redirects=True).status_code for page in pages] == before
        for lang, title in TITLES.items():
            refused = client.post(f"/{lang}/desk/concepts/new", data=GIVEN)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
            assert f"<h1>{title}" in html.unescape(refused.get_data(as_text=True))
        assert client.get("/lv/desk/").status_code == 200, "by a connection that cannot write"
    assert client.post("/lv/desk/concepts/new", data=GIVEN).status_code == 302
    assert "maizes meistars" in client.get("/lv/desk/concepts/?q=maizes").get_data(as_text=True)
    site.database.dispose()


def test_commands_say_what_is_wrong_and_a_backup_can_still_be_taken(own: OwnFileSystem, tmp_path: Path) -> None:
    site = SiteFixture(own.folder)
    records = tmp_path / "records.jsonl"
    records.write_text('{"remote_id": "1", "title": {"lv": "Maizes ceptuve"}}\n', encoding="utf-8")

    def command(*words: str) -> tuple[int, str]:
        environment = {"PLATFORMA_DATA_DIR": str(own.folder), "PATH": ""}
        words = (sys.executable, "-m", "platforma", *words)
        done = subprocess.run(words, env=environment, text=True, capture_output=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    with read_only(own, site):
        assert command("import", str(records), "--platform", "a") == (
            1, "Error: the database cannot be used now: attempt to write a readonly database\n"
        )  # fmt: skip
        code, said = command("worker")
        assert (code, len(said.splitlines())) == (1, 1) and "Error: the queue at" in said
        code, said = command("search", "maize")
        assert (code, said.splitlines()) == (
            1,
            [f"Error: {own.folder}/rebuild.lock cannot be written: its file system is read-only"],
        )
        code, said = command("doctor")
        assert code == 1 and f"!! data folder: its file system is read-only: {own.folder}" in said
        code, said = command("backup", str(tmp_path / "saved.zip"))
        assert code == 0, said
    assert command("import", str(records), "--platform", "a")[0] == 0

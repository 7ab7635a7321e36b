"""The guide for whoever takes over the server: each of its commands is run as it stands there, in a folder of its own."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from platforma.cli.main import main
from tests.guides.commands import DOCS, blocks_of, environment, run
from tests.servers import process
from tests.web.site import RECORDS, fill
from tests.whole.processes import wait_for

GUIDE = (DOCS / "guides/taking-over.md").read_text(encoding="utf-8")
BLOCKS = blocks_of("guides/taking-over.md")
POSTGRES = "postgresql+psycopg://platforma:password@127.0.0.1/platforma"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a directory in `data`, and a file of records."""
    fill(tmp_path / "data", RECORDS)
    lines = (json.dumps(record.to_json(), ensure_ascii=False) + "\n" for record in RECORDS[:2])
    (tmp_path / "records.jsonl").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def blocks(kind: str) -> list[str]:
    """The commands of the blocks of this kind; those of `after …` begin with the command that has to be done before."""
    return [script for lang, info, script in BLOCKS if lang == "sh" and info.split(" ")[0] == kind]


def test_each_block_is_of_a_kind_that_is_run() -> None:
    assert {(lang, info.split(" ")[0]) for lang, info, _ in BLOCKS} == {
        ("sh", kind) for kind in ("", "after", "servers", "postgresql")
    }


def test_all_commands_without_servers_work_one_after_the_other(folder: Path) -> None:
    said = ""
    for lang, info, script in BLOCKS:
        kind, _, before = info.partition(" ")
        if lang == "sh" and kind in ("", "after"):
            said += run(folder, f"platforma {before}\n{script}" if kind == "after" else script)
    assert "former@example.org\tadmin\tclosed" in run(folder, "platforma user list")
    assert shows_listings(said)
    assert (folder / "rehearsal" / "platforma.sqlite").exists()


def test_the_move_to_postgresql_works(folder: Path, new_postgres: Callable[[], str]) -> None:
    (script,) = blocks("postgresql")
    assert POSTGRES in script
    said = run(folder, script.replace(POSTGRES, new_postgres()))
    assert shows_listings(said)


def shows_listings(said: str) -> bool:
    """Whether a search for everything showed three of the four listings, in whatever order."""
    return sum(title in said for title in ("Saules maize", "Čiekurs", "Repair Map")) >= 2


def test_site_and_worker_start_and_the_site_is_ready(folder: Path) -> None:
    site, worker = blocks("servers")[0].splitlines()
    port = process.free_port()
    log = folder / "output.log"
    with log.open("ab") as out:
        commands = [command.replace("8000", str(port)).split() for command in (site, worker)]
        children = [subprocess.Popen(one, cwd=folder, env=environment(folder), stdout=out, stderr=out) for one in commands]
    try:
        assert '"database":"ok"' in wait_for(f"http://127.0.0.1:{port}/readyz", children[0], log).replace(" ", "")
        assert children[1].poll() is None, log.read_text(encoding="utf-8")
    finally:
        for child in children:
            child.terminate()
        ends = [child.wait(60) for child in children]
    assert ends == [0, 0], log.read_text(encoding="utf-8")


def test_commands_in_sentences_exist() -> None:
    for command in re.findall(r"`platforma ([^`]+)`", GUIDE):
        found: click.Command | None = main
        for word in command.split():
            if isinstance(found, click.Group):
                found = found.commands.get(word)
                assert found, command
            elif word.startswith("--"):
                assert found and any(word in option.opts + option.secondary_opts for option in found.params), command

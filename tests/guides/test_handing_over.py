"""The archive, the key and the guide, and nothing else: the same directory runs elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from platforma.catalogue.models import Initiative, Role
from platforma.catalogue.people import accounts
from platforma.cli.main import main
from platforma.web.app import create_app
from platforma.worker.indexing import ensure_index
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.directory import picture, settle
from tests.guides.commands import blocks_of, run

GUIDE = "guides/handing-over.md"


def open_in(folder: Path) -> CatalogueFixture:
    return CatalogueFixture("", folder / "data")


@pytest.fixture
def giver(tmp_path: Path) -> CatalogueFixture:
    """A directory with all that people do: joined, refused and removed listings, words of curators, accounts."""
    (tmp_path / "giver/data").mkdir(parents=True)
    catalogue = open_in(tmp_path / "giver")
    settle(catalogue, 12)
    with catalogue.database.writing() as session:
        accounts.add_user(session, email="redaktore@sic.example", role=Role.CURATOR, actor="test")
    ensure_index(catalogue.services)
    return catalogue


def statuses(catalogue: CatalogueFixture, ids: list[str]) -> dict[str, tuple[int, str | None]]:
    """What each listing's address answers, and where it leads to."""
    client = create_app(catalogue.services).test_client()
    answers = {id: client.get(f"/lv/initiatives/{id}/") for id in ids}
    return {id: (answer.status_code, answer.location) for id, answer in answers.items()}


def test_with_what_is_handed_over_the_same_directory_runs_elsewhere(giver: CatalogueFixture, tmp_path: Path) -> None:
    getter_folder = tmp_path / "getter"
    getter_folder.mkdir()
    given, gotten = ("\n".join(one.script for one in blocks_of(GUIDE) if one.info == who) for who in ("giver", "getter"))
    run(tmp_path / "giver", given)
    for name in ("handover", "key-to-carry-apart"):
        shutil.move(tmp_path / "giver" / name, getter_folder)
    run(getter_folder, gotten)
    getter = open_in(getter_folder)
    assert picture(getter) == picture(giver)
    ids = all_ids(giver)
    assert statuses(getter, ids) == statuses(giver, ids)
    assert {status for status, _ in statuses(getter, ids).values()} >= {404, 410}, "some were refused, one was removed"


def all_ids(catalogue: CatalogueFixture) -> list[str]:
    with catalogue.database.reading() as session:
        return list(session.scalars(select(Initiative.public_id).order_by(Initiative.id)))


def test_each_block_is_the_givers_or_the_getters() -> None:
    assert {(one.lang, one.info) for one in blocks_of(GUIDE)} == {("sh", "giver"), ("sh", "getter")}


def test_the_commands_of_backup_work_in_their_order(
    giver: CatalogueFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = blocks_of("backup.md")
    monkeypatch.chdir(tmp_path / "giver")
    monkeypatch.setenv("PLATFORMA_DATA_DIR", str(tmp_path / "giver/data"))
    new = tmp_path / "giver/new"
    new.mkdir()
    shutil.copy(tmp_path / "giver/data/secret.key", new)
    for line in block.script.splitlines():
        words = line.partition("#")[0].split()
        assert words[0] == "platforma"
        done = CliRunner().invoke(main, words[1:])
        assert done.exit_code == 0, done.output
    assert picture(CatalogueFixture("", new)) == picture(giver)

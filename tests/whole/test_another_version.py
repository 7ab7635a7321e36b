"""The database was brought to another version: who still runs the former one ends or says so, and nobody writes wrongly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from platforma.catalogue.database import Database, prepare, upgrade
from platforma.catalogue.errors import NotMigrated
from platforma.settings import Settings, load_settings
from platforma.worker.task_queue import request_tasks
from tests.people.site_fixture import SiteFixture, public_id
from tests.whole.processes import command, start, wait_until

NEWER = "install that version, or restore the backup of before the upgrade"


def bring_to_another_version(database: Database, *statements: str) -> None:
    """What a later release's `platforma upgrade` does."""
    with database.writing() as session:
        for statement in ("UPDATE alembic_version SET version_num = '9999'", *statements):
            session.execute(text(statement))


def test_a_worker_ends_and_says_why(tmp_path: Path) -> None:
    worker, log, ours = start("worker", data=tmp_path), tmp_path / "worker.log", load_settings(data_dir=tmp_path)
    try:
        wait_until(lambda: worker.poll() is not None or "the worker works" in log.read_text(encoding="utf-8"))
        bring_to_another_version(Database(ours.database_url))
        request_tasks(ours)
        assert worker.wait(60) == 1
    finally:
        worker.kill()
    said = log.read_text(encoding="utf-8")
    assert "brought to another version; this worker ends" in said
    assert "Traceback" not in said
    done = command("upgrade", data=tmp_path)
    assert done.returncode == 1
    assert NEWER in done.stderr and "Traceback" not in done.stderr


def test_a_page_that_needs_what_is_gone_says_come_back(tmp_path: Path) -> None:
    site = SiteFixture(tmp_path)
    client, address = site.app.test_client(), f"/en/initiatives/{public_id(site)}/"
    gone = "ALTER TABLE initiatives RENAME TO initiatives_of_later"
    bring_to_another_version(site.database, gone)
    answer = client.get(address, follow_redirects=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Our database cannot be used at the moment" in answer.get_data(as_text=True)
    assert client.get("/readyz").get_json()["database"] != "ok"


def test_whoever_upgrades_is_told_of_what_still_runs(tmp_path: Path, new_postgres: Callable[[], str]) -> None:
    url = new_postgres()
    with Database(url).reading() as session:
        session.execute(text("SELECT 1"))
        done = command("upgrade", data=tmp_path, PLATFORMA_DATABASE_URL=url)
        again = command("upgrade", data=tmp_path, PLATFORMA_DATABASE_URL=url)
    assert (done.returncode, again.returncode) == (0, 0)
    assert "connections of others to this database: 1;" in done.stderr
    assert "connections" not in again.stderr, "nothing was upgraded"


@pytest.mark.parametrize("take", [prepare, upgrade])
def test_a_newer_database_is_refused(tmp_path: Path, database_url: str, take: Callable[[Settings], object]) -> None:
    bring_to_another_version(Database(database_url))
    with pytest.raises(NotMigrated, match=NEWER):
        take(load_settings(data_dir=tmp_path, database_url=database_url))

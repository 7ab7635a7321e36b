"""The index follows the catalogue: the outbox loses nothing, a rebuild swaps, a kill leaves the live index."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select

from platforma.catalogue.database import Database, prepare
from platforma.catalogue.errors import NotMigrated
from platforma.catalogue.files.exporting import export
from platforma.catalogue.models import Base, Outbox
from platforma.locks import LockHeld, is_held, lock
from platforma.settings import load_settings
from platforma.worker.indexing import drain_outbox, ensure_index, rebuild_index
from platforma.worker.indexing_thread import IndexingThread
from platforma.worker.task_queue import TASKS, open_queue
from search.factory import open_engine
from search.port import Document, EngineUnavailable, Query
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

ROOT = Path(__file__).parents[2]


def waiting(catalogue: CatalogueFixture) -> int:
    with catalogue.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Outbox)) or 0


def test_migrations_make_what_the_models_say(catalogue: CatalogueFixture) -> None:
    with catalogue.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_new_postgresql_asks_for_its_migrations(new_postgres: object, tmp_path: Path) -> None:
    with pytest.raises(NotMigrated, match="platforma upgrade"):
        prepare(load_settings(data_dir=tmp_path, database_url=new_postgres()))  # type: ignore[operator]


def test_an_engine_that_is_down_loses_nothing(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1")])
    with pytest.raises(EngineUnavailable):
        drain_outbox(replace(catalogue.services, engine=open_engine("http://127.0.0.1:9/x", tmp_path)))
    assert waiting(catalogue) == 1
    services = catalogue.services
    engine = services.engine
    ensure_index(services)
    assert (waiting(catalogue), engine.count()) == (0, 1)


def test_changes_during_a_rebuild_are_in_both_indexes(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    services = catalogue.services
    engine = services.engine
    catalogue.load([record("1")])
    ensure_index(services)
    with lock(catalogue.settings, "rebuild"):
        catalogue.load([record("2")])
        drain_outbox(services)
        assert engine.count() == 2
        assert waiting(catalogue) == 1, "kept for the rebuild"
    assert rebuild_index(services) == 2
    assert (waiting(catalogue), engine.count()) == (0, 2)


def test_a_rebuild_indexes_each_listing_once_and_what_changes_meanwhile(catalogue: CatalogueFixture) -> None:
    services = catalogue.services
    catalogue.load([record("1"), record("2")])
    generation = services.engine.begin_generation()
    added: list[str] = []

    def add(documents: Iterable[Document]) -> int:
        batch = list(documents)
        if not added:
            catalogue.load([record("3")])
        added.extend(document.title["lv"] for document in batch)
        return generation.add(batch)

    begun = Mock(wraps=generation, add=add)
    rebuild_index(replace(services, engine=Mock(wraps=services.engine, begin_generation=lambda: begun)))
    assert (len(added), len(set(added))) == (3, 3)
    assert (waiting(catalogue), services.engine.count()) == (0, 3)


KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock
from platforma.worker.indexing import rebuild_index
from tests.catalogue.catalogue_fixture import CatalogueFixture
services = CatalogueFixture(sys.argv[1], Path(sys.argv[2])).services
generation = services.engine.begin_generation()
def add(documents):
    generation.add(documents)
    print("built, not yet swapped", flush=True)
    sys.stdin.read()
begun = Mock(wraps=generation, add=add)
rebuild_index(replace(services, engine=Mock(wraps=services.engine, begin_generation=lambda: begun)))
"""


def test_a_killed_rebuild_leaves_the_live_index(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    services = catalogue.services
    engine = services.engine
    catalogue.load([record("1")])
    ensure_index(services)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("", "platform"))}
    words = [sys.executable, "-c", KILLED, catalogue.settings.database_url, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout
        assert "not yet swapped" in process.stdout.readline()
        assert is_held(catalogue.settings, "rebuild")
        with pytest.raises(LockHeld):
            rebuild_index(services)
        process.send_signal(signal.SIGKILL)
    assert engine.search(Query(text="nosaukums")).total == 1
    catalogue.load([record("2")])
    rebuild_index(services)
    assert engine.count() == 2
    rebuild_index(services)
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) <= 2


def test_cells_that_a_spreadsheet_would_run_are_escaped(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1", '=HYPERLINK("x")'), record("2", "Parasts")])
    with catalogue.database.snapshot() as session:
        assert export(session, tmp_path / "all.csv") == 2
        assert export(session, tmp_path / "all.jsonl") == 2
    text = (tmp_path / "all.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text
    assert sorted(path.name for path in tmp_path.glob("*all*")) == ["all.csv", "all.jsonl"]


def test_an_export_is_of_one_moment(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1")])
    with catalogue.database.snapshot() as session:
        assert export(session, tmp_path / "before.csv") == 1
        catalogue.load([record("1"), record("2")])
        assert export(session, tmp_path / "after.csv") == 1
    assert (tmp_path / "after.csv").read_bytes() == (tmp_path / "before.csv").read_bytes()
    with catalogue.database.snapshot() as session:
        assert export(session, tmp_path / "later.csv") == 2


def test_a_session_that_fails_writes_nothing(catalogue: CatalogueFixture) -> None:
    database: Database = catalogue.database
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        session.add(Outbox(initiative_id=1))
        raise ZeroDivisionError
    assert waiting(catalogue) == 0


def test_what_is_asked_for_within_a_moment_is_done_at_once(catalogue: CatalogueFixture) -> None:
    ensure_index(catalogue.services)
    thread = IndexingThread(catalogue.services)
    for number in range(3):
        catalogue.load([record(str(number))])
        thread.ask(is_waking=number == 1)
    thread.wait()
    assert waiting(catalogue) == 0 and open_queue(catalogue.settings).pending_count() == len(TASKS)
    catalogue.load([record("3")])
    thread.ask()
    thread.wait()
    assert waiting(catalogue) == 0 and open_queue(catalogue.settings).pending_count() == len(TASKS)

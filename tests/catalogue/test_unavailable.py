"""A database that is silent, killed, busy or full: said so within bounds, nothing half-written, and well again by itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import create_engine, event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from platforma.catalogue import connecting
from platforma.catalogue.database import Database
from platforma.catalogue.errors import DatabaseUnavailable
from platforma.catalogue.models import Role, User
from platforma.catalogue.people import accounts
from platforma.catalogue.terms import closed_lists
from platforma.catalogue.terms.live_thesaurus import LiveThesaurus
from search.breaker import MAX_FAILURES
from tests.servers.failing_postgres import FailingPostgres

PATIENCE_SECONDS = 0.5


def ask(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT 1")).scalar_one())


def is_well_again(database: Database) -> bool:
    """Whether it answers once more, asked until the breaker lets a request through."""
    pause = Event()
    for _ in range(300):
        try:
            return ask(database) == 1
        except DatabaseUnavailable:
            pause.wait(0.1)
    return False


def test_a_frozen_server_is_given_up_and_not_waited_for_again(failing_postgres: FailingPostgres) -> None:
    database = Database(failing_postgres.url, PATIENCE_SECONDS)
    assert ask(database) == 1
    failing_postgres.freeze()
    errors = []
    for _ in range(MAX_FAILURES + 2):
        with pytest.raises(DatabaseUnavailable) as raised:
            ask(database)
        errors.append(str(raised.value))
    assert "no answer within 0.5 seconds" in errors[0] or "timeout" in errors[0]
    assert "did not answer a moment ago" in errors[-1]
    failing_postgres.thaw()
    assert is_well_again(database)
    database.dispose()


def test_a_killed_server_loses_what_was_not_committed_and_keeps_the_rest(failing_postgres: FailingPostgres) -> None:
    database = Database(failing_postgres.url, PATIENCE_SECONDS)
    with database.writing() as session:
        session.execute(text("CREATE TABLE words (word text)"))
        session.execute(text("INSERT INTO words VALUES ('kept')"))
    with pytest.raises(DatabaseUnavailable), database.writing() as session:
        session.execute(text("INSERT INTO words VALUES ('lost')"))
        failing_postgres.kill()
    with pytest.raises(DatabaseUnavailable):
        ask(database)
    failing_postgres.start_again()
    assert is_well_again(database)
    with database.reading() as session:
        assert session.scalars(text("SELECT word FROM words")).all() == ["kept"]
    database.dispose()


def test_connections_that_were_cut_are_made_again_at_the_next_call(new_postgres: object) -> None:
    url = str(new_postgres())  # type: ignore[operator]  # a fixture that makes databases
    database, admin = Database(url, PATIENCE_SECONDS), create_engine(url)
    assert ask(database) == 1
    with admin.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        assert list(connection.scalars(text(others))) == [True]
    assert ask(database) == 1
    admin.dispose()
    database.dispose()


def test_a_full_disk_takes_nothing_and_keeps_what_is_there(migrated_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "full.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")

    @event.listens_for(database.engine, "connect")
    def allow_no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # which is then as many as there are

    with pytest.raises(DatabaseUnavailable, match="full"), database.writing() as session:
        for number in range(2_000):
            accounts.add_user(session, email=f"someone{number}@sic.example", role=Role.READER, actor="test")
            session.flush()
    event.remove(database.engine, "connect", allow_no_more_pages)
    database.engine.dispose()
    with database.writing() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0
        accounts.add_user(session, email="someone@sic.example", role=Role.READER, actor="test")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
    database.dispose()


def test_a_database_that_others_write_for_too_long_is_busy(
    migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "BUSY_TIMEOUT_MS", 20)
    path = tmp_path / "busy.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    database, other = Database(f"sqlite:///{path}"), sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"), database.writing() as session:
        session.execute(text("SELECT 1"))
    assert ask(database) == 1, "reading goes on"
    other.execute("ROLLBACK")
    with database.writing() as session:
        session.execute(text("SELECT 1"))
    other.close()
    database.dispose()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT nothing FROM nowhere", (OperationalError, ProgrammingError)),
        ("INSERT INTO users (id) VALUES (1)", IntegrityError),
    ],
)
def test_faults_of_ours_stay_what_they_are(database_url: str, statement: str, expected: type[Exception]) -> None:
    database = Database(database_url)
    with pytest.raises(expected), database.writing() as session:
        session.execute(text(statement))
    database.dispose()


def test_no_error_tells_the_values_of_a_statement(database_url: str) -> None:
    database = Database(database_url)
    statement = text("INSERT INTO users (id, email) VALUES (:id, :email)")
    with pytest.raises(IntegrityError) as raised, database.writing() as session:
        session.execute(statement, {"id": 1, "email": "secret@sic.example"})
    assert "INSERT INTO users" in str(raised.value)
    assert "parameters hidden" in str(raised.value)
    assert "secret@" not in str(raised.value)
    database.dispose()


def test_searches_do_not_wait_for_whoever_reads_the_thesaurus(migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    thesaurus = LiveThesaurus(Database(f"sqlite:///{migrated_sqlite}"))
    thesaurus.refresh()
    reads, may_end = Event(), Event()

    def never_answered(_session: object) -> tuple[int, int]:
        reads.set()
        may_end.wait(60)
        raise DatabaseUnavailable("no answer")

    monkeypatch.setattr(closed_lists, "stamp", never_answered)
    monkeypatch.setattr(thesaurus, "_next_look_at", 0.0)
    first = Thread(target=thesaurus.refresh)
    first.start()
    assert reads.wait(60)
    second = Thread(target=thesaurus.refresh)
    second.start()
    second.join(60)
    assert not second.is_alive(), "it waited"
    assert first.is_alive()
    may_end.set()
    first.join(60)

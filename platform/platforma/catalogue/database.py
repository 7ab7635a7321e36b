"""The database: sessions for reading and writing, and migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from platforma.catalogue.commit_stamp import commit_stamp
from platforma.catalogue.connecting import connect, translated_errors
from platforma.catalogue.errors import DatabaseUnavailable, NotMigrated
from platforma.locks import lock
from platforma.settings import Settings

__all__ = ["Database", "Session", "connections_of_others", "is_left_behind", "is_migrated", "prepare", "upgrade"]
MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


class Database:
    """One database, SQLite or PostgreSQL. Objects of a session can be read after its end.

    Sessions and connections raise DatabaseUnavailable where it cannot be used now. `patience_seconds` as for connect.
    """

    def __init__(self, url: str, patience_seconds: float | None = None) -> None:
        is_sqlite = url.startswith("sqlite")
        self.engine = connect(url, patience_seconds)
        self._writing = self.engine.execution_options(is_writing=True)
        self._commits = commit_stamp(self.engine)
        self._unchanging = self.engine if is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; changes in it are not committed."""
        with translated_errors(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for reading rows: cheaper than a session, which would hold objects."""
        with translated_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session for reading that sees the rows as they are at its first query, whatever others commit until its end.

        On SQLite each session does.
        """
        with translated_errors(), Session(self._unchanging, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at its end, or rolls back when an exception leaves it.

        On SQLite it takes the write lock at its beginning: a transaction that reads first and writes later fails when
        another process has committed in between.
        """
        with translated_errors(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def stamp(self) -> str:
        """What changes with each commit, whoever makes it: while it stays, all that can be read stays. Raises
        DatabaseUnavailable."""
        with translated_errors():
            return self._commits.read()

    def dispose(self) -> None:
        """Close all connections."""
        self._commits.close()
        self.engine.dispose()


def prepare(settings: Settings) -> Database:
    """The database of the settings, at this code's version. SQLite is created and migrated; for PostgreSQL, NotMigrated is
    raised where `platforma upgrade` has to be run first."""
    if settings.is_sqlite:
        upgrade(settings)
        return Database(settings.database_url)
    database = Database(settings.database_url)
    if not is_migrated(database):
        _refuse_newer(database)
        raise NotMigrated("the database is not at this version; run: platforma upgrade")
    return database


def upgrade(settings: Settings) -> None:
    """Migrate the database to this code's version, one process at a time; writes nothing where it is there already.

    Raises NotMigrated where a newer version has been here.
    """
    if settings.is_sqlite and _is_migrated_file(settings):
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with lock(settings, "migrations"):
        database = Database(settings.database_url)
        if not is_migrated(database):
            _refuse_newer(database)
            with database.engine.connect() as connection:
                command.upgrade(alembic_config(connection), "head")
                connection.commit()
        database.dispose()


def _is_migrated_file(settings: Settings) -> bool:
    """Whether the file of SQLite is there and at this code's version, found without a lock: its folder may be read-only now."""
    database = Database(settings.database_url)
    try:
        return Path(str(database.engine.url.database)).exists() and is_migrated(database)
    finally:
        database.dispose()


def is_migrated(database: Database) -> bool:
    """Whether the database is at this code's version. Raises DatabaseUnavailable."""
    return _revision(database) == _head()


def is_left_behind(database: Database, error: BaseException | None) -> bool:
    """Whether a statement failed since the database was brought to another version while this process went on; False where the
    database cannot tell, as after a failure of another sort."""
    if not isinstance(error, DBAPIError):
        return False
    try:
        return not is_migrated(database)
    except (DBAPIError, DatabaseUnavailable):
        return False


def connections_of_others(database: Database) -> int:
    """How many connections to a database of PostgreSQL others have: sites, workers, people."""
    of_others = "datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with database.connection() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {of_others}")) or 0  # noqa: S608 - no value in it


def _revision(database: Database) -> str | None:
    with database.connection() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(database: Database) -> None:
    """Raise NotMigrated where the database has a migration that this code does not know."""
    revision = _revision(database)
    try:
        ScriptDirectory(str(MIGRATIONS)).get_revision(revision or "base")
    except CommandError as error:
        raise NotMigrated(
            f"the database is of a newer version (migration {revision}) than this program; install that version,"
            " or restore the backup of before the upgrade into an empty folder or database"
        ) from error


@cache
def _head() -> str | None:
    """The id of the newest migration of this code; read once per process."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; it does not depend on the working directory."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config

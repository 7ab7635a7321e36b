"""The composition root: what commands, the worker, the site and the demonstration share, opened and closed in one way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Self

from platforma.catalogue.database import Database, prepare
from platforma.catalogue.terms.live_thesaurus import LiveThesaurus
from platforma.secret_key import secret_key
from platforma.settings import Settings
from search.factory import open_engine
from search.port import SearchEngine


@dataclass(frozen=True, slots=True)
class Services:
    """One installation, as one process has it open. `thesaurus` is the one that searches of this process go by."""

    settings: Settings
    database: Database
    engine: SearchEngine
    thesaurus: LiveThesaurus

    @classmethod
    def open(cls, settings: Settings, database: Database | None = None) -> Self:
        """The services of the settings, over the database if one is open already; each connects when it is first used.

        Raises SearchError for a PLATFORMA_SEARCH_URL of no known kind.
        """
        database = database or Database(settings.database_url)
        return cls(settings, database, open_engine(settings.search_url, settings.data_dir), LiveThesaurus(database))

    @property
    def secret_key(self) -> bytes:
        """The key for cookies, suppression hashes and secrets of links."""
        return secret_key(self.settings)

    def close(self) -> None:
        """Close the engine and the database."""
        self.engine.close()
        self.database.dispose()


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """The services of the settings over a database at this version; closed at the end. Raises CatalogueError and SearchError.

    A SQLite database is made and migrated first.
    """
    with closing(Services.open(settings, prepare(settings))) as services:
        yield services

"""The composition root: settings, database and search engine of one installation, opened once a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from platforma.catalogue.database import Database, prepare
from platforma.settings import Settings
from search.factory import open_engine
from search.port import SearchEngine


@dataclass(frozen=True, slots=True)
class Services:
    """What every job needs."""

    settings: Settings
    database: Database
    engine: SearchEngine


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Database and engine by the settings, given back at the end."""
    database = prepare(settings)
    engine = open_engine(settings.search_url, settings.data_dir)
    try:
        yield Services(settings, database, engine)
    finally:
        engine.close()
        database.dispose()

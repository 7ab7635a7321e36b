"""The reindex, upgrade and setup commands."""

from __future__ import annotations

from platforma.catalogue.database import Database, connections_of_others, is_migrated
from platforma.catalogue.database import upgrade as upgrade_database
from platforma.cli.output import CommandFailed, tell
from platforma.installing.dictionary import fetch_dictionary
from platforma.installing.gazetteer import fetch_towns
from platforma.installing.hashed import NotFetched
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.indexing import rebuild_index


def reindex(settings: Settings) -> None:
    """Rebuild the index beside the live one, then swap."""
    with open_services(settings) as services:
        total = rebuild_index(services, lambda done: tell(f"{done} listings …"))
    tell(f"{total} listings indexed")


def upgrade(settings: Settings) -> None:
    """Migrate the database to head; tell when sites or workers are still connected to it."""
    if not settings.is_sqlite:
        _tell_of_others(settings)
    upgrade_database(settings)
    tell("the database is at this version")


def _tell_of_others(settings: Settings) -> None:
    database = Database(settings.database_url)
    if not is_migrated(database) and (others := connections_of_others(database)):
        tell(f"connections of others to this database: {others}; sites and workers of the former version have to be stopped")
    database.dispose()


def fetch_all() -> None:
    """Fetch the Latvian dictionary and the table of towns; nothing where they are there. Raises CommandFailed."""
    for name, fetch in (("the Latvian dictionary", fetch_dictionary), ("the table of towns", fetch_towns)):
        try:
            fetch()
        except (NotFetched, OSError) as error:
            raise CommandFailed(f"{name} could not be fetched: {error}") from error

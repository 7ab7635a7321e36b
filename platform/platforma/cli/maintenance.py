"""The reindex and upgrade commands."""

from __future__ import annotations

from platforma.catalogue.database import upgrade as upgrade_database
from platforma.cli.output import tell
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.indexing import rebuild_index


def reindex(settings: Settings) -> None:
    """Rebuild the index beside the live one, then swap."""
    with open_services(settings) as services:
        total = rebuild_index(services, lambda done: tell(f"{done} listings …"))
    tell(f"{total} listings indexed")


def upgrade(settings: Settings) -> None:
    """Migrate the database to head."""
    upgrade_database(settings)
    tell("the database is at this version")

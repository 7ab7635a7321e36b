"""Changes of many listings, which the worker makes while the person goes on."""

from __future__ import annotations

from platforma.catalogue.lists import bulk_changes
from platforma.services import Services
from platforma.worker.maintenance import update_index


def carry_on_bulk_changes(services: Services) -> None:
    """Do all that is left of bulk changes and of their undoing, then bring the index up to date."""
    with services.database.reading() as session:
        open_ids = bulk_changes.open_ids(session)
    for bulk_id in open_ids:
        bulk_changes.carry_on(services.database, bulk_id)
    if open_ids:
        update_index(services)

"""The removals commands."""

from __future__ import annotations

import click

from platforma.catalogue.listings import removal_register
from platforma.cli.output import SHELL, tell
from platforma.services import open_services
from platforma.settings import Settings


def list_removals(settings: Settings) -> None:
    """Print a line for each removal, the newest first: id, day, by whom, public id, state, kinds of marks, reason."""
    with open_services(settings) as services, services.database.reading() as session:
        entries, _ = removal_register.entries(session)
    for entry in entries:
        state = f"lifted {entry.lifted_at:%Y-%m-%d}" if entry.lifted_at else "holds"
        cells = (f"{entry.at:%Y-%m-%d}", entry.by, entry.public_id or "-", state, ",".join(entry.kinds) or "-", entry.reason)
        click.echo("\t".join((str(entry.id), *(" ".join(cell.split()) for cell in cells))))


def lift_removal(settings: Settings, removal_id: int, reason: str) -> None:
    """Lift a removal. Raises NotFound, BadState where it was lifted before, and BadValue without a reason."""
    with open_services(settings) as services, services.database.writing() as session:
        removal_register.lift(session, removal_id=removal_id, reason=reason, actor=SHELL, key=services.secret_key)
    tell(f"removal {removal_id} is lifted; the next crawl or import that has it brings it in again, as a new listing")

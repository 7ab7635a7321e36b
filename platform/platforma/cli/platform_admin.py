"""The platforms commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import click

from crawlers.recipe import seed_recipes
from platforma.catalogue.models import PlatformState
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.cli.output import SHELL, tell
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.indexing import ensure_index


def list_platforms(settings: Settings) -> None:
    """Print a line for each platform, sorted by id: id, state, number of listings, address."""
    with open_services(settings) as services, services.database.reading() as session:
        for card in platform_queries.platforms_in(session, tuple(PlatformState)):
            click.echo(f"{card.id}\t{card.state}\t{card.initiatives}\t{card.url}")


def change_platform(settings: Settings, platform_id: str, action: str, **more: str) -> None:
    """Approve, pause or refuse a platform, or enter that it has left; `more` goes with the action, such as the reason.

    Nothing changes when the platform is in that state already.
    """
    transitions: dict[str, tuple[Callable[..., object], PlatformState]] = {
        "approve": (platform_states.approve_platform, PlatformState.TRUSTED),
        "pause": (platform_states.pause_platform, PlatformState.PAUSED),
        "refuse": (platform_states.refuse_platform, PlatformState.REFUSED),
        "leave": (platform_states.leave_platform, PlatformState.LEFT),
    }
    change, goal = transitions[action]
    with open_services(settings) as services:
        with services.database.writing() as session:
            if platform_states.lock_platform(session, platform_id).state == goal:
                tell(f"{platform_id} is {goal} already; nothing has been changed")
                return
            change(session, platform_id=platform_id, actor=SHELL, **more)
        ensure_index(services)
    tell(f"{platform_id}: {'left' if action == 'leave' else action.removesuffix('e') + 'ed'}")


def sync_platforms(settings: Settings) -> None:
    """Bring the seed recipes into the catalogue, and print which platforms were made, updated or left as they are."""
    with open_services(settings) as services, services.database.writing() as session:
        report = platform_states.sync_seeds(session, seed_recipes(), actor=SHELL)
    for name, ids in asdict(report).items():
        tell(f"{name}: {', '.join(ids) or 'none'}")

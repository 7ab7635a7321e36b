"""Platforms from the shell."""

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
    """One line a platform, by id."""
    with open_services(settings) as place, place.database.reading() as session:
        for card in platform_queries.platforms_in(session, tuple(PlatformState)):
            click.echo(f"{card.id}\t{card.state}\t{card.initiatives}\t{card.url}")


def change_platform(settings: Settings, platform_id: str, action: str, **more: str) -> None:
    """Approve, pause or refuse a platform, or enter that it has left. A command that is given twice changes nothing more."""
    acts: dict[str, tuple[Callable[..., object], PlatformState]] = {
        "approve": (platform_states.approve_platform, PlatformState.TRUSTED),
        "pause": (platform_states.pause_platform, PlatformState.PAUSED),
        "refuse": (platform_states.refuse_platform, PlatformState.REFUSED),
        "leave": (platform_states.leave_platform, PlatformState.LEFT),
    }
    act, goal = acts[action]
    with open_services(settings) as place:
        with place.database.writing() as session:
            if platform_states.lock_platform(session, platform_id).state == goal:
                tell(f"{platform_id} is {goal} already; nothing has been changed")
                return
            act(session, platform_id=platform_id, actor=SHELL, **more)
        ensure_index(settings, place.database, place.engine)
    tell(f"{platform_id}: {'left' if action == 'leave' else action.removesuffix('e') + 'ed'}")


def sync_platforms(settings: Settings) -> None:
    """Bring the seed recipes into the catalogue."""
    with open_services(settings) as place, place.database.writing() as session:
        report = platform_states.sync_seeds(session, seed_recipes(), actor=SHELL)
    for name, ids in asdict(report).items():
        tell(f"{name}: {', '.join(ids) or 'none'}")

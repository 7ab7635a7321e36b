"""The commands `platforma duplicates`: what may be the same, and what people say of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Session
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import duplicate_queue, judgements
from platforma.catalogue.matching.wording import sentences
from platforma.catalogue.models import JudgementVerdict
from platforma.cli.output import SHELL, CommandFailed, tell
from platforma.i18n import force_locale, gettext
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.maintenance import update_index


def list_duplicates(settings: Settings, lang: str, *, as_json: bool) -> None:
    """Print a line for each pair that waits for a person, the likeliest first."""
    with open_services(settings) as services, services.database.reading() as session:
        pairs = duplicate_queue.waiting_pairs(session)
    with force_locale(lang, settings.translations_dir):
        for pair in pairs:
            reasons = sentences(pair.reasons, gettext)
            if as_json:
                line = {"left": pair.left, "right": pair.right, "score": pair.score, "reasons": reasons}
                click.echo(json.dumps(line, ensure_ascii=False))
            else:
                click.echo(f"{pair.left}\t{pair.right}\t{pair.score:.3f}\t{'; '.join(reasons)}")
    tell("nothing waits" if not pairs else "1 pair waits" if len(pairs) == 1 else f"{len(pairs)} pairs wait")
    if pairs and not as_json:
        tell("decide with: platforma duplicates join A B, or: platforma duplicates differ A B")


def judge(settings: Settings, left: str, right: str, verdict: JudgementVerdict) -> None:
    """Say what two listings are to each other. Raises CommandFailed where that cannot be."""
    with _writing(settings) as session:
        judgements.judge(session, left, right, verdict, judgements.Word(SHELL, utc_now()))
    tell(f"{left}, {right}: {verdict.replace('_', ' ')}")


def part(settings: Settings, left: str, right: str) -> None:
    """Part two joined listings. Raises CommandFailed where they are not joined."""
    with _writing(settings) as session:
        judgements.part_listings(session, left, right, judgements.Word(SHELL, utc_now()))
    tell(f"{left}, {right}: parted; each is as it was before they were joined")


@contextmanager
def _writing(settings: Settings) -> Iterator[Session]:
    """A session that is committed at the end, whereupon the index follows. An unknown listing becomes CommandFailed."""
    with open_services(settings) as services:
        try:
            with services.database.writing() as session:
                yield session
        except NotFound as error:
            raise CommandFailed(f"there is no listing {error}; see: platforma duplicates") from None
        update_index(services)

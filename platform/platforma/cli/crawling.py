"""The crawl command: platforms side by side, progress on stderr, a summary at the end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from crawlers.recipe import Recipe, parse_recipe
from platforma.catalogue.database import Database, prepare
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import CrawlState, PlatformState
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.catalogue.platforms.leases import CRAWLED_NIGHTLY
from platforma.catalogue.platforms.recipes import reads_files
from platforma.catalogue.states import PlatformAction, platform_after
from platforma.cli.crawl_recipes import crawl_to_file, recipe_of_options
from platforma.cli.output import SHELL, CommandFailed, print_json, show_progress, tell
from platforma.cli.side_by_side import Outcome, crawl_side_by_side
from platforma.cli.tables import problem_lines, summary_table
from platforma.services import Services, open_services
from platforma.settings import Settings
from platforma.worker.crawl_job import crawl_platform
from platforma.worker.crawl_job import dry_run as dry_run_platform
from platforma.worker.indexing import ensure_index


def crawl(
    settings: Settings,
    *,
    platforms: tuple[str, ...],
    url: str | None,
    recipe_file: Path | None,
    dry_run: bool,
    jsonl: str | None,
) -> None:
    """Crawl to a file, or into the catalogue. Raises CommandFailed when a platform failed or was held."""
    recipe = recipe_of_options(settings, url, recipe_file)
    if jsonl:
        crawl_to_file(settings, [recipe] if recipe else _live_recipes(settings, platforms), jsonl)
        return
    with open_services(settings) as services:
        proposed = _propose(services.database, recipe, is_by_address=recipe_file is None) if recipe else None
        ids = [proposed] if proposed else _ids_to_crawl(services.database, platforms)
        if not ids:
            tell("There is no approved platform yet: platforma platforms sync, then platforma platforms approve ID")
        failed_ids = [id for id in ids if not _dry_run(services, id)] if dry_run else _crawl_all(services, ids)
        ensure_index(services)
    if failed_ids:
        raise CommandFailed(f"not crawled: {', '.join(failed_ids)}; the lines above say why, all else is done")


def _crawl_all(services: Services, ids: Sequence[str]) -> list[str]:
    """Crawl the platforms and print how it went; return the ids of those that failed, were held or were stopped."""
    outcomes: dict[str, Outcome] = {}

    def on_outcome(platform_id: str, outcome: Outcome) -> None:
        outcomes[platform_id] = outcome
        tell(_outcome_line(platform_id, outcome))

    with _shutdown_on_signals() as shutdown:

        def crawl_one(platform_id: str) -> CrawlReport:
            return crawl_platform(services, platform_id, show_progress(platform_id), shutdown)

        crawl_side_by_side(ids, crawl_one, services.settings.crawls_at_once, on_outcome)
    _print_summary(services.database, outcomes)
    return [id for id in ids if not _is_good(outcomes[id])]


def _print_summary(database: Database, outcomes: Mapping[str, Outcome]) -> None:
    """The problems of all crawls by reason; then, for several platforms, a table of their counts."""
    reports = [outcome for outcome in outcomes.values() if isinstance(outcome, CrawlReport)]
    with database.reading() as session:
        problems = [problem for report in reports for problem in crawl_queries.crawl_report(session, report.crawl_id).problems]
    for line in problem_lines(problems):
        tell(line)
    if len(reports) > 1:
        for line in summary_table(reports):
            tell(line)


def _outcome_line(platform_id: str, outcome: Outcome) -> str:
    if isinstance(outcome, str):
        return f"{platform_id}: {outcome}"
    counts = ", ".join(f"{name} {count}" for name, count in outcome.counts.items())
    return f"{platform_id}: {outcome.state}: {counts}" + (f"; {outcome.failure}" if outcome.failure else "")


def _is_good(outcome: Outcome) -> bool:
    return isinstance(outcome, CrawlReport) and outcome.state == CrawlState.DONE


@contextmanager
def _shutdown_on_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, so that crawls stop where they are and can be resumed."""
    shutdown = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    former_handlers = {number: signal.signal(number, lambda *_: shutdown.set()) for number in signals}
    try:
        yield shutdown
    finally:
        for number, handler in former_handlers.items():
            signal.signal(number, handler)


def _dry_run(services: Services, platform_id: str) -> bool:
    """Print what a crawl would change; return whether the crawl itself went well."""
    run = dry_run_platform(services, platform_id, show_progress(platform_id))
    print_json(
        {
            "platform": platform_id,
            "new": [record.remote_id for record in run.difference.new],
            "changed": {change.record.remote_id: dict(change.fields) for change in run.difference.changed},
            "unchanged": run.difference.unchanged,
            "gone": [record.remote_id for record in run.difference.gone],
            "fields": dict(run.difference.by_field),
            "failure": run.failure,
            "problems": [asdict(problem) for problem in run.problems],
        }
    )
    return run.failure is None


def _ids_to_crawl(database: Database, named_ids: Sequence[str]) -> list[str]:
    """The ids that are named, each once, else those of every approved platform that has a site and is not paused.

    Raises NotFound, and BadState for a platform that may not be crawled.
    """
    with database.reading() as session:
        for name in named_ids:
            platform_queries.recipe_of(session, name)
            platform_after(PlatformState(platform_queries.platform_by_id(session, name).state), PlatformAction.CRAWL, name)
        if named_ids:
            return list(dict.fromkeys(named_ids))
        approved_ids = [card.id for card in platform_queries.platforms_in(session, CRAWLED_NIGHTLY)]
        return [id for id in approved_ids if not reads_files(platform_queries.recipe_of(session, id))]


def _live_recipes(settings: Settings, named_ids: Sequence[str]) -> list[Recipe]:
    """The live recipes of these platforms, else of all that _ids_to_crawl names. Raises RecipeError."""
    database = prepare(settings)
    ids = _ids_to_crawl(database, named_ids)
    with database.reading() as session:
        return [parse_recipe(platform_queries.recipe_of(session, id), id) for id in ids]


def _propose(database: Database, recipe: Recipe, *, is_by_address: bool) -> str:
    """Propose a platform of this recipe; return its id."""
    proposal = platform_states.Proposal.by_recipe(recipe, is_by_address=is_by_address)
    with database.writing() as session:
        return platform_states.propose_platform(session, proposal, actor=SHELL).id

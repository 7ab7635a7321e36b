"""The crawl command: platforms side by side, progress on stderr, a summary at the end."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from crawlers.crawl import crawl as run_crawl
from crawlers.errors import CrawlError
from crawlers.fetch.guard import check_address
from crawlers.recipe import Recipe, load_recipe, parse_recipe
from crawlers.state import MemoryState
from platforma.catalogue.database import Database, prepare
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import CrawlState, PlatformState
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.catalogue.platforms.recipes import reads_files
from platforma.catalogue.states import PlatformAction, platform_after
from platforma.cli.output import SHELL, CommandFailed, print_json, problem_line, show_progress, tell
from platforma.cli.tables import problem_lines, summary_table
from platforma.services import Services, open_services
from platforma.settings import Settings
from platforma.worker.crawl_job import CRAWLED_NIGHTLY, PlatformBusy, crawl_platform, polite_session
from platforma.worker.crawl_job import dry_run as dry_run_platform
from platforma.worker.indexing import ensure_index

Outcome = CrawlReport | str
"""How a platform's crawl ended, or one line on why there was none."""


def crawl(
    settings: Settings,
    *,
    platforms: tuple[str, ...],
    url: str | None,
    recipe: Path | None,
    dry_run: bool,
    jsonl: str | None,
) -> None:
    """Crawl to a file, or into the catalogue. Raises CommandFailed when a platform failed or was held."""
    if jsonl:
        _crawl_to_file(settings, _recipes(settings, platforms, url, recipe), jsonl)
        return
    with open_services(settings) as place:
        chosen = [_propose(place, url, recipe)] if url or recipe else _known(place.database, platforms)
        if not chosen:
            tell("There is no approved platform yet: platforma platforms sync, then platforma platforms approve ID")
        bad = [one for one in chosen if not _dry_run(place, one)] if dry_run else _crawl_all(place, chosen)
        ensure_index(settings, place.database, place.engine)
    if bad:
        raise CommandFailed(f"not crawled: {', '.join(bad)}; the lines above say why, all else is done")


def side_by_side(
    ids: Sequence[str], crawl_one: Callable[[str], CrawlReport], at_once: int, done: Callable[[str, Outcome], None]
) -> None:
    """Crawl all of them, so many at once; one whose host is busy waits till another of ours is done."""
    waiting, set_back = list(ids), list[str]()
    running: dict[Future[CrawlReport], str] = {}
    with ThreadPoolExecutor(at_once) as pool:
        while waiting or running:
            while waiting and len(running) < at_once:
                platform_id = waiting.pop(0)
                running[pool.submit(crawl_one, platform_id)] = platform_id
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = _outcome(future)
                if outcome is None and running.keys() - {future}:
                    set_back.append(running.pop(future))
                    continue
                done(running.pop(future), outcome or "another process crawls it or its host; try again when it is done")
                waiting, set_back = [*set_back, *waiting], []
            if not running:
                waiting, set_back = [*set_back, *waiting], []


def _outcome(future: Future[CrawlReport]) -> Outcome | None:
    """How the crawl ended; None when the platform or its host is busy."""
    try:
        return future.result()
    except PlatformBusy:
        return None
    except CrawlError as error:
        return str(error)


def _crawl_all(place: Services, chosen: Sequence[str]) -> list[str]:
    """Crawl and tell how it went; the ids of those that failed, were held or were stopped."""
    outcomes: dict[str, Outcome] = {}

    def done(platform_id: str, outcome: Outcome) -> None:
        outcomes[platform_id] = outcome
        tell(_outcome_line(platform_id, outcome))

    with _leaving_on_signals() as leaving:

        def crawl_one(platform_id: str) -> CrawlReport:
            progress = show_progress(platform_id)
            return crawl_platform(place.settings, place.database, platform_id, progress, leaving)

        side_by_side(chosen, crawl_one, place.settings.crawls_at_once, done)
    _tell_all(place.database, outcomes)
    return [id for id in chosen if not _is_good(outcomes[id])]


def _tell_all(database: Database, outcomes: dict[str, Outcome]) -> None:
    """The problems of all crawls by reason, and a table of the platforms where there are several."""
    reports = [one for one in outcomes.values() if isinstance(one, CrawlReport)]
    with database.reading() as session:
        problems = tuple(p for one in reports for p in crawl_queries.crawl_report(session, one.crawl_id).problems)
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
def _leaving_on_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, so that crawls stop where they are and can go on from there."""
    leaving = threading.Event()
    former = {number: signal.signal(number, lambda *_: leaving.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield leaving
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _dry_run(place: Services, platform_id: str) -> bool:
    """Print what a crawl would change; True when the crawl itself went well."""
    found = dry_run_platform(place.settings, place.database, platform_id, show_progress(platform_id))
    told = found.difference
    print_json(
        {
            "platform": platform_id,
            "new": [one.remote_id for one in told.new],
            "changed": {one.record.remote_id: dict(one.fields) for one in told.changed},
            "unchanged": told.unchanged,
            "gone": [one.remote_id for one in told.gone],
            "fields": dict(told.by_field),
            "failure": found.failure,
            "problems": [asdict(problem) for problem in found.problems],
        }
    )
    return found.failure is None


def _known(database: Database, names: Sequence[str]) -> list[str]:
    """The platforms to crawl: those named, else every approved one that has a site and is not paused.

    Raises NotFound and BadState.
    """
    with database.reading() as session:
        for name in names:
            platform_queries.recipe_of(session, name)
            platform_after(PlatformState(platform_queries.platform_by_id(session, name).state), PlatformAction.CRAWL, name)
        approved = [card.id for card in platform_queries.platforms_in(session, CRAWLED_NIGHTLY)]
        return list(dict.fromkeys(names)) or [id for id in approved if not reads_files(platform_queries.recipe_of(session, id))]


def _recipes(settings: Settings, platforms: tuple[str, ...], url: str | None, recipe: Path | None) -> list[Recipe]:
    """The recipes of a crawl that only writes records."""
    if recipe:
        loaded = load_recipe(recipe)
        return [loaded.model_copy(update={"url": url}) if url else loaded]
    if url:
        return [Recipe.for_address(check_address(url, allow_private=settings.crawl_private_hosts))]
    database = prepare(settings)
    chosen = _known(database, platforms)
    with database.reading() as session:
        return [parse_recipe(platform_queries.recipe_of(session, one), one) for one in chosen]


def _propose(place: Services, url: str | None, recipe: Path | None) -> str:
    (chosen,) = _recipes(place.settings, (), url, recipe)
    with place.database.writing() as session:
        platform = platform_states.propose_platform(session, platform_states.Proposal.by_recipe(chosen), actor=SHELL)
        return platform.id


def _crawl_to_file(settings: Settings, recipes: list[Recipe], jsonl: str) -> None:
    """Write the records of the crawls; a file appears whole or not at all."""
    failures = []
    temporary = None if jsonl == "-" else Path(f"{jsonl}.part")
    with temporary.open("w", encoding="utf-8") if temporary else nullcontext(sys.stdout) as out:
        for recipe in recipes:
            failure = _write_records(settings, recipe, out)
            failures += [failure] if failure else []
    if temporary:
        temporary.replace(jsonl)
    if failures:
        raise CommandFailed("; ".join(failures))


def _write_records(settings: Settings, recipe: Recipe, out: TextIO) -> str | None:
    state = MemoryState()
    with polite_session(settings) as session:
        result = run_crawl(recipe, session, state)
    for record in state.records.values():
        out.write(json.dumps(record.to_json(), ensure_ascii=False) + "\n")
    for problem in state.problems:
        tell(problem_line(problem))
    tell(f"{recipe.platform}: {len(state.records)} records, {result.refused} refused")
    return result.failure

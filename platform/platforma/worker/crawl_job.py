"""The jobs of one platform, each under a lease: its turn, a trial of a recipe, a dry run, or whatever is due."""

from __future__ import annotations

import threading

from crawlers.clock import CLOCK, Clock
from crawlers.errors import CrawlError
from crawlers.recipe import Recipe, parse_recipe
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.ingest.reports import CrawlReport, DryRun
from platforma.catalogue.models import CrawlPurpose, CrawlState, Platform
from platforma.catalogue.platforms import coverage_changes, leases, platform_queries, recipes
from platforma.catalogue.platforms.schedule import has_come
from platforma.mail.crawl_mails import tell_of_crawl
from platforma.services import Services
from platforma.worker.due import hosts_of, may_crawl
from platforma.worker.lease_keeper import LeaseKeeper, StopReason, hold_lease
from platforma.worker.next_crawl import plan_next_crawl
from platforma.worker.recipe_run import Progress, RecipeRun
from platforma.worker.renormalising import renormalise
from vocabulary.messages import N_

NO_SHUTDOWN = threading.Event()
"""Never set: the process goes on until the crawl is done."""
MAX_CRASHES = 3
"""How many processes in a row may die in the middle of one platform's crawl; then it is a failure."""
CRASH_LOOP = N_("reading it ended our program several times; tell those who run this directory")


def crawl_platform(
    services: Services,
    platform_id: str,
    progress: Progress | None = None,
    shutdown: threading.Event = NO_SHUTDOWN,
    clock: Clock = CLOCK,
) -> CrawlReport:
    """Crawl one platform now, ingest what was read, plan its next turn and tell people by mail. Raises PlatformBusy.

    A recipe that cannot be read makes a failed crawl. Once `shutdown` is set, the crawl stops within seconds, and the next
    one goes on from there. All pauses are by `clock`.
    """
    began_at = utc_now()
    with hold_lease(services.database, platform_id, _live_hosts(services.database, platform_id), shutdown, clock) as keeper:
        stored, result = _run_turn(services, platform_id, keeper, progress, clock)
        report = crawl_end.finish_crawl(services.database, stored, result, secret_key=services.secret_key)
        is_slowed = plan_next_crawl(services, report, began_at, keeper.stop_reason)
    if report.state == CrawlState.DONE:
        _remember_source(services.database, report, result)
    tell_of_crawl(services.settings, services.database, report, is_slowed=is_slowed)
    return report


def run_due_jobs(
    services: Services, platform_id: str, shutdown: threading.Event = NO_SHUTDOWN, clock: Clock = CLOCK
) -> CrawlReport | None:
    """Do what is due for a platform: map its records anew, try a recipe, crawl. Return the report of the last job, if any.

    Raises PlatformBusy, and RecipeError when the recipe to map by or to try cannot be read.
    """
    report = None
    with services.database.reading() as session:
        platform = session.get_one(Platform, platform_id)
        is_free = may_crawl(session, platform, services.settings.time_zone)
    if platform.is_mapping_due:
        with hold_lease(services.database, platform_id, (), shutdown, clock):
            report = renormalise(services, platform_id)
    if platform.trial_version is not None and is_free:
        report = try_recipe(services, platform_id, platform.trial_version, shutdown, clock)
    if has_come(platform.next_crawl_at, utc_now()) and is_free and not shutdown.is_set():
        report = crawl_platform(services, platform_id, shutdown=shutdown, clock=clock)
    return report


def try_recipe(
    services: Services, platform_id: str, version: int, shutdown: threading.Event = NO_SHUTDOWN, clock: Clock = CLOCK
) -> CrawlReport:
    """Crawl by a version of the recipe that is not live; what it read waits at the desk. Raises PlatformBusy and RecipeError."""
    with services.database.reading() as session:
        recipe = parse_recipe(recipes.version_of(session, platform_id, version).recipe, platform_id)
    hosts = leases.hosts_of((recipe.url, *recipe.addresses))
    with hold_lease(services.database, platform_id, hosts, shutdown, clock) as keeper:
        stored, result = RecipeRun(services, recipe, keeper, None, clock).run(CrawlPurpose.TRIAL, version)
        report = crawl_end.finish_crawl(services.database, stored, result, secret_key=services.secret_key)
        if keeper.stop_reason != StopReason.SHUTDOWN:
            with services.database.writing() as session:
                recipes.finish_trial(session, platform_id, version)
    return report


def dry_run(services: Services, platform_id: str, progress: Progress | None = None) -> DryRun:
    """Crawl one platform and return what would change; nothing does. Raises PlatformBusy and RecipeError."""
    with hold_lease(services.database, platform_id, _live_hosts(services.database, platform_id), NO_SHUTDOWN, CLOCK) as keeper:
        run = RecipeRun(services, _live_recipe(services.database, platform_id), keeper, progress, CLOCK)
        return crawl_end.diff_crawl(services.database, *run.run(CrawlPurpose.TRIAL), secret_key=services.secret_key)


def _run_turn(
    services: Services, platform_id: str, keeper: LeaseKeeper, progress: Progress | None, clock: Clock
) -> tuple[staging.StoredCrawl, CrawlResult]:
    """Run the live recipe; one that cannot be read, or that crashed process after process, gives a failed crawl."""
    try:
        recipe = _live_recipe(services.database, platform_id)
        if keeper.was_abandoned:
            _count_crash(services.database, platform_id)
        return RecipeRun(services, recipe, keeper, progress, clock).run(CrawlPurpose.TURN)
    except CrawlError as error:
        return staging.start_crawl(services.database, platform_id), CrawlResult(False, 0, 0, failure=str(error))


def _count_crash(database: Database, platform_id: str) -> None:
    """Count that the last process died in the middle of this platform's crawl. Raises CrawlError after MAX_CRASHES."""
    with database.writing() as session:
        platform = session.get_one(Platform, platform_id)
        platform.failures += 1
        if platform.failures >= MAX_CRASHES:
            raise CrawlError(CRASH_LOOP)


def _remember_source(database: Database, report: CrawlReport, result: CrawlResult) -> None:
    """Store what a good crawl tells of its source: the coverage of its fields, and the recipe that discovery found."""
    with database.writing() as session:
        coverage_changes.update_coverage(session, report.platform_id)
        if result.recipe:
            recipe = result.recipe.model_dump(mode="json", exclude_defaults=True)
            recipes.store_discovered(session, report.platform_id, recipe, report.recipe_version)


def _live_recipe(database: Database, platform_id: str) -> Recipe:
    with database.reading() as session:
        return parse_recipe(platform_queries.recipe_of(session, platform_id), platform_id)


def _live_hosts(database: Database, platform_id: str) -> frozenset[str]:
    """The hosts of the platform's live recipe. Raises NotFound."""
    with database.reading() as session:
        platform_queries.recipe_of(session, platform_id)
        return hosts_of(session.get_one(Platform, platform_id))

"""Crawling a platform of the catalogue: whose turn it is, under a lease, from the recipe to the ingested records."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from crawlers.clock import CLOCK, Clock
from crawlers.crawl import crawl
from crawlers.errors import CrawlError
from crawlers.fetch import PoliteSession
from crawlers.recipe import Recipe, parse_recipe
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database, Session
from platforma.catalogue.errors import N_
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.ingest.reports import CrawlReport, DryRun
from platforma.catalogue.models import CrawlPurpose, CrawlState, Platform
from platforma.catalogue.platforms import field_coverage, leases, platform_queries, recipes
from platforma.catalogue.platforms.leases import CRAWLABLE, CRAWLED_NIGHTLY, PlatformBusy
from platforma.catalogue.platforms.schedule import after_failure, is_open, is_slowed_now, next_opening, next_turn
from platforma.mail.crawl_mails import tell_of_crawl
from platforma.secret_key import secret_key
from platforma.settings import Settings
from platforma.worker.lease_keeper import LeaseKeeper, StopReason, hold_lease
from platforma.worker.renormalising import renormalise

__all__ = ["CRAWLED_NIGHTLY", "PlatformBusy", "crawl_platform", "do_what_is_due", "dry_run", "due_platforms", "polite_session"]
log = logging.getLogger(__name__)
Progress = Callable[[int, int | None], None]
RNG = random.SystemRandom()
NOT_STOPPING = threading.Event()
"""Set by nobody: the process goes on till the crawl is done."""
RESUME_AFTER = timedelta(hours=1)
"""How long after it used up its time a crawl goes on."""
MAX_CRASHES = 3
"""So many processes may end in the middle of one platform's crawl, one after the other; then it is a failure."""
CRASH_LOOP = N_("reading it ended our program several times; tell those who run this directory")
OUR_FAULT = N_("something went wrong on our side; it is tried again by itself, nothing need be done")


def polite_session(settings: Settings, clock: Clock = CLOCK) -> PoliteSession:
    """The guarded session by the settings."""
    return PoliteSession(contact=settings.contact_email or None, allow_private=settings.crawl_private_hosts, clock=clock)


@dataclass(frozen=True, slots=True)
class _Job:
    """One crawl under its lease."""

    settings: Settings
    database: Database
    recipe: Recipe
    watch: LeaseKeeper
    progress: Progress | None
    clock: Clock

    def run(self, purpose: CrawlPurpose, version: int | None = None) -> tuple[staging.StoredCrawl, CrawlResult]:
        """Crawl into the catalogue's stage. Raises PlatformBusy when the lease was lost on the way."""
        self.watch.hours = hours_of(self.recipe), self.settings.time_zone
        stored = staging.start_crawl(
            self.database, self.recipe.platform, on_progress=self.progress, purpose=purpose, version=version
        )
        with polite_session(self.settings, self.clock) as session:
            try:
                result = crawl(self.recipe, session, stored, stop=self.watch.ended.is_set)
            except Exception:
                log.exception("crawling %s", self.recipe.platform)
                result = CrawlResult(complete=False, found=0, refused=0, failure=OUR_FAULT)
        if self.watch.why == StopReason.LOST:
            raise PlatformBusy(self.recipe.platform)
        return stored, result


def crawl_platform(
    settings: Settings,
    database: Database,
    platform_id: str,
    progress: Progress | None = None,
    leaving: threading.Event = NOT_STOPPING,
    clock: Clock = CLOCK,
) -> CrawlReport:
    """Crawl one platform now and ingest what it gave; a recipe that cannot be read is a failed crawl. Raises PlatformBusy.

    `leaving` set: the crawl stops within seconds, and whoever crawls next goes on from there. All its pauses are by `clock`.
    """
    began = utc_now()
    with hold_lease(database, platform_id, _hosts(database, platform_id), leaving, clock) as watch:
        try:
            recipe = _recipe(database, platform_id)
            _refuse_crash_loop(database, platform_id, watch)
            stored, result = _Job(settings, database, recipe, watch, progress, clock).run(CrawlPurpose.TURN)
        except CrawlError as error:
            stored, result = staging.start_crawl(database, platform_id), CrawlResult(False, 0, 0, failure=str(error))
        report = crawl_end.finish_crawl(database, stored, result, secret_key=secret_key(settings))
        is_slowed = _plan_next(settings, database, platform_id, began, CrawlState(report.state), watch.why)
    if report.state == CrawlState.DONE:
        with database.writing() as session:
            field_coverage.update_coverage(session, platform_id)
            if result.recipe:
                found = result.recipe.model_dump(mode="json", exclude_defaults=True)
                recipes.store_discovered(session, platform_id, found, stored.recipe_version)
    tell_of_crawl(settings, database, report, is_slowed=is_slowed)
    return report


def do_what_is_due(
    settings: Settings, database: Database, platform_id: str, leaving: threading.Event, clock: Clock = CLOCK
) -> CrawlReport | None:
    """What a platform's row asks for: map its records anew, try a recipe, crawl; the report of the last.

    Raises PlatformBusy, and RecipeError where there is nothing but a recipe that cannot be read.
    """
    report = None
    with database.reading() as session:
        platform = session.get_one(Platform, platform_id)
        may_ask = _may_ask(session, platform, settings.time_zone)
    if platform.is_mapping_due:
        with hold_lease(database, platform_id, (), leaving, clock):
            report = renormalise(database, platform_id, settings=settings)
    if platform.trial_version is not None and may_ask:
        report = try_recipe(settings, database, platform_id, platform.trial_version, leaving, clock)
    if platform.next_crawl_at is not None and platform.next_crawl_at <= utc_now() and may_ask and not leaving.is_set():
        report = crawl_platform(settings, database, platform_id, leaving=leaving, clock=clock)
    return report


def try_recipe(
    settings: Settings,
    database: Database,
    platform_id: str,
    version: int,
    leaving: threading.Event = NOT_STOPPING,
    clock: Clock = CLOCK,
) -> CrawlReport:
    """Crawl by a version of the recipe that is not live: what it found waits at the desk. Raises PlatformBusy."""
    with database.reading() as session:
        recipe = parse_recipe(recipes.version_of(session, platform_id, version).recipe, platform_id)
    with hold_lease(database, platform_id, _hosts_of(recipe), leaving, clock) as watch:
        stored, result = _Job(settings, database, recipe, watch, None, clock).run(CrawlPurpose.TRIAL, version)
        report = crawl_end.finish_crawl(database, stored, result, secret_key=secret_key(settings))
        if watch.why != StopReason.LEAVING:
            with database.writing() as session:
                recipes.finish_trial(session, platform_id, version)
    return report


def dry_run(settings: Settings, database: Database, platform_id: str, progress: Progress | None = None) -> DryRun:
    """Crawl one platform and tell what would change; nothing does. Raises PlatformBusy and RecipeError."""
    with hold_lease(database, platform_id, _hosts(database, platform_id), NOT_STOPPING, CLOCK) as watch:
        job = _Job(settings, database, _recipe(database, platform_id), watch, progress, CLOCK)
        return crawl_end.diff_crawl(database, *job.run(CrawlPurpose.TRIAL))


def due_platforms(database: Database, zone: str) -> list[str]:
    """Ids of the platforms for which something is due now, whose host is free and whose hours it is; longest due first."""
    is_due = or_(Platform.next_crawl_at <= utc_now(), Platform.trial_version.is_not(None), Platform.is_mapping_due)
    with database.reading() as session:
        rows = session.scalars(select(Platform).where(is_due).order_by(Platform.next_crawl_at, Platform.id))
        return [row.id for row in rows if row.is_mapping_due or _may_ask(session, row, zone)]


def hours_of(recipe: Recipe) -> str | None:
    """The hours in which a recipe lets its platform be crawled, such as "22-6"; None for all day."""
    return recipe.limits.hours


def _refuse_crash_loop(database: Database, platform_id: str, watch: LeaseKeeper) -> None:
    """A crawl over which process after process died is a failed one. Raises CrawlError."""
    if not watch.was_left:
        return
    with database.writing() as session:
        platform = session.get_one(Platform, platform_id)
        platform.failures += 1
        if platform.failures >= MAX_CRASHES:
            raise CrawlError(CRASH_LOOP)


def _may_ask(session: Session, platform: Platform, zone: str) -> bool:
    """Whether the platform's site may be asked at this moment."""
    now = utc_now()
    is_its_time = platform.state in CRAWLABLE and is_open(now, _row_hours(platform), zone)
    return is_its_time and leases.is_free(session, platform.id, _row_hosts(platform), now)


def _recipe(database: Database, platform_id: str) -> Recipe:
    with database.reading() as session:
        return parse_recipe(platform_queries.recipe_of(session, platform_id), platform_id)


def _hosts(database: Database, platform_id: str) -> frozenset[str]:
    with database.reading() as session:
        platform_queries.recipe_of(session, platform_id)
        return _row_hosts(session.get_one(Platform, platform_id))


def _hosts_of(recipe: Recipe) -> frozenset[str]:
    return leases.hosts_of((recipe.url, *recipe.addresses))


def _row_hosts(platform: Platform) -> frozenset[str]:
    """The hosts of a recipe as it is stored, which need not be a good one."""
    said = [platform.recipe.get("url"), *(platform.recipe.get("addresses") or ())]
    return leases.hosts_of(str(address) for address in said if address)


def _row_hours(platform: Platform) -> str | None:
    return (platform.recipe.get("limits") or {}).get("hours")


def _plan_next(
    settings: Settings, database: Database, platform_id: str, started: datetime, state: CrawlState, why: StopReason | None
) -> bool:
    """Write down when the platform's next turn is; whether it failed so often that it was slowed just now."""
    with database.writing() as session:
        platform = session.get_one(Platform, platform_id)
        if state == CrawlState.FAILED:
            platform.failures += 1
        elif state != CrawlState.RUNNING:
            platform.failures = 0
        planned = _planned(platform, settings.time_zone, started, state, why)
        platform.next_crawl_at = planned if platform.state in CRAWLABLE else None
        return state == CrawlState.FAILED and is_slowed_now(platform.failures)


def _planned(platform: Platform, zone: str, started: datetime, state: CrawlState, why: StopReason | None) -> datetime | None:
    """The next turn. A proposal is looked at once, and again only where that failed or was interrupted."""
    now, hours = utc_now(), _row_hours(platform)
    interval = str(platform.recipe.get("interval") or "daily")
    if state == CrawlState.RUNNING and why == StopReason.LEAVING:
        return now
    if state == CrawlState.RUNNING and why != StopReason.ASKED:
        return next_opening(now if why == StopReason.CLOSED else now + RESUME_AFTER, hours, zone)
    if state == CrawlState.FAILED and (platform.state in CRAWLED_NIGHTLY or platform.failures <= 2):
        return after_failure(now, platform.failures, interval, hours, zone, RNG)
    return next_turn(started, interval, hours, zone, RNG) if platform.state in CRAWLED_NIGHTLY else None

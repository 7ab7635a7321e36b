"""The worker process: tasks that run each minute, and as soon as somebody wakes them.

What is to be done stands in the database (a platform's `next_crawl_at`, an outbox row, a mail). Huey only wakes workers
early, so a task that is lost with a killed worker costs at most a minute.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from functools import partial

from huey import crontab

from platforma.catalogue.database import is_migrated
from platforma.catalogue.errors import NotMigrated
from platforma.mail.delivery import deliver_due
from platforma.services import Services
from platforma.worker.bulk_work import carry_on_bulk_changes
from platforma.worker.crawl_pool import CrawlPool
from platforma.worker.digests import run_digests
from platforma.worker.letters import LetterRounds
from platforma.worker.maintenance import run_maintenance
from platforma.worker.picture_fetching import fetch_due_pictures
from platforma.worker.proof_looking import look_for_codes
from platforma.worker.site_reading import read_due_sites
from platforma.worker.task_queue import TASKS, open_queue, register_task, request_tasks
from platforma.worker.turn_thread import TurnThread
from platforma.worker.vectors import VectorRounds
from platforma.worker.website_watch import look_at_due_websites

log = logging.getLogger(__name__)
SHUTDOWN_SECONDS = 3.0
"""How long crawls have to stop when the worker ends; a request that takes longer is cut off."""


def run_worker(services: Services) -> None:
    """Work until SIGTERM or SIGINT; a crawl that is cut off is resumed by the next worker.

    Raises QueueUnavailable, and NotMigrated once the database was brought to another version than this code's.
    """
    queue, crawls, letters = open_queue(services.settings), CrawlPool(services), LetterRounds(services)
    pictures = TurnThread("pictures", partial(fetch_due_pictures, services))
    websites = TurnThread("websites", partial(look_at_due_websites, services))
    proofs = TurnThread("proofs", partial(look_for_codes, services))
    sites = TurnThread("sites", partial(read_due_sites, services))
    meaning = TurnThread("meaning", VectorRounds(services).run)
    tasks: dict[str, Callable[[], object]] = {
        "maintenance": lambda: run_maintenance(services),
        "digests": lambda: run_digests(services),
        "mails": lambda: deliver_due(services.database, services.settings),
        "crawls": crawls.start_due,
        "pictures": pictures.start_due,
        "bulk": lambda: carry_on_bulk_changes(services),
        "websites": websites.start_due,
        "letters": letters.run,
        "sites": sites.start_due,
        "proofs": proofs.start_due,
        "meaning": meaning.start_due,
    }
    consumer, is_outdated = queue.create_consumer(workers=len(TASKS), worker_type="thread", max_delay=1.0), threading.Event()
    ends = (is_outdated, consumer.stop_flag)
    for name in TASKS:
        single = _one_at_a_time(partial(_run_at_this_version, services, tasks[name], ends))
        register_task(queue, name, single)
        queue.periodic_task(crontab(minute="*"), name=f"{name}_each_minute")(single)
    request_tasks(services.settings)
    log.info("the worker works")
    consumer.run()
    pictures.stop(0)
    websites.stop(0)
    sites.stop(0)
    proofs.stop(0)
    meaning.stop(0)
    crawls.stop(SHUTDOWN_SECONDS)
    if is_outdated.is_set():
        raise NotMigrated("the database was brought to another version; this worker ends, start one of that version")


def _run_at_this_version(services: Services, task: Callable[[], object], ends: Iterable[threading.Event]) -> None:
    """Run the task; where the database is of another version by now, set what ends the worker: it would write wrongly or fail."""
    if is_migrated(services.database):
        task()
    else:
        for end in ends:
            end.set()


def _one_at_a_time(task: Callable[[], object]) -> Callable[[], None]:
    """The task, returning at once while this process still runs it, so that one task never fills the thread pool."""
    running = threading.Lock()

    def run() -> None:
        if running.acquire(blocking=False):
            try:
                task()
            finally:
                running.release()

    return run

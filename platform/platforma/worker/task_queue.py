"""The queue that wakes workers early: Huey over SQLite or Redis."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from huey import Huey, RedisHuey
from huey.storage import SqliteStorage
from redis.exceptions import RedisError

from platforma.settings import Settings

log = logging.getLogger(__name__)
TASKS = ("maintenance", "digests", "mails", "crawls", "pictures", "websites", "letters", "bulk", "sites", "proofs", "meaning")
"""Names of the worker's tasks, as they stand in the queue."""


class QueueUnavailable(Exception):
    """The queue that PLATFORMA_QUEUE_URL names does not answer."""


class _QuickStorage(SqliteStorage):  # type: ignore[misc] # Huey has no types
    """Huey's storage that does not wait for the disk: a task that is lost with the power costs a minute, and waking is free."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def wake(settings: Settings) -> None:
    """Ask the workers to run their tasks now instead of within a minute; no worker and no queue need be there.

    What is to be done stands in the database already, so a queue that is down is only logged.
    """
    try:
        request_tasks(settings)
    except QueueUnavailable as error:
        log.warning("workers are not woken, they look each minute: %s", error)


def request_tasks(settings: Settings) -> None:
    """Put every task into the queue. Raises QueueUnavailable."""
    with _told_errors(settings):
        queue = open_queue(settings)
        for name in TASKS:
            register_task(queue, name, _runs_in_worker_only)()


def waiting_tasks(settings: Settings) -> int:
    """The number of tasks in the queue that no worker has taken yet. Raises QueueUnavailable."""
    with _told_errors(settings):
        return int(open_queue(settings).pending_count())


@contextmanager
def _told_errors(settings: Settings) -> Iterator[None]:
    """Errors of the queue's storage as QueueUnavailable, with the queue's address but no password."""
    try:
        yield
    except (RedisError, sqlite3.Error) as error:
        url = urlsplit(settings.queue_url)
        raise QueueUnavailable(f"the queue at {url.scheme}://{url.hostname or url.path} does not answer: {error}") from error


def register_task(queue: Huey, name: str, run: Callable[[], None]) -> Callable[[], object]:
    """Give a name of TASKS to what it runs; return what puts it into the queue.

    Huey names a task by the module of its function too, and a worker only runs names that it knows. So whoever asks for a
    task and whoever runs it register it here.
    """

    def task() -> None:
        run()

    return queue.task(name=name)(task)  # type: ignore[no-any-return] # Huey has no types


def open_queue(settings: Settings) -> Huey:
    """Huey over SQLite or Redis, as PLATFORMA_QUEUE_URL says; results are not kept. Raises QueueUnavailable."""
    if settings.queue_url.startswith(("redis://", "rediss://")):
        return RedisHuey("platforma", url=settings.queue_url, results=False)
    path = Path(settings.queue_url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    with _told_errors(settings):
        return Huey("platforma", storage_class=_QuickStorage, filename=str(path), results=False)


def _runs_in_worker_only() -> None:
    raise AssertionError("tasks run in a worker")

"""Numbers that tell how an installation does: what waits, what is stored, which parts answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.desk.backlog import backlog
from platforma.catalogue.errors import DatabaseUnavailable
from platforma.catalogue.models import Crawl, Initiative, Mail
from platforma.services import Services
from platforma.worker.task_queue import QueueUnavailable, waiting_tasks
from search.port import SearchError


@dataclass(frozen=True, slots=True)
class Number:
    """A measured value with its name (small letters and underscores, the unit last), what it means, and labels."""

    name: str
    meaning: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def numbers_of(services: Services) -> Iterator[Number]:
    """The numbers of an installation. A part that does not answer gives `up` 0 and none of its own."""
    yield from _of_database(services)
    yield from _of_index(services)
    yield from _of_queue(services)
    usage = shutil.disk_usage(services.settings.data_dir)
    yield Number("disk_free_bytes", "Free space where the data folder is.", usage.free)
    yield Number("disk_bytes", "All space where the data folder is.", usage.total)


def _up(part: str, *, is_up: bool) -> Number:
    return Number("up", "Whether a part answers.", int(is_up), {"part": part})


def _of_database(services: Services) -> Iterator[Number]:
    try:
        with services.database.reading() as session:
            numbers = list(_stored(session))
    except (SQLAlchemyError, DatabaseUnavailable):
        yield _up("database", is_up=False)
        return
    yield _up("database", is_up=True)
    yield from numbers


def _stored(session: Session) -> Iterator[Number]:
    """What waits and what is stored."""
    now = utc_now()
    for waiting in backlog(session, now):
        kind = {"kind": waiting.kind}
        yield Number("backlog", "What is due for the workers.", waiting.count, kind)
        yield Number("backlog_age_seconds", "How long the oldest has been due.", waiting.age(now).total_seconds(), kind)
    for name, meaning, column in (
        ("crawls", "Crawls by state.", Crawl.state),
        ("mails", "Mails by state.", Mail.state),
        ("listings", "Listings by state.", Initiative.state),
    ):
        for state, count in session.execute(select(column, func.count()).group_by(column).order_by(column)):
            yield Number(name, meaning, count, {"state": str(state)})


def _of_index(services: Services) -> Iterator[Number]:
    try:
        is_ready, count = services.engine.is_ready(), services.engine.count()
    except SearchError:
        yield _up("index", is_up=False)
        return
    yield _up("index", is_up=is_ready)
    yield Number("index_listings", "Listings in the live index.", count)


def _of_queue(services: Services) -> Iterator[Number]:
    try:
        count = waiting_tasks(services.settings)
    except QueueUnavailable:
        yield _up("queue", is_up=False)
        return
    yield _up("queue", is_up=True)
    yield Number("queue_tasks", "Tasks that no worker has taken.", count)

"""The queues of the desk: what waits for a person, counted by the database.

A queue is an entry of QUEUES. Who adds one writes what it is called, where it is worked through, and one statement that gives
how many wait and since when the oldest does. A queue whose entries are only worth a look stands among IMPROVEMENTS instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session

from platforma.catalogue import notices
from platforma.catalogue.desk import translations
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.listings import conflicts, duplicate_queue, stale
from platforma.catalogue.listings.visibility import is_asked
from platforma.catalogue.models import (
    Correction,
    CorrectionState,
    CorrectionTopic,
    Crawl,
    CrawlState,
    Event,
    FailedSearch,
    Initiative,
    Mail,
    MailState,
    Notice,
    Platform,
    PlatformState,
    Record,
)
from platforma.catalogue.partners import claim_queue
from platforma.catalogue.people import partner_mails
from platforma.catalogue.states import WITHDRAWN_PLATFORMS
from platforma.catalogue.visitors import held_back
from vocabulary.messages import N_

CountAndOldest = Select[int, Any]
"""A statement of one row: how many wait, and the instant since when the oldest does (UTC, None where none waits)."""
Counted = tuple[int, datetime | None]
"""How many wait in a queue, and since when the oldest does, in UTC; None where none waits."""
MIN_TIMES = 2
"""A search that found nothing is worth a look once it was made so often."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of the desk. `id` names it in code, `name` is a message id, `path` is its page below the desk's address.

    `doubts` counts entries by what is doubtful about them: rows of a message id and a number. `is_over_all`: it is counted over
    all listings, which pages do only after the index has changed. `more` gives the instants of entries that wait as well and that
    no statement finds; there must be few.
    """

    id: str
    name: str
    path: str
    waiting: Callable[[], CountAndOldest]
    doubts: Callable[[], Select[str, int]] | None = None
    is_over_all: bool = False
    more: Callable[[Session], Sequence[datetime]] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A queue in which something waits: how many, since when the oldest (in UTC), and what is doubtful, with numbers."""

    queue: Queue
    count: int
    oldest: datetime | None
    doubts: Sequence[tuple[str, int]] = ()


def lines(
    session: Session, queues: Sequence[Queue], kept: Callable[[str, Callable[[], Counted]], Counted] | None = None
) -> list[Line]:
    """The queues in which something waits, in their order.

    `kept` gives what was counted over all listings for a queue's id, or counts it anew by the function that it gets.
    """
    found = []
    for queue in queues:
        count = partial(counted, session, queue)
        number, oldest = kept(queue.id, count) if kept is not None and queue.is_over_all else count()
        if number:
            found.append(Line(queue, number, oldest, _doubts(session, queue)))
    return found


def counted(session: Session, queue: Queue) -> Counted:
    """How many wait in a queue, and since when the oldest does, in UTC."""
    count, oldest = session.execute(queue.waiting()).one()
    more = queue.more(session) if queue.more is not None else ()
    return count + len(more), min((at for at in (oldest, *more) if at is not None), default=None)


def queue(id: str) -> Queue:
    """The queue of an id."""
    return next(one for one in (*QUEUES, *IMPROVEMENTS) if one.id == id)


def walked_queue(kind: str) -> Queue:
    """The queue whose entries are walked over as items of a kind (see decisions.waiting)."""
    return next(one for one in QUEUES if one.path == f"{WALK}{kind}")


def is_undelivered() -> ColumnElement[bool]:
    """Condition on Mail: it needs a person. Nobody has to decide about mails that people can end, but a partner who cannot be
    reached needs another contact."""
    is_asked_for = Mail.unsubscribe_url.is_(None) | Mail.secret_name.startswith(f"{partner_mails.PURPOSE}:", autoescape=True)
    return Mail.state.in_((MailState.FAILED, MailState.UNCERTAIN)) & is_asked_for


def _doubts(session: Session, queue: Queue) -> list[tuple[str, int]]:
    rows = session.execute(queue.doubts()).all() if queue.doubts is not None else []
    return [(message, count) for message, count in rows if message]


def _removals() -> CountAndOldest:
    return _messages(Correction.topic == CorrectionTopic.REMOVAL)


def _reports() -> CountAndOldest:
    return _messages(Correction.topic != CorrectionTopic.REMOVAL)


def _messages(is_meant: ColumnElement[bool]) -> CountAndOldest:
    query = select(func.count(Correction.id), func.min(Correction.created_at))
    return query.where(Correction.state == CorrectionState.OPEN, is_meant)


def _proposed() -> CountAndOldest:
    """A platform that is proposed once more waits since then; one whose partner was asked something does not wait here."""
    is_proposal = Event.object_type == "platform", Event.object_id == Platform.id, Event.action == "propose"
    proposed_at = select(func.max(Event.at)).where(*is_proposal).scalar_subquery()
    since = func.coalesce(proposed_at, Platform.created_at, type_=Platform.created_at.type)
    query = select(func.count(Platform.id), func.min(since, type_=Platform.created_at.type))
    return query.where(Platform.state == PlatformState.PROPOSED, Platform.asked_at.is_(None))


def _proposal_doubts() -> Select[str, int]:
    """What is doubtful about proposed platforms, by the last look at each."""
    of_platform = Crawl.platform_id == Platform.id
    last = select(Crawl.state).where(of_platform).order_by(Crawl.id.desc()).limit(1).scalar_subquery()
    has_listings = exists().where(Record.platform_id == Platform.id)
    doubt = case(
        (last == CrawlState.FAILED, N_("could not be read")),
        (last == CrawlState.HELD, N_("with a held crawl")),
        (last.is_(None) | (last == CrawlState.RUNNING), N_("not looked at yet")),
        (~has_listings, N_("nothing was found")),
        else_="",
    ).label("doubt")
    found = select(doubt).where(Platform.state == PlatformState.PROPOSED, Platform.asked_at.is_(None)).subquery()
    return select(found.c.doubt, func.count()).group_by(found.c.doubt).order_by(found.c.doubt)


def _new_listings() -> CountAndOldest:
    return select(func.count(Initiative.id), func.min(Initiative.created_at)).where(is_asked())


def _held() -> CountAndOldest:
    return select(func.count(Crawl.id), func.min(Crawl.started_at)).where(crawl_queries.is_waiting())


def _noticed(id: str, counted: Any = None) -> CountAndOldest:
    """The open notices of a queue of platforms; the number of platforms, or of what is given."""
    topics, states = NOTICED[id]
    number = func.count(Notice.platform_id.distinct()) if counted is None else func.count(counted)
    query = select(number, func.min(Notice.told_at)).join(Platform, Platform.id == Notice.platform_id)
    return query.where(Notice.topic.in_(topics), Notice.settled_at.is_(None), Platform.state.in_(states))


def _not_understood() -> CountAndOldest:
    return _noticed("values")


def _unreadable() -> CountAndOldest:
    return _noticed("unreadable")


def _maybe_removed() -> CountAndOldest:
    return _noticed("removed", counted=Notice.id)


def _undelivered() -> CountAndOldest:
    return select(func.count(Mail.id), func.min(Mail.ended_at)).where(is_undelivered())


def _searches() -> CountAndOldest:
    query = select(func.count(FailedSearch.words), func.min(FailedSearch.first_at))
    return query.where(FailedSearch.times >= MIN_TIMES, FailedSearch.dismissed_at.is_(None))


WALK = "/next?only="
"""The walk over the items of a kind (see decisions.waiting), one after the other."""
NOTICED_PLATFORMS = "/sources?only="
"""The platforms that a queue of NOTICED is about."""
NOT_WITHDRAWN = tuple(state for state in PlatformState if state not in WITHDRAWN_PLATFORMS)
READ = (PlatformState.PROBATION, PlatformState.TRUSTED)
NOTICED: Mapping[str, tuple[Sequence[str], Sequence[PlatformState]]] = {
    "removed": (notices.REMOVAL_TOPICS, NOT_WITHDRAWN),
    "unreadable": (notices.TROUBLE_TOPICS, READ),
    "values": (notices.SHAPE_TOPICS, NOT_WITHDRAWN),
}
"""The queues of platforms with open notices: of which topics, and in which states. A failed look at a proposal is a doubt about
the proposal; a paused platform is not read."""
QUEUES = (
    Queue("removals", N_("Requests for removal"), "/reports", _removals),
    Queue("proposed", N_("Proposed platforms"), f"{WALK}platform", _proposed, _proposal_doubts),
    Queue("held", N_("Held crawls"), f"{WALK}crawl", _held),
    Queue("reports", N_("Messages from visitors"), f"{WALK}message", _reports),
    Queue("claims", N_("Organisations that keep their listing themselves"), "/claims", claim_queue.count_and_oldest),
    Queue("new", N_("New listings"), f"{WALK}listing", _new_listings),
    Queue("removed", N_("Listings similar to something that was removed"), f"{NOTICED_PLATFORMS}removed", _maybe_removed),
    Queue("unreadable", N_("Platforms that cannot be read"), f"{NOTICED_PLATFORMS}unreadable", _unreadable),
    Queue("values", N_("Platforms with values that were not understood"), f"{NOTICED_PLATFORMS}values", _not_understood),
    Queue("conflicts", N_("Conflicts with sources"), "/conflicts", conflicts.count_and_oldest),
    Queue("duplicates", N_("Duplicates"), f"{WALK}pair", duplicate_queue.count_and_oldest, more=duplicate_queue.asked_again),
    Queue("mails", N_("E-mails that were not delivered"), "/mails/", _undelivered),
    Queue("held_back", N_("Held back as advertising"), "/held-back", held_back.count_and_oldest),
)
"""What waits for a decision, the most urgent first."""
IMPROVEMENTS = (
    Queue("stale", N_("Maybe outdated"), "/stale", stale.count_and_oldest, is_over_all=True),
    Queue("searches", N_("Searches without result"), "/searches", _searches),
    Queue("translations", N_("Missing translations"), "/translations", translations.count_and_oldest, is_over_all=True),
)
"""What makes the directory better, and can wait."""

"""First readings of sites that somebody may register: asked for, shared for a day, done by the worker, forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from crawlers.record import RawRecord, Record
from crawlers.state import OUR_FAULT
from crawlers.values.addresses import canonical_address, site_of
from platforma.catalogue.models import ReadingState, SiteLook, SiteReading
from vocabulary.characters import storable

SHARED_FOR = timedelta(days=1)
"""So long a reading that found something serves all who give the same address."""
TRIED_AGAIN_AFTER = timedelta(minutes=10)
"""After so long an address at which nothing was found is read again: its owner may have changed something."""
KEPT_FOR = timedelta(days=1)
"""How long a reading is stored at least, since those of a day are counted; longer while somebody may look at it."""
MAX_OF_HOST, MAX_IN_ALL = 12, 600
"""So many readings of one host, and of all, are begun within COUNTED_FOR."""
COUNTED_FOR = timedelta(days=1)
MAX_TRIES = 2
"""A reading whose process died is begun once more, then it has failed."""


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """Something that could not be read: the message `reason` with its `values`, for how many entries, and one of them.

    `field` is ours, or ""; `url` is the page of the example, `value` what stands there.
    """

    reason: str
    values: Mapping[str, str]
    field: str
    count: int
    url: str | None
    value: str


@dataclass(frozen=True, slots=True)
class ProposedDefault:
    """A value for all entries that do not say it, and why: `basis` is one of proposed_defaults.BASES, `word` what it is from."""

    id: str
    basis: str
    word: str


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word of the source for a kind, sector, theme or country that we do not know: in which records, and what it surely
    misspells ("" for nothing)."""

    dimension: str
    text: str
    remote_ids: Sequence[str]
    suggestion: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a reading found. `title` is the site's own name, "" where it gives none; `expected` as in discovery's Proposal.

    `recipe` is empty where no list was recognised. `proposed` maps kind, sector and country to what all entries may be.
    `words` are the most frequent ones first. `raws` are what the records were made of, as bounded_raw stores them.
    """

    title: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    records: Sequence[Record] = ()
    expected: int = 0
    is_open_ended: bool = False
    problems: Sequence[FoundProblem] = ()
    proposed: Mapping[str, ProposedDefault] = field(default_factory=dict)
    words: Sequence[FoundWord] = ()
    raws: Sequence[RawRecord] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON object that is stored; from_json gives the same result again."""
        slots = ("reason", "values", "field", "count", "url", "value")
        return {
            "title": self.title,
            "recipe": dict(self.recipe),
            "records": [record.to_json() | {"raw": {}} for record in self.records],
            "expected": self.expected,
            "is_open_ended": self.is_open_ended,
            "problems": [{name: getattr(problem, name) for name in slots} for problem in self.problems],
            "proposed": {name: [one.id, one.basis, one.word] for name, one in self.proposed.items()},
            "words": [[word.dimension, word.text, list(word.remote_ids), word.suggestion] for word in self.words],
            "raws": [raw.to_json() for raw in self.raws],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The result of a JSON object; that of {} found nothing."""
        return cls(
            title=data.get("title", ""),
            recipe=data.get("recipe", {}),
            records=[Record.from_json(record) for record in data.get("records", ())],
            expected=data.get("expected", 0),
            is_open_ended=data.get("is_open_ended", False),
            problems=[FoundProblem(**problem) for problem in data.get("problems", ())],
            proposed={name: ProposedDefault(*parts) for name, parts in data.get("proposed", {}).items()},
            words=[FoundWord(*parts) for parts in data.get("words", ())],
            raws=[RawRecord.from_json(raw) for raw in data.get("raws", ())],
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A reading that the worker has begun."""

    id: int
    url: str
    host: str


def shared_reading(session: Session, url: str, now: datetime) -> SiteReading | None:
    """The newest reading that an address can share; None where it has to be read."""
    is_under_way = SiteReading.state.in_((ReadingState.WAITING, ReadingState.READING))
    is_good = and_(SiteReading.state == ReadingState.DONE, SiteReading.created_at > now - SHARED_FOR)
    is_fresh = and_(SiteReading.state == ReadingState.FAILED, SiteReading.ended_at > now - TRIED_AGAIN_AFTER)
    is_usable = or_(is_under_way, is_good, is_fresh)
    query = select(SiteReading).where(SiteReading.address == canonical_address(url), is_usable)
    return session.scalar(query.order_by(SiteReading.id.desc()).limit(1))


def is_host_spent(session: Session, url: str, now: datetime) -> bool:
    """Whether the host of an address was read as often as it may be in a day."""
    return _count(session, now, SiteReading.host == site_of(url)) >= MAX_OF_HOST


def is_day_spent(session: Session, now: datetime) -> bool:
    """Whether as many sites were read as may be in a day."""
    return _count(session, now) >= MAX_IN_ALL


def new_reading(session: Session, url: str) -> SiteReading:
    """A reading of an address that waits for the worker."""
    reading = SiteReading(address=canonical_address(url), host=site_of(url), url=url)
    session.add(reading)
    session.flush()
    return reading


def before(session: Session, reading: SiteReading) -> int:
    """How many readings wait that were asked for earlier."""
    is_earlier = SiteReading.state == ReadingState.WAITING, SiteReading.id < reading.id
    return session.scalar(select(func.count()).select_from(SiteReading).where(*is_earlier)) or 0


def begin_next(session: Session, busy_hosts: Collection[str]) -> Turn | None:
    """Begin the reading that has waited longest and whose host is not being read; None where there is none."""
    is_next = SiteReading.state == ReadingState.WAITING, SiteReading.host.not_in(busy_hosts)
    reading = session.scalar(select(SiteReading).where(*is_next).order_by(SiteReading.id).limit(1).with_for_update())
    if reading is None:
        return None
    reading.state, reading.tries = ReadingState.READING, reading.tries + 1
    return Turn(reading.id, reading.url, reading.host)


def take_over_abandoned(session: Session, now: datetime) -> None:
    """Let the readings whose process died wait again; those that were begun MAX_TRIES times have failed.

    Only whoever holds the lock of readings may call this: nobody else is reading then.
    """
    is_abandoned = SiteReading.state == ReadingState.READING
    failed = {"state": ReadingState.FAILED, "reason": OUR_FAULT, "values": {}, "ended_at": now}
    session.execute(update(SiteReading).where(is_abandoned, SiteReading.tries >= MAX_TRIES).values(failed))
    session.execute(update(SiteReading).where(is_abandoned).values(state=ReadingState.WAITING, pages=0, expected=None))


def put_back(session: Session, id: int) -> None:
    """Let a reading wait again that was stopped by the end of the process, as if it had not begun."""
    reading = session.get_one(SiteReading, id)
    reading.state, reading.tries, reading.pages, reading.expected = ReadingState.WAITING, reading.tries - 1, 0, None


def note_progress(session: Session, id: int, *, pages: int, expected: int | None) -> None:
    """Note how far a reading has come."""
    session.execute(update(SiteReading).where(SiteReading.id == id).values(pages=pages, expected=expected))


def finish(session: Session, id: int, result: Result, now: datetime) -> None:
    """Store what a reading found."""
    done = {"state": ReadingState.DONE, "result": storable(result.to_json()), "ended_at": now}
    session.execute(update(SiteReading).where(SiteReading.id == id).values(done))


def fail(session: Session, id: int, reason: str, values: Mapping[str, str], now: datetime, title: str = "") -> None:
    """Note why a reading found nothing; `title` is the site's name where that was read."""
    failed = {"state": ReadingState.FAILED, "reason": reason, "values": storable(dict(values)), "ended_at": now}
    stored = failed | {"result": storable(Result(title=title).to_json())}
    session.execute(update(SiteReading).where(SiteReading.id == id).values(stored))


def forget_readings(session: Session, now: datetime) -> None:
    """Delete readings that nobody looks at any more, with what they hold; those of the last day are counted and stay."""
    is_old = SiteReading.created_at < now - KEPT_FOR, SiteReading.id.not_in(select(SiteLook.reading_id))
    session.execute(delete(SiteReading).where(*is_old))


def _count(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(SiteReading).where(SiteReading.created_at > now - COUNTED_FOR, *conditions)
    return session.scalar(query) or 0

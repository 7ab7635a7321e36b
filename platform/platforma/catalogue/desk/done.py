"""What was done at the desk since an instant, by people and by rules, counted from the events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.models import Event, JudgementVerdict

WEEK = timedelta(days=7)
_JUDGED = {f"judge_{verdict}" for verdict in JudgementVerdict} | {"take_back"}
_WORKS: Mapping[str, Mapping[str, set[str]]] = {
    "published": {"initiative": {"publish"}},
    "refused": {"initiative": {"refuse"}},
    "fields": {"initiative": {"set", "release", "keep", "keep_for_good"}},
    "pairs": {"initiative": _JUDGED},
    "platforms": {"platform": {"approve", "refuse", "pause", "leave"}},
    "crawls": {"crawl": {"approve", "discard"}},
    "messages": {"correction": {"answer"}},
}
"""The sorts of work that are told by name, with the actions of their events by type of object; all else is `other`."""
_WORK_OF = {
    (object_type, action): work for work, types in _WORKS.items() for object_type, actions in types.items() for action in actions
}
WORKS = (*_WORKS, "other")


@dataclass(frozen=True, slots=True)
class Work:
    """How often one of WORKS was done, by people and by rules."""

    name: str
    by_people: int
    by_rules: int


def done_since(session: Session, since: datetime) -> list[Work]:
    """What was done since an instant, in the order of WORKS; what was not done is left out.

    People are told from rules by their e-mail addresses.
    """
    is_person = Event.actor.contains("@").label("is_person")
    query = select(Event.object_type, Event.action, is_person, func.count().label("times")).where(Event.at >= since)
    times: Counter[tuple[str, bool]] = Counter()
    for row in session.execute(query.group_by(Event.object_type, Event.action, is_person)):
        name = _WORK_OF.get((row.object_type, row.action), "other")
        times[name, bool(row.is_person)] += row.times
    works = [Work(name, _once(name, times[name, True]), _once(name, times[name, False])) for name in WORKS]
    return [work for work in works if work.by_people or work.by_rules]


def _once(name: str, times: int) -> int:
    """A decision about a pair stands in the histories of both listings."""
    return times // 2 if name == "pairs" else times

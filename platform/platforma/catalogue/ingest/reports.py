"""What crawls and imports tell when they end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawlers.record import Problem

COUNTS = ("found", "new", "changed", "unchanged", "gone", "refused", "warnings", "pages", "bytes", "seconds")
"""What a crawl counts: records, problems of both severities, and what it cost; in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a crawl ended. `counts` has those of COUNTS that are known; instants are UTC.

    `failure` says in English why it failed or is held; `reason` is the message id of that, which `values` fill; where
    they have a `url`, it is the address that it is about.
    """

    crawl_id: int
    platform_id: str
    state: str
    purpose: str
    recipe_version: int
    counts: Mapping[str, int]
    reason: str | None
    values: Mapping[str, str]
    started_at: datetime
    ended_at: datetime | None
    problems: tuple[Problem, ...] = ()

    @property
    def failure(self) -> str | None:
        said = self.reason % dict(self.values) if self.reason and self.values else self.reason
        return f"{self.values['url']}: {said}" if said and "url" in self.values else said


@dataclass(slots=True)
class ImportReport:
    """How an import ended; `problems` holds refusals and warnings in the file's order."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    def tell(self, problem: Problem) -> None:
        """Keep a problem, and count it where something was refused."""
        self.problems.append(problem)
        self.refused += problem.severity == "refused"


@dataclass(frozen=True, slots=True)
class RecordName:
    """A record by name; `title` is its first one, or its remote id where it has none."""

    remote_id: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that differs: field to (before, after), as people read them."""

    record: RecordName
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking a crawl in would do; `by_field` counts the changed records by field, the most frequent first."""

    new: tuple[RecordName, ...]
    changed: tuple[RecordChange, ...]
    unchanged: int
    gone: tuple[RecordName, ...]
    by_field: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DryRun:
    """A difference together with how the crawl went that it is drawn from."""

    difference: Difference
    failure: str | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one reason: how many, and the first examples."""

    severity: str
    reason: str
    field: str | None
    count: int
    examples: tuple[Problem, ...]


def grouped(problems: tuple[Problem, ...], examples: int = 3) -> list[ProblemGroup]:
    """Problems by reason and field, refusals first, then the most frequent."""
    groups: dict[tuple[str, str, str | None], list[Problem]] = {}
    for one in problems:
        groups.setdefault((one.severity, one.reason, one.field), []).append(one)
    found = [ProblemGroup(*key, len(members), tuple(members[:examples])) for key, members in groups.items()]
    return sorted(found, key=lambda group: (group.severity != "refused", -group.count, group.reason, group.field or ""))

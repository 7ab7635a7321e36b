"""Reports of crawls and imports: how they ended, and what they changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawlers.record import Problem

COUNTS = ("found", "new", "changed", "unchanged", "gone", "refused", "warnings", "pages", "bytes", "seconds")
"""The names of a crawl's counts, in the order of display: records, problems by severity, and what the crawl cost."""


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a crawl ended. `counts` has those of COUNTS that are known; instants are UTC.

    `reason` is a message id that says why the crawl failed or is held, and `values` fill its placeholders; a `url` among
    them is the address that the reason is about.
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
        """The reason in English, after the address that it is about; None where there is no reason."""
        text = self.reason % dict(self.values) if self.reason and self.values else self.reason
        return f"{self.values['url']}: {text}" if text and "url" in self.values else text


@dataclass(slots=True)
class ImportReport:
    """How an import ended: numbers of listings or records, and its refusals and warnings in the file's order."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add_problem(self, problem: Problem) -> None:
        """Add a problem, and count it where it is a refusal."""
        self.problems.append(problem)
        self.refused += problem.severity == "refused"


@dataclass(frozen=True, slots=True)
class RecordName:
    """What a report calls a record: `title` is its first title, or its remote id where it has none."""

    remote_id: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class IngestedChange:
    """One change that an ingest made; `kind` is new, changed or gone. `fields` are the names of the changed fields."""

    kind: str
    remote_id: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that would change: name of the field to its value (before, after), as people read it."""

    record: RecordName
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What ingesting a crawl would do; `by_field` counts the changed records by field, the most frequent first.

    `kept_out` are the problems of the records that removals keep out or as they are.
    """

    new: tuple[RecordName, ...]
    changed: tuple[RecordChange, ...]
    unchanged: int
    gone: tuple[RecordName, ...]
    by_field: Mapping[str, int]
    kept_out: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChanges:
    """Records in which one field would change alike: `kind` is changed, emptied or filled; with the first examples."""

    field: str
    kind: str
    count: int
    examples: tuple[RecordChange, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """The difference that a crawl without ingest showed, why it failed (None: it did not), and its problems."""

    difference: Difference
    failure: str | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one severity, reason and field: how many, and the first examples."""

    severity: str
    reason: str
    field: str | None
    count: int
    examples: tuple[Problem, ...]

    @property
    def key(self) -> str:
        """What tells groups of one crawl apart, and stays the same from crawl to crawl."""
        return f"{self.severity}|{self.field or ''}|{self.reason}"


def grouped(problems: tuple[Problem, ...], examples: int = 3) -> list[ProblemGroup]:
    """Problems by severity, reason and field: refusals first, then the most frequent; each group with so many examples."""
    groups: dict[tuple[str, str, str | None], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.severity, problem.reason, problem.field), []).append(problem)
    counted = [ProblemGroup(*key, len(members), tuple(members[:examples])) for key, members in groups.items()]
    return sorted(counted, key=lambda group: (group.severity != "refused", -group.count, group.reason, group.field or ""))


def changes_by_field(changed: Iterable[RecordChange], examples: int = 3) -> list[FieldChanges]:
    """Changes by field and kind: the title first, then the most frequent; each with so many examples."""
    groups: dict[tuple[str, str], list[RecordChange]] = {}
    for change in changed:
        for name, values in change.fields.items():
            groups.setdefault((name, _kind_of_change(*values)), []).append(change)
    counted = [FieldChanges(*key, len(members), tuple(members[:examples])) for key, members in groups.items()]
    return sorted(counted, key=lambda group: (group.field != "title", -group.count, group.field, group.kind))


def _kind_of_change(before: str, after: str) -> str:
    if before and after:
        return "changed"
    return "emptied" if before else "filled"

"""View models of crawls, for the desk and for partners: lists, reports, and the problems of a crawl as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app

from crawlers.reasons import Reason, explain
from crawlers.record import Problem
from crawlers.state import LOST_PAGES
from platforma.catalogue.enums import CrawlState
from platforma.catalogue.files.cells import safe_cell
from platforma.catalogue.ingest.full_reports import FullReport
from platforma.catalogue.ingest.reports import COUNTS, CrawlReport, FieldChanges, RecordChange, changes_by_field
from platforma.i18n import day, number, pgettext
from platforma.i18n import gettext as _
from platforma.web.context import next_skip
from platforma.web.labels import field_label

CRAWLS_PER_PAGE = 20
PROBLEMS_PER_PAGE = 50
MAX_SAMPLES = 50
"""Records of each kind of difference that a report shows; of more, it says how many there are."""

SHOWN_COUNTS = (*COUNTS, *LOST_PAGES)


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem of a report."""

    severity: str
    url: str | None
    remote_id: str | None
    field: str
    value: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class CrawlLine:
    """A crawl in a list, and at the head of its report. `is_good`: it was ingested; `reason` says why one was held or failed."""

    id: int
    state: str
    is_good: bool
    purpose: str
    began: str
    counts: tuple[tuple[str, str], ...]
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Records in which one field would change alike: in how many, how, and examples as (title, before, after).

    `is_title`: the field is the title itself.
    """

    field: str
    is_title: bool
    count: int
    how: str
    examples: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report with one page of its problems. `skip` and `next_skip` are where this page and the next begin (None: the last).

    `changes` are (what happened, title, fields). Of a held crawl, `changed` are titles with (field, before, after) of what
    would change, and `by_field` the same by field; of other crawls both are empty.
    """

    report: FullReport
    line: CrawlLine
    problems: tuple[ProblemLine, ...]
    changes: tuple[tuple[str, str, str], ...]
    changed: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    by_field: tuple[ChangeGroup, ...]
    samples: int
    skip: int
    next_skip: int | None


def reason_of(reason: str | None, values: Mapping[str, Any]) -> Reason:
    """A message of a crawl in the reader's language, with the address that it is about where `values` have a `url`."""
    explained = explain(reason, values, _)
    return explained.about(values["url"]) if reason and values.get("url") else explained


Words = Callable[[str | None, Mapping[str, Any]], Reason]
"""Says a reason: for curators (reason_of), or for owners of sites."""


def crawl_line(crawl: CrawlReport, *, is_running: bool = False, words: Words = reason_of) -> CrawlLine:
    """The line of a crawl. `is_running`: a process works on the platform now; without one, a running crawl was interrupted."""
    return CrawlLine(
        id=crawl.crawl_id,
        state=_("under way") if crawl.state == CrawlState.RUNNING and is_running else state_label(crawl.state),
        is_good=crawl.state == CrawlState.DONE,
        purpose=purpose_label(crawl.purpose),
        began=moment(crawl.started_at),
        counts=tuple(
            (count_label(name), _amount(name, crawl.counts[name])) for name in (*COUNTS, *LOST_PAGES) if name in crawl.counts
        ),
        reason=words(crawl.reason, crawl.values) if crawl.reason else None,
    )


def report_page(report: FullReport, skip: int, words: Words = reason_of) -> ReportPage:
    """A report with the page of problems that begins at `skip`; `words` say its reasons."""
    difference = report.difference
    changed = difference.changed if difference else ()
    return ReportPage(
        report=report,
        line=crawl_line(report.crawl, is_running=report.platform.is_crawled_now, words=words),
        problems=tuple(problem_line(problem, words) for problem in report.problems),
        changes=tuple((change_label(change.kind), change.title, _field_labels(change.fields)) for change in report.changes),
        changed=tuple((change.record.title, _changed_fields(change)) for change in changed[:MAX_SAMPLES]),
        by_field=tuple(map(_change_group, changes_by_field(changed))),
        samples=MAX_SAMPLES,
        skip=skip,
        next_skip=next_skip(skip, PROBLEMS_PER_PAGE, report.problems_in_all),
    )


def _field_labels(names: Iterable[str]) -> str:
    return ", ".join(field_label(name) for name in names)


def _changed_fields(change: RecordChange) -> tuple[tuple[str, str, str], ...]:
    return tuple((field_label(name), before, after) for name, (before, after) in change.fields.items())


def _change_group(group: FieldChanges) -> ChangeGroup:
    examples = tuple((change.record.title, *change.fields[group.field]) for change in group.examples)
    how = {"changed": _("another value"), "emptied": _("no value any more"), "filled": _("a value for the first time")}[
        group.kind
    ]
    return ChangeGroup(field_label(group.field), group.field == "title", group.count, how, examples)


def problem_line(problem: Problem, words: Words = reason_of) -> ProblemLine:
    """A problem in the reader's language."""
    return ProblemLine(
        severity=_("not read") if problem.severity == "refused" else _("warning"),
        url=problem.url,
        remote_id=problem.remote_id,
        field=field_label(problem.field) if problem.field else "",
        value=problem.value,
        reason=words(problem.reason, problem.values),
    )


def problems_csv(problems: Iterable[Problem], words: Words = reason_of) -> str:
    """The problems as CSV, with headings in the reader's language; no spreadsheet takes a cell for a formula (safe_cell)."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow((_("Severity"), _("Address"), _("Record"), _("Field"), _("Value"), _("What is wrong"), _("What to do")))
    for line in (problem_line(problem, words) for problem in problems):
        cells = (line.severity, line.url, line.remote_id, line.field, line.value, line.reason.what, line.reason.advice)
        writer.writerow([safe_cell(cell) for cell in cells])
    return file.getvalue()


def moment(instant: datetime) -> str:
    """A day with its time in the site's time zone."""
    return f"{day(instant)}, {instant.astimezone(current_app.config['TIME_ZONE']):%H:%M}"


def _amount(name: str, value: int) -> str:
    """A count with its unit."""
    if name == "bytes":
        return f"{number(round(value / 1000))} kB"
    return f"{number(value)} s" if name == "seconds" else number(value)


def count_label(name: str) -> str:
    """The name of one of COUNTS, or of pages lost."""
    return {
        "found": _("found"),
        "new": _("new"),
        "changed": _("changed"),
        "unchanged": _("unchanged"),
        "gone": _("gone"),
        "refused": _("not read"),
        "warnings": _("warnings"),
        "pages": _("pages"),
        "bytes": _("size"),
        "seconds": _("time"),
        "lost_slow": _("pages that took too long"),
        "lost_big": _("pages that took too much memory"),
        "lost_broken": _("pages that broke the program"),
    }[name]


def change_label(kind: str) -> str:
    """What happened to a record, with a colon."""
    return {"new": _("new:"), "changed": _("changed:"), "gone": _("gone:")}.get(kind, f"{kind}:")


def state_label(state: str) -> str:
    """The name of a crawl's state."""
    return {
        "running": _("interrupted"),
        "held": _("waits for a decision"),
        "done": pgettext("crawl", "accepted"),
        "failed": pgettext("crawl", "failed"),
        "discarded": pgettext("crawl", "discarded"),
    }.get(state, state)


def purpose_label(purpose: str) -> str:
    """Why a crawl was run; empty for a crawl in its turn."""
    return {"trial": _("trial of a recipe"), "mapping": _("new mapping")}.get(purpose, "")


def csv_answer(text: str, crawl_id: int) -> Response:
    """The CSV of a crawl's problems as a download, which search engines leave out."""
    headers = {"Content-Disposition": f'attachment; filename="report-{crawl_id}.csv"', "X-Robots-Tag": "noindex"}
    return Response(text, mimetype="text/csv", headers=headers)

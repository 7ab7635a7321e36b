"""View models of crawls: reports in the reader's language, ready for templates, and as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app

from crawlers.messages import Reason, explain
from crawlers.record import Problem
from platforma.catalogue.files.cells import safe_cell
from platforma.catalogue.ingest.full_reports import FullReport
from platforma.catalogue.ingest.reports import COUNTS, CrawlReport, RecordChange
from platforma.i18n import day, number
from platforma.i18n import gettext as _
from platforma.web.labels import field_label

PROBLEMS = 50
"""So many problems stand on one page of a report."""
SAMPLES = 50
"""So many records of each kind of difference are shown; beyond, only their number."""


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem of a report."""

    severity: str
    url: str | None
    remote_id: str | None
    field: str
    value: str | None
    said: Reason


@dataclass(frozen=True, slots=True)
class CrawlLine:
    """A crawl in a list, and at the head of its report. `is_good`: what it read was taken in."""

    id: int
    state: str
    is_good: bool
    purpose: str
    began: str
    counts: tuple[tuple[str, str], ...]
    said: Reason | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report: `changed` names records with (field, before, after) for each that differs.

    `skip` and `after` are the places of this page of problems and of the next (None: it is the last).
    """

    report: FullReport
    line: CrawlLine
    problems: tuple[ProblemLine, ...]
    changes: tuple[tuple[str, str, str], ...]
    changed: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    by_field: tuple[tuple[str, int], ...]
    samples: int
    skip: int
    after: int | None


def reason_of(reason: str | None, values: Mapping[str, Any]) -> Reason:
    """A message of a crawl in the reader's language, with the address that it is about where `values` have a `url`."""
    explained = explain(reason, values, _)
    return explained.about(values["url"]) if reason and values.get("url") else explained


def crawl_line(crawl: CrawlReport, *, is_running: bool = False) -> CrawlLine:
    """A crawl as lists show it."""
    said = reason_of(crawl.reason, crawl.values) if crawl.reason else None
    counts = tuple((count_label(name), _amount(name, crawl.counts[name])) for name in COUNTS if name in crawl.counts)
    state = _("under way") if crawl.state == "running" and is_running else state_label(crawl.state)
    return CrawlLine(
        crawl.crawl_id, state, crawl.state == "done", purpose_label(crawl.purpose), moment(crawl.started_at), counts, said
    )


def report_page(report: FullReport, skip: int) -> ReportPage:
    """A report with the page of problems that begins at `skip`."""
    after = skip + PROBLEMS if skip + PROBLEMS < report.problems_in_all else None
    is_running = report.platform.is_crawled_now
    changes = tuple(
        (change_label(one.kind), one.title, ", ".join(field_label(name) for name in one.fields)) for one in report.changes
    )
    found = report.difference
    by_field, changed = (found.by_field, found.changed[:SAMPLES]) if found else ({}, ())
    return ReportPage(
        report=report,
        line=crawl_line(report.crawl, is_running=is_running),
        problems=tuple(problem_line(one) for one in report.problems),
        changes=changes,
        changed=tuple((one.record.title, _fields(one)) for one in changed),
        by_field=tuple((field_label(name), count) for name, count in by_field.items()),
        samples=SAMPLES,
        skip=skip,
        after=after,
    )


def _fields(change: RecordChange) -> tuple[tuple[str, str, str], ...]:
    return tuple((field_label(name), before, after) for name, (before, after) in change.fields.items())


def problem_line(problem: Problem) -> ProblemLine:
    """A problem in the reader's language."""
    severity = _("not taken") if problem.severity == "refused" else _("warning")
    field = field_label(problem.field) if problem.field else ""
    said = reason_of(problem.reason, problem.values)
    return ProblemLine(severity, problem.url, problem.remote_id, field, problem.value, said)


def problems_csv(problems: Iterable[Problem]) -> str:
    """All problems as CSV, with headings in the reader's language; no cell is run as a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow((_("Severity"), _("Address"), _("Record"), _("Field"), _("Value"), _("What is wrong"), _("What to do")))
    for one in map(problem_line, problems):
        cells = (one.severity, one.url, one.remote_id, one.field, one.value, one.said.what, one.said.advice)
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
    """The name of one of COUNTS."""
    return {
        "found": _("found"),
        "new": _("new"),
        "changed": _("changed"),
        "unchanged": _("unchanged"),
        "gone": _("gone"),
        "refused": _("not taken"),
        "warnings": _("warnings"),
        "pages": _("pages"),
        "bytes": _("size"),
        "seconds": _("time"),
    }[name]


def change_label(kind: str) -> str:
    """What happened to one record."""
    return {"new": _("new:"), "changed": _("changed:"), "gone": _("gone:")}.get(kind, f"{kind}:")


def state_label(state: str) -> str:
    """The name of a crawl's state."""
    return {
        "running": _("interrupted"),
        "held": _("waits for a decision"),
        "done": _("taken in"),
        "failed": _("failed"),
        "discarded": _("thrown away"),
    }.get(state, state)


def purpose_label(purpose: str) -> str:
    """Why a crawl was run; empty for those in their turn."""
    return {"trial": _("trial of a recipe"), "mapping": _("mapping anew")}.get(purpose, "")


CRAWLS = 20


def csv_answer(text: str, crawl_id: int) -> Response:
    """A table to be kept as a file, which no search engine lists."""
    headers = {"Content-Disposition": f'attachment; filename="report-{crawl_id}.csv"', "X-Robots-Tag": "noindex"}
    return Response(text, mimetype="text/csv", headers=headers)

"""The summary of crawls: a table of platforms, and their problems grouped by reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawlers.record import Problem
from platforma.catalogue.ingest.reports import COUNTS, CrawlReport, grouped

PLACEHOLDER = r"%\(\w+\)s"


def summary_table(reports: Sequence[CrawlReport]) -> Iterator[str]:
    """The lines of an aligned table: headings, a line for each platform in the order given, and the sums."""
    rows = [[report.platform_id, report.state, *(str(report.counts.get(name, 0)) for name in COUNTS)] for report in reports]
    sums = [str(sum(report.counts.get(name, 0) for report in reports)) for name in COUNTS]
    table = [["platform", "state", *COUNTS], *rows, ["together", "", *sums]]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        names = (cell.ljust(width) for cell, width in zip(row[:2], widths, strict=False))
        numbers = (cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True))
        yield "  ".join((*names, *numbers)).rstrip()


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """A line for each reason with its count, and under it the first three examples."""
    for group in grouped(tuple(problems)):
        field = f"{group.field}: " if group.field else ""
        yield f"{group.severity} × {group.count}: {field}{re.sub(PLACEHOLDER, '…', group.reason)}"
        for problem in group.examples:
            value = f" {problem.value!r}" if problem.value else ""
            message = f" ({problem.message()})" if problem.values else ""
            line = f"    {problem.url or problem.remote_id or ''}{value}{message}"
            if line.strip():
                yield line

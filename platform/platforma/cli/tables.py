"""The summary of crawls for the shell: a table of platforms, and their problems grouped by reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawlers.record import Problem
from platforma.catalogue.ingest.reports import COUNTS, CrawlReport, grouped

PLACEHOLDER = r"%\(\w+\)s"


def summary_table(reports: Sequence[CrawlReport]) -> Iterator[str]:
    """A line of headings, then one a platform in the order given, and their sums; columns stand under each other."""
    rows = [[one.platform_id, one.state, *(str(one.counts.get(name, 0)) for name in COUNTS)] for one in reports]
    sums = [str(sum(one.counts.get(name, 0) for one in reports)) for name in COUNTS]
    table = [["platform", "state", *COUNTS], *rows, ["together", "", *sums]]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        names = (cell.ljust(width) for cell, width in zip(row[:2], widths, strict=False))
        numbers = (cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True))
        yield "  ".join((*names, *numbers)).rstrip()


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """A line a reason with its count, and under it the first three examples."""
    for group in grouped(tuple(problems)):
        what = f"{group.field}: " if group.field else ""
        yield f"{group.severity} × {group.count}: {what}{re.sub(PLACEHOLDER, '…', group.reason)}"
        for one in group.examples:
            where = one.url or one.remote_id or ""
            line = f"    {where}" + (f" {one.value!r}" if one.value else "") + (f" ({one.message()})" if one.values else "")
            yield from [line] if line.strip() else []

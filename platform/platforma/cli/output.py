"""What every command prints: results on stdout, progress and messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import click

from crawlers.record import Problem

SHELL = "shell"
"""Who an event names when somebody worked from the command line."""


class CommandFailed(Exception):
    """The command could not do its work; the text is one line that says what to do."""


def tell(line: str) -> None:
    """A line of progress or summary on stderr."""
    click.echo(line, err=True)


def print_json(data: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show_progress(name: str) -> Callable[[int, int | None], None]:
    """Progress of a crawl: one line that is written over on a terminal, every 25 items elsewhere."""

    def progress(done: int, of: int | None) -> None:
        line = f"{name}: {done}" + (f" of {of}" if of else "")
        if sys.stderr.isatty():
            click.echo(f"\r{line}\x1b[K", err=True, nl=False)
        elif done % 25 == 0:
            tell(line)

    return progress


def problem_line(problem: Problem) -> str:
    """A problem as one line: how bad it is, where it is, which field's value it is about, and the reason."""
    is_line = (problem.remote_id or "").startswith("line ")
    place = (None if is_line else problem.url) or problem.remote_id
    field = f"{problem.field}={problem.value!r}" if problem.value is not None else problem.field
    where = " ".join(filter(None, (place, field)))
    return ": ".join(filter(None, (problem.severity, where, problem.message())))

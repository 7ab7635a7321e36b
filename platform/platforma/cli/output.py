"""What every command prints: results on stdout, progress and messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import click

from crawlers.record import Problem

SHELL = "shell"
"""The actor of events that a command caused."""


class CommandFailed(Exception):
    """The command failed; the text is one line that says what to do."""


def tell(line: str) -> None:
    """Print a line of progress or summary on stderr."""
    click.echo(line, err=True)


def print_json(data: object) -> None:
    """Print a JSON document on stdout."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show_progress(name: str) -> Callable[[int, int | None], None]:
    """A function that prints the progress of a crawl: on a terminal in one line that is overwritten, else every 25 items."""

    def progress(done: int, total: int | None) -> None:
        line = f"{name}: {done}" + (f" of {total}" if total else "")
        if sys.stderr.isatty():
            click.echo(f"\r{line}\x1b[K", err=True, nl=False)
        elif done % 25 == 0:
            tell(line)

    return progress


def problem_line(problem: Problem) -> str:
    """A problem as one line: its severity, the address or line, the field with its value, and the reason."""
    is_of_file = (problem.remote_id or "").startswith("line ")
    location = (None if is_of_file else problem.url) or problem.remote_id
    field = f"{problem.field}={problem.value!r}" if problem.value is not None else problem.field
    subject = " ".join(filter(None, (location, field)))
    return ": ".join(filter(None, (problem.severity, subject, problem.message())))

"""A reader process in which pages and lines with certain words do what hostile ones might: each ends or holds the process."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawlers import reader_process, record_checks
from crawlers.fetch.page import Page
from crawlers.importing import reading
from crawlers.isolation import limits

A_WEEK = 7 * 24 * 3600


def compute_forever() -> None:
    """Hold the processor."""
    while True:
        pass


def run_out_of_memory() -> None:
    """Ask for more memory than a reader may have."""
    bytearray(limits.MAX_MEMORY_BYTES)


def crash() -> None:
    """Read what is no memory of this process."""
    ctypes.string_at(0)


def wait_forever() -> None:
    """Hold the process without computing."""
    time.sleep(A_WEEK)


DEATHS = {"FOREVER": compute_forever, "MEMORY": run_out_of_memory, "ABORT": os.abort, "CRASH": crash, "WAIT": wait_forever}
_text = Page.text


def text(page: Page) -> str:
    """Return the page's text, unless it is one that kills."""
    die_of(page.body.decode("utf-8", "replace"))
    return _text(page)


def parse(line: str) -> Any:
    """Return the JSON value of a file's line, unless it is one that kills."""
    die_of(line)
    return record_checks.parse(line)


def die_of(words: str) -> None:
    """Die of the first deadly word."""
    for word, die in DEATHS.items():
        if f"KILL-{word}" in words:
            die()


if __name__ == "__main__":
    setattr(Page, "text", text)  # noqa: B010 - mypy knows no assignment to a method
    setattr(reading, "parse", parse)  # noqa: B010 - the same
    limits.SECONDS_PER_PAGE = 0.5
    reader_process.main()

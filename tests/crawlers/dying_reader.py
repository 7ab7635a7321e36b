"""A reader process in which pages with certain words in them do what hostile pages might: each ends or holds the process."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawlers import reader_process
from crawlers.fetch.page import Page
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
    for word, die in DEATHS.items():
        if f"KILL-{word}".encode() in page.body:
            die()
    return _text(page)


if __name__ == "__main__":
    setattr(Page, "text", text)  # noqa: B010 - mypy knows no assignment to a method
    limits.SECONDS_PER_PAGE = 0.5
    reader_process.main()

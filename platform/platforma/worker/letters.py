"""The yearly letters, written by one worker at a time, at most once an hour."""

from __future__ import annotations

import logging
import time

from platforma.catalogue.column_types import utc_now
from platforma.locks import LockHeld, lock
from platforma.mail.letters import queue_due_letters
from platforma.services import Services

log = logging.getLogger(__name__)
EVERY_SECONDS = 3600.0


class LetterRounds:
    """Rounds of letters: who is due changes by the day, and to look takes a read of all listings."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._next_at = 0.0

    def run(self) -> None:
        """Write the letters that are due, unless this process has looked within the hour."""
        if self._services.settings.letters and time.monotonic() >= self._next_at:
            self._next_at = time.monotonic() + EVERY_SECONDS
            write_letters(self._services)


def write_letters(services: Services) -> None:
    """Queue the letters that are due."""
    try:
        with lock(services.settings, "letters", wait=False):
            if written := queue_due_letters(services.settings, services.database, utc_now()):
                log.info("%s letters to organisations are queued", written)
    except LockHeld:
        log.debug("another worker writes the letters")

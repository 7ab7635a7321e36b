"""Looking at the websites of listings: politely, a few in a turn, one process at a time."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable
from dataclasses import replace

from crawlers.clock import CLOCK, Clock
from crawlers.errors import Stopped
from crawlers.fetch.transport import never
from crawlers.websites.looking import look
from crawlers.websites.looks import Outcome
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.websites import looked
from platforma.locks import LockHeld, lock
from platforma.services import Services
from platforma.worker.recipe_run import polite_session

log = logging.getLogger(__name__)
AT_ONCE = 60
"""The most websites of one turn; what is left waits for the next, which begins within a minute."""

KNOWN_HOSTS = 5
"""So many hosts that were there lately are looked up before a host counts as missing: a network that is down misses all."""


def look_at_due_websites(services: Services, stop: Callable[[], bool] = never, clock: Clock = CLOCK) -> int:
    """Look at the websites that are due, at most AT_ONCE; return how many looks were stored. All pauses are by `clock`.

    Returns 0 while another process looks. Every look is stored at once, so that a stop loses nothing.
    """
    try:
        with lock(services.settings, "websites", wait=False):
            return _look(services, stop, clock)
    except LockHeld:
        return 0


def _look(services: Services, stop: Callable[[], bool], clock: Clock) -> int:
    with services.database.reading() as session:
        due = looked.due_websites(session, utc_now(), AT_ONCE)
        known_hosts = looked.alive_hosts(session, KNOWN_HOSTS)
    done = 0
    with polite_session(services.settings, clock) as polite:
        polite.stop = stop
        for website in due:
            try:
                found = look(polite, website.url)
            except Stopped:
                log.info("looking at websites was stopped")
                break
            if found.outcome == Outcome.NO_HOST and not _finds_names(known_hosts):
                found = replace(found, outcome=Outcome.SILENT)
            with services.database.writing() as session:
                looked.note_look(session, website.key, found, utc_now())
            done += 1
    return done


def _finds_names(hosts: Iterable[str]) -> bool:
    """Whether any of these hosts, which were there lately, has an address now."""
    return any(map(_has_address, hosts))


def _has_address(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, 443))
    except (OSError, UnicodeError):
        return False

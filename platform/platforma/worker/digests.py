"""The digests of saved searches, made by one worker at a time."""

from __future__ import annotations

import logging

from platforma.catalogue.column_types import utc_now
from platforma.locks import LockHeld, lock
from platforma.mail.digests import queue_due_digests
from platforma.services import Services
from search.port import SearchError

log = logging.getLogger(__name__)


def run_digests(services: Services) -> None:
    """Queue the digests that are due. If the engine is down, that is logged, and they stay due."""
    try:
        with lock(services.settings, "digests", wait=False):
            services.thesaurus.refresh()
            queued = queue_due_digests(services.settings, services.database, services.engine, utc_now())
            if queued:
                log.info("%s digests are queued", queued)
    except SearchError as error:
        log.warning("the digests wait: %s", error)
    except LockHeld:
        log.debug("another worker makes the digests")

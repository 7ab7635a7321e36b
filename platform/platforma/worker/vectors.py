"""The vectors of listings, for what is near in meaning: made by the worker, a few listings at a time, where texts are new."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import islice

from platforma.catalogue.listings.documents import documents, published_versions
from platforma.locks import LockHeld, lock
from platforma.services import Services
from search.meaning.nearness import Nearness
from search.port import SearchError

log = logging.getLogger(__name__)
LISTINGS_AT_ONCE = 20
"""So many are kept together: their vectors take a second or two."""


class VectorRounds:
    """Rounds over all listings; none while the index is as the last round has left it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stamp = ""

    def run(self, is_stopping: Callable[[], bool]) -> None:
        """Bring the vectors up to date; what fails is logged and tried again in the next round."""
        if self._services.nearness is None:
            return
        try:
            stamp = self._services.engine.stamp()
            if stamp != self._stamp and update_vectors(self._services, self._services.nearness, is_stopping) is not None:
                self._stamp = stamp
        except SearchError as error:
            log.warning("what is near in meaning waits: %s", error)


def update_vectors(services: Services, nearness: Nearness, is_stopping: Callable[[], bool] = lambda: False) -> int | None:
    """Make the vectors of listings whose texts are new, and delete those of listings that are not published.

    How many listings got new ones; None where it was stopped, or another worker is at it.
    """
    try:
        with lock(services.settings, "meaning", wait=False):
            return _update(services, nearness, is_stopping)
    except LockHeld:
        return None


def _update(services: Services, nearness: Nearness, is_stopping: Callable[[], bool]) -> int | None:
    """A text that changes meanwhile has a version that is not noted here, so that the next round looks at it."""
    with services.database.reading() as session:
        rows = published_versions(session)
    versions = {id: version for id, (_, version) in rows.items()}
    outdated, gone = nearness.outdated(versions)
    nearness.store.delete(gone)
    total, waiting = 0, iter(outdated)
    while ids := list(islice(waiting, LISTINGS_AT_ONCE)):
        if is_stopping():
            return None
        with services.database.reading() as session:
            found, _hidden = documents(session, [rows[id][0] for id in ids])
        total += nearness.update(found, versions)
    if total:
        log.info("the meaning of %s listings is looked up from now on", total)
    return total

"""The thesaurus that this process searches by, brought after the catalogue: a change at the desk needs no new index."""

from __future__ import annotations

import logging
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from platforma.catalogue.database import Database
from platforma.catalogue.terms import thesaurus
from search.query.concepts import use_thesaurus

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 3


class LiveThesaurus:
    """Looks at most every LOOK_EVERY_SECONDS whether the catalogue's thesaurus changed, and takes it over if so."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._stamp: int | None = None
        self._look_at = 0.0

    def refresh(self, *, now: bool = False) -> None:
        """Take a change over if it is time to look, or `now`. A database that cannot be read leaves the one in use."""
        if not now and time.monotonic() < self._look_at:
            return
        with self._lock:
            self._look_at = time.monotonic() + LOOK_EVERY_SECONDS
            try:
                self._take_over()
            except SQLAlchemyError as error:
                log.warning("the thesaurus could not be read: %s", error)

    def _take_over(self) -> None:
        with self._database.reading() as session:
            stamp = thesaurus.stamp(session)
            if stamp != self._stamp:
                use_thesaurus(concept.names for concept in thesaurus.concepts(session))
                self._stamp = stamp

"""The thesaurus by which this process searches, kept in line with the catalogue: a change at the desk needs no new index."""

from __future__ import annotations

import logging
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from platforma.catalogue.database import Database
from platforma.catalogue.terms import thesaurus
from search.query.concepts import use_thesaurus

log = logging.getLogger(__name__)
REFRESH_INTERVAL_SECONDS = 3


class LiveThesaurus:
    """Loads the catalogue's thesaurus where it changed; looks for a change at most every REFRESH_INTERVAL_SECONDS."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._stamp: int | None = None
        self._next_look_monotonic_seconds = 0.0

    def refresh(self, *, now: bool = False) -> None:
        """Load a change if it is time to look, or `now`. Where the database cannot be read, the thesaurus in use stays."""
        if not now and time.monotonic() < self._next_look_monotonic_seconds:
            return
        with self._lock:
            self._next_look_monotonic_seconds = time.monotonic() + REFRESH_INTERVAL_SECONDS
            try:
                self._load_change()
            except SQLAlchemyError as error:
                log.warning("the thesaurus could not be read: %s", error)

    def _load_change(self) -> None:
        with self._database.reading() as session:
            stamp = thesaurus.stamp(session)
            if stamp != self._stamp:
                use_thesaurus(concept.names for concept in thesaurus.concepts(session))
                self._stamp = stamp

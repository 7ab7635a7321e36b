"""The thesaurus and the vocabulary of this process, kept in line with the catalogue: new words need no new index."""

from __future__ import annotations

import logging
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from platforma.catalogue.database import Database
from platforma.catalogue.errors import DatabaseUnavailable
from platforma.catalogue.terms import closed_lists, thesaurus
from search.query.concepts import use_thesaurus
from vocabulary import use_changes

log = logging.getLogger(__name__)
REFRESH_INTERVAL_SECONDS = 3


class LiveThesaurus:
    """Loads what changed of the catalogue's thesaurus and closed lists; looks at most every REFRESH_INTERVAL_SECONDS.

    `terms_stamp` is the number of the last change of the closed lists that this process goes by.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self.terms_stamp = 0
        self._next_look_at = 0.0  # in seconds of time.monotonic

    @property
    def stamp(self) -> str:
        """What changes with the words that this process goes by, of the thesaurus and the closed lists."""
        return str(self._stamp)

    def refresh(self, *, now: bool = False) -> None:
        """Load a change if it is time to look, or `now`. Where the database cannot be read, the thesaurus in use stays.

        While one thread looks, others go on with what there is: a database that is silent must not keep searches waiting.
        """
        if not now and time.monotonic() < self._next_look_at:
            return
        if not self._lock.acquire(blocking=now or self._stamp is None):
            return
        try:
            self._load_change()
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.warning("the thesaurus could not be read: %s", error)
        finally:
            self._next_look_at = time.monotonic() + REFRESH_INTERVAL_SECONDS
            self._lock.release()

    def _load_change(self) -> None:
        with self._database.reading() as session:
            stamp = thesaurus.stamp(session), closed_lists.stamp(session)
            if stamp != self._stamp:
                use_changes(closed_lists.changes(session))
                use_thesaurus(thesaurus.entries(session))
                self._stamp, self.terms_stamp = stamp, stamp[1]

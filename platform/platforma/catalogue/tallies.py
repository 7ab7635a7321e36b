"""Counting beside requests: what a process counts stays in its memory, and is added to the database each minute."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Hashable
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from platforma.catalogue.database import Database
from platforma.catalogue.errors import DatabaseUnavailable

log = logging.getLogger(__name__)
WRITING_INTERVAL_SECONDS = 60
Key = TypeVar("Key", bound=Hashable)


class Tally(ABC, Generic[Key]):
    """Counts of this process under keys; of more than `most` different ones between two writings, further ones are not counted.

    `name` says what is counted, in the plural.
    """

    def __init__(self, database: Database, name: str, most: int) -> None:
        self._database, self._name, self._most = database, name, most
        self._counts: Counter[Key] = Counter()
        self._counting, self._writing = threading.Lock(), threading.Lock()

    @abstractmethod
    def add(self, session: Session, counts: Counter[Key]) -> None:
        """Add what was counted to the database; `counts` is never empty."""

    def count(self, key: Key) -> None:
        """Count one under a key."""
        with self._counting:
            if len(self._counts) < self._most or key in self._counts:
                self._counts[key] += 1

    def write_regularly(self) -> None:
        """Write each minute, and when the process ends; what a process had not written when it was killed is lost."""
        threading.Thread(target=self._write_for_ever, name=self._name, daemon=True).start()
        atexit.register(self.write)

    def _write_for_ever(self) -> None:
        """Write at each whole minute, all tallies of all processes together: pages are sent from memory until the next commit."""
        while True:
            time.sleep(WRITING_INTERVAL_SECONDS - time.time() % WRITING_INTERVAL_SECONDS)
            self.write()

    def write(self) -> None:
        """Add what was counted to the database; an error of the database is logged only, and the counts are lost."""
        with self._writing:
            with self._counting:
                counts, self._counts = self._counts, Counter()
            try:
                if counts:
                    with self._database.writing() as session:
                        self.add(session, counts)
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                log.warning("%s were not counted: %s", self._name, error)

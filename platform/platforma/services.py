"""The composition root: what commands, the worker, the site and the demonstration share, opened and closed in one way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from crawlers.values.towns import town_meant
from platforma.catalogue.database import Database, prepare
from platforma.catalogue.partners.visit_tally import VisitTally
from platforma.catalogue.terms.failed_searches import FailedSearchTally
from platforma.catalogue.terms.live_thesaurus import LiveThesaurus
from platforma.catalogue.terms.searches import SearchTally
from platforma.secret_key import secret_key
from platforma.settings import Settings
from search.engines.kept import KeptUntilChange
from search.factory import open_engine, open_nearness
from search.meaning.nearness import Nearness
from search.port import SearchEngine, SearchError
from search.query.places import Town, use_gazetteer

log = logging.getLogger(__name__)
MAX_KEPT, MAX_LARGE_KEPT = 500, 16
"""So many answers are kept until the index or the vocabulary changes: those of some 20 kB, and those of up to a megabyte."""
V = TypeVar("V")
_Kept = KeptUntilChange[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Services:
    """One installation, as one process has it open. `thesaurus` is the one that searches of this process go by; `searches`
    counts those, `failed_searches` those without a result, `visits` what visitors do with the pages of listings. `nearness`
    finds what is near in meaning, None where that is off."""

    settings: Settings
    database: Database
    engine: SearchEngine
    thesaurus: LiveThesaurus
    searches: SearchTally
    failed_searches: FailedSearchTally
    visits: VisitTally
    nearness: Nearness | None = None
    _kept: KeptUntilChange[Hashable, Any] = field(default_factory=lambda: KeptUntilChange(MAX_KEPT), init=False, compare=False)
    _large: KeptUntilChange[Hashable, Any] = field(
        default_factory=lambda: KeptUntilChange(MAX_LARGE_KEPT), init=False, compare=False
    )

    @classmethod
    def open(cls, settings: Settings, database: Database | None = None) -> Self:
        """The services of the settings, over the database if one is open already; each connects when it is first used.

        Raises SearchError for a PLATFORMA_SEARCH_URL of no known kind.
        """
        database = database or Database(settings.database_url)
        nearness = _nearness(settings) if settings.search_meaning else None
        engine = open_engine(settings.search_url, settings.data_dir, nearness)
        look_towns_up()
        tallies = SearchTally(database), FailedSearchTally(database), VisitTally(database)
        return cls(settings, database, engine, LiveThesaurus(database), *tallies, nearness)

    @property
    def secret_key(self) -> bytes:
        """The key for cookies, suppression hashes and secrets of links."""
        return secret_key(self.settings)

    def until_change(self, key: Hashable, make: Callable[[], V], *, is_large: bool = False) -> V:
        """What `make` makes for a key, kept until the index or the vocabulary changes; for what follows from published listings,
        the words of the vocabulary and the key alone.

        A key begins with the name of what it is for. Raises what `make` raises, and SearchError where there is no index.
        """
        kept: V = (self._large if is_large else self._kept).get(self.stamp(), key, make)
        return kept

    def stamp(self) -> str:
        """What stands for the state of the index, of the vectors beside it and of the vocabulary.

        Raises SearchError where there is no index.
        """
        vectors = self.nearness.store.stamp() if self.nearness else ""
        return f"{self.engine.stamp()} {self.thesaurus.terms_stamp} {vectors}"

    def close(self) -> None:
        """Close the engine and the database."""
        self.engine.close()
        self.database.dispose()


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """The services of the settings over a database at this version; closed at the end. Raises CatalogueError and SearchError.

    A SQLite database is made and migrated first.
    """
    with closing(Services.open(settings, prepare(settings))) as services:
        services.thesaurus.refresh()
        yield services


def _nearness(settings: Settings) -> Nearness | None:
    """Nearness in meaning; None, with a line in the log, where this machine cannot have it."""
    try:
        return open_nearness(settings.search_url, settings.data_dir)
    except SearchError as error:
        log.warning("PLATFORMA_SEARCH_MEANING is on, but listings are found by words only: %s", error)
        return None


def look_towns_up() -> None:
    """From now on the questions of this process find towns by the gazetteer of the crawlers."""
    use_gazetteer(_town)


def _town(name: str) -> Town | None:
    """The town that a name in any language means, as questions look it up."""
    town = town_meant(name)
    return Town(town.id, town.country) if town else None

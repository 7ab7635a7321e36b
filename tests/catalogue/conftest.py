"""A catalogue on each database, empty and migrated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.catalogue.catalogue_fixture import CatalogueFixture


@pytest.fixture
def catalogue(database_url: str, tmp_path: Path) -> Iterator[CatalogueFixture]:
    catalogue = CatalogueFixture(database_url, tmp_path)
    yield catalogue
    catalogue.database.dispose()


@pytest.fixture
def another(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Callable[[], CatalogueFixture]]:
    """Makes further empty catalogues on the database that the test is about."""
    made: list[CatalogueFixture] = []

    def make() -> CatalogueFixture:
        folder = tmp_path / f"another-{len(made)}"
        folder.mkdir()
        is_sqlite = database_url.startswith("sqlite")
        url = f"sqlite:///{folder / 'catalogue.sqlite'}" if is_sqlite else request.getfixturevalue("new_postgres")()
        made.append(CatalogueFixture(url, folder))
        return made[-1]

    yield make
    for one in made:
        one.database.dispose()

"""A catalogue on each database, empty and migrated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.catalogue.place import Place


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(database_url, tmp_path)
    yield place
    place.database.dispose()


@pytest.fixture
def another(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Callable[[], Place]]:
    """Makes further empty catalogues on the database that the test is about."""
    made: list[Place] = []

    def make() -> Place:
        folder = tmp_path / f"another-{len(made)}"
        folder.mkdir()
        is_sqlite = database_url.startswith("sqlite")
        url = f"sqlite:///{folder / 'catalogue.sqlite'}" if is_sqlite else request.getfixturevalue("new_postgres")()
        made.append(Place(url, folder))
        return made[-1]

    yield make
    for one in made:
        one.database.dispose()

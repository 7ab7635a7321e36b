"""A catalogue on each database, empty and migrated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue.place import Place


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(database_url, tmp_path)
    yield place
    place.database.dispose()

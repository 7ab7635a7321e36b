"""An empty catalogue in memory, for rules that read one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from platforma.catalogue.models import Base


@pytest.fixture
def session() -> Iterator[Session]:
    """A session over an empty catalogue in memory."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()
